//! A history, carried out on a store and on the model.

mod commits;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use keywright_lifecycle::{Effect, State};
use proptest::prelude::{TestCaseError, prop_assert, prop_assert_eq};

use super::Backing;
use super::action::Action;
use super::compare::{ACCOUNTS, compare, sealed_under_others};
use super::life::Dice;
use super::model::{Credential, Kind, Model};
use crate::Store;
use crate::error::StoreError;
use crate::lease::{Claim, Lease};
use crate::model::{Installation, NewCredential, SealedRow};

const NAMES: [&str; 4] = ["api-0", "api-1", "api-2", "Ünïcode 3"];
const NODES: [&str; 2] = ["node-a", "node-b"];

struct Run<'a, B: Backing> {
    backing: &'a B,
    nodes: Vec<B::Store>,
    model: Model,
    /// The last one first.
    leases: Vec<Lease>,
    /// What the vendor was asked and has not answered yet.
    pending: BTreeMap<String, Effect>,
    /// The latest time that each node gave.
    clocks: [DateTime<Utc>; 2],
    /// The time of the last commit.
    written: DateTime<Utc>,
    /// Counts up, so that no two secrets are the same.
    serial: u64,
}

pub(super) async fn history<B: Backing>(backing: &B, actions: Vec<Action>) -> Result<(), TestCaseError> {
    let nodes = vec![backing.open().await?, backing.open().await?];
    let mut run = Run {
        backing,
        nodes,
        model: Model::default(),
        leases: Vec::new(),
        pending: BTreeMap::new(),
        clocks: [DateTime::<Utc>::MIN_UTC; 2],
        written: DateTime::<Utc>::MIN_UTC,
        serial: 0,
    };
    for name in 0..3 {
        run.register(0, name, name / 2 * 7, 0).await?;
        run.claim(name % 2, name, 60).await?;
    }
    for (number, action) in actions.into_iter().enumerate() {
        run.act(action).await?;
        // Each node sees what the other has done.
        compare(&run.nodes[number % 2], &run.model).await?;
    }
    let Run { nodes, model, .. } = run;
    drop(nodes);
    let again = backing.open().await?;
    compare(&again, &model).await?;
    crate::verify(&again).await?;
    Ok(())
}

