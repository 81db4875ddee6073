//! Audit events: one for each line of the journal, written with it, and bound together by a Merkle tree.

mod tree;

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use keywright_lifecycle::{Entry, OperationKind, OperationOutcome, Record};
use serde_json::Value;

pub use tree::{AuditHead, AuditTree, Hash, leaf_hash};

/// What an entry is about, as far as the entry itself does not say it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) credential: &'a str,
    pub(crate) account: &'a str,
    pub(crate) vendor: &'a str,
    pub(crate) operation: Option<OperationKind>,
}

/// The event of an entry: who did what to which credential, when, and what came of it. It has no text that a vendor, a
/// sink or an adapter wrote, and none of the attributes; those are in the journal.
///
/// The keys are ASCII and in order, and the values are text and integers below 2^53, so that this is the canonical form
/// of RFC 8785.
pub(crate) fn event(subject: Subject<'_>, entry: &Entry) -> String {
    let Entry { header, record } = entry;
    let mut fields: BTreeMap<&str, Value> = BTreeMap::from([
        ("account", subject.account.into()),
        ("actor", header.actor.as_str().into()),
        ("at", header.at.to_rfc3339_opts(SecondsFormat::Micros, true).into()),
        ("credential", subject.credential.into()),
        ("epoch", header.epoch.into()),
        ("event", record.kind().into()),
        ("line", header.sequence.into()),
        ("operation_number", header.operation.into()),
        ("outcome", outcome(record).into()),
        ("vendor", subject.vendor.into()),
    ]);
    if let Some(adapter) = &header.adapter {
        fields.insert("adapter", adapter.as_str().into());
    }
    if let Some(generation) = record.generation() {
        fields.insert("generation", generation.into());
    }
    if let Some(operation) = subject.operation {
        fields.insert("operation", operation.name().into());
    }
    // A map with keys of text is always JSON.
    serde_json::to_string(&fields).unwrap_or_default()
}

/// What the record says of the action that it is about.
fn outcome(record: &Record) -> &'static str {
    match record {
        Record::Begun { .. }
        | Record::IssueIntended { .. }
        | Record::CompensationIntended { .. }
        | Record::VerificationBegun { .. }
        | Record::PublicationIntended { .. }
        | Record::RetirementScheduled { .. }
        | Record::EnablingIntended { .. }
        | Record::RevocationIntended { .. }
        | Record::UpdateIntended { .. }
        | Record::WithdrawalIntended { .. } => "intended",
        Record::IssueRefused { .. }
        | Record::SeekFailed { .. }
        | Record::VerificationFailed { .. }
        | Record::Unfit { .. }
        | Record::PublicationFailed { .. }
        | Record::EnablingFailed { .. }
        | Record::RevocationFailed { .. }
        | Record::UpdateFailed { .. }
        | Record::WithdrawalFailed { .. }
        | Record::Ended { outcome: OperationOutcome::Failed, .. } => "failed",
        Record::IssueInDoubt { .. } | Record::Abandoned { .. } => "in-doubt",
        Record::GateHeld { .. } | Record::Postponed { .. } => "held",
        Record::IssueAcknowledged { .. }
        | Record::IssueSought { .. }
        | Record::IssueAbsent { .. }
        | Record::Compensated { .. }
        | Record::Verified { .. }
        | Record::Published { .. }
        | Record::Promoted { .. }
        | Record::Demoted { .. }
        | Record::GatesOpen { .. }
        | Record::Enabled { .. }
        | Record::RevocationAcknowledged { .. }
        | Record::RevocationConfirmed { .. }
        | Record::SecretDestroyed { .. }
        | Record::Updated { .. }
        | Record::Replaced { .. }
        | Record::Imported { .. }
        | Record::Compromised { .. }
        | Record::Withdrawn { .. }
        | Record::Resolved { .. }
        | Record::Respecified { .. }
        | Record::Ended { outcome: OperationOutcome::Succeeded, .. } => "succeeded",
    }
}

#[cfg(test)]
mod tests {
    use keywright_lifecycle::{EntryHeader, FailureClass, SCHEMA_VERSION};

    use super::*;

    #[test]
    fn an_event_is_canonical_and_repeats_no_text_of_the_vendor() {
        let record = Record::IssueRefused {
            generation: 2,
            class: FailureClass::Quota,
            message: "the vendor says: hunter2".to_owned(),
            retry_at: None,
        };
        let header = EntryHeader {
            sequence: 7,
            schema: SCHEMA_VERSION,
            operation: 3,
            epoch: 11,
            at: "2026-01-02T03:04:05.000006Z".parse().unwrap(),
            actor: "user:o\"ps\u{1}@höst".to_owned(),
            adapter: None,
        };
        let subject = Subject {
            credential: "ci-deploy",
            account: "production",
            vendor: "scaleway",
            operation: Some(OperationKind::Rotate),
        };
        assert_eq!(
            event(subject, &Entry { header, record }),
            concat!(
                r#"{"account":"production","actor":"user:o\"ps\u0001@höst","at":"2026-01-02T03:04:05.000006Z","#,
                r#""credential":"ci-deploy","epoch":11,"event":"issue-refused","generation":2,"line":7,"#,
                r#""operation":"rotate","operation_number":3,"outcome":"failed","vendor":"scaleway"}"#
            )
        );
    }
}
