//! The kinds of vendors that there are.

use keywright_lifecycle::{ExpiryFacts, Facts, LastUsedFacts};

/// A kind of vendor.
#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) facts: Facts,
    /// Which way an expiry is rounded.
    pub(crate) rounds_down: bool,
    /// Whether a change of attributes makes a new secret.
    pub(crate) update_makes_secret: bool,
    /// Whether a list says when each was made.
    pub(crate) tells_creation: bool,
}

const DAY: u32 = 86_400;

/// All kinds: each of the five first vendors, and what makes life harder.
pub(crate) fn kinds() -> Vec<Kind> {
    let plain = Facts {
        marker: Some(64),
        overlap: true,
        disables: true,
        updates: true,
        verifies: true,
        lists: true,
        gets: true,
        consistency_delay: 20,
        ..Facts::default()
    };
    let kind = |name, facts| Kind { name, facts, rounds_down: false, update_makes_secret: false, tells_creation: true };
    let expiry =
        ExpiryFacts { supported: true, required: true, least: None, most: Some(400 * 86_400), granularity: DAY };
    vec![
        kind("plain", plain.clone()),
        kind("slow", Facts { consistency_delay: 90, lock_out: Some(4), ..plain.clone() }),
        kind("markerless", Facts { marker: None, disables: false, ..plain.clone() }),
        kind("blind", Facts { marker: None, lists: false, gets: false, verifies: false, ..plain.clone() }),
        kind(
            "used",
            Facts { last_used: Some(LastUsedFacts { precision: 1, lag: 600 }), consistency_delay: 0, ..plain.clone() },
        ),
        Kind {
            rounds_down: true,
            ..kind(
                "daily",
                Facts {
                    last_used: Some(LastUsedFacts { precision: DAY, lag: 3_600 }),
                    expiry,
                    disables: false,
                    updates: false,
                    ..plain.clone()
                },
            )
        },
        kind("pair", Facts { live_limit: Some(2), lock_out: Some(2), ..plain.clone() }),
        kind("regenerating", Facts { overlap: false, live_limit: Some(1), regenerates: true, ..plain.clone() }),
        Kind {
            update_makes_secret: true,
            tells_creation: false,
            ..kind("renewing", Facts { regenerates: true, update_renews: true, lock_out: Some(3), ..plain.clone() })
        },
        kind("alone", Facts { overlap: false, live_limit: Some(1), lists: true, gets: false, ..plain }),
    ]
}
