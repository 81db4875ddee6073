//! What a decision needs to know of the world at the moment.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::facts::Facts;

/// What a decision needs to know of the world at the moment.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The time, by the store's clock.
    pub now: DateTime<Utc>,
    /// The vendor.
    pub facts: &'a Facts,
    /// The marker of a generation under the present epoch.
    pub marker: &'a dyn Fn(u64) -> String,
    /// Ids at the vendor that nothing may end: what other credentials use, and what the account itself works with.
    pub protected: &'a BTreeSet<String>,
    /// The longest time, in seconds, that a request may be on its way after its intent.
    pub send_window: u64,
    /// What is waited, in seconds, beyond the send window and the vendor's consistency delay before a lost answer is
    /// looked into: for what proxies and frozen machines still deliver.
    pub settle: u64,
    /// Whether the program is about to end: what came of an effect is recorded, and nothing more is begun.
    pub stopping: bool,
}

static NONE: BTreeSet<String> = BTreeSet::new();

impl<'a> Context<'a> {
    /// A context with the usual times: a send window of two minutes, and 30 seconds to settle.
    pub fn new(now: DateTime<Utc>, facts: &'a Facts, marker: &'a dyn Fn(u64) -> String) -> Self {
        Self { now, facts, marker, protected: &NONE, send_window: 120, settle: 30, stopping: false }
    }

    /// This much later than now.
    pub(crate) fn in_seconds(&self, seconds: u64) -> DateTime<Utc> {
        later(self.now, seconds)
    }
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Context").field("now", &self.now).finish_non_exhaustive()
    }
}

/// This much later; at the end of time when that is beyond it.
pub(crate) fn later(at: DateTime<Utc>, seconds: u64) -> DateTime<Utc> {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    chrono::TimeDelta::try_seconds(seconds)
        .and_then(|delta| at.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
