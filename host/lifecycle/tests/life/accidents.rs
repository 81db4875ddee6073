//! Lost, late and misleading answers.

use chrono::TimeDelta;
use keywright_lifecycle::*;
use serde_json::Map;

use crate::driven::*;

fn failure(class: FailureClass, certainty: Certainty) -> Failure {
    Failure { class, certainty, message: "the vendor is not well".to_owned(), retry_after: None }
}

fn lost() -> Failure {
    failure(FailureClass::Transient, Certainty::InDoubt)
}

fn created(facts: Facts) -> Driven {
    let mut it = Driven::new(facts);
    it.settle(create());
    it.kinds.clear();
    it
}

fn count(it: &Driven, kind: &str) -> usize {
    it.kinds.iter().filter(|it| *it == kind).count()
}

#[test]
fn a_secret_that_cannot_be_tried_is_given_its_time_before_it_is_published() {
    let mut it = Driven::new(Facts { verifies: false, consistency_delay: 60, ..facts() });
    let begun = it.now;
    it.run(create(), in_a_month(&Driven::new(facts())), |it, effect| {
        if matches!(effect, Effect::Publish { .. }) {
            assert!(it.now >= begun + TimeDelta::seconds(60), "it was published at {}", it.now);
        }
        well(effect)
    });
    assert_eq!(it.status(1), Status::Current);
}

#[test]
fn a_try_without_an_answer_counts_where_the_vendor_locks() {
    let answers = |it: &mut Driven, until| {
        let mut tries = 0;
        it.run(create(), until, |_, effect| match effect {
            Effect::Verify { .. } => {
                tries += 1;
                Outcome::Verified(Err(lost()))
            }
            effect => well(effect),
        });
        tries
    };
    let mut locks = Driven::new(Facts { lock_out: Some(4), ..facts() });
    let until = in_a_month(&locks);
    assert_eq!(answers(&mut locks, until), 2);
    assert_eq!(locks.status(1), Status::Revoked);
    let mut free = Driven::new(facts());
    let until = free.now + TimeDelta::hours(2);
    assert!(answers(&mut free, until) > 10);
    assert_eq!(free.status(1), Status::Issued, "nothing was said of it");
}

#[test]
fn there_is_none_does_not_count_when_it_was_asked_before_the_vendor_had_to_know() {
    let mut it = Driven::new(Facts { consistency_delay: 60, gets: false, ..facts() });
    let first = it.performs(create());
    let Effect::Create { .. } = first else { panic!("{first:?}") };
    let outcome = well(&first);
    let _ = it.performs(Input::Done { effect: first, outcome });
    let revoke = it.performs(Input::Command(Command::Revoke { reason: None }));
    // The answer takes two minutes, and is from the beginning of them.
    it.now += TimeDelta::seconds(120);
    let gone = Outcome::Revoked(Err(failure(FailureClass::NotFound, Certainty::NoEffect)));
    let again = it.performs(Input::Done { effect: revoke, outcome: gone.clone() });
    assert!(matches!(again, Effect::Revoke { .. }), "{again:?}");
    it.step(Input::Done { effect: again, outcome: gone }).unwrap();
    assert_eq!(it.status(1), Status::Revoked);
}

#[test]
fn what_was_found_is_looked_for_again_only_when_the_list_may_have_changed() {
    let mut it = Driven::new(Facts { consistency_delay: 60, ..facts() });
    let _ = it.performs(create());
    let (mut looks, mut last) = (Vec::new(), it.now);
    it.run(Input::Wake, in_a_month(&Driven::new(facts())), |it, effect| match effect {
        Effect::Seek { marker, .. } => {
            looks.push((it.now - last).num_seconds());
            last = it.now;
            // It is listed for a minute more after its end.
            let found = Found { vendor_id: "lost".to_owned(), marker: marker.clone(), created_at: None };
            Outcome::Sought(Ok(if looks.len() <= 2 { vec![found] } else { Vec::new() }))
        }
        effect => well(effect),
    });
    assert_eq!(looks.len(), 4);
    assert!(looks[1..].iter().all(|wait| *wait >= 60), "{looks:?}");
}

#[test]
fn a_sink_is_taken_out_of_again_when_it_was_given_something_since() {
    let mut it = created(facts());
    for _ in 0..2 {
        it.settle(Input::Command(Command::Revoke { reason: None }));
        assert_eq!(count(&it, "withdrawn"), 2);
        it.settle(create());
        it.kinds.clear();
    }
}

