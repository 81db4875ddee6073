//! Whether a store and the model are the same, by all that can be read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use proptest::prelude::{TestCaseError, prop_assert, prop_assert_eq};
use serde_json::Value;

use super::model::{Credential, Model};
use crate::Store;
use crate::audit::{AuditTree, leaf_hash};
use crate::model::{Counts, Known, Page, SealedRow, Summary};

/// Accounts that histories use.
pub(super) const ACCOUNTS: [&str; 2] = ["production", "staging"];

pub(super) async fn compare(store: &dyn Store, model: &Model) -> Result<(), TestCaseError> {
    prop_assert_eq!(&store.installation().await?, &model.installation);
    for (name, expected) in &model.credentials {
        credential(store, name, expected).await?;
    }
    prop_assert!(store.find("nobody").await?.is_none());
    prop_assert!(store.history("nobody", 0, 1).await.is_err());
    prop_assert_eq!(list(store).await?, model.credentials.values().map(summary).collect::<Vec<_>>());
    prop_assert_eq!(store.counts().await?, counts(model));
    for account in ACCOUNTS {
        prop_assert_eq!(store.known(account).await?, known(model, account));
    }
    for key in ["key-0", "key-1"] {
        let mut found = store.sealed_under_others(key, 1_000).await?;
        found.sort_by(|a, b| (&a.credential, a.generation).cmp(&(&b.credential, b.generation)));
        prop_assert_eq!(found, sealed_under_others(model, key));
    }
    audit(store, model).await
}

async fn credential(store: &dyn Store, name: &str, expected: &Credential) -> Result<(), TestCaseError> {
    let before = store.now().await?;
    let found = store.find(name).await?;
    let after = store.now().await?;
    let Some(found) = found else { return Err(TestCaseError::fail(format!("{name} is missing"))) };
    prop_assert_eq!(&found.id, &expected.id);
    prop_assert_eq!(&found.vendor, &expected.vendor);
    prop_assert_eq!(&found.state, &expected.state);
    prop_assert_eq!(found.epoch, expected.epoch);
    prop_assert_eq!(found.due, expected.due);
    held(before, after, expected, found.held)?;
    let middle = expected.state.sequence / 2;
    let first = store.history(name, 0, u32::try_from(middle).unwrap()).await?;
    let second = store.history(name, middle, 1_000).await?;
    prop_assert_eq!([first, second].concat(), expected.journal.clone());
    let last = expected.state.generations.last_key_value().map_or(0, |(last, _)| *last);
    for generation in 0..=last + 1 {
        let sealed = store.sealed(name, generation).await?;
        prop_assert_eq!(&sealed.as_ref(), &expected.secrets.get(&generation).map(|(sealed, _)| sealed));
        let has_secret = expected.state.generations.get(&generation).is_some_and(|it| it.has_secret);
        prop_assert_eq!(sealed.is_some(), has_secret);
    }
    Ok(())
}

/// Time may pass while the store is read.
fn held(
    before: DateTime<Utc>,
    after: DateTime<Utc>,
    expected: &Credential,
    found: Option<(String, DateTime<Utc>)>,
) -> Result<(), TestCaseError> {
    let Some(owner) = &expected.owner else {
        prop_assert_eq!(found, None);
        return Ok(());
    };
    if expected.until > after || found.is_some() {
        prop_assert!(expected.until > before);
        prop_assert_eq!(found, Some((owner.clone(), expected.until)));
    }
    Ok(())
}

fn summary(credential: &Credential) -> Summary {
    Summary::of(&credential.state, &credential.vendor, credential.due)
}

/// The whole list, in pages.
async fn list(store: &dyn Store) -> Result<Vec<Summary>, TestCaseError> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let Page { credentials, next } = store.page(after.as_deref(), 2).await?;
        prop_assert!(credentials.len() <= 2 && (next.is_none() || credentials.len() == 2));
        all.extend(credentials);
        match next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}

fn counts(model: &Model) -> Counts {
    let summaries: Vec<_> = model.credentials.values().map(summary).collect();
    let count = |what: fn(&Summary) -> bool| summaries.iter().filter(|it| what(it)).count() as u64;
    let mut generations = BTreeMap::new();
    for generation in model.credentials.values().flat_map(|it| it.state.generations.values()) {
        *generations.entry(generation.status).or_default() += 1;
    }
    Counts {
        credentials: summaries.len() as u64,
        in_use: count(|it| it.current.is_some()),
        operating: count(|it| it.operation.is_some()),
        failing: count(|it| it.problem.is_some()),
        suspended: count(|it| it.suspended),
        closed: count(|it| it.closed),
        generations,
    }
}

fn known(model: &Model, account: &str) -> Vec<Known> {
    let of_account = model.credentials.values().filter(|it| it.state.account == account);
    let known = of_account.flat_map(|it| {
        it.state.generations.values().map(|generation| Known {
            credential: it.state.name.clone(),
            generation: generation.number,
            status: generation.status,
            vendor_id: generation.vendor_id.clone(),
            marker: generation.marker.clone(),
        })
    });
    known.collect()
}

pub(super) fn sealed_under_others(model: &Model, key: &str) -> Vec<SealedRow> {
    let rows = model.credentials.values().flat_map(|it| {
        let others = it.secrets.iter().filter(|(_, (_, of))| of != key);
        others.map(|(generation, (sealed, _))| SealedRow {
            credential: it.state.name.clone(),
            id: it.id.clone(),
            generation: *generation,
            sealed: sealed.clone(),
        })
    });
    rows.collect()
}

/// One event for each line of a journal, in the order in which they were written.
async fn audit(store: &dyn Store, model: &Model) -> Result<(), TestCaseError> {
    let events = store.audit(0, 10_000).await?;
    prop_assert_eq!(events.len(), model.audit.len());
    let mut tree = AuditTree::default();
    for ((number, event), (name, line)) in events.iter().zip(&model.audit) {
        tree.append(leaf_hash(event));
        prop_assert_eq!(*number, tree.size());
        let credential = &model.credentials[name];
        let entry = &credential.journal[usize::try_from(*line).unwrap() - 1];
        let event: Value = serde_json::from_str(event).unwrap();
        prop_assert_eq!(&event["credential"], &Value::from(name.as_str()));
        prop_assert_eq!(&event["account"], &Value::from(credential.state.account.as_str()));
        prop_assert_eq!(&event["vendor"], &Value::from(credential.vendor.as_str()));
        prop_assert_eq!(&event["line"], &Value::from(*line));
        prop_assert_eq!(&event["actor"], &Value::from(entry.header.actor.as_str()));
        prop_assert_eq!(&event["event"], &Value::from(entry.record.kind()));
        prop_assert_eq!(event["generation"].as_u64(), entry.record.generation());
        prop_assert_eq!(event["epoch"].as_u64(), Some(entry.header.epoch));
        let at: DateTime<Utc> = event["at"].as_str().unwrap().parse().unwrap();
        prop_assert_eq!(at, entry.header.at);
    }
    prop_assert_eq!(store.audit_head().await?, tree.head());
    let tail = store.audit(tree.size() / 2, 3).await?;
    let middle = usize::try_from(tree.size() / 2).unwrap();
    prop_assert_eq!(tail.as_slice(), &events[middle..events.len().min(middle + 3)]);
    Ok(())
}
