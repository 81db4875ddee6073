//! A node: a process that drives the engine, and can die or be paused between any two things that it does.

use keywright_lifecycle::{Context, Effect, Input, Next, Outcome, Refusal, State, Step, step};

use crate::clock::{NEVER, Time, date, time};
use crate::world::World;

/// How long a request may be on its way after its intent, as the engine is told.
pub(crate) const SEND_WINDOW: Time = 120;

/// How long a proxy may hold a request beyond it, as the engine is told.
pub(crate) const SETTLE: Time = 30;

/// What a node does next.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// It has no lease.
    Idle,
    /// It decides.
    Decide(Input, Option<String>),
    /// It writes what it decided.
    Commit { step: Step, secret: Option<String>, decided_at: Time },
    /// It sends a request.
    Send { effect: Effect, deadline: Time },
}

#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Another number after each death.
    pub(crate) process: u64,
    pub(crate) stage: Stage,
    /// When it does that.
    pub(crate) ready_at: Time,
    epoch: u64,
    state: Option<State>,
    /// What it is to begin.
    pub(crate) commands: Vec<keywright_lifecycle::Command>,
}

impl Node {
    pub(crate) fn new(process: u64) -> Self {
        Self { process, stage: Stage::Idle, ready_at: NEVER, epoch: 0, state: None, commands: Vec::new() }
    }

    /// It forgets everything, and another takes its place.
    pub(crate) fn die(&mut self, process: u64, restarts_at: Time) {
        *self = Self { ready_at: restarts_at, ..Self::new(process) };
    }

    /// Whether the next thing is one that a crash before or after it could spoil.
    pub(crate) fn is_at_boundary(&self) -> bool {
        !matches!(self.stage, Stage::Idle)
    }

    fn sleep(&mut self, until: Time) {
        self.stage = Stage::Idle;
        self.state = None;
        self.ready_at = until;
    }

    /// Does the next thing. Every one takes a moment.
    pub(crate) fn tick(&mut self, world: &mut World) {
        let moment = world.moment();
        self.ready_at = world.now + moment;
        match std::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::Idle => self.claim(world),
            Stage::Decide(input, secret) => self.decide(world, input, secret),
            Stage::Commit { step, secret, decided_at } => self.commit(world, step, secret, decided_at),
            Stage::Send { effect, deadline } => {
                let generation_secret = world.secret_for(&effect);
                let (outcome, secret) = world.send(&effect, generation_secret, deadline);
                self.stage = Stage::Decide(Input::Done { effect, outcome }, secret);
                self.ready_at += world.answer_took;
            }
        }
    }

    fn claim(&mut self, world: &mut World) {
        match world.store.claim(world.now, self.process) {
            Ok(epoch) => {
                self.epoch = epoch;
                self.state = Some(world.store.state.clone());
                let input = match self.commands.pop() {
                    Some(command) => Input::Command(command),
                    None => Input::Wake,
                };
                self.stage = Stage::Decide(input, None);
            }
            Err(until) => self.ready_at = until + 1,
        }
    }

    fn decide(&mut self, world: &mut World, input: Input, secret: Option<String>) {
        let state = self.state.as_ref().unwrap();
        let epoch = self.epoch;
        let marker = move |generation: u64| format!("kwsimula-{generation}-{epoch}");
        let facts = world.vendor.kind.facts.clone();
        let context = Context {
            protected: &world.protected,
            send_window: SEND_WINDOW,
            settle: SETTLE,
            ..Context::new(date(world.now), &facts, &marker)
        };
        let secret = match &input {
            Input::Command(keywright_lifecycle::Command::Import { vendor_id, has_secret: true, .. }) => {
                world.vendor.object(vendor_id).map(|object| object.secret.clone())
            }
            _ => secret,
        };
        let is_command = matches!(input, Input::Command(_));
        match step(state, &context, input) {
            Ok(step) => {
                if let Next::Wait { until, .. } = &step.next {
                    assert!(*until > context.now, "it waits for what is over: {:?}", step.next);
                }
                self.stage = Stage::Commit { step, secret, decided_at: world.now };
            }
            Err(refusal @ (Refusal::Corrupt(_) | Refusal::UnexpectedOutcome)) => panic!("a bug: {refusal}"),
            Err(refusal) => {
                assert!(is_command, "only a command is refused, and this is none: {refusal}");
                world.refusals += 1;
                self.stage = Stage::Decide(Input::Wake, None);
            }
        }
    }

    fn commit(&mut self, world: &mut World, step: Step, secret: Option<String>, decided_at: Time) {
        let window = if matches!(step.next, Next::Perform(_)) { SEND_WINDOW } else { 0 };
        if !world.commit((self.process, self.epoch), &step.records, secret.as_deref(), window) {
            // Someone else has taken over: nothing more is done here.
            self.sleep(world.now + 1);
            return;
        }
        self.state = Some(world.store.state.clone());
        match step.next {
            Next::Perform(effect) => self.stage = Stage::Send { effect, deadline: decided_at + SEND_WINDOW },
            Next::Wait { until, .. } => self.rest(world, time(until)),
            Next::Hold { .. } | Next::Rest => self.rest(world, NEVER),
        }
    }

    fn rest(&mut self, world: &mut World, due: Time) {
        world.store.release(self.process, self.epoch, due);
        let until = if self.commands.is_empty() { due } else { world.now + 1 };
        self.sleep(until);
    }
}

/// What it is when a request was certainly not sent, or is not answered.
pub(crate) fn failed(effect: &Effect, failure: keywright_lifecycle::Failure) -> Outcome {
    match effect {
        Effect::Seek { .. } => Outcome::Sought(Err(failure)),
        Effect::Create { .. } => Outcome::Created(Err(failure)),
        Effect::Regenerate { .. } => Outcome::Regenerated(Err(failure)),
        Effect::Verify { .. } => Outcome::Verified(Err(failure)),
        Effect::Publish { .. } => Outcome::Published(Err(failure)),
        Effect::Withdraw { .. } => Outcome::Withdrawn(Err(failure)),
        Effect::Inspect { .. } => Outcome::Inspected(Err(failure)),
        Effect::Update { .. } => Outcome::Updated(Err(failure)),
        Effect::SetEnabled { .. } => Outcome::Enabled(Err(failure)),
        Effect::Revoke { .. } => Outcome::Revoked(Err(failure)),
    }
}