#[test]
fn a_revocation_goes_on_when_a_generation_is_abandoned() {
    let mut it = created(Facts { marker: None, lists: false, ..facts() });
    let _ = it.performs(rotate(false, false, false));
    let until = in_a_month(&it);
    let mut held = false;
    let mut input = Input::Command(Command::Revoke { reason: None });
    for _ in 0..50 {
        match it.step(input).unwrap() {
            Next::Perform(effect) => {
                let outcome = well(&effect);
                input = Input::Done { effect, outcome };
            }
            Next::Wait { until: at, .. } => {
                it.now = at;
                input = Input::Wake;
            }
            Next::Hold { .. } => {
                held = true;
                break;
            }
            Next::Rest => break,
        }
    }
    assert!(held && it.now < until, "{:?}", it.kinds);
    it.settle(Input::Command(Command::Resolve { generation: 2, vendor_id: None }));
    assert!(it.state.closed);
    assert_eq!(count(&it, "withdrawn"), 2);
}

#[test]
fn a_replacement_in_place_whose_answers_are_lost_is_not_given_up() {
    let facts = Facts { overlap: false, regenerates: true, ..facts() };
    let mut it = created(facts);
    let (mut asked, until) = (0, in_a_month(&it));
    it.run(rotate(false, false, true), until, |_, effect| match effect {
        Effect::Regenerate { .. } => {
            asked += 1;
            match asked {
                ..=7 => Outcome::Regenerated(Err(lost())),
                8 => Outcome::Regenerated(Err(failure(FailureClass::Rejected, Certainty::NoEffect))),
                _ => well(effect),
            }
        }
        effect => well(effect),
    });
    assert_eq!(asked, 9, "{:?}", it.kinds);
    assert!(matches!(it.state.last_outcome, Some((OperationKind::Rotate, OperationOutcome::Succeeded, _))));
}

#[test]
fn a_change_is_sent_again_only_when_the_lost_one_can_no_longer_arrive() {
    let mut it = created(facts());
    let patch: Map<_, _> = [("label".to_owned(), "new".into())].into_iter().collect();
    let first = it.performs(Input::Command(Command::Update { spec: spec(), patch }));
    let begun = it.now;
    // It dies, and then the answer of the next is lost, too.
    let Next::Wait { until, .. } = it.step(Input::Wake).unwrap() else { panic!("{first:?} is sent at once") };
    assert!(until >= begun + TimeDelta::seconds(150));
    it.now = until;
    let second = it.performs(Input::Wake);
    let Next::Wait { until, .. } =
        it.step(Input::Done { effect: second, outcome: Outcome::Updated(Err(lost())) }).unwrap()
    else {
        panic!("it is sent at once")
    };
    assert!(until >= it.now + TimeDelta::seconds(5));
    it.settle(Input::Wake);
    assert_eq!(count(&it, "updated"), 1);
    assert!(it.now >= begun + TimeDelta::seconds(300));
}

#[test]
fn what_is_enabled_again_stays_so_though_a_lost_request_to_disable_it_arrives() {
    let mut it = created(facts());
    let disable = it.performs(Input::Command(Command::Suspend { reason: None }));
    let again = match it.step(Input::Done { effect: disable, outcome: Outcome::Enabled(Err(lost())) }).unwrap() {
        Next::Wait { until, .. } => {
            it.now = until;
            it.performs(Input::Wake)
        }
        other => panic!("{other:?}"),
    };
    let sent = it.now;
    let outcome = well(&again);
    let next = it.step(Input::Done { effect: again, outcome }).unwrap();
    assert!(it.state.suspended && it.state.operation.is_some(), "{next:?}");
    it.settle(Input::Wake);
    assert!(it.state.operation.is_none());
    assert!(it.now > sent + TimeDelta::seconds(100), "the last word is spoken when the lost one can no longer arrive");
}

#[test]
fn failures_of_an_earlier_suspension_do_not_count_for_the_next() {
    let mut it = created(facts());
    let until = in_a_month(&it);
    let refused = || Outcome::Enabled(Err(failure(FailureClass::Transient, Certainty::NoEffect)));
    it.run(Input::Command(Command::Suspend { reason: None }), until, |_, effect| match effect {
        Effect::SetEnabled { .. } => refused(),
        effect => well(effect),
    });
    assert!(matches!(it.state.last_outcome, Some((OperationKind::Suspend, OperationOutcome::Failed, _))));
    let mut asked = 0;
    it.run(Input::Command(Command::Suspend { reason: None }), until, |_, effect| match effect {
        Effect::SetEnabled { .. } => {
            asked += 1;
            if asked < 3 { refused() } else { well(effect) }
        }
        effect => well(effect),
    });
    assert!(it.state.suspended);
}

#[test]
fn a_leak_of_a_suspended_credential_that_lives_alone_ends_it_first() {
    let mut it = created(Facts { overlap: false, regenerates: true, ..facts() });
    it.settle(Input::Command(Command::Suspend { reason: None }));
    it.settle(rotate(true, false, true));
    assert_eq!((it.status(1), it.status(2)), (Status::Revoked, Status::Current));
    assert!(!it.state.suspended && !it.state.generations[&2].disabled);
}

