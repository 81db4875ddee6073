//! The journal, and what it adds up to.

use chrono::{DateTime, Utc};
use keywright_lifecycle::*;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy as Values};
use serde_json::Map;

use crate::driven::*;

/// The journal of a whole life.
fn life() -> (Driven, Vec<Entry>) {
    let mut it = Driven::new(facts());
    let mut journal = Vec::new();
    for input in [
        create(),
        rotate(false, false, false),
        Input::Command(Command::Suspend { reason: Some("why".to_owned()) }),
        rotate(true, false, false),
        Input::Command(Command::Update { spec: spec(), patch: Map::from_iter([("a".to_owned(), 1.into())]) }),
        Input::Command(Command::Revoke { reason: None }),
    ] {
        let mut input = input;
        loop {
            let marker = |generation: u64| format!("kw-test-{generation}");
            let facts = it.facts.clone();
            let Step { records, next } = step(&it.state, &Context::new(it.now, &facts, &marker), input).unwrap();
            for record in records {
                it.state.apply(it.now, &record).unwrap();
                journal.push(entry(it.state.sequence, it.now, record));
            }
            match next {
                Next::Perform(effect) => {
                    let outcome = well(&effect);
                    input = Input::Done { effect, outcome };
                }
                Next::Wait { until, .. } => {
                    it.now = until;
                    input = Input::Wake;
                }
                Next::Hold { .. } | Next::Rest => break,
            }
        }
    }
    (it, journal)
}

fn entry(sequence: u64, at: DateTime<Utc>, record: Record) -> Entry {
    let header = EntryHeader {
        sequence,
        schema: SCHEMA_VERSION,
        operation: 1,
        epoch: 1,
        at,
        actor: "test".to_owned(),
        adapter: Some("sha256:00".to_owned()),
    };
    Entry { header, record }
}

#[test]
fn each_prefix_of_a_journal_replays_to_the_state_of_that_moment() {
    let (it, journal) = life();
    assert!(it.state.closed && journal.len() > 50);
    let mut state = State::new("ci-deploy", "production");
    for (index, line) in journal.iter().enumerate() {
        state.apply(line.header.at, &line.record).unwrap();
        assert_eq!(State::replay("ci-deploy", "production", &journal[..=index]).unwrap(), state);
        let stored = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&stored).unwrap(), state);
    }
    assert_eq!(state, it.state);
}

#[test]
fn a_journal_with_a_line_too_few_or_twice_is_refused() {
    let (_, journal) = life();
    for index in 0..journal.len() - 1 {
        let mut fewer = journal.clone();
        fewer.remove(index);
        assert!(matches!(State::replay("a", "b", &fewer), Err(StateError::Gap { .. })));
        let mut twice = journal.clone();
        twice.insert(index, journal[index].clone());
        assert!(matches!(State::replay("a", "b", &twice), Err(StateError::Gap { .. })));
    }
}

#[test]
fn a_record_about_what_was_never_begun_is_said_to_be_so() {
    let verified = Record::Verified { generation: 7, unproven: false };
    let mut state = State::new("a", "b");
    let unknown = StateError::UnknownGeneration { record: "verified".to_owned(), generation: 7 };
    assert_eq!(state.apply(DateTime::UNIX_EPOCH, &verified), Err(unknown));
    let ended = Record::Ended { outcome: OperationOutcome::Succeeded, message: None };
    assert_eq!(state.apply(DateTime::UNIX_EPOCH, &ended), Err(StateError::NoOperation("ended".to_owned())));
    let (it, _) = life();
    let misplaced = StateError::Misplaced { record: "verified".to_owned(), generation: 1, status: Status::Revoked };
    let again = Record::Verified { generation: 1, unproven: false };
    assert_eq!(it.state.clone().apply(DateTime::UNIX_EPOCH, &again), Err(misplaced));
}

fn time() -> impl Values<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
}

fn expiry() -> impl Values<Value = Expiry> {
    prop_oneof![Just(Expiry::Never), time().prop_map(Expiry::At), any::<String>().prop_map(Expiry::Unreadable)]
}

fn attributes() -> impl Values<Value = Map<String, serde_json::Value>> {
    prop::collection::btree_map(any::<String>(), any::<i64>(), 0..3)
        .prop_map(|fields| fields.into_iter().map(|(name, value)| (name, value.into())).collect())
}

fn class() -> impl Values<Value = FailureClass> {
    use FailureClass::*;
    prop::sample::select(vec![Transient, Quota, Unauthorized, Rejected, Unsupported, NotFound, Internal])
}

fn warnings() -> impl Values<Value = Vec<Warning>> {
    let warning = (prop::option::of(any::<String>()), any::<String>());
    prop::collection::vec(warning.prop_map(|(pointer, message)| Warning { pointer, message }), 0..2)
}

fn stage() -> impl Values<Value = RetirementStage> {
    use RetirementStage::*;
    prop_oneof![
        prop::sample::select(vec![Grace, Released, Revoking, Acknowledged]),
        time().prop_map(|until| Soaking { until })
    ]
}

fn retirement() -> impl Values<Value = Retirement> {
    let optional = || prop::option::of(time());
    (time(), any::<bool>(), optional(), time(), prop::option::of(any::<u64>()), stage(), any::<u32>(), optional())
        .prop_map(|(not_before, gate_on_use, gate_until, used_since, soak, stage, attempts, asked_at)| Retirement {
            not_before,
            gate_on_use,
            gate_until,
            used_since,
            soak,
            stage,
            attempts,
            asked_at,
        })
}

