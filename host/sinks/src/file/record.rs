//! What a file sink notes of a delivery, with it or in a file of its own.
//!
//! A format with room for it has the [`Record`] in the same file, so that content and record change in one rename. The
//! others have a second file, `.NAME.keywright`, the [`Ledger`], and two files cannot change at once. So the ledger is
//! written first and names every content that the file may have: the one it has and the one that it is about to get,
//! each by its check value. Killed in between, the file has its old content, the check says which that is, and the
//! record of the new one is of no consequence. There is nothing to be written afterwards.

use serde::{Deserialize, Serialize};

use crate::delivery::{Delivery, Subject};
use crate::digest::{Digest, Hasher};

/// A delivery, by its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Record {
    /// The credential.
    pub(super) credential: String,
    /// The generation.
    pub(super) generation: u64,
    /// The digest of the delivery.
    pub(super) digest: Digest,
    /// The check value of what was written.
    pub(super) check: String,
}

impl Record {
    pub(super) fn of(delivery: &Delivery, region: &str) -> Self {
        Self {
            credential: delivery.subject.credential().to_owned(),
            generation: delivery.generation,
            digest: delivery.digest(),
            check: check(region),
        }
    }

    pub(super) fn is_of(&self, subject: &Subject) -> bool {
        self.credential == subject.credential()
    }
}

/// A value by which content is known again.
pub(super) fn check(region: &str) -> String {
    let mut hasher = Hasher::new("keywright content 1");
    hasher.text(region);
    hasher.finish().short()
}

/// The records of a file whose format has no room for them.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    /// The version of this format.
    keywright: u32,
    /// Records by place, such as a profile.
    records: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Entry {
    /// The place in the file; empty for the whole of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    place: String,
    #[serde(flatten)]
    record: Record,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { keywright: 1, records: Vec::new() }
    }
}

impl Ledger {
    /// The name of the file of the ledger of this file.
    pub(super) fn name_for(file: &str) -> String {
        format!(".{file}.keywright")
    }

    /// Reads it; none when it is not one of this version.
    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|ledger: &Self| ledger.keywright == 1)
    }

    /// As the text of its file.
    pub(super) fn text(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The records of a place, the last one written last.
    pub(super) fn records<'a>(&'a self, place: &'a str) -> impl DoubleEndedIterator<Item = &'a Record> {
        self.records.iter().filter(move |entry| entry.place == place).map(|entry| &entry.record)
    }

    /// Replaces the records of a place.
    pub(super) fn set(&mut self, place: &str, records: impl IntoIterator<Item = Record>) {
        self.records.retain(|entry| entry.place != place);
        let entry = |record| Entry { place: place.to_owned(), record };
        self.records.extend(records.into_iter().map(entry));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}