#[test]
fn a_list_that_cannot_be_read_at_once_is_read_later() {
    let mut it = Driven::new(Facts { marker: None, ..facts() });
    let (mut looks, until) = (0, in_a_month(&it));
    it.run(create(), until, |_, effect| match effect {
        Effect::Seek { .. } => {
            looks += 1;
            let failure = failure(FailureClass::Transient, Certainty::NoEffect);
            if looks < 3 { Outcome::Sought(Err(failure)) } else { well(effect) }
        }
        effect => well(effect),
    });
    assert_eq!((looks, it.status(1)), (3, Status::Current));
}

#[test]
fn what_a_person_says_of_an_abandoned_generation_cannot_end_what_is_coming_into_use() {
    let mut it = created(Facts { marker: None, lists: false, ..facts() });
    let _ = it.performs(rotate(false, false, false));
    it.settle(Input::Wake);
    assert_eq!(it.status(2), Status::Abandoned);
    let create = it.performs(rotate(false, false, false));
    let outcome = well(&create);
    let _ = it.performs(Input::Done { effect: create, outcome });
    for id in ["id-1", "id-3"] {
        let resolve = Command::Resolve { generation: 2, vendor_id: Some(id.to_owned()) };
        assert_eq!(it.step(Input::Command(resolve)), Err(Refusal::Protected(id.to_owned())));
    }
}

#[test]
fn a_secret_that_was_replaced_and_never_proven_is_ended_by_its_successor_only() {
    let mut it = created(Facts { update_renews: true, ..facts() });
    let until = in_a_month(&it);
    let patch: Map<_, _> = [("label".to_owned(), "new".into())].into_iter().collect();
    it.run(Input::Command(Command::Update { spec: spec(), patch }), until, |_, effect| match effect {
        Effect::Update { .. } => {
            let made =
                Regenerated { attributes: Map::new(), expiry: Expiry::Never, has_secret: true, warnings: Vec::new() };
            Outcome::Updated(Ok(made))
        }
        Effect::Verify { .. } => Outcome::Verified(Ok(Verification::Refused("no".to_owned()))),
        effect => well(effect),
    });
    assert_eq!((it.status(1), it.status(2)), (Status::Replaced, Status::Abandoned));
    let known = Refusal::IsKnown { generation: 2, vendor_id: "id-1".to_owned() };
    assert_eq!(it.step(Input::Command(Command::Resolve { generation: 2, vendor_id: None })), Err(known));
    it.settle(rotate(false, false, false));
    assert_eq!((it.status(2), it.status(3)), (Status::Revoked, Status::Current));
}

#[test]
fn a_sink_that_fails_can_be_left_out_while_it_is_waited_for() {
    let mut it = created(facts());
    let until = it.now + TimeDelta::hours(3);
    it.run(rotate(false, false, false), until, |_, effect| match effect {
        Effect::Publish { sink, .. } if sink == "vault" => {
            Outcome::Published(Err(failure(FailureClass::Rejected, Certainty::NoEffect)))
        }
        effect => well(effect),
    });
    assert_eq!((it.status(1), it.status(2)), (Status::Current, Status::Publishing));
    let file = Spec { publish: vec!["file".to_owned()], ..spec() };
    let other = Spec { rotate_serial: 1, ..file.clone() };
    assert_eq!(it.step(Input::Command(Command::Respecify { spec: other })), Err(Refusal::Busy(OperationKind::Rotate)));
    it.settle(Input::Command(Command::Respecify { spec: file }));
    assert_eq!(it.status(2), Status::Current);
}

#[test]
fn a_life_that_the_vendor_cannot_round_down_to_is_refused_before_anything_is_made() {
    let day = 86_400;
    let expiry =
        ExpiryFacts { supported: true, required: true, least: None, most: Some(30 * day), granularity: 86_400 };
    let mut it = Driven::new(Facts { expiry, ..facts() });
    let planned = |days: u64| {
        let policy = Policy { rotate_after: Some(days * day), grace: 0, ..Policy::default() };
        Input::Command(Command::Create { spec: Spec { policy, ..spec() }, reason: None })
    };
    assert!(matches!(it.step(planned(30)), Err(Refusal::LivesTooShort { .. })));
    let until = it.now;
    it.run(planned(28), until, |it, effect| match effect {
        Effect::Create { expires_at: Some(at), .. } => {
            let rounded = *at - TimeDelta::seconds(at.timestamp() % i64::try_from(day).unwrap());
            assert!(*at < it.now + TimeDelta::days(30));
            let Outcome::Created(Ok(made)) = well(effect) else { panic!("it is made") };
            Outcome::Created(Ok(Created { expiry: Expiry::At(rounded), ..made }))
        }
        effect => well(effect),
    });
    assert_eq!(it.status(1), Status::Current);
}
