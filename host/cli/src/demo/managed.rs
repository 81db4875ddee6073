//! The steps of a credential with a name: planned, made, delivered, rotated, interrupted, recovered and revoked by the
//! program itself, as child processes. Each checks its own result at the vendor and in the sink.

use std::collections::BTreeSet;
use std::time::Duration;

use keywright_lifecycle::MARKER_PREFIX;
use keywright_runtime::{Account, Credential, Descriptor, Filter, Operation, Outcome};
use keywright_simulators::{FaultRule, Simulator};
use serde_json::{Map, Value};
use tokio::process::Child;
use tokio::time::{Instant, sleep};

use super::installation::{Delivered, Installation, NAME};
use super::steps::{Step, done, expect, unexpected};
use crate::error::Error;
use crate::schema::{Filtering, Schema};
use crate::text::series;

/// The longest time of a call. It is also how long after a kill the lost answer is looked into.
pub(super) const CALL: &str = "2s";

/// The vendor performs the creation and keeps its answer until long after the kill.
const LATE: &str = "slow=60s@create*1";

/// How long the vendor may take to mint before the kill.
const MINTED: Duration = Duration::from_secs(10);

/// How long is waited between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// What the steps work on.
pub(super) struct Managed<'l> {
    pub(super) account: &'l Account,
    pub(super) descriptor: &'l Descriptor,
    pub(super) simulator: &'l Simulator,
    pub(super) installation: Installation,
}

/// A generation that is in use.
pub(super) struct InUse {
    id: String,
    delivered: Delivered,
}

/// What the kill left behind.
pub(super) struct Left {
    /// The key that the vendor minted for the process that was killed.
    lost: String,
    /// A key that someone made by hand at the same time.
    foreign: Credential,
}

