//! All there is: a clock, a store, a vendor, sinks, and a network that loses, delays and doubles.

use std::collections::BTreeSet;

use keywright_lifecycle::{Certainty, Effect, Failure, FailureClass, Outcome, Record};

use crate::clock::Time;
use crate::judge;
use crate::kinds::Kind;
use crate::node::{SETTLE, failed};
use crate::random::Random;
use crate::sink::Sink;
use crate::store::Store;
use crate::vendor::Vendor;

/// How often things go wrong, in a thousand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// The request does not leave, or is refused for a while.
    pub(crate) refused: u64,
    /// The request is lost, and nobody knows.
    pub(crate) lost_request: u64,
    /// The answer is lost.
    pub(crate) lost_answer: u64,
    /// The request arrives after its sender has given up.
    pub(crate) late: u64,
    /// A proxy sends the request twice.
    pub(crate) twice: u64,
    /// A node dies before its next thing.
    pub(crate) crash: u64,
    /// A node is paused before its next thing.
    pub(crate) pause: u64,
}

/// A request that is held up somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Late {
    pub(crate) at: Time,
    pub(crate) effect: Effect,
    pub(crate) secret: Option<String>,
    /// The last generation when it was sent.
    pub(crate) last: u64,
    pub(crate) duplicate: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: Time,
    pub(crate) store: Store,
    pub(crate) vendor: Vendor,
    pub(crate) sinks: Vec<Sink>,
    pub(crate) late: Vec<Late>,
    pub(crate) protected: BTreeSet<String>,
    pub(crate) faults: Faults,
    pub(crate) random: Random,
    /// Whether every moment is the same: for runs that are compared.
    pub(crate) steady: bool,
    /// Commands that were refused.
    pub(crate) refusals: u64,
    /// Creations that were sent, by generation, as the wire saw them.
    pub(crate) creations: Vec<u64>,
    /// Tries of new secrets that were sent: whose, and when.
    tries: Vec<(u64, Time)>,
    /// What asked to wait, and until when, while nobody dies or is paused who was told so.
    waits: Vec<(String, Time)>,
    /// How long the answer of the last request took.
    pub(crate) answer_took: Time,
    /// Times that a new secret was tried without that being recorded, or without an answer.
    pub(crate) unanswered_tries: u64,
}