impl<B: Backing> Run<'_, B> {
    /// The time by a node. It never goes back, and not before what any node has written.
    async fn now(&mut self, node: usize) -> Result<DateTime<Utc>, TestCaseError> {
        let now = self.nodes[node].now().await?;
        let latest = self.clocks[node].max(self.written);
        prop_assert!(now >= latest, "{now} after {latest}");
        prop_assert_eq!(now, now.trunc_subsecs(6));
        self.clocks[node] = now;
        Ok(now)
    }

    fn lease(&self, index: usize) -> Option<Lease> {
        self.leases.get(index).cloned()
    }

    async fn act(&mut self, action: Action) -> Result<(), TestCaseError> {
        match action {
            Action::Register { node, name, account, vendor } => self.register(node, name, account, vendor).await,
            Action::Claim { node, name, seconds } => self.claim(node, name, seconds).await,
            Action::ClaimDue { node, seconds } => self.claim_due(node, seconds).await,
            Action::Renew { node, lease, seconds } => match self.lease(lease) {
                Some(lease) => self.renew(node, &lease, seconds).await,
                None => Ok(()),
            },
            Action::Release { node, lease, due } => match self.lease(lease) {
                Some(lease) => self.release(node, lease, due).await,
                None => Ok(()),
            },
            Action::Commit { node, lease, dice, steps, flaw, window } => match self.lease(lease) {
                Some(lease) => {
                    let mut dice = Dice(dice);
                    for _ in 0..steps {
                        if !self.commit(node, &lease, &mut dice, flaw, window).await? {
                            break;
                        }
                        if !self.pending.contains_key(&lease.credential) {
                            // What it waits for is often a matter of seconds.
                            self.backing.shift_clock(TimeDelta::seconds(4));
                        }
                    }
                    Ok(())
                }
                None => Ok(()),
            },
            Action::BreakIn { lease, dice, after } => match self.lease(lease) {
                Some(lease) => self.break_in(&lease, dice, after).await,
                None => Ok(()),
            },
            Action::Pass { seconds } => {
                self.backing.shift_clock(TimeDelta::seconds(seconds));
                self.now(0).await.map(drop)
            }
            Action::Reopen { node } => {
                self.nodes[node] = self.backing.open().await?;
                self.clocks[node] = DateTime::<Utc>::MIN_UTC;
                Ok(())
            }
            Action::Initialise { key } => {
                let made = self.nodes[0].initialise(installation("this", key)).await;
                expect(made, if self.model.installation.is_some() { &[Kind::Installation] } else { &[] })?;
                self.model.installation.get_or_insert_with(|| installation("this", key));
                Ok(())
            }
            Action::ReplaceKey { expected, key, ours } => self.replace_key(expected, key, ours).await,
            Action::Reseal { stale } => self.reseal(stale).await,
        }
    }

    async fn register(&mut self, node: usize, name: usize, account: usize, vendor: usize) -> Result<(), TestCaseError> {
        self.serial += 1;
        let credential = NewCredential {
            name: NAMES[name].to_owned(),
            id: format!("id-{}", self.serial),
            // Mostly the same.
            account: ACCOUNTS[account / 7].to_owned(),
            vendor: ["gcore", "outscale"][vendor / 7].to_owned(),
        };
        let registered = self.nodes[node].register(credential.clone()).await;
        let there = self.model.credentials.get(NAMES[name]);
        let wrong = match there {
            Some(there) if there.state.account != credential.account => &[Kind::OtherAccount][..],
            Some(there) if there.vendor != credential.vendor => &[Kind::OtherVendor],
            _ => &[],
        };
        let Some(snapshot) = expect(registered, wrong)? else { return Ok(()) };
        let new = Credential {
            id: credential.id,
            vendor: credential.vendor,
            state: State::new(&credential.name, &credential.account),
            journal: Vec::new(),
            secrets: BTreeMap::new(),
            owner: None,
            epoch: 0,
            until: DateTime::<Utc>::MIN_UTC,
            due: None,
        };
        let there = self.model.credentials.entry(credential.name).or_insert(new);
        prop_assert_eq!((&snapshot.id, &snapshot.state), (&there.id, &there.state));
        Ok(())
    }

    async fn claim(&mut self, node: usize, name: usize, seconds: u64) -> Result<(), TestCaseError> {
        let before = self.now(node).await?;
        let claimed = self.nodes[node].claim(NAMES[name], NODES[node], Duration::from_secs(seconds)).await;
        let after = self.now(node).await?;
        let Some(there) = self.model.credentials.get(NAMES[name]) else {
            return expect(claimed, &[Kind::Unknown]).map(drop);
        };
        let other = there.owner.as_ref().is_some_and(|owner| owner != NODES[node]);
        if other && there.until > after {
            let told = matches!(&claimed, Err(StoreError::Busy { until, .. }) if *until == there.until);
            prop_assert!(told, "{:?} while it is held", claimed);
            return Ok(());
        }
        if other && there.until > before && claimed.is_err() {
            return expect(claimed, &[Kind::Busy]).map(drop);
        }
        let claim = claimed?;
        self.take(node, claim, (before, after), seconds)
    }

    async fn claim_due(&mut self, node: usize, seconds: u64) -> Result<(), TestCaseError> {
        let before = self.now(node).await?;
        let claimed = self.nodes[node].claim_due(NODES[node], Duration::from_secs(seconds)).await?;
        let after = self.now(node).await?;
        let first = |now| self.model.credentials.values().filter_map(|it| due_since(it, now)).min();
        let Some(claim) = claimed else {
            prop_assert!(first(before).is_none(), "something is due");
            return Ok(());
        };
        let there = &self.model.credentials[&claim.lease.credential];
        let since = due_since(there, after);
        prop_assert!(since.is_some(), "{} is not due", claim.lease.credential);
        prop_assert!(first(before).is_none() || since <= first(before), "another is due longer");
        self.take(node, claim, (before, after), seconds)
    }

    /// Takes over a lease that was taken between two times.
    fn take(
        &mut self,
        node: usize,
        claim: Claim,
        (before, after): (DateTime<Utc>, DateTime<Utc>),
        seconds: u64,
    ) -> Result<(), TestCaseError> {
        let Claim { lease, snapshot } = claim;
        let there = self.model.credentials.get_mut(&lease.credential).unwrap();
        let term = TimeDelta::seconds(i64::try_from(seconds).unwrap());
        prop_assert!(before + term <= lease.until && lease.until <= after + term);
        prop_assert_eq!((lease.epoch, lease.node.as_str()), (there.epoch + 1, NODES[node]));
        prop_assert_eq!((&snapshot.id, &snapshot.state, snapshot.epoch), (&there.id, &there.state, lease.epoch));
        there.owner = Some(lease.node.clone());
        there.epoch = lease.epoch;
        there.until = lease.until;
        // Whoever takes it over does not hear what the vendor answers the other.
        self.pending.remove(&lease.credential);
        self.leases.insert(0, lease);
        Ok(())
    }

    async fn renew(&mut self, node: usize, lease: &Lease, seconds: u64) -> Result<(), TestCaseError> {
        let before = self.now(node).await?;
        let renewed = self.nodes[node].renew(lease, Duration::from_secs(seconds)).await;
        let after = self.now(node).await?;
        let wrong: &[Kind] = if self.model.holds(lease) { &[] } else { &[Kind::LeaseLost] };
        let Some(renewed) = expect(renewed, wrong)? else { return Ok(()) };
        let there = self.model.credentials.get_mut(&lease.credential).unwrap();
        prolonged(there.until, renewed.until, (before, after), Some(Duration::from_secs(seconds)))?;
        prop_assert_eq!((renewed.epoch, &renewed.node), (lease.epoch, &lease.node));
        there.until = renewed.until;
        Ok(())
    }

    async fn release(&mut self, node: usize, lease: Lease, due: Option<i64>) -> Result<(), TestCaseError> {
        let now = self.now(node).await?;
        let due = due.map(|seconds| now + TimeDelta::seconds(seconds));
        let released = self.nodes[node].release(lease.clone(), due).await;
        let wrong: &[Kind] = if self.model.holds(&lease) { &[] } else { &[Kind::LeaseLost] };
        if expect(released, wrong)?.is_some() {
            let there = self.model.credentials.get_mut(&lease.credential).unwrap();
            there.owner = None;
            there.due = due;
        }
        Ok(())
    }

    async fn replace_key(&mut self, expected: usize, key: usize, ours: bool) -> Result<(), TestCaseError> {
        let new = installation(if ours { "this" } else { "another" }, key);
        let expected = format!("key-{expected}");
        let replaced = self.nodes[1].replace_key(&expected, new.clone()).await;
        let fits = self.model.installation.as_ref().is_some_and(|it| it.key == expected && it.id == new.id);
        if expect(replaced, if fits { &[] } else { &[Kind::Installation] })?.is_some() {
            self.model.installation = Some(new);
        }
        Ok(())
    }

    async fn reseal(&mut self, stale: bool) -> Result<(), TestCaseError> {
        let mut rows = self.nodes[0].sealed_under_others("key-1", 2).await?;
        let all = sealed_under_others(&self.model, "key-1");
        prop_assert!(rows.len() == all.len().min(2) && rows.iter().all(|row| all.contains(row)));
        if stale {
            rows.iter_mut().for_each(|row| row.sealed.push(0));
        }
        // One that is not there is not made.
        rows.push(SealedRow {
            credential: NAMES[0].to_owned(),
            id: String::new(),
            generation: 77,
            sealed: b"a secret that was destroyed".to_vec(),
        });
        let anew = |row: SealedRow| {
            let sealed = [&row.sealed[..], b" again"].concat();
            (row, sealed, "key-1".to_owned())
        };
        let rows: Vec<_> = rows.into_iter().map(anew).collect();
        let changed = self.nodes[0].reseal(rows.clone()).await?;
        prop_assert_eq!(changed, if stale { 0 } else { rows.len() as u64 - 1 });
        if !stale {
            for (row, sealed, key) in rows {
                let secrets = self.model.credentials.get_mut(&row.credential).map(|it| &mut it.secrets);
                if let Some(secret) = secrets.and_then(|secrets| secrets.get_mut(&row.generation)) {
                    *secret = (sealed, key);
                }
            }
        }
        Ok(())
    }
}

