//! When a credential is rotated next.

mod calendar;
mod window;
mod zone;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

pub use calendar::Calendar;
pub use window::{TimeOfDay, Window};

use crate::context::later;
use crate::generation::{Expiry, Generation};
use crate::state::State;

/// The first wait after a rotation that failed, in seconds.
const FIRST_RETRY: u64 = 900;

/// The longest wait after rotations that failed, in seconds.
const LONGEST_RETRY: u64 = 6 * 3_600;

/// Why a schedule cannot be kept to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The cron expression cannot be read.
    #[error(
        "`{expression}` is not a cron expression ({cause}): write minute, hour, day of the month, month and day of the \
         week, as in `30 2 * * 1-5`"
    )]
    Expression {
        /// The expression.
        expression: String,
        /// What is wrong with it.
        cause: String,
    },
    /// The cron expression never comes to pass.
    #[error("the cron expression `{0}` never matches a date: correct it")]
    Never(String),
    /// There is no such time zone.
    #[error("`{0}` is not the name of a time zone: write one of the IANA database, as `Europe/Paris` or `UTC`")]
    TimeZone(String),
    /// A time of day cannot be read.
    #[error("`{0}` is not a time of day: write hour and minute, from `00:00` to `24:00`")]
    TimeOfDay(String),
    /// A window is never open.
    #[error("a window that opens at {0} and closes at {0} is never open: write `00:00` and `24:00` for a whole day")]
    EmptyWindow(TimeOfDay),
}

/// When the generation in use is replaced next: not later than now when that is due. None when nothing is in use or
/// planned, when it is suspended, and while an operation is open, which goes on by itself.
///
/// The planned time is the promotion and `rotate_after`, or the first match of the calendar after the promotion, and the
/// jitter of this credential; moved to when the window is open. It is never later than `renew_before` the vendor's expiry.
/// `key` is what the jitter is derived from: the id of the credential, so that many of one policy are spread evenly.
pub fn next_rotation(state: &State, key: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if state.operation.is_some() || state.suspended {
        return None;
    }
    let (current, policy) = (state.current()?, &state.spec.policy);
    let promoted_at = current.promoted_at.unwrap_or(current.intended_at);
    let interval = policy.rotate_after.map(|after| later(promoted_at, after));
    let calendar = policy.calendar.as_ref().and_then(|calendar| calendar.after(promoted_at));
    let planned = interval.into_iter().chain(calendar).min().map(|at| later(at, jitter(key, policy.jitter)));
    let bound = bound(current, promoted_at, policy.renew_before);
    let due = planned.into_iter().chain(bound).min()?;
    // One that failed is not tried again at once.
    let least = retry_at(state, current, now).unwrap_or(promoted_at);
    let Some(window) = &policy.window else { return Some(due.max(least)) };
    let opens = window.next(due.max(least).max(now));
    let at = match bound {
        // The window opens too late: it is the last time that it opens before, or else without it.
        Some(bound) if opens > bound => window.last(bound).filter(|last| *last > promoted_at).unwrap_or(bound),
        _ => opens,
    };
    Some(at.max(least))
}

/// When the vendor's expiry makes a successor necessary.
fn bound(current: &Generation, promoted_at: DateTime<Utc>, renew_before: u64) -> Option<DateTime<Utc>> {
    let Expiry::At(expires_at) = current.expiry else { return None };
    let life = u64::try_from((expires_at - promoted_at).num_seconds()).unwrap_or_default();
    // **Choice**: of a life that is no longer than that, the last third; else each would be due as soon as it is in use.
    let before = if renew_before < life { renew_before } else { life / 3 };
    let before = TimeDelta::try_seconds(i64::try_from(before).ok()?)?;
    expires_at.checked_sub_signed(before)
}

/// When a rotation that failed is tried again: later each time, and sooner when the vendor's expiry is near.
fn retry_at(state: &State, current: &Generation, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let failed_at = state.failed_at?;
    let doubled = FIRST_RETRY.saturating_mul(1 << state.failed_rotations.saturating_sub(1).min(10)).min(LONGEST_RETRY);
    let left = match current.expiry {
        Expiry::At(expires_at) => u64::try_from((expires_at - now).num_seconds()).unwrap_or_default(),
        _ => u64::MAX,
    };
    Some(later(failed_at, doubled.min((left / 8).max(60))))
}

/// A share of `most` that is always the same for one key.
fn jitter(key: &str, most: u64) -> u64 {
    let digest = Sha256::digest(key.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    most.checked_add(1).map_or(number, |values| number % values)
}