impl World {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        Self {
            now: 1_000,
            store: Store::new(),
            vendor: Vendor::new(kind, seed),
            sinks: Vec::new(),
            late: Vec::new(),
            protected: BTreeSet::new(),
            faults: Faults::default(),
            random: Random::new(seed),
            steady: false,
            refusals: 0,
            creations: Vec::new(),
            tries: Vec::new(),
            waits: Vec::new(),
            answer_took: 0,
            unanswered_tries: 0,
        }
    }

    /// How long a thing takes.
    pub(crate) fn moment(&mut self) -> Time {
        if self.steady { 1 } else { self.random.below(3) }
    }

    /// The sealed secret that an effect needs.
    pub(crate) fn secret_for(&self, effect: &Effect) -> Option<String> {
        match effect {
            Effect::Verify { generation, .. } | Effect::Publish { generation, .. } => {
                self.store.sealed.get(generation).cloned()
            }
            _ => None,
        }
    }

    /// Sends a request, and waits for its answer until the deadline.
    pub(crate) fn send(
        &mut self,
        effect: &Effect,
        secret: Option<String>,
        deadline: Time,
    ) -> (Outcome, Option<String>) {
        self.answer_took = 0;
        if self.now > deadline {
            return (failed(effect, not_sent("its time to be sent is over")), None);
        }
        let faults = self.faults.clone();
        let what = self.what(effect);
        let early = self.waits.iter().find(|(waits, until)| *waits == what && *until > self.now);
        assert!(early.is_none(), "{what} is asked for at {}, and was to wait: {early:?}", self.now);
        if let Effect::Verify { generation, .. } = effect {
            let last = self.tries.iter().rev().find(|(tried, _)| tried == generation);
            assert!(last.is_none_or(|(_, at)| *at < self.now), "generation {generation} is tried twice at once");
            self.tries.push((*generation, self.now));
        }
        if self.random.permille(faults.refused) {
            let retry_after = self.random.flip().then(|| u32::try_from(self.random.below(120)).unwrap());
            if faults.crash == 0 && faults.pause == 0 {
                self.waits.push((what, self.now + u64::from(retry_after.unwrap_or_default())));
            }
            return (failed(effect, Failure { retry_after, ..not_sent("not now") }), None);
        }
        self.log_creation(effect);
        if self.random.permille(faults.lost_request) {
            return self.unanswered(effect, deadline);
        }
        if self.random.permille(faults.late) && self.may_be_late(effect) {
            let at = self.now + 1 + self.random.below(deadline + SETTLE - self.now);
            self.late.push(Late { at, effect: effect.clone(), secret, last: self.last(), duplicate: false });
            return self.unanswered(effect, deadline);
        }
        if self.random.permille(faults.twice) && self.may_be_late(effect) && may_be_doubled(effect) {
            let at = self.now + 1 + self.random.below(SETTLE);
            self.late.push(Late {
                at,
                effect: effect.clone(),
                secret: secret.clone(),
                last: self.last(),
                duplicate: true,
            });
        }
        let answer = self.deliver(effect, secret.as_deref(), self.last(), false);
        if self.random.permille(faults.lost_answer) {
            return self.unanswered(effect, deadline);
        }
        answer
    }

    /// What asks to wait is one kind of request of one operation, and for sinks one sink.
    fn what(&self, effect: &Effect) -> String {
        let operation = self.store.state.operations;
        match effect {
            Effect::Publish { sink, generation, .. } => format!("{operation} publish {sink} {generation}"),
            Effect::Withdraw { sink } => format!("{operation} withdraw {sink}"),
            Effect::Create { .. } => format!("{operation} create"),
            Effect::Regenerate { .. } => format!("{operation} regenerate"),
            Effect::Update { .. } => format!("{operation} update"),
            Effect::Seek { .. } => format!("{operation} list"),
            Effect::Verify { generation, .. } => format!("{operation} verify {generation}"),
            Effect::Inspect { generation, .. } => format!("{operation} get {generation}"),
            Effect::SetEnabled { generation, enabled, .. } => format!("{operation} enable {generation} {enabled}"),
            Effect::Revoke { generation, .. } => format!("{operation} revoke {generation}"),
        }
    }

    pub(crate) fn log_creation(&mut self, effect: &Effect) {
        if let Effect::Create { generation, .. } = effect {
            assert!(!self.creations.contains(generation), "generation {generation} was asked for twice");
            self.creations.push(*generation);
        }
    }

    /// A file is not reached by what was held up somewhere; and of reading late nobody learns.
    pub(crate) fn may_be_late(&self, effect: &Effect) -> bool {
        match effect {
            Effect::Publish { sink, .. } | Effect::Withdraw { sink } => {
                self.sinks.iter().any(|it| it.name == sink && it.fenced)
            }
            Effect::Seek { .. } | Effect::Inspect { .. } => false,
            _ => true,
        }
    }

    fn unanswered(&mut self, effect: &Effect, deadline: Time) -> (Outcome, Option<String>) {
        self.answer_took = self.random.below(deadline - self.now + 1);
        self.unanswered_tries += u64::from(matches!(effect, Effect::Verify { .. }));
        let failure = Failure { certainty: Certainty::InDoubt, ..not_sent("there was no answer") };
        (failed(effect, failure), None)
    }

    /// The last generation that was begun: a withdrawal takes out what is not later.
    pub(crate) fn last(&self) -> u64 {
        self.store.state.generations.last_key_value().map_or(0, |(last, _)| *last)
    }

    /// A request arrives.
    pub(crate) fn deliver(
        &mut self,
        effect: &Effect,
        secret: Option<&str>,
        last: u64,
        duplicate: bool,
    ) -> (Outcome, Option<String>) {
        judge::before(self, effect);
        match effect {
            Effect::Publish { generation, sink, .. } => {
                let sink = self.sinks.iter_mut().find(|it| it.name == sink).unwrap();
                (sink.write(*generation, secret.expect("it is published while its secret is kept")), None)
            }
            Effect::Withdraw { sink } => {
                let sink = self.sinks.iter_mut().find(|it| it.name == sink).unwrap();
                (sink.withdraw(last), None)
            }
            _ => self.vendor.receive(self.now, effect, secret, duplicate),
        }
    }

    /// What was held up and has arrived by now.
    pub(crate) fn deliver_late(&mut self) {
        while let Some(index) = self.late.iter().position(|late| late.at <= self.now) {
            let Late { effect, secret, last, duplicate, .. } = self.late.remove(index);
            self.deliver(&effect, secret.as_deref(), last, duplicate);
        }
    }

    /// Writes records under a lease; false when that was lost.
    pub(crate) fn commit(&mut self, lease: (u64, u64), records: &[Record], secret: Option<&str>, window: Time) -> bool {
        if !self.store.commit(self.now, lease, records, secret, window) {
            return false;
        }
        for record in records {
            match record {
                Record::Imported { generation, vendor_id, .. } => {
                    let object = self.vendor.object_mut(vendor_id).unwrap();
                    object.ours = true;
                    object.generation = Some(*generation);
                }
                Record::IssueAcknowledged { generation, vendor_id, .. } => {
                    self.vendor.object_mut(vendor_id).unwrap().generation = Some(*generation);
                }
                _ => {}
            }
        }
        judge::after_records(self, records);
        true
    }
}

/// What a proxy may send twice: of the others nobody could know that it did.
fn may_be_doubled(effect: &Effect) -> bool {
    matches!(effect, Effect::Create { .. } | Effect::Revoke { .. } | Effect::Publish { .. } | Effect::Withdraw { .. })
}

fn not_sent(message: &str) -> Failure {
    Failure {
        class: FailureClass::Transient,
        certainty: Certainty::NoEffect,
        message: message.to_owned(),
        retry_after: None,
    }
}
