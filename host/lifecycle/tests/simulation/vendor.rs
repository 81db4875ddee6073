//! Model vendors: what one knows, how it answers, and a log of all that reached it.

use keywright_lifecycle::{
    Certainty, Created, Effect, Expiry, Failure, FailureClass, Found, GenerationNumber, Observation, Outcome,
    Regenerated, Verification,
};
use serde_json::Map;

use crate::clock::{Time, date, time};
use crate::kinds::Kind;
use crate::random::Random;

/// What every secret begins with, so that one in the wrong place is seen.
pub(crate) const SECRET: &str = "s3cr3t-";

/// A credential at the vendor.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) id: String,
    pub(crate) marker: Option<String>,
    /// The generation whose request made it or its present secret: what the engine is judged by, and cannot see.
    pub(crate) generation: Option<GenerationNumber>,
    /// Whether it may be ended at all: others' are untouchable.
    pub(crate) ours: bool,
    /// Whether a proxy made it of a request that it sent twice.
    pub(crate) duplicate: bool,
    /// Whether others deleted it.
    pub(crate) taken_away: bool,
    pub(crate) created_at: Time,
    pub(crate) deleted_at: Option<Time>,
    pub(crate) enabled: bool,
    pub(crate) secret: String,
    /// When its secret is known everywhere.
    pub(crate) works_at: Time,
    /// How long after a change the list and the single view show it.
    shows_after: Time,
    pub(crate) expires_at: Option<Time>,
    pub(crate) uses: Vec<Time>,
    pub(crate) looked_at: Time,
    refused: u32,
}

impl Object {
    /// Whether it is there.
    pub(crate) fn lives(&self, now: Time) -> bool {
        self.deleted_at.is_none() && self.expires_at.is_none_or(|at| now < at)
    }

    /// Whether this secret works now.
    pub(crate) fn accepts(&self, secret: &str, now: Time) -> bool {
        self.lives(now) && self.enabled && self.secret == secret && now >= self.works_at
    }

    /// Whether the vendor shows it, which may be what was true a while ago.
    fn shows(&self, now: Time) -> bool {
        let ended_at = self.deleted_at.into_iter().chain(self.expires_at).min();
        now >= self.created_at + self.shows_after && ended_at.is_none_or(|at| now < at + self.shows_after)
    }
}

/// A request that reached the vendor.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Time,
    pub(crate) effect: Effect,
    pub(crate) duplicate: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    pub(crate) kind: Kind,
    pub(crate) objects: Vec<Object>,
    pub(crate) log: Vec<Arrival>,
    /// Whether refused tries of new secrets alone locked it.
    pub(crate) locked: bool,
    secrets: u64,
    delays: Random,
}

