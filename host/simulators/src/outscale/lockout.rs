//! Failed authentications in a row lock further attempts: four for a minute, each further four for a minute more, ten at most
//! (introduction of the API description, user guide).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

const FAILURES: u32 = 4;
const LONGEST: u32 = 10;

/// The failures, by what they lock.
#[derive(Default)]
pub(super) struct Lockouts(HashMap<String, Attempts>);

#[derive(Default)]
struct Attempts {
    failures: u32,
    locked_until: Option<DateTime<Utc>>,
}

impl Lockouts {
    pub(super) fn is_locked(&self, who: &str, now: DateTime<Utc>) -> bool {
        self.0.get(who).and_then(|attempts| attempts.locked_until).is_some_and(|until| now < until)
    }

    pub(super) fn succeeded(&mut self, who: &str) {
        self.0.remove(who);
    }

    pub(super) fn failed(&mut self, who: &str, now: DateTime<Utc>) {
        let attempts = self.0.entry(who.to_owned()).or_default();
        attempts.failures += 1;
        if attempts.failures.is_multiple_of(FAILURES) {
            let minutes = (attempts.failures / FAILURES).min(LONGEST);
            attempts.locked_until = Some(now + TimeDelta::minutes(minutes.into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_four_failures_in_a_row_lock_for_a_minute_more() {
        let mut lockouts = Lockouts::default();
        let now = Utc::now();
        let fail = |lockouts: &mut Lockouts, times: u32| (0..times).for_each(|_| lockouts.failed("jo", now));
        let locked = |lockouts: &Lockouts, seconds| lockouts.is_locked("jo", now + TimeDelta::seconds(seconds));
        fail(&mut lockouts, 3);
        assert!(!locked(&lockouts, 0));
        fail(&mut lockouts, 1);
        assert!(locked(&lockouts, 59) && !locked(&lockouts, 60));
        assert!(!lockouts.is_locked("someone else", now));
        fail(&mut lockouts, 4);
        assert!(locked(&lockouts, 119) && !locked(&lockouts, 120));
        fail(&mut lockouts, 100);
        assert!(locked(&lockouts, 599) && !locked(&lockouts, 600));
        lockouts.succeeded("jo");
        assert!(!locked(&lockouts, 0));
        fail(&mut lockouts, 3);
        assert!(!locked(&lockouts, 0), "a success forgets the failures before it");
    }
}
