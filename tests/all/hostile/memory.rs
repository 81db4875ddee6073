//! How much memory this process holds.

use std::fs;

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Whoever measures is alone.
static ALONE: RwLock<()> = RwLock::const_new(());

/// For who does not measure.
pub(crate) async fn among_others() -> RwLockReadGuard<'static, ()> {
    ALONE.read().await
}

/// Resident memory, of which the highest is remembered from here on.
#[derive(Debug)]
pub(crate) struct Watch {
    /// In bytes; none where the system does not tell.
    start: Option<usize>,
    _alone: RwLockWriteGuard<'static, ()>,
}

impl Watch {
    /// Waits until no other test of this kind runs.
    pub(crate) async fn start() -> Self {
        let alone = ALONE.write().await;
        // Forgets the highest so far (proc(5)).
        let watched = fs::write("/proc/self/clear_refs", "5").ok();
        Self { start: watched.and_then(|()| status("VmRSS:")), _alone: alone }
    }

    /// By how much it grew since, at most, in bytes.
    pub(crate) fn growth(&self) -> Option<usize> {
        Some(status("VmHWM:")?.saturating_sub(self.start?))
    }
}

fn status(field: &str) -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().strip_suffix(" kB")?.parse::<usize>().ok().map(|kilobytes| kilobytes << 10)
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn growth_is_seen_also_when_it_is_over() {
    let watch = Watch::start().await;
    let filled = std::hint::black_box(vec![1_u8; 64 << 20]);
    drop(filled);
    assert!(watch.growth().expect("Linux tells") >= 60 << 20, "{:?}", watch.growth());
}
