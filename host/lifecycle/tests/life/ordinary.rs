//! Lives without accidents, or with one.

use chrono::{DateTime, TimeDelta, Utc};
use keywright_lifecycle::*;
use serde_json::Map;

use crate::driven::*;

#[test]
fn a_first_generation_is_issued_verified_published_and_promoted_in_this_order() {
    let mut it = Driven::new(facts());
    it.settle(create());
    let order = "begun issue-intended issue-acknowledged verification-begun verified publication-intended published \
                 publication-intended published promoted ended";
    assert_eq!(it.kinds.join(" "), order);
    assert_eq!((it.state.current, it.status(1)), (Some(1), Status::Current));
}

#[test]
fn the_old_generation_works_until_its_grace_is_over_and_is_then_disabled_deleted_and_read_back() {
    let mut it = Driven::new(facts());
    it.settle(create());
    it.kinds.clear();
    let begun = it.now;
    it.settle(rotate(false, false, false));
    assert_eq!((it.status(1), it.status(2), it.state.current), (Status::Revoked, Status::Current, Some(2)));
    let policy = Policy::default();
    let least = TimeDelta::seconds(i64::try_from(policy.grace + policy.soak).unwrap());
    assert!(it.now - begun >= least, "it ended after {}", it.now - begun);
    let end = "promoted retirement-scheduled ended gates-open enabling-intended enabled revocation-intended \
               revocation-acknowledged revocation-confirmed secret-destroyed";
    assert!(it.kinds.join(" ").ends_with(end), "{:?}", it.kinds);
}

#[test]
fn a_lost_answer_is_never_asked_for_again_but_looked_for_and_ended() {
    let mut it = Driven::new(facts());
    let first = it.performs(create());
    assert!(matches!(first, Effect::Create { generation: 1, .. }));
    // The program ends here, and starts again.
    let Next::Wait { until, .. } = it.step(Input::Wake).unwrap() else { panic!("it does not wait") };
    assert!(until >= it.now + TimeDelta::seconds(150), "the request may still be on its way");
    let mut ended = Vec::new();
    it.run(Input::Wake, in_a_month(&Driven::new(facts())), |_, effect| match effect {
        Effect::Seek { marker, .. } if ended.is_empty() => {
            let found = |vendor_id: &str, marker: Option<&str>| Found {
                vendor_id: vendor_id.to_owned(),
                marker: marker.map(str::to_owned),
                created_at: None,
            };
            let list =
                vec![found("foreign", None), found("lost", marker.as_deref()), found("other", Some("kw-test-9"))];
            Outcome::Sought(Ok(list))
        }
        Effect::Revoke { vendor_id, .. } => {
            ended.push(vendor_id.clone());
            well(effect)
        }
        effect => well(effect),
    });
    assert_eq!(ended, ["lost"]);
    assert_eq!((it.status(1), it.status(2), it.state.current), (Status::Void, Status::Current, Some(2)));
    assert_eq!(it.kinds.iter().filter(|kind| *kind == "issue-sought").count(), 3, "once, and twice empty");
}

#[test]
fn a_secret_that_the_vendor_refuses_is_ended_and_what_is_in_use_stays() {
    let mut it = Driven::new(Facts { lock_out: Some(4), consistency_delay: 20, ..facts() });
    it.settle(create());
    let (mut tries, until) = (0, in_a_month(&it));
    it.run(rotate(false, false, false), until, |_, effect| match effect {
        Effect::Verify { .. } => {
            tries += 1;
            Outcome::Verified(Ok(Verification::Refused("no such key".to_owned())))
        }
        effect => well(effect),
    });
    assert_eq!(tries, 2, "a vendor that locks after four tries is asked twice");
    assert_eq!((it.status(1), it.status(2), it.state.current), (Status::Current, Status::Revoked, Some(1)));
    assert!(matches!(it.state.last_outcome, Some((OperationKind::Rotate, OperationOutcome::Failed, _))));
}

/// A vendor that shows the day of the last use: the old generation is used for three days more.
fn used_for_three_days(it: &mut Driven, until: DateTime<Utc>) {
    let promoted = it.now;
    it.run(rotate(false, false, false), until, |it, effect| match effect {
        Effect::Inspect { .. } if it.kinds.last().is_none_or(|kind| kind != "revocation-acknowledged") => {
            let observation = Observation {
                enabled: true,
                last_used_at: Some(promoted + TimeDelta::days((it.now - promoted).num_days().min(3))),
                last_used_unreadable: false,
                attributes: Map::new(),
                expiry: Expiry::Never,
            };
            Outcome::Inspected(Ok(Some(observation)))
        }
        effect => well(effect),
    });
}

