//! The two limits on requests: in an hour, and in a minute.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

const HOUR: TimeDelta = TimeDelta::hours(1);
const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// When the token's requests of the last hour came. Those that were refused do not count; unknown, a choice.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    times: VecDeque<DateTime<Utc>>,
}

/// What the rate headers say. `ratelimit-reset` is when the oldest request of the hour stops counting (API description).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) limit: usize,
    pub(super) remaining: usize,
    pub(super) reset: DateTime<Utc>,
}

/// That a request is one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exceeded {
    /// Only the limit on bursts tells how many seconds to wait (note on the API's rate limits).
    pub(super) retry_after: Option<u32>,
    pub(super) standing: Option<Standing>,
}

impl Throttle {
    /// Counts a request that comes `now`. A limit of 0 is none.
    pub(super) fn admit(
        &mut self,
        now: DateTime<Utc>,
        hourly: usize,
        burst: usize,
    ) -> Result<Option<Standing>, Exceeded> {
        // What no limit counts needs not be kept.
        let longest = if hourly == 0 { MINUTE } else { HOUR };
        while self.times.front().is_some_and(|time| *time + longest <= now) {
            self.times.pop_front();
        }
        if hourly > 0 && self.times.len() >= hourly {
            return Err(Exceeded { retry_after: None, standing: self.standing(now, hourly) });
        }
        if let Some(wait) = self.burst_ends(now, burst) {
            let seconds = (wait.num_milliseconds() + 999).div_euclid(1000);
            let retry_after = Some(u32::try_from(seconds).unwrap_or(1));
            return Err(Exceeded { retry_after, standing: self.standing(now, hourly) });
        }
        self.times.push_back(now);
        Ok(self.standing(now, hourly))
    }

    /// How long it is until there is room for one more in a minute; nothing when there is.
    fn burst_ends(&self, now: DateTime<Utc>, burst: usize) -> Option<TimeDelta> {
        let first = self.times.len().checked_sub(burst).filter(|_| burst > 0)?;
        let wait = *self.times.get(first)? + MINUTE - now;
        (wait > TimeDelta::zero()).then_some(wait)
    }

    fn standing(&self, now: DateTime<Utc>, hourly: usize) -> Option<Standing> {
        let oldest = self.times.front().copied().unwrap_or(now);
        (hourly > 0).then(|| Standing {
            limit: hourly,
            remaining: hourly.saturating_sub(self.times.len()),
            reset: oldest + HOUR,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_counts_from_the_oldest_request() {
        let mut throttle = Throttle::default();
        let start = Utc::now();
        let after = |minutes| start + TimeDelta::minutes(minutes);
        let mut admit = |at| throttle.admit(at, 2, 0);
        let standing = |remaining| Some(Standing { limit: 2, remaining, reset: after(60) });
        assert_eq!(admit(start), Ok(standing(1)));
        assert_eq!(admit(after(10)), Ok(standing(0)));
        assert_eq!(admit(after(59)), Err(Exceeded { retry_after: None, standing: standing(0) }));
        assert_eq!(admit(after(60)), Ok(Some(Standing { limit: 2, remaining: 0, reset: after(70) })));
    }

    #[test]
    fn a_burst_is_told_how_long_to_wait() {
        let mut throttle = Throttle::default();
        let start = Utc::now();
        let mut admit = |seconds| throttle.admit(start + TimeDelta::seconds(seconds), 0, 2);
        assert_eq!(admit(0), Ok(None));
        assert_eq!(admit(20), Ok(None));
        assert_eq!(admit(30), Err(Exceeded { retry_after: Some(30), standing: None }));
        assert_eq!(admit(60), Ok(None));
        assert_eq!(admit(61).unwrap_err().retry_after, Some(19));
    }

    #[test]
    fn without_limits_everything_is_admitted_and_little_is_kept() {
        let mut throttle = Throttle::default();
        let start = Utc::now();
        for seconds in 0..1000 {
            assert_eq!(throttle.admit(start + TimeDelta::seconds(seconds), 0, 0), Ok(None));
        }
        assert!(throttle.times.len() <= 60);
    }
}
