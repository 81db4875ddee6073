//! What commits are made of: the engine's own records, with a vendor that answers by dice.

use chrono::{DateTime, Utc};
use keywright_lifecycle::{
    Certainty, Command, Context, Created, Effect, Expiry, Facts, Failure, FailureClass, Found, Input, Next,
    Observation, Outcome, Policy, Record, Regenerated, Retain, Spec, State, Step, Verification, Warning, step,
};
use serde_json::{Map, json};

/// Numbers that follow from a first one (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }
}

/// The records that follow, and the effect that is then carried out.
pub(super) fn next(
    state: &State,
    now: DateTime<Utc>,
    epoch: u64,
    pending: Option<Effect>,
    dice: &mut Dice,
) -> Option<(Vec<Record>, Option<Effect>)> {
    let alone = state.name.ends_with('2');
    let facts = Facts {
        marker: Some(64),
        overlap: !alone,
        live_limit: alone.then_some(1),
        regenerates: alone,
        disables: true,
        updates: true,
        verifies: true,
        lists: true,
        gets: true,
        ..Facts::default()
    };
    let marker = |generation: u64| format!("kw-{}-{generation}-{epoch}", state.name);
    let context = Context::new(now, &facts, &marker);
    let input = match pending {
        Some(effect) => {
            let outcome = answer(state, &effect, dice);
            Input::Done { effect, outcome }
        }
        None => command(state, dice),
    };
    // What is refused is not written.
    let Step { records, next } = step(state, &context, input).ok()?;
    let effect = match next {
        Next::Perform(effect) => Some(effect),
        Next::Wait { .. } | Next::Hold { .. } | Next::Rest => None,
    };
    Some((records, effect))
}

fn command(state: &State, dice: &mut Dice) -> Input {
    let spec = spec(dice);
    let reason = (dice.below(2) == 0).then(|| "asked for".to_owned());
    let unclear = state.generations.values().find(|it| it.status == keywright_lifecycle::Status::Abandoned);
    let wish = match (&state.operation, state.current) {
        // What is under way goes on, most of the time.
        (Some(_), _) if dice.below(5) > 0 => return Input::Wake,
        (None, None) => dice.below(3),
        _ => dice.below(11),
    };
    Input::Command(match wish {
        0 => Command::Create { spec, reason },
        1 => Command::Import {
            spec,
            vendor_id: vendor_id(dice),
            attributes: attributes(dice),
            expiry: expiry(dice),
            has_secret: dice.below(2) == 0,
        },
        2..=4 => {
            let compromised = dice.below(3) == 0;
            let revoke_first = compromised && dice.below(2) == 0;
            Command::Rotate { spec, reason, compromised, revoke_first, allow_downtime: true }
        }
        5 => Command::Update { spec, patch: attributes(dice) },
        6 => Command::Suspend { reason },
        7 => Command::Resume { reason },
        8 => Command::Revoke { reason },
        9 => match unclear {
            Some(generation) => Command::Resolve {
                generation: generation.number,
                vendor_id: (dice.below(2) == 0).then(|| vendor_id(dice)),
            },
            None => Command::Respecify { spec },
        },
        _ => return Input::Wake,
    })
}

fn answer(state: &State, effect: &Effect, dice: &mut Dice) -> Outcome {
    let fails = dice.below(6) == 0;
    let failure = Failure {
        class: [FailureClass::Transient, FailureClass::Rejected, FailureClass::Internal][dice.below(3) as usize],
        certainty: if dice.below(2) == 0 { Certainty::InDoubt } else { Certainty::NoEffect },
        message: "the vendor has other things to do".to_owned(),
        retry_after: (dice.below(2) == 0).then_some(1),
    };
    fn or<T>(fails: bool, failure: Failure, value: T) -> Result<T, Failure> {
        if fails { Err(failure) } else { Ok(value) }
    }
    match effect {
        Effect::Seek { marker, .. } => {
            let found = Found { vendor_id: vendor_id(dice), marker: marker.clone(), created_at: None };
            let found = if dice.below(2) == 0 { vec![found] } else { Vec::new() };
            Outcome::Sought(or(fails, failure, found))
        }
        Effect::Create { .. } => {
            let created = Created {
                vendor_id: vendor_id(dice),
                attributes: attributes(dice),
                expiry: expiry(dice),
                warnings: vec![Warning { pointer: None, message: "rounded".to_owned() }],
            };
            Outcome::Created(or(fails, failure, created))
        }
        Effect::Regenerate { .. } => Outcome::Regenerated(or(fails, failure, regenerated(true, dice))),
        Effect::Update { .. } => {
            let has_secret = dice.below(3) == 0;
            Outcome::Updated(or(fails, failure, regenerated(has_secret, dice)))
        }
        Effect::Verify { .. } => {
            let verdict = match dice.below(4) {
                0 => Verification::Refused("no such key".to_owned()),
                _ => Verification::Works,
            };
            Outcome::Verified(or(fails, failure, verdict))
        }
        Effect::Publish { .. } => Outcome::Published(or(fails, failure, ())),
        Effect::Withdraw { .. } => Outcome::Withdrawn(or(fails, failure, ())),
        Effect::Inspect { .. } => {
            let seen = Observation {
                enabled: true,
                last_used_at: None,
                last_used_unreadable: false,
                attributes: state.spec.attributes.clone(),
                expiry: Expiry::Never,
            };
            Outcome::Inspected(or(fails, failure, (dice.below(3) == 0).then_some(seen)))
        }
        Effect::SetEnabled { enabled, .. } => Outcome::Enabled(or(fails, failure, *enabled)),
        Effect::Revoke { .. } => Outcome::Revoked(or(fails, failure, ())),
    }
}

fn regenerated(has_secret: bool, dice: &mut Dice) -> Regenerated {
    Regenerated { attributes: attributes(dice), expiry: expiry(dice), has_secret, warnings: Vec::new() }
}

/// One of a few, so that two credentials come to have the same now and then.
fn vendor_id(dice: &mut Dice) -> String {
    format!("id-{}", dice.below(7))
}

fn attributes(dice: &mut Dice) -> Map<String, serde_json::Value> {
    let number = dice.below(4);
    let value = json!({ "text": "ä\"\\\u{1}", "fraction": 0.1 + number as f64 / 3.0, "list": [number, null, true] });
    value.as_object().cloned().unwrap_or_default()
}

fn expiry(dice: &mut Dice) -> Expiry {
    match dice.below(4) {
        0 => Expiry::Unreadable("tomorrow".to_owned()),
        1 => Expiry::At("2027-02-03T04:05:06.123456789Z".parse().unwrap()),
        _ => Expiry::Never,
    }
}

fn spec(dice: &mut Dice) -> Spec {
    let retain = if dice.below(3) == 0 { Retain::None } else { Retain::Sealed };
    Spec {
        attributes: attributes(dice),
        publish: ["vault", "file"][..dice.below(3) as usize].iter().map(|&sink| sink.to_owned()).collect(),
        policy: Policy { retain, grace: dice.below(2) * 60, soak: 10, ..Policy::default() },
        rotate_serial: dice.below(3),
    }
}