impl Vendor {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        let delays = Random::new(seed ^ 0x7e57);
        Self { kind, objects: Vec::new(), log: Vec::new(), locked: false, secrets: 0, delays }
    }

    pub(crate) fn object(&self, id: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.id == id)
    }

    pub(crate) fn object_mut(&mut self, id: &str) -> Option<&mut Object> {
        self.objects.iter_mut().find(|object| object.id == id)
    }

    /// A credential that someone makes with nobody's help.
    pub(crate) fn make(&mut self, now: Time, marker: Option<String>, ours: bool) -> String {
        let (id, secret) = (format!("id-{}", self.objects.len() + 1), self.new_secret());
        let (shows_after, works_at) = (self.delay(), now + self.delay());
        self.objects.push(Object {
            id: id.clone(),
            marker,
            generation: None,
            ours,
            duplicate: false,
            taken_away: false,
            created_at: now,
            deleted_at: None,
            enabled: true,
            secret,
            works_at,
            shows_after,
            expires_at: None,
            uses: Vec::new(),
            looked_at: 0,
            refused: 0,
        });
        id
    }

    fn new_secret(&mut self) -> String {
        self.secrets += 1;
        format!("{SECRET}{}", self.secrets)
    }

    fn delay(&mut self) -> Time {
        let most = u64::from(self.kind.facts.consistency_delay);
        // The worst is what matters most.
        if self.delays.flip() { most } else { self.delays.below(most + 1) }
    }

    /// What a request does, and its answer; with the secret that it made. `secret` is what is tried.
    pub(crate) fn receive(
        &mut self,
        now: Time,
        effect: &Effect,
        secret: Option<&str>,
        duplicate: bool,
    ) -> (Outcome, Option<String>) {
        self.log.push(Arrival { at: now, effect: effect.clone(), duplicate });
        match effect {
            Effect::Seek { marker, .. } => (Outcome::Sought(Ok(self.list(now, marker.as_deref()))), None),
            Effect::Create { generation, marker, expires_at, .. } => {
                match self.create(now, *generation, marker.clone(), expires_at.map(time)) {
                    Ok(id) => {
                        let object = self.object_mut(&id).unwrap();
                        object.duplicate = duplicate;
                        let (expiry, secret) = (expiry(object), object.secret.clone());
                        let created = Created { vendor_id: id, attributes: Map::new(), expiry, warnings: Vec::new() };
                        (Outcome::Created(Ok(created)), Some(secret))
                    }
                    Err(failure) => (Outcome::Created(Err(failure)), None),
                }
            }
            Effect::Regenerate { generation, vendor_id, .. } => {
                let changed = self.renew_secret(now, vendor_id, Some(*generation));
                let (outcome, secret) = split(changed);
                (Outcome::Regenerated(outcome), secret)
            }
            Effect::Update { vendor_id, .. } => {
                let changed = if self.kind.update_makes_secret {
                    self.renew_secret(now, vendor_id, None)
                } else {
                    self.visible(now, vendor_id).map(|object| (unchanged(object), None))
                };
                let (outcome, secret) = split(changed);
                (Outcome::Updated(outcome), secret)
            }
            Effect::Verify { vendor_id, .. } => {
                (Outcome::Verified(Ok(self.verify(now, vendor_id, secret.unwrap_or_default()))), None)
            }
            Effect::Inspect { vendor_id, .. } => (Outcome::Inspected(Ok(self.inspect(now, vendor_id))), None),
            Effect::SetEnabled { vendor_id, enabled, .. } => {
                let outcome = self.visible(now, vendor_id).map(|object| {
                    object.enabled = *enabled;
                    *enabled
                });
                (Outcome::Enabled(outcome), None)
            }
            Effect::Revoke { vendor_id, .. } => {
                let outcome = self.visible(now, vendor_id).map(|object| {
                    object.deleted_at.get_or_insert(now);
                });
                (Outcome::Revoked(outcome), None)
            }
            Effect::Publish { .. } | Effect::Withdraw { .. } => unreachable!("that is for a sink"),
        }
    }

    fn create(
        &mut self,
        now: Time,
        generation: GenerationNumber,
        marker: Option<String>,
        expires_at: Option<Time>,
    ) -> Result<String, Failure> {
        let facts = &self.kind.facts;
        let live = self.objects.iter().filter(|object| object.lives(now)).count() as u64;
        if facts.live_limit.is_some_and(|limit| live >= u64::from(limit)) {
            return Err(failure(FailureClass::Quota, "there may be no more"));
        }
        let rounded = expires_at.map(|at| {
            let step = u64::from(facts.expiry.granularity.max(1));
            if self.kind.rounds_down { at / step * step } else { at.div_ceil(step) * step }
        });
        if facts.expiry.required && rounded.is_none() {
            return Err(failure(FailureClass::Rejected, "an expiry is demanded"));
        }
        if let (Some(at), Some(most)) = (expires_at, facts.expiry.most)
            && at > now + most
        {
            return Err(failure(FailureClass::Rejected, "it would live too long"));
        }
        let id = self.make(now, marker, true);
        let object = self.object_mut(&id).unwrap();
        object.generation = Some(generation);
        object.expires_at = rounded;
        Ok(id)
    }

    fn renew_secret(
        &mut self,
        now: Time,
        id: &str,
        generation: Option<GenerationNumber>,
    ) -> Result<(Regenerated, Option<String>), Failure> {
        let (secret, delay) = (self.new_secret(), self.delay());
        let object = self.visible(now, id)?;
        object.secret = secret.clone();
        object.works_at = now + delay;
        object.generation = generation.or(object.generation);
        Ok((Regenerated { has_secret: true, ..unchanged(object) }, Some(secret)))
    }

    /// The object, if the part of the vendor that is asked knows it already.
    fn visible(&mut self, now: Time, id: &str) -> Result<&mut Object, Failure> {
        let object = self.object_mut(id).filter(|object| object.lives(now) && object.shows(now));
        object.ok_or_else(|| failure(FailureClass::NotFound, "there is no such key"))
    }

    fn verify(&mut self, now: Time, id: &str, secret: &str) -> Verification {
        let lock_out = self.kind.facts.lock_out;
        let Some(object) = self.object_mut(id) else { return Verification::Refused("no such key".to_owned()) };
        if object.accepts(secret, now) {
            object.refused = 0;
            return Verification::Works;
        }
        object.refused += 1;
        let refused = object.refused;
        self.locked |= lock_out.is_some_and(|tries| refused >= tries);
        Verification::Refused("no such key".to_owned())
    }

    fn list(&self, now: Time, marker: Option<&str>) -> Vec<Found> {
        let shown = self.objects.iter().filter(|object| object.shows(now));
        let wanted = shown.filter(|object| marker.is_none() || object.marker.as_deref() == marker);
        let found = wanted.map(|object| Found {
            vendor_id: object.id.clone(),
            marker: object.marker.clone(),
            created_at: self.kind.tells_creation.then(|| date(object.created_at)),
        });
        found.collect()
    }

    fn inspect(&mut self, now: Time, id: &str) -> Option<Observation> {
        let last_used = self.kind.facts.last_used;
        let object = self.object_mut(id).filter(|object| object.shows(now))?;
        object.looked_at = now;
        let shown = last_used.and_then(|facts| {
            let uses = object.uses.iter().rev().find(|at| **at + u64::from(facts.lag) <= now)?;
            let precision = u64::from(facts.precision.max(1));
            Some(date(uses / precision * precision))
        });
        Some(Observation {
            enabled: object.enabled,
            last_used_at: shown,
            last_used_unreadable: false,
            attributes: Map::new(),
            expiry: expiry(object),
        })
    }
}

fn split(changed: Result<(Regenerated, Option<String>), Failure>) -> (Result<Regenerated, Failure>, Option<String>) {
    match changed {
        Ok((regenerated, secret)) => (Ok(regenerated), secret),
        Err(failure) => (Err(failure), None),
    }
}

fn unchanged(object: &Object) -> Regenerated {
    Regenerated { attributes: Map::new(), expiry: expiry(object), has_secret: false, warnings: Vec::new() }
}

fn expiry(object: &Object) -> Expiry {
    object.expires_at.map_or(Expiry::Never, |at| Expiry::At(date(at)))
}

/// A refusal that took no effect.
pub(crate) fn failure(class: FailureClass, message: &str) -> Failure {
    Failure { class, certainty: Certainty::NoEffect, message: message.to_owned(), retry_after: None }
}
