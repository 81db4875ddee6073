//! Whether a store is what its journals add up to.

use keywright_lifecycle::State;

use crate::Store;
use crate::audit::{AuditHead, AuditTree, leaf_hash};
use crate::error::StoreError;
use crate::model::Snapshot;

/// How many rows are read at once.
const PAGE: u32 = 500;

/// A store that was found to be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its credentials.
    pub credentials: u64,
    /// Lines of their journals.
    pub lines: u64,
    /// The audit log.
    pub audit: AuditHead,
}

/// Adds up every journal, and the audit log, and compares them with what is stored: each state is that of its journal,
/// a sealed secret is there for each generation that has one, and the audit log has the root that was kept. Others may
/// write meanwhile.
///
/// # Errors
///
/// When something contradicts itself, or cannot be read.
pub async fn verify(store: &dyn Store) -> Result<Verified, StoreError> {
    let audit = verify_audit(store).await?;
    let (mut credentials, mut lines, mut after) = (0, 0, None);
    loop {
        let page = store.page(after.as_deref(), PAGE).await?;
        for summary in &page.credentials {
            lines += verify_credential(store, &summary.name).await?;
            credentials += 1;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(Verified { credentials, lines, audit }),
        }
    }
}

async fn verify_credential(store: &dyn Store, name: &str) -> Result<u64, StoreError> {
    loop {
        let Some(snapshot) = store.find(name).await? else { return Err(StoreError::Unknown(name.to_owned())) };
        let difference = compare(store, name, &snapshot).await?;
        let Some(difference) = difference else { return Ok(snapshot.state.sequence) };
        // What was written meanwhile is no contradiction.
        let again = store.find(name).await?;
        if again.is_some_and(|again| again.state.sequence == snapshot.state.sequence) {
            return Err(StoreError::Damaged(format!("`{name}`: {difference}")));
        }
    }
}

/// How a state differs from its journal and its secrets.
async fn compare(store: &dyn Store, name: &str, snapshot: &Snapshot) -> Result<Option<String>, StoreError> {
    let stored = &snapshot.state;
    let mut state = State::new(name, &stored.account);
    while state.sequence < stored.sequence {
        let entries = store.history(name, state.sequence, PAGE).await?;
        if entries.is_empty() {
            return Ok(Some(format!("its journal ends with line {} of {}", state.sequence, stored.sequence)));
        }
        for entry in entries.iter().take_while(|entry| entry.header.sequence <= stored.sequence) {
            if entry.header.sequence != state.sequence + 1 {
                return Ok(Some(format!("line {} of its journal is missing", state.sequence + 1)));
            }
            state.apply(entry.header.at, &entry.record)?;
        }
    }
    if state != *stored {
        return Ok(Some("its state is not what its journal adds up to".to_owned()));
    }
    for generation in state.generations.values() {
        if store.sealed(name, generation.number).await?.is_some() != generation.has_secret {
            let wrong = if generation.has_secret { "is missing" } else { "is still there" };
            return Ok(Some(format!("the sealed secret of generation {} {wrong}", generation.number)));
        }
    }
    Ok(None)
}

async fn verify_audit(store: &dyn Store) -> Result<AuditHead, StoreError> {
    let head = store.audit_head().await?;
    let mut tree = AuditTree::default();
    while tree.size() < head.size {
        let events = store.audit(tree.size(), PAGE).await?;
        if events.is_empty() {
            return Err(StoreError::Damaged(format!("the audit log ends after {} of {}", tree.size(), head.size)));
        }
        for (number, event) in events {
            if number != tree.size() + 1 {
                return Err(StoreError::Damaged(format!("event {} of the audit log is missing", tree.size() + 1)));
            }
            if number <= head.size {
                tree.append(leaf_hash(&event));
            } else {
                break;
            }
        }
    }
    if tree.head() == head {
        Ok(head)
    } else {
        Err(StoreError::Damaged("the audit log is not what was written".to_owned()))
    }
}