impl Managed<'_> {
    fn overlaps(&self) -> bool {
        self.descriptor.traits.quota.as_ref().and_then(|quota| quota.limit).is_none_or(|limit| limit > 1)
    }

    /// Why the steps about a process that is killed are not taken here.
    pub(super) fn cannot_be_killed(&self) -> Option<&'static str> {
        if !cfg!(unix) {
            Some("there is no SIGKILL on this system")
        } else if !self.overlaps() {
            Some("there may be only one credential at a time")
        } else if !self.descriptor.supports(Operation::List) {
            Some("the vendor has no list to find a lost key in")
        } else {
            None
        }
    }

    pub(super) async fn init(&self) -> Step<()> {
        self.installation.expect(&["init"], 0).await?;
        done((), "a key and a store, in a temporary home")
    }

    pub(super) async fn plan(&self) -> Step<()> {
        let planned = self.installation.expect(&["plan"], 2).await?;
        let action = planned["credentials"][0]["action"].as_str().unwrap_or_default();
        expect(action == "create", || format!("the plan is `{action}`, not `create`"))?;
        done((), format!("would create `{NAME}`"))
    }

    /// Makes it, and has nothing left to change then.
    pub(super) async fn apply(&self) -> Step<String> {
        let applied = self.installation.expect(&["apply"], 0).await?;
        let id = id_of(&applied)?;
        self.installation.expect(&["plan"], 0).await?;
        let words = format!("generation 1 is {id}; nothing more would change");
        done(id, words)
    }

    /// Reads what an application would read, and uses it.
    pub(super) async fn deliver(&self, id: String) -> Step<InUse> {
        let in_use = self.in_use(id, 1).await?;
        done(in_use, "the secret in the file is proven at the vendor")
    }

    pub(super) async fn rotate(&self, old: &InUse) -> Step<InUse> {
        let mut arguments = vec!["rotate", NAME];
        if !self.overlaps() {
            arguments.push("--allow-downtime");
        }
        let rotated = self.installation.expect(&arguments, 0).await?;
        let new = self.in_use(id_of(&rotated)?, old.delivered.generation + 1).await?;
        self.expect_ended(old, &new).await?;
        let words =
            format!("generation {} is delivered and works; then {} was ended", new.delivered.generation, old.id);
        done(new, words)
    }

    /// Kills a rotation after the vendor minted and before the secret could be kept.
    pub(super) async fn kill(&self, in_use: &InUse) -> Step<Left> {
        let before = self.ids().await?;
        self.simulator.faults().inject(LATE.parse::<FaultRule>()?)?;
        let mut child = self.installation.start(&["rotate", NAME])?;
        let minted = self.minted(&mut child, &before).await;
        let killed = child.kill().await;
        let lost = minted?;
        killed.map_err(|error| Error::new("system", format!("the child process cannot be killed ({error})")))?;
        let by_hand = self.simulator.vendor().issue_by_hand();
        let foreign = self.account.import(&by_hand).await?;
        self.in_use(in_use.id.clone(), in_use.delivered.generation).await?;
        let words = format!("SIGKILL after {lost} was minted, before its secret was kept; what is delivered works");
        done(Left { lost, foreign }, words)
    }

    /// The id of what is made, as soon as the vendor lists it.
    async fn minted(&self, child: &mut Child, before: &BTreeSet<String>) -> Result<String, Error> {
        let began = Instant::now();
        while began.elapsed() < MINTED {
            let ended = child.try_wait().is_ok_and(|status| status.is_some());
            if let Some(id) = self.ids().await?.difference(before).next() {
                return Ok(id.clone());
            }
            expect(!ended, || "the rotation ended before it could be killed".to_owned())?;
            sleep(LOOK).await;
        }
        Err(unexpected("the rotation asked the vendor for nothing"))
    }

    pub(super) async fn recover(&self, old: &InUse, left: &Left) -> Step<InUse> {
        let lost = old.delivered.generation + 1;
        if self.descriptor.traits.marker.is_some() {
            let recovered = self.installation.expect(&["recover", "--wait", "1m"], 0).await?;
            let new = self.in_use(id_of(&recovered)?, lost + 1).await?;
            self.expect_ended(old, &new).await?;
            self.expect_gone(&left.lost).await?;
            let words = format!("{} was found by its marker and revoked; generation {} works", left.lost, lost + 1);
            return done(new, words);
        }
        // Nothing tells it from the key that was made by hand: that is for a person to say.
        let answer = self.installation.run(&["recover", "--wait", "1m"]).await?;
        expect(answer.status == Some(1), || "a key without a marker was not left to a person".to_owned())?;
        let shown = self.installation.expect(&["show", NAME], 0).await?;
        let generation = &shown["generations"][lost.to_string()];
        let status = generation["status"].as_str().unwrap_or_default();
        expect(status == "abandoned", || format!("generation {lost} is `{status}`: {}", answer.problem))?;
        expect(generation["found"].as_array().is_some_and(|found| found.iter().any(|id| *id == *left.lost)), || {
            format!("{} is not named as what generation {lost} may be", left.lost)
        })?;
        let resolve = ["recover", NAME, "--resolve", &lost.to_string(), "--id", &left.lost];
        self.installation.expect(&resolve, 0).await?;
        self.expect_gone(&left.lost).await?;
        let kept = self.in_use(old.id.clone(), old.delivered.generation).await?;
        let words = format!("no marker, so nothing was guessed: {} was named by hand, and revoked", left.lost);
        done(kept, words)
    }

    /// What was made by hand while a key was looked for is as it was.
    pub(super) async fn foreign(&self, left: &Left) -> Step<()> {
        let id = &left.foreign.id;
        let found = self.account.import(id).await?;
        expect(found.enabled == left.foreign.enabled && found.attributes == left.foreign.attributes, || {
            format!("{id}, which was made by hand, was changed")
        })?;
        done((), format!("{id}, made by hand meanwhile, is untouched"))
    }

    pub(super) async fn revoke(&self, in_use: &InUse) -> Step<()> {
        self.installation.expect(&["revoke", NAME, "--yes"], 0).await?;
        expect(self.installation.delivered()?.is_none(), || "the file still holds a secret".to_owned())?;
        self.expect_dead(in_use).await?;
        self.expect_gone(&in_use.id).await?;
        let ours = |it: &Credential| it.marker.as_ref().is_some_and(|marker| marker.starts_with(MARKER_PREFIX));
        let left: Vec<String> = self.list().await?.into_iter().filter(ours).map(|it| it.id).collect();
        expect(left.is_empty(), || format!("{} carry a marker and still live", series(&left, "and")))?;
        done((), format!("{} is gone, and the file is empty", in_use.id))
    }

    pub(super) async fn status(&self) -> Step<()> {
        let status = self.installation.expect(&["status"], 0).await?;
        let generations = status["generations"].as_object().cloned().unwrap_or_default();
        let counts = generations.iter().filter(|(_, count)| count.as_u64() != Some(0));
        let counts: Vec<String> = counts.map(|(status, count)| format!("{count} {status}")).collect();
        done((), format!("nothing needs attention; generations: {}", series(&counts, "and")))
    }

    /// What the sink holds is this generation, and works.
    async fn in_use(&self, id: String, generation: u64) -> Result<InUse, Error> {
        let delivered = self.installation.delivered()?.ok_or_else(|| unexpected("the file holds no secret"))?;
        expect(delivered.generation == generation, || {
            format!("the file holds generation {}, not {generation}", delivered.generation)
        })?;
        if self.descriptor.supports(Operation::Verify) {
            let verdict = self.account.verify(&id, &delivered.parts).await?;
            expect(verdict.outcome == Outcome::Active, || {
                format!("generation {generation} in the file does not work: {}", verdict.explanation)
            })?;
        }
        Ok(InUse { id, delivered })
    }

    async fn expect_ended(&self, old: &InUse, new: &InUse) -> Result<(), Error> {
        self.expect_dead(old).await?;
        // A secret that was replaced in place has the same object.
        if old.id == new.id { Ok(()) } else { self.expect_gone(&old.id).await }
    }

    async fn expect_dead(&self, old: &InUse) -> Result<(), Error> {
        if !self.descriptor.supports(Operation::Verify) {
            return Ok(());
        }
        let verdict = self.account.verify(&old.id, &old.delivered.parts).await?;
        expect(verdict.outcome != Outcome::Active, || format!("{} still works", old.id))
    }

    async fn expect_gone(&self, id: &str) -> Result<(), Error> {
        if !self.descriptor.supports(Operation::Get) {
            return Ok(());
        }
        expect(self.account.get(id).await?.is_none(), || format!("{id} is still there"))
    }

    async fn ids(&self) -> Result<BTreeSet<String>, Error> {
        Ok(self.list().await?.into_iter().map(|credential| credential.id).collect())
    }

    /// All that the vendor lists, with the filters that it demands.
    async fn list(&self) -> Result<Vec<Credential>, Error> {
        let schema = Schema::new(&self.descriptor.attributes);
        let is_demanded =
            |name: &String| schema.property(name).and_then(|property| property.filter()) == Some(Filtering::Required);
        let sample = self.simulator.vendor().sample().attributes;
        let attributes: Map<String, Value> = sample.as_object().cloned().unwrap_or_default();
        let attributes = attributes.into_iter().filter(|(name, _)| is_demanded(name)).collect();
        Ok(self.account.list_all(&Filter { marker: None, attributes }).await?)
    }
}

/// The id at the vendor that a command reports of the one credential.
fn id_of(result: &Value) -> Result<String, Error> {
    let id = result["credentials"][0]["id"].as_str();
    id.map(str::to_owned).ok_or_else(|| unexpected("the command reports no id"))
}
