//! The vendor's clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

/// What time it is at the vendor: the machine's time, moved forward as far as a test asked, so that expiry and delays
/// can be watched without waiting for them. Clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    microseconds_ahead: Arc<AtomicI64>,
}

impl Clock {
    /// The time at the vendor, in whole microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let ahead = TimeDelta::microseconds(self.microseconds_ahead.load(Ordering::SeqCst));
        let now = Utc::now();
        now.checked_add_signed(ahead).unwrap_or(now).trunc_subsecs(6)
    }

    /// Moves the vendor's time forward; it cannot be moved back.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        let _previous = self
            .microseconds_ahead
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| Some(ahead.saturating_add(by)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_moved_forward_moves_for_everyone_who_holds_it() {
        let clock = Clock::default();
        let held_elsewhere = clock.clone();
        let before = clock.now();
        clock.advance(Duration::from_secs(3600));
        assert!(held_elsewhere.now() - before >= TimeDelta::hours(1));
    }
}
