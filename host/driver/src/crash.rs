//! Boundaries at which a test ends the process.

/// A boundary: before or after something that is durable or visible outside. Ends the process here when the environment
/// says so: `KEYWRIGHT_CRASH_AT=3` at the third one. Only in builds with the feature `crash-points`.
pub(crate) fn boundary() {
    #[cfg(feature = "crash-points")]
    {
        use std::sync::LazyLock;
        use std::sync::atomic::{AtomicU64, Ordering};
        static AT: LazyLock<Option<u64>> =
            LazyLock::new(|| std::env::var("KEYWRIGHT_CRASH_AT").ok().and_then(|at| at.parse().ok()));
        static PASSED: AtomicU64 = AtomicU64::new(0);
        if let Some(at) = *AT
            && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == at
        {
            // As by SIGKILL: nothing is flushed, no destructor runs.
            std::process::abort();
        }
    }
}
