//! How long to wait before a next try.

use chrono::{DateTime, Utc};

use crate::context::Context;

/// The first wait, in seconds.
const FIRST: u64 = 5;

/// The longest wait for a sink, a list or a verification.
pub(super) const SHORT: u64 = 300;

/// The longest wait for the end of a credential, which is never given up.
pub(super) const LONG: u64 = 3_600;

/// The time of the next try after this many failed ones: doubling, up to `most`, and not sooner than the other side asks.
pub(super) fn next_try(context: &Context<'_>, failures: u32, most: u64, retry_after: Option<u32>) -> DateTime<Utc> {
    let doubled = FIRST.saturating_mul(1 << failures.min(20)).min(most);
    context.in_seconds(doubled.max(u64::from(retry_after.unwrap_or_default())))
}