/// Since when a credential is due for whoever asks: nobody holds it.
fn due_since(it: &Credential, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if it.owner.is_some() && it.until > now {
        return None;
    }
    let left = it.owner.is_some().then_some(it.until);
    it.due.filter(|due| *due <= now).into_iter().chain(left).min()
}

/// A lease is never shortened, and lasts for the time that was asked for.
fn prolonged(
    was: DateTime<Utc>,
    is: DateTime<Utc>,
    (before, after): (DateTime<Utc>, DateTime<Utc>),
    term: Option<Duration>,
) -> Result<(), TestCaseError> {
    let Some(term) = term.map(|term| TimeDelta::from_std(term).unwrap()) else {
        prop_assert_eq!(was, is);
        return Ok(());
    };
    prop_assert!(was.max(before + term) <= is && is <= was.max(after + term));
    Ok(())
}

/// What was given, when nothing is wrong; an error of one of these kinds, when something is.
fn expect<T: std::fmt::Debug>(given: Result<T, StoreError>, wrong: &[Kind]) -> Result<Option<T>, TestCaseError> {
    match given {
        Ok(value) => {
            prop_assert!(wrong.is_empty(), "{value:?}, and not one of {wrong:?}");
            Ok(Some(value))
        }
        Err(error) => {
            prop_assert!(wrong.contains(&Kind::from(&error)), "`{error}`, and not one of {wrong:?}");
            Ok(None)
        }
    }
}

fn installation(id: &str, key: usize) -> Installation {
    Installation { id: id.to_owned(), key: format!("key-{key}"), key_record: vec![u8::try_from(key).unwrap(); 3] }
}
