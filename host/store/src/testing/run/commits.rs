//! Commits: what follows from the state, what is wrong with it, and connections that break.

use std::time::Duration;

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Effect, Record};
use proptest::prelude::{TestCaseError, prop_assert, prop_assert_eq};

use super::{Run, expect, prolonged};
use crate::Store;
use crate::lease::Lease;
use crate::model::{Commit, Draft};
use crate::testing::Backing;
use crate::testing::action::Flaw;
use crate::testing::life::{self, Dice};
use crate::testing::model::{Credential, Kind};

/// A commit that is to be tried.
struct Proposal {
    commit: Commit,
    /// What is carried out after it.
    effect: Option<Effect>,
    /// Whether it has the flaw that was asked for.
    flawed: bool,
}

impl<B: Backing> Run<'_, B> {
    /// A commit that follows from the state, with something wrong where that is asked for and can be.
    async fn propose(&mut self, lease: &Lease, dice: &mut Dice, flaw: Flaw) -> Result<Option<Proposal>, TestCaseError> {
        let now = self.now(0).await?;
        let there = &self.model.credentials[&lease.credential];
        let pending = self.pending.get(&lease.credential).cloned();
        let Some((mut records, effect)) = life::next(&there.state, now, lease.epoch, pending, dice) else {
            return Ok(None);
        };
        let mut sealed = records.iter().find_map(|record| match record {
            Record::IssueAcknowledged { generation, .. } | Record::Imported { generation, has_secret: true, .. } => {
                Some(*generation)
            }
            _ => None,
        });
        let mut flawed = flaw != Flaw::Nothing;
        match flaw {
            Flaw::Nothing => {}
            Flaw::SecretLeftOut => flawed = sealed.take().is_some(),
            Flaw::SecretOfAnother => sealed = Some(sealed.map_or(99, |generation| generation + 1)),
            Flaw::WrongPrevious => {
                flawed = false;
                for record in &mut records {
                    if let Record::Promoted { previous, .. } = record {
                        *previous = if previous.is_some() { None } else { Some(7) };
                        flawed = true;
                    }
                }
            }
            Flaw::Misplaced => records.push(Record::Verified { generation: 1 + dice.below(9), unproven: false }),
            Flaw::NothingButWindow => (records, sealed) = (Vec::new(), None),
        }
        self.serial += 1;
        let secret = format!("sealed secret {} of {}", self.serial, lease.credential).into_bytes();
        let draft = |record| Draft {
            record,
            actor: format!("user:ops@{}", lease.node),
            adapter: lease.epoch.is_multiple_of(2).then(|| "sha256:0a".to_owned()),
        };
        let key = format!("key-{}", dice.below(2));
        let commit = Commit {
            drafts: records.into_iter().map(draft).collect(),
            sealed: sealed.map(|generation| (generation, secret, key)),
            window: None,
        };
        Ok(Some(Proposal { commit, effect, flawed }))
    }

    /// Whether another can follow.
    pub(super) async fn commit(
        &mut self,
        node: usize,
        lease: &Lease,
        dice: &mut Dice,
        flaw: Flaw,
        window: Option<u64>,
    ) -> Result<bool, TestCaseError> {
        // What the engine refuses is followed by something else.
        let Some(proposal) = self.propose(lease, dice, flaw).await? else { return Ok(true) };
        let Proposal { mut commit, effect, flawed } = proposal;
        commit.window = window.map(Duration::from_secs);
        let before = self.now(node).await?;
        let committed = self.nodes[node].commit(lease, commit.clone()).await;
        let after = self.now(node).await?;
        let at = committed.as_ref().map_or(before, |committed| committed.at);
        match self.model.after(lease, &commit, at) {
            Err(wrong) => expect(committed, &wrong).map(|_| false),
            Ok(expected) => {
                let committed = committed?;
                prop_assert!(before <= at && at <= after);
                prop_assert_eq!(&committed.state, &expected.state);
                prolonged(expected.until, committed.until, (before, after), commit.window)?;
                self.written = at;
                self.accept(expected, committed.until, effect);
                Ok(!flawed)
            }
        }
    }

    fn accept(&mut self, credential: Credential, until: DateTime<Utc>, effect: Option<Effect>) {
        let name = credential.state.name.clone();
        match effect {
            Some(effect) => self.pending.insert(name, effect),
            None => self.pending.remove(&name),
        };
        self.model.accept(credential, until);
    }

    /// The connection breaks in the middle of a commit: all of it is there afterwards, or nothing.
    pub(super) async fn break_in(&mut self, lease: &Lease, dice: u64, after: u32) -> Result<(), TestCaseError> {
        let proposal = self.propose(lease, &mut Dice(dice), Flaw::Nothing).await?;
        let Some(Proposal { commit, .. }) = proposal else { return Ok(()) };
        let breaking = self.backing.open_breaking(after).await?;
        let committed = breaking.commit(lease, commit.clone()).await;
        drop(breaking);
        let there = &self.model.credentials[&lease.credential];
        let known = there.state.sequence;
        // If it was written after all, then at the time of its last line.
        let lines = self.nodes[0].history(&lease.credential, known, 1_000).await?;
        let at = match (&committed, lines.last()) {
            (Ok(committed), _) => committed.at,
            (Err(_), Some(last)) => last.header.at,
            (Err(_), None) => self.now(0).await?,
        };
        self.pending.remove(&lease.credential);
        match (self.model.after(lease, &commit, at), committed) {
            (Err(wrong), committed) => {
                expect(committed, &[wrong, vec![Kind::Unavailable]].concat())?;
                prop_assert!(lines.is_empty());
            }
            (Ok(expected), committed) => {
                let written = committed.is_ok();
                expect(committed, if written { &[] } else { &[Kind::Unavailable] })?;
                if written || !lines.is_empty() {
                    let until = expected.until;
                    self.model.accept(expected, until);
                }
            }
        }
        Ok(())
    }
}