#[test]
fn an_old_generation_that_is_still_used_is_kept_and_a_revocation_does_not_ask() {
    let facts = Facts { last_used: Some(LastUsedFacts { precision: 86_400, lag: 3_600 }), ..facts() };
    let mut it = Driven::new(facts);
    it.settle(create());
    let until = it.now + TimeDelta::days(4);
    used_for_three_days(&mut it, until);
    assert_eq!(it.status(1), Status::Retiring);
    assert!(it.state.generations[&1].problem.as_deref().is_some_and(|problem| problem.contains("it was used at")));
    it.settle(Input::Command(Command::Revoke { reason: None }));
    assert!(it.state.closed && it.state.live().next().is_none());
    assert!(it.kinds.iter().filter(|kind| *kind == "withdrawn").count() == 2);
}

#[test]
fn an_old_generation_that_was_used_late_is_ended_once_it_was_not_used_for_a_day() {
    let facts = Facts { last_used: Some(LastUsedFacts { precision: 86_400, lag: 3_600 }), ..facts() };
    let mut it = Driven::new(facts);
    it.settle(create());
    let (promoted, until) = (it.now, in_a_month(&it));
    used_for_three_days(&mut it, until);
    assert_eq!(it.status(1), Status::Revoked);
    assert!(it.now - promoted >= TimeDelta::days(4), "{}", it.now - promoted);
}

#[test]
fn one_that_lives_alone_is_replaced_only_when_downtime_is_allowed() {
    let alone = Facts { overlap: false, live_limit: Some(1), ..facts() };
    for (facts, ends_first) in [(Facts { regenerates: true, ..alone.clone() }, false), (alone, true)] {
        let mut it = Driven::new(facts);
        it.settle(create());
        assert_eq!(it.step(rotate(false, false, false)), Err(Refusal::NeedsDowntime));
        assert_eq!(it.step(rotate(false, true, true)), Err(Refusal::RevokeFirstNeedsCompromise));
        it.kinds.clear();
        it.settle(rotate(false, false, true));
        let expected = if ends_first { Status::Revoked } else { Status::Replaced };
        assert_eq!((it.status(1), it.status(2), it.state.current), (expected, Status::Current, Some(2)));
        let at = |kind: &str| it.kinds.iter().position(|it| it == kind);
        assert_eq!(at("revocation-confirmed") < at("issue-intended") && ends_first, ends_first);
    }
}

#[test]
fn a_leak_leaves_no_grace_and_no_gate() {
    let mut it = Driven::new(Facts { last_used: Some(LastUsedFacts { precision: 1, lag: 0 }), ..facts() });
    it.settle(create());
    it.run(rotate(false, false, false), it.now, |_, effect| well(effect));
    assert_eq!(it.status(1), Status::Retiring, "its grace lasts a day");
    let now = it.now;
    it.run(rotate(true, false, false), now, |_, effect| well(effect));
    assert_eq!((it.status(1), it.status(2), it.status(3)), (Status::Revoked, Status::Revoked, Status::Current));
    assert!(it.state.generations[&1].compromised && it.state.generations[&2].compromised);
    assert!(!it.state.generations[&3].compromised);
}

#[test]
fn what_is_suspended_is_disabled_and_is_not_rotated_until_it_is_resumed() {
    let mut it = Driven::new(facts());
    it.settle(create());
    it.settle(Input::Command(Command::Suspend { reason: None }));
    assert!(it.state.suspended && it.state.generations[&1].disabled);
    assert_eq!(it.step(rotate(false, false, false)), Err(Refusal::Suspended));
    it.settle(Input::Command(Command::Resume { reason: None }));
    assert!(!it.state.suspended && !it.state.generations[&1].disabled);
}

#[test]
fn a_journal_is_read_back_as_it_was_written() {
    let mut it = Driven::new(facts());
    let marker = |generation: u64| format!("kw-test-{generation}");
    let (mut input, mut journal) = (create(), Vec::new());
    let facts = it.facts.clone();
    while let Step { records, next: Next::Perform(effect) } =
        step(&it.state, &Context::new(it.now, &facts, &marker), input).unwrap()
    {
        for record in records {
            let text = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record, "{text}");
            it.state.apply(it.now, &record).unwrap();
            let header = EntryHeader {
                sequence: it.state.sequence,
                schema: SCHEMA_VERSION,
                operation: it.state.operations,
                epoch: 1,
                at: it.now,
                actor: "test".to_owned(),
                adapter: None,
            };
            journal.push(Entry { header, record });
        }
        let outcome = well(&effect);
        input = Input::Done { effect, outcome };
    }
    assert_eq!(State::replay("ci-deploy", "production", &journal).unwrap(), it.state);
    let stored = serde_json::to_string(&it.state).unwrap();
    assert_eq!(serde_json::from_str::<State>(&stored).unwrap(), it.state);
    journal.remove(3);
    assert_eq!(State::replay("a", "b", &journal), Err(StateError::Gap { last: 3, found: 5 }));
}
