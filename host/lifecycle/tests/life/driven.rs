//! A credential that is driven by hand.

use chrono::{DateTime, TimeDelta, Utc};
use keywright_lifecycle::*;
use serde_json::Map;

/// A credential that is driven by hand: the state as its records make it.
pub(crate) struct Driven {
    pub(crate) state: State,
    pub(crate) facts: Facts,
    pub(crate) now: DateTime<Utc>,
    pub(crate) kinds: Vec<String>,
}

impl Driven {
    pub(crate) fn new(facts: Facts) -> Self {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        Self { state: State::new("ci-deploy", "production"), facts, now, kinds: Vec::new() }
    }

    pub(crate) fn step(&mut self, input: Input) -> Result<Next, Refusal> {
        let marker = |generation: u64| format!("kw-test-{generation}");
        let context = Context::new(self.now, &self.facts, &marker);
        let Step { records, next } = step(&self.state, &context, input)?;
        for record in records {
            self.state.apply(self.now, &record).unwrap();
            self.kinds.push(record.kind());
        }
        Ok(next)
    }

    pub(crate) fn performs(&mut self, input: Input) -> Effect {
        match self.step(input).unwrap() {
            Next::Perform(effect) => effect,
            other => panic!("nothing is to be carried out, but {other:?}"),
        }
    }

    /// Carries everything out until nothing is left to do, or `until`.
    pub(crate) fn run(
        &mut self,
        first: Input,
        until: DateTime<Utc>,
        mut answer: impl FnMut(&Self, &Effect) -> Outcome,
    ) {
        let mut input = first;
        for _ in 0..500 {
            match self.step(input).unwrap() {
                Next::Perform(effect) => {
                    let outcome = answer(self, &effect);
                    input = Input::Done { effect, outcome };
                }
                Next::Wait { until: at, .. } if at <= until => {
                    assert!(at > self.now, "it waits for what is over");
                    self.now = at;
                    input = Input::Wake;
                }
                Next::Wait { .. } | Next::Rest => return,
                Next::Hold { reason } => panic!("it is held: {reason}"),
            }
        }
        panic!("it does not come to rest: {:?}", self.kinds);
    }

    /// With a vendor and sinks without faults.
    pub(crate) fn settle(&mut self, first: Input) {
        self.run(first, DateTime::<Utc>::MAX_UTC, |_, effect| well(effect));
    }

    pub(crate) fn status(&self, generation: u64) -> Status {
        self.state.generations[&generation].status
    }
}

/// What a vendor and a sink without faults answer.
pub(crate) fn well(effect: &Effect) -> Outcome {
    let changed = |attributes: &Map<_, _>, has_secret| {
        Ok(Regenerated { attributes: attributes.clone(), expiry: Expiry::Never, has_secret, warnings: Vec::new() })
    };
    match effect {
        Effect::Seek { .. } => Outcome::Sought(Ok(Vec::new())),
        Effect::Create { generation, expires_at, .. } => Outcome::Created(Ok(Created {
            vendor_id: format!("id-{generation}"),
            attributes: Map::new(),
            expiry: expires_at.map_or(Expiry::Never, Expiry::At),
            warnings: Vec::new(),
        })),
        Effect::Regenerate { .. } => Outcome::Regenerated(changed(&Map::new(), true)),
        Effect::Update { patch, .. } => Outcome::Updated(changed(patch, false)),
        Effect::Verify { .. } => Outcome::Verified(Ok(Verification::Works)),
        Effect::Publish { .. } => Outcome::Published(Ok(())),
        Effect::Withdraw { .. } => Outcome::Withdrawn(Ok(())),
        Effect::Inspect { .. } => Outcome::Inspected(Ok(None)),
        Effect::SetEnabled { enabled, .. } => Outcome::Enabled(Ok(*enabled)),
        Effect::Revoke { .. } => Outcome::Revoked(Ok(())),
    }
}

pub(crate) fn facts() -> Facts {
    Facts {
        marker: Some(30),
        overlap: true,
        disables: true,
        updates: true,
        verifies: true,
        lists: true,
        gets: true,
        ..Facts::default()
    }
}

pub(crate) fn spec() -> Spec {
    Spec { publish: vec!["vault".to_owned(), "file".to_owned()], ..Spec::default() }
}

pub(crate) fn create() -> Input {
    Input::Command(Command::Create { spec: spec(), reason: None })
}

pub(crate) fn rotate(compromised: bool, revoke_first: bool, allow_downtime: bool) -> Input {
    Input::Command(Command::Rotate { spec: spec(), reason: None, compromised, revoke_first, allow_downtime })
}

/// The last time there is for these tests.
pub(crate) fn in_a_month(it: &Driven) -> DateTime<Utc> {
    it.now + TimeDelta::days(30)
}
