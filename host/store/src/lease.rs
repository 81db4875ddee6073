//! Leases.

use chrono::{DateTime, Utc};

use crate::model::Snapshot;

/// The right to work on one credential for a time. Each that is taken has a greater epoch than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The credential.
    pub credential: String,
    /// Whose it is.
    pub node: String,
    /// Its epoch.
    pub epoch: u64,
    /// Until when it lasts.
    pub until: DateTime<Utc>,
}

/// A lease that was taken, and the credential as it was then.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The lease.
    pub lease: Lease,
    /// The credential.
    pub snapshot: Snapshot,
}
