//! A limit of requests in a period that is aligned with the calendar (Datadog's page on rate limits).

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};

/// So many requests in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) requests: u32,
    pub(super) period: NonZeroU32,
}

/// What is left of a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowance {
    pub(super) limit: Limit,
    pub(super) remaining: u32,
    /// Seconds until the next period.
    pub(super) reset: u32,
    pub(super) exceeded: bool,
}

/// The requests of the current period.
#[derive(Debug, Default)]
pub(super) struct Window {
    number: i64,
    requests: u32,
}

impl Window {
    pub(super) fn count(&mut self, limit: Limit, now: DateTime<Utc>) -> Allowance {
        let period = i64::from(limit.period.get());
        let number = now.timestamp().div_euclid(period);
        if number != self.number {
            *self = Self { number, requests: 0 };
        }
        self.requests = self.requests.saturating_add(1);
        let elapsed = u32::try_from(now.timestamp().rem_euclid(period)).unwrap_or_default();
        Allowance {
            limit,
            remaining: limit.requests.saturating_sub(self.requests),
            reset: limit.period.get() - elapsed,
            exceeded: self.requests > limit.requests,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_begins_at_its_multiple_and_then_all_requests_are_allowed_again() {
        let limit = Limit { requests: 2, period: NonZeroU32::new(60).unwrap() };
        let mut window = Window::default();
        let mut count = |second| {
            let allowance = window.count(limit, DateTime::from_timestamp(second, 0).unwrap());
            (allowance.remaining, allowance.reset, allowance.exceeded)
        };
        assert_eq!(count(120), (1, 60, false));
        assert_eq!(count(121), (0, 59, false));
        assert_eq!(count(179), (0, 1, true));
        assert_eq!(count(180), (1, 60, false));
    }
}
