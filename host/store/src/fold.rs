//! What a commit adds up to: pure, and the same for every store.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Entry, EntryHeader, GenerationNumber, Record, SCHEMA_VERSION, State};

use crate::audit::{self, Subject};
use crate::error::StoreError;
use crate::model::Draft;

/// What a commit writes.
pub(crate) struct Folded {
    /// The state after it.
    pub(crate) state: State,
    /// The lines of the journal, each with its audit event.
    pub(crate) lines: Vec<(Entry, String)>,
    /// The generations that it changed.
    pub(crate) touched: BTreeSet<GenerationNumber>,
    /// The secrets that it brings (true) and those that it destroys (false), in this order.
    pub(crate) secrets: Vec<(GenerationNumber, bool)>,
}

/// Under what a commit is written.
#[derive(Clone, Copy)]
pub(crate) struct Under<'a> {
    pub(crate) vendor: &'a str,
    pub(crate) epoch: u64,
    pub(crate) at: DateTime<Utc>,
}

/// Adds the records to the state. `sealed` is the generation whose sealed secret comes with them.
pub(crate) fn fold(
    mut state: State,
    under: Under<'_>,
    drafts: Vec<Draft>,
    sealed: Option<GenerationNumber>,
) -> Result<Folded, StoreError> {
    let (mut lines, mut touched, mut secrets) = (Vec::new(), BTreeSet::new(), Vec::new());
    for Draft { record, actor, adapter } in drafts {
        check_promotion(&state, &record)?;
        let before = state.operation.as_ref().map(|operation| operation.kind);
        state.apply(under.at, &record)?;
        touched.extend(record.generation());
        match &record {
            Record::IssueAcknowledged { generation, .. } | Record::Imported { generation, has_secret: true, .. } => {
                secrets.push((*generation, true));
            }
            Record::SecretDestroyed { generation } => secrets.push((*generation, false)),
            _ => {}
        }
        let header = EntryHeader {
            sequence: state.sequence,
            schema: SCHEMA_VERSION,
            operation: state.operations,
            epoch: under.epoch,
            at: under.at,
            actor,
            adapter,
        };
        let entry = Entry { header, record };
        let subject = Subject {
            credential: &state.name,
            account: &state.account,
            vendor: under.vendor,
            // The end of an operation belongs to it.
            operation: state.operation.as_ref().map(|operation| operation.kind).or(before),
        };
        let event = audit::event(subject, &entry);
        lines.push((entry, event));
    }
    check_secrets(&secrets, sealed)?;
    check_ids(&state, &touched)?;
    Ok(Folded { state, lines, touched, secrets })
}

/// A promotion is a compare-and-set of the generation in use.
fn check_promotion(state: &State, record: &Record) -> Result<(), StoreError> {
    match record {
        Record::Promoted { generation, previous } if *previous != state.current => Err(StoreError::Misuse(format!(
            "generation {generation} of `{}` was to take the place of {}, but {} is in use",
            state.name,
            name(*previous),
            name(state.current)
        ))),
        _ => Ok(()),
    }
}

fn name(generation: Option<GenerationNumber>) -> String {
    generation.map_or_else(|| "none".to_owned(), |number| format!("generation {number}"))
}

/// A secret comes with the record that acknowledges it, and only with that.
fn check_secrets(secrets: &[(GenerationNumber, bool)], sealed: Option<GenerationNumber>) -> Result<(), StoreError> {
    let brought: Vec<_> = secrets.iter().filter(|(_, brought)| *brought).map(|(number, _)| *number).collect();
    let message = match (brought.as_slice(), sealed) {
        ([], None) => return Ok(()),
        ([number], Some(sealed)) if *number == sealed => return Ok(()),
        ([], Some(sealed)) => format!("a secret of generation {sealed} came without a record that acknowledges it"),
        ([number], None) => format!("the new secret of generation {number} came without its sealed copy"),
        ([number], Some(sealed)) => {
            format!("a secret of generation {sealed} came with a record that acknowledges generation {number}")
        }
        _ => "two new secrets came in one commit".to_owned(),
    };
    Err(StoreError::Misuse(message))
}

/// One vendor's object is one generation's, and one marker too.
fn check_ids(state: &State, touched: &BTreeSet<GenerationNumber>) -> Result<(), StoreError> {
    let live = || state.generations.values().filter(|generation| generation.status.may_live());
    let ids = live().filter_map(|generation| Some((generation.vendor_id.as_deref()?, generation.number)));
    let markers = live().filter_map(|generation| Some((generation.marker.as_deref()?, generation.number)));
    twice(ids, touched).or_else(|| twice(markers, touched)).map_or(Ok(()), |(text, first, second)| {
        Err(StoreError::Misuse(format!(
            "`{text}` would be generation {first} and generation {second} of one credential"
        )))
    })
}

fn twice<'a>(
    texts: impl Iterator<Item = (&'a str, GenerationNumber)>,
    touched: &BTreeSet<GenerationNumber>,
) -> Option<(&'a str, GenerationNumber, GenerationNumber)> {
    let mut seen = BTreeMap::new();
    for (text, number) in texts {
        if let Some(first) = seen.insert(text, number)
            && (touched.contains(&number) || touched.contains(&first))
        {
            return Some((text, first, number));
        }
    }
    None
}
