//! What a vendor lists, against what is known.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use keywright_lifecycle::*;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, prop_compose, proptest};

const DAY: u64 = 86_400;

const POLICY: SweepPolicy = SweepPolicy { least_age: 3_600, unused_after: 90 * DAY, last_used_within: Some(DAY) };

fn now() -> DateTime<Utc> {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

fn listed(vendor_id: &str, marker: Option<&str>) -> Listed {
    Listed {
        vendor_id: vendor_id.to_owned(),
        marker: marker.map(str::to_owned),
        since: Some(now() - TimeDelta::days(2)),
        expiry: Expiry::At(now() + TimeDelta::days(30)),
        last_used_at: None,
    }
}

fn registered(generation: u64, status: Status, vendor_id: Option<&str>, marker: Option<&str>) -> Registered {
    Registered {
        credential: "ci-deploy".to_owned(),
        generation,
        status,
        vendor_id: vendor_id.map(str::to_owned),
        marker: marker.map(str::to_owned),
        candidates: Vec::new(),
    }
}

/// A marker of this installation, and whether one is.
fn marker_of(digest: u8) -> String {
    marker(&[7; 32], &[digest; 32], 64).unwrap()
}

fn is_ours(marker: &str) -> bool {
    is_of_instance(marker, &[7; 32])
}

fn sweep(listed: &[Listed], registered: &[Registered]) -> Vec<Finding> {
    classify(now(), listed, registered, &is_ours, &BTreeSet::new(), &POLICY)
}

#[test]
fn each_listed_credential_is_what_the_store_knows_or_its_marker_says() {
    let (own, other) = (marker_of(1), marker(&[8; 32], &[1; 32], 64).unwrap());
    let known = [
        registered(1, Status::Revoked, Some("gone"), None),
        registered(2, Status::Retiring, Some("old"), None),
        registered(3, Status::Replaced, Some("used"), None),
        registered(4, Status::Current, Some("used"), None),
        registered(5, Status::InDoubt, None, Some(&own)),
        Registered { candidates: vec!["perhaps".to_owned()], ..registered(6, Status::Abandoned, None, None) },
        registered(7, Status::Publishing, Some("coming"), Some(&marker_of(7))),
    ];
    let of = |id: &str, marker: Option<&str>| sweep(&[listed(id, marker)], &known)[0].clone();
    let name = "ci-deploy".to_owned();
    assert_eq!(of("used", None).class, Class::Current(name.clone(), 4));
    assert_eq!(of("old", None).class, Class::Retiring(name.clone(), 2));
    assert_eq!(of("gone", None).class, Class::Stale(name.clone(), 1));
    assert_eq!(of("perhaps", None).class, Class::Unresolved(name.clone(), 6));
    assert_eq!(of("coming", Some(&marker_of(7))).class, Class::Pending(name.clone(), 7));
    assert_eq!(of("new", Some(&own)).class, Class::Pending(name, 5), "its recovery ends it");
    assert_eq!(of("twin", Some(&marker_of(7))).class, Class::Orphaned, "a proxy sent its creation twice");
    assert_eq!(of("lost", Some(&marker_of(9))).class, Class::Orphaned);
    assert_eq!(of("elsewhere", Some(&other)).class, Class::Foreign);
    assert_eq!(of("by hand", None).class, Class::Foreign);
}

#[test]
fn only_what_is_ours_known_to_nobody_and_old_enough_may_be_ended() {
    let orphan = listed("lost", Some(&marker_of(9)));
    assert!(sweep(std::slice::from_ref(&orphan), &[])[0].may_end);
    let young = Listed { since: Some(now() - TimeDelta::minutes(59)), ..orphan.clone() };
    let ageless = Listed { since: None, ..orphan.clone() };
    assert!(!sweep(&[young], &[])[0].may_end && !sweep(&[ageless], &[])[0].may_end);
    let protected = BTreeSet::from(["lost".to_owned()]);
    assert!(!classify(now(), &[orphan], &[], &is_ours, &protected, &POLICY)[0].may_end);
}

#[test]
fn what_never_ends_what_is_past_its_end_and_what_nobody_uses_is_pointed_out() {
    let it = listed("a", None);
    let plain = &sweep(std::slice::from_ref(&it), &[])[0];
    assert_eq!((plain.never_expires, plain.expired, plain.unused_for, plain.age), (false, false, None, Some(2 * DAY)));
    let expired = Listed { expiry: Expiry::At(now()), ..it.clone() };
    let endless = Listed { expiry: Expiry::Never, ..it.clone() };
    assert!(sweep(&[expired], &[])[0].expired && sweep(&[endless], &[])[0].never_expires);
    let days = |days| Some(now() - TimeDelta::days(days));
    // The day of the last use is not over when it begins.
    let used = |at| sweep(&[Listed { since: days(400), last_used_at: at, ..it.clone() }], &[])[0].unused_for;
    assert_eq!((used(days(90)), used(days(91)), used(None)), (None, Some(90 * DAY), Some(399 * DAY)));
    let untold = SweepPolicy { last_used_within: None, ..POLICY };
    let silent = Listed { since: days(400), ..it };
    assert_eq!(classify(now(), &[silent], &[], &is_ours, &BTreeSet::new(), &untold)[0].unused_for, None);
}

fn any_status() -> impl proptest::strategy::Strategy<Value = Status> {
    use Status::*;
    prop::sample::select(vec![
        Intended, InDoubt, Issued, Verified, Publishing, Current, Retiring, Revoked, Replaced, Void, Abandoned,
    ])
}

prop_compose! {
    fn any_registered()(
        generation in 1_u64..20, status in any_status(), id in prop::option::of(0_u8..6), marker in prop::option::of(0_u8..6),
        candidates in prop::collection::vec(0_u8..6, 0..2),
    ) -> Registered {
        let id = id.map(|id| format!("id-{id}"));
        let candidates = candidates.into_iter().map(|id| format!("id-{id}")).collect();
        Registered { candidates, ..registered(generation, status, id.as_deref(), marker.map(marker_of).as_deref()) }
    }
}

proptest! {
    #[test]
    fn nothing_in_use_foreign_or_undecided_may_be_ended(
        known in prop::collection::vec(any_registered(), 0..6), id in 0_u8..6, ours in prop::option::of(0_u8..6),
    ) {
        let it = listed(&format!("id-{id}"), ours.map(marker_of).as_deref());
        let finding = &sweep(std::slice::from_ref(&it), &known)[0];
        let same = |known: &&Registered| known.vendor_id.as_ref() == Some(&it.vendor_id);
        if finding.may_end {
            prop_assert!(known.iter().filter(same).all(|known| !known.status.may_live()));
            prop_assert!(ours.is_some() || known.iter().any(|known| same(&known)));
            let undecided = |known: &&Registered| known.status == Status::Abandoned && known.candidates.contains(&it.vendor_id);
            prop_assert!(known.iter().any(|known| same(&known)) || !known.iter().any(|known| undecided(&known)));
        }
        if ours.is_none() && !known.iter().any(|known| same(&known) || known.candidates.contains(&it.vendor_id)) {
            prop_assert_eq!(&finding.class, &Class::Foreign);
        }
    }
}
