//! What a vendor lists, against what is known of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::generation::{Expiry, GenerationNumber, Status};

/// A credential as the vendor lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub vendor_id: String,
    /// Its marker.
    pub marker: Option<String>,
    /// When it was made, or was first seen where the vendor does not say.
    pub since: Option<DateTime<Utc>>,
    /// When the vendor ends it.
    pub expiry: Expiry,
    /// When it was last used; none when it never was.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A generation of any credential of this installation on the same account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The credential.
    pub credential: String,
    /// The generation.
    pub generation: GenerationNumber,
    /// Where it stands.
    pub status: Status,
    /// Its id at the vendor, where that is known.
    pub vendor_id: Option<String>,
    /// Its marker.
    pub marker: Option<String>,
    /// Ids that it may have.
    pub candidates: Vec<String>,
}

/// What a sweep goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SweepPolicy {
    /// How old, in seconds, what nobody knows must be before it may be ended: longer than a request and the vendor's list
    /// may be late.
    pub least_age: u64,
    /// After how many seconds without use one is reported.
    pub unused_after: u64,
    /// How exactly, in seconds, the vendor knows of the last use, its delay included; none when it does not say.
    pub last_used_within: Option<u64>,
}

/// What a listed credential is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// In use.
    Current(String, GenerationNumber),
    /// On its way to its end.
    Retiring(String, GenerationNumber),
    /// On its way to being in use, or being looked into: its own operation settles it.
    Pending(String, GenerationNumber),
    /// It may be an abandoned generation: that is for a person to say.
    Unresolved(String, GenerationNumber),
    /// Known to have ended, and still listed.
    Stale(String, GenerationNumber),
    /// Its marker is of this installation, and nothing is known of its id.
    Orphaned,
    /// Someone else's. It is untouchable.
    Foreign,
}

/// What a sweep says of one listed credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its id.
    pub vendor_id: String,
    /// What it is.
    pub class: Class,
    /// Its age in seconds, where that is known.
    pub age: Option<u64>,
    /// Whether the vendor never ends it.
    pub never_expires: bool,
    /// Whether it is past its expiry, and listed all the same.
    pub expired: bool,
    /// For how many seconds it was certainly not used, when that is longer than the policy's.
    pub unused_for: Option<u64>,
    /// Whether a sweep may disable and delete it.
    pub may_end: bool,
}

/// Says of each listed credential what it is.
///
/// Only what carries a marker of this installation and what is known to have ended may be ended by a sweep, once it is
/// old enough, and never what is `protected`: what other credentials use, and what the account itself works with. An age
/// that is not known is not old enough.
pub fn classify(
    now: DateTime<Utc>,
    listed: &[Listed],
    registered: &[Registered],
    is_ours: &dyn Fn(&str) -> bool,
    protected: &BTreeSet<String>,
    policy: &SweepPolicy,
) -> Vec<Finding> {
    let finding = |it: &Listed| {
        let class = class(it, registered, is_ours);
        let age = it.since.map(|since| seconds(now, since));
        let is_old = age.is_some_and(|age| age >= policy.least_age);
        let may_end =
            matches!(class, Class::Orphaned | Class::Stale(..)) && is_old && !protected.contains(&it.vendor_id);
        Finding {
            vendor_id: it.vendor_id.clone(),
            class,
            age,
            never_expires: it.expiry == Expiry::Never,
            expired: matches!(it.expiry, Expiry::At(at) if at <= now),
            unused_for: unused_for(now, it, policy),
            may_end,
        }
    };
    listed.iter().map(finding).collect()
}

fn class(it: &Listed, registered: &[Registered], is_ours: &dyn Fn(&str) -> bool) -> Class {
    // By its id first: of several generations at one object, the one that is the most in need of it.
    let same_id = registered.iter().filter(|known| known.vendor_id.as_deref() == Some(&it.vendor_id));
    if let Some(known) = same_id.min_by_key(|known| rank(known.status)) {
        return known_as(known);
    }
    if let Some(known) = registered.iter().find(|known| {
        known.status == Status::Abandoned
            && (known.candidates.contains(&it.vendor_id) || (known.vendor_id.is_none() && has_marker(known, it)))
    }) {
        return known_as(known);
    }
    // Its creation is under way, or its answer was lost: it has no id yet.
    let pending =
        |known: &&Registered| matches!(known.status, Status::Intended | Status::InDoubt) && has_marker(known, it);
    match (registered.iter().find(pending), it.marker.as_deref()) {
        (Some(known), _) => known_as(known),
        (None, Some(marker)) if is_ours(marker) => Class::Orphaned,
        _ => Class::Foreign,
    }
}

fn has_marker(known: &Registered, it: &Listed) -> bool {
    known.marker.is_some() && known.marker == it.marker
}

fn known_as(known: &Registered) -> Class {
    let (credential, generation) = (known.credential.clone(), known.generation);
    match known.status {
        Status::Current => Class::Current(credential, generation),
        Status::Retiring => Class::Retiring(credential, generation),
        Status::Abandoned => Class::Unresolved(credential, generation),
        Status::Revoked | Status::Replaced | Status::Void => Class::Stale(credential, generation),
        Status::Intended | Status::InDoubt | Status::Issued | Status::Verified | Status::Publishing => {
            Class::Pending(credential, generation)
        }
    }
}

/// What counts most of an object comes first.
fn rank(status: Status) -> u8 {
    match status {
        Status::Current => 0,
        status if status.is_pending() => 1,
        Status::Abandoned => 2,
        Status::Retiring => 3,
        _ => 4,
    }
}

fn unused_for(now: DateTime<Utc>, it: &Listed, policy: &SweepPolicy) -> Option<u64> {
    let within = policy.last_used_within?;
    // One that was never used counts from when it was made.
    let last = it.last_used_at.or(it.since)?;
    let unused = seconds(now, last).saturating_sub(within);
    (unused >= policy.unused_after).then_some(unused)
}

fn seconds(now: DateTime<Utc>, since: DateTime<Utc>) -> u64 {
    u64::try_from((now - since).num_seconds()).unwrap_or_default()
}