fn operation() -> impl Values<Value = OperationKind> {
    use OperationKind::*;
    prop::sample::select(vec![Create, Rotate, Update, Import, Suspend, Resume, Revoke])
}

/// Records of every kind, about a few generations.
fn record() -> impl Values<Value = Record> {
    let texts = (
        any::<String>(),
        any::<String>(),
        prop::option::of(any::<String>()),
        prop::collection::vec(any::<String>(), 0..3),
    );
    let times = (time(), prop::option::of(time()));
    let rest = (attributes(), expiry(), class(), warnings(), retirement(), operation());
    (0_u8..45, 1_u64..5, any::<bool>(), texts, times, rest).prop_map(
        |(
            kind,
            generation,
            flag,
            (message, id, optional, ids),
            (at, later),
            (attributes, expiry, class, warnings, retirement, operation),
        )| {
            let (vendor_id, sink, retry_at) = (id.clone(), id, at);
            let strategies = [Strategy::Overlap, Strategy::InPlace, Strategy::RevokeFirst];
            let strategy = strategies[usize::try_from(generation % 3).unwrap()];
            let spec = Spec { attributes: attributes.clone(), publish: ids.clone(), ..Spec::default() };
            match kind {
                0..=1 => Record::Begun { operation, strategy, reason: optional, spec },
                2..=3 => Record::IssueIntended {
                    generation,
                    marker: optional.clone(),
                    asked_expiry: later,
                    settled_at: at,
                    replaces: optional.filter(|_| flag),
                    known_ids: ids,
                },
                4 => Record::IssueAcknowledged { generation, vendor_id, attributes, expiry, warnings },
                5 => Record::IssueRefused { generation, class, message, retry_at: later },
                6 => Record::IssueInDoubt { generation, message },
                7 => Record::IssueSought { generation, found: ids, retry_at },
                8 => Record::SeekFailed { generation, message, retry_at },
                9 => Record::IssueAbsent { generation },
                10 => Record::Abandoned { generation, candidates: ids, message },
                11 => Record::CompensationIntended { generation, vendor_id },
                12 => Record::Compensated { generation, vendor_id },
                13 => Record::VerificationBegun { generation },
                14 => Record::Verified { generation, unproven: flag },
                15 => Record::VerificationFailed { generation, message, refused: flag, retry_at: later },
                16 => Record::Unfit { generation, message },
                17 => Record::PublicationIntended { generation, sink },
                18 => Record::Published { generation, sink },
                19 => Record::PublicationFailed { generation, sink, message, retry_at },
                20 => Record::Promoted { generation, previous: None },
                21 => Record::RetirementScheduled { generation, retirement },
                22 => Record::Demoted { generation },
                23 => Record::GateHeld { generation, message, retry_at },
                24 => Record::GatesOpen { generation },
                25 => Record::EnablingIntended { generation, enabled: flag },
                26 => Record::Enabled { generation, enabled: flag },
                27 => Record::EnablingFailed { generation, in_doubt: flag, message, retry_at: later },
                28 => Record::RevocationIntended { generation },
                29 => Record::RevocationAcknowledged { generation },
                30 => Record::RevocationFailed { generation, message, retry_at },
                31 => Record::RevocationConfirmed { generation },
                32 => Record::SecretDestroyed { generation },
                33 => Record::UpdateIntended { generation, patch: attributes },
                34 => Record::Updated { generation, attributes, expiry, warnings },
                35 => Record::UpdateFailed { generation, in_doubt: flag, message, retry_at: later },
                36 => Record::Replaced { generation },
                37 => Record::Imported { generation, vendor_id, attributes, expiry, has_secret: flag },
                38 => Record::Compromised { generation },
                39 => Record::Resolved { generation, vendor_id: optional },
                40 => Record::WithdrawalIntended { sink },
                41 => Record::Withdrawn { sink },
                42 => Record::WithdrawalFailed { sink, message, retry_at },
                43 => Record::Postponed { message, retry_at },
                _ if flag => Record::Respecified { spec },
                _ => Record::Ended { outcome: OperationOutcome::Failed, message: optional },
            }
        },
    )
}

proptest! {
    #[test]
    fn every_record_is_read_back_as_it_was_written(record in record(), at in time()) {
        let line = entry(3, at, record);
        let text = serde_json::to_string(&line).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Entry>(&text).unwrap(), &line, "{}", text);
        prop_assert!(!line.record.kind().is_empty());
    }

    #[test]
    fn no_journal_makes_a_state_panic_or_hold_two_that_are_on_their_way(
        records in prop::collection::vec((record(), time()), 0..40), facts_vary in any::<bool>(),
    ) {
        let mut state = State::new("a", "b");
        for (record, at) in records {
            let before = state.clone();
            match state.apply(at, &record) {
                Ok(()) => {
                    prop_assert_eq!(state.sequence, before.sequence + 1);
                    if let Some(current) = state.current {
                        prop_assert!(state.generations.contains_key(&current));
                    }
                }
                Err(problem) => {
                    prop_assert!(!problem.to_string().is_empty());
                    state = before;
                }
            }
            prop_assert!(state.generations.values().filter(|it| it.status.is_pending()).count() <= 1);
            // Whatever it is, the next step is one, or says what is wrong.
            let marker = |generation: u64| format!("kw-test-{generation}");
            let facts = if facts_vary { facts() } else { Facts::default() };
            let _ = step(&state, &Context::new(at, &facts, &marker), Input::Wake);
        }
    }
}
