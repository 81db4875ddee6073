//! The journal.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::effect::FailureClass;
use crate::generation::{Expiry, GenerationNumber, Retirement, Warning};
use crate::policy::Spec;

/// The version of the records' form. A store of a newer one is refused.
pub const SCHEMA_VERSION: u32 = 1;

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What it is about, and who wrote it.
    #[serde(flatten)]
    pub header: EntryHeader,
    /// What happened, or is about to.
    pub record: Record,
}

/// Who wrote a line of the journal, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryHeader {
    /// Its number within the credential, from 1.
    pub sequence: u64,
    /// The form of the record.
    pub schema: u32,
    /// The operation that it belongs to, numbered within the credential from 1.
    pub operation: u64,
    /// The epoch of the lease under which it was written.
    pub epoch: u64,
    /// When, by the store's clock.
    pub at: DateTime<Utc>,
    /// Who asked: for example `user:ops@host-a`.
    pub actor: String,
    /// The digest of the adapter that was in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
}

/// What happened, or is about to. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Record {
    /// An operation begins.
    Begun {
        /// What it is.
        operation: OperationKind,
        /// How a new secret takes the place of the old one.
        strategy: Strategy,
        /// Why, in the words of who asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// What the credential shall be from now on.
        spec: Spec,
    },
    /// A request that makes a secret is about to be sent.
    IssueIntended {
        /// The generation that it becomes.
        generation: GenerationNumber,
        /// The marker.
        marker: Option<String>,
        /// The expiry that is asked for.
        asked_expiry: Option<DateTime<Utc>>,
        /// When the request can no longer be on its way.
        settled_at: DateTime<Utc>,
        /// The vendor's object whose secret is replaced in place; none for a creation.
        replaces: Option<String>,
        /// The ids that the vendor listed before, where it keeps no marker.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        known_ids: Vec<String>,
    },
    /// The vendor made it. Its secret is sealed in the same transaction.
    IssueAcknowledged {
        /// The generation.
        generation: GenerationNumber,
        /// Its id.
        vendor_id: String,
        /// Its attributes.
        attributes: Map<String, Value>,
        /// Its expiry.
        expiry: Expiry,
        /// What was left undone, or is not as asked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Warning>,
    },
    /// The vendor made nothing.
    IssueRefused {
        /// The generation.
        generation: GenerationNumber,
        /// What kind of refusal.
        class: FailureClass,
        /// One sentence.
        message: String,
        /// When a new generation may be tried; none when this is the end of the operation.
        retry_at: Option<DateTime<Utc>>,
    },
    /// The answer was lost.
    IssueInDoubt {
        /// The generation.
        generation: GenerationNumber,
        /// One sentence.
        message: String,
    },
    /// What a creation with a lost answer made was looked for.
    IssueSought {
        /// The generation.
        generation: GenerationNumber,
        /// The ids that were found with its marker.
        found: Vec<String>,
        /// When it is looked for again.
        retry_at: DateTime<Utc>,
    },
    /// What a creation with a lost answer made could not be looked for.
    SeekFailed {
        /// The generation.
        generation: GenerationNumber,
        /// One sentence.
        message: String,
        /// When it is tried again.
        retry_at: DateTime<Utc>,
    },
    /// The vendor made nothing, as far as it shows.
    IssueAbsent {
        /// The generation.
        generation: GenerationNumber,
    },
    /// Only a person can find out what the vendor made.
    Abandoned {
        /// The generation.
        generation: GenerationNumber,
        /// Ids that it may have.
        candidates: Vec<String>,
        /// One sentence.
        message: String,
    },
    /// What a creation with a lost answer made is about to be ended: its secret is not known.
    CompensationIntended {
        /// The generation.
        generation: GenerationNumber,
        /// Its id.
        vendor_id: String,
    },
    /// It is ended.
    Compensated {
        /// The generation.
        generation: GenerationNumber,
        /// Its id.
        vendor_id: String,
    },
    /// The secret is about to be tried.
    VerificationBegun {
        /// The generation.
        generation: GenerationNumber,
    },
    /// The secret works; or the vendor cannot be asked, then `unproven`.
    Verified {
        /// The generation.
        generation: GenerationNumber,
        /// Whether the vendor has no way to try a secret.
        unproven: bool,
    },
    /// The secret was not proven to work.
    VerificationFailed {
        /// The generation.
        generation: GenerationNumber,
        /// One sentence.
        message: String,
        /// Whether the vendor refused it, or may have; else it was not known from the answer, or there was none.
        refused: bool,
        /// When it is tried again; none when it is given up.
        retry_at: Option<DateTime<Utc>>,
    },
    /// A new generation is not good enough to be used, and is to be ended.
    Unfit {
        /// The generation.
        generation: GenerationNumber,
        /// One sentence.
        message: String,
    },
    /// The secret is about to be written to a sink.
    PublicationIntended {
        /// The generation.
        generation: GenerationNumber,
        /// The sink.
        sink: String,
    },
    /// The sink has it.
    Published {
        /// The generation.
        generation: GenerationNumber,
        /// The sink.
        sink: String,
    },
    /// The sink does not have it.
    PublicationFailed {
        /// The generation.
        generation: GenerationNumber,
        /// The sink.
        sink: String,
        /// One sentence.
        message: String,
        /// When it is tried again.
        retry_at: DateTime<Utc>,
    },
    /// The generation is in use from now on.
    Promoted {
        /// The generation.
        generation: GenerationNumber,
        /// The one that was in use.
        previous: Option<GenerationNumber>,
    },
    /// A generation is to be ended.
    RetirementScheduled {
        /// The generation.
        generation: GenerationNumber,
        /// How.
        retirement: Retirement,
    },
    /// The generation in use is to be ended before it has a successor.
    Demoted {
        /// The generation.
        generation: GenerationNumber,
    },
    /// An old generation is kept for a reason.
    GateHeld {
        /// The generation.
        generation: GenerationNumber,
        /// One sentence.
        message: String,
        /// When it is looked at again.
        retry_at: DateTime<Utc>,
    },
    /// Nothing holds an old generation any longer.
    GatesOpen {
        /// The generation.
        generation: GenerationNumber,
    },
    /// A generation is about to be disabled or enabled.
    EnablingIntended {
        /// The generation.
        generation: GenerationNumber,
        /// Which.
        enabled: bool,
    },
    /// It is.
    Enabled {
        /// The generation.
        generation: GenerationNumber,
        /// Which.
        enabled: bool,
    },
    /// It is not.
    EnablingFailed {
        /// The generation.
        generation: GenerationNumber,
        /// Whether it may yet be: the answer was lost.
        #[serde(default)]
        in_doubt: bool,
        /// One sentence.
        message: String,
        /// When it is tried again; none when it is given up.
        retry_at: Option<DateTime<Utc>>,
    },
    /// A generation is about to be ended.
    RevocationIntended {
        /// The generation.
        generation: GenerationNumber,
    },
    /// The vendor acknowledged its end.
    RevocationAcknowledged {
        /// The generation.
        generation: GenerationNumber,
    },
    /// It could not be ended, or is still there.
    RevocationFailed {
        /// The generation.
        generation: GenerationNumber,
        /// One sentence.
        message: String,
        /// When it is tried again. It is never given up.
        retry_at: DateTime<Utc>,
    },
    /// The vendor was asked, and it is gone.
    RevocationConfirmed {
        /// The generation.
        generation: GenerationNumber,
    },
    /// The sealed copy of its secret was dropped in the same transaction.
    SecretDestroyed {
        /// The generation.
        generation: GenerationNumber,
    },
    /// Attributes are about to be changed in place.
    UpdateIntended {
        /// The generation.
        generation: GenerationNumber,
        /// A merge patch (RFC 7396).
        patch: Map<String, Value>,
    },
    /// They are changed.
    Updated {
        /// The generation.
        generation: GenerationNumber,
        /// The attributes as they are now.
        attributes: Map<String, Value>,
        /// The expiry as it is now.
        expiry: Expiry,
        /// What was left undone, or is not as asked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        warnings: Vec<Warning>,
    },
    /// They are not, or it is not known.
    UpdateFailed {
        /// The generation.
        generation: GenerationNumber,
        /// Whether they may yet be: the answer was lost.
        #[serde(default)]
        in_doubt: bool,
        /// One sentence.
        message: String,
        /// When it is tried again; none when it is given up.
        retry_at: Option<DateTime<Utc>>,
    },
    /// The secret of an earlier generation was replaced in place by that of this one.
    Replaced {
        /// The earlier one.
        generation: GenerationNumber,
    },
    /// A credential that was made elsewhere was taken over.
    Imported {
        /// The generation that it became.
        generation: GenerationNumber,
        /// Its id.
        vendor_id: String,
        /// Its attributes.
        attributes: Map<String, Value>,
        /// Its expiry.
        expiry: Expiry,
        /// Whether its secret came with it, was tried, and is sealed in the same transaction.
        has_secret: bool,
    },
    /// A secret is believed to be known to others.
    Compromised {
        /// The generation.
        generation: GenerationNumber,
    },
    /// A sink is about to be emptied.
    WithdrawalIntended {
        /// The sink.
        sink: String,
    },
    /// It is.
    Withdrawn {
        /// The sink.
        sink: String,
    },
    /// It is not.
    WithdrawalFailed {
        /// The sink.
        sink: String,
        /// One sentence.
        message: String,
        /// When it is tried again.
        retry_at: DateTime<Utc>,
    },
    /// A person has settled what an abandoned generation was.
    Resolved {
        /// The generation.
        generation: GenerationNumber,
        /// Its id, to be ended; none when the vendor made nothing.
        vendor_id: Option<String>,
    },
    /// What the credential shall be was changed, and nothing at the vendor.
    Respecified {
        /// What it shall be.
        spec: Spec,
    },
    /// What the operation needs to know first could not be found out.
    Postponed {
        /// One sentence.
        message: String,
        /// When it is tried again.
        retry_at: DateTime<Utc>,
    },
    /// The operation ends.
    Ended {
        /// How.
        outcome: OperationOutcome,
        /// One sentence, where there is something to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
}

impl Record {
    /// Its name, as it is written.
    pub fn kind(&self) -> String {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned(),
            _ => String::new(),
        }
    }

    /// The generation that it is about.
    pub fn generation(&self) -> Option<GenerationNumber> {
        match self {
            Self::IssueIntended { generation, .. }
            | Self::IssueAcknowledged { generation, .. }
            | Self::IssueRefused { generation, .. }
            | Self::IssueInDoubt { generation, .. }
            | Self::IssueSought { generation, .. }
            | Self::SeekFailed { generation, .. }
            | Self::IssueAbsent { generation }
            | Self::Abandoned { generation, .. }
            | Self::Resolved { generation, .. }
            | Self::CompensationIntended { generation, .. }
            | Self::Compensated { generation, .. }
            | Self::VerificationBegun { generation }
            | Self::Verified { generation, .. }
            | Self::VerificationFailed { generation, .. }
            | Self::Unfit { generation, .. }
            | Self::PublicationIntended { generation, .. }
            | Self::Published { generation, .. }
            | Self::PublicationFailed { generation, .. }
            | Self::Promoted { generation, .. }
            | Self::RetirementScheduled { generation, .. }
            | Self::Demoted { generation }
            | Self::GateHeld { generation, .. }
            | Self::GatesOpen { generation }
            | Self::EnablingIntended { generation, .. }
            | Self::Enabled { generation, .. }
            | Self::EnablingFailed { generation, .. }
            | Self::RevocationIntended { generation }
            | Self::RevocationAcknowledged { generation }
            | Self::RevocationFailed { generation, .. }
            | Self::RevocationConfirmed { generation }
            | Self::SecretDestroyed { generation }
            | Self::UpdateIntended { generation, .. }
            | Self::Updated { generation, .. }
            | Self::UpdateFailed { generation, .. }
            | Self::Replaced { generation }
            | Self::Imported { generation, .. }
            | Self::Compromised { generation } => Some(*generation),
            Self::Begun { .. }
            | Self::Respecified { .. }
            | Self::WithdrawalIntended { .. }
            | Self::Withdrawn { .. }
            | Self::WithdrawalFailed { .. }
            | Self::Postponed { .. }
            | Self::Ended { .. } => None,
        }
    }
}

/// What an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperationKind {
    /// The first generation.
    Create,
    /// A new generation in place of the one in use.
    Rotate,
    /// Attributes, in place.
    Update,
    /// Taking over what was made elsewhere.
    Import,
    /// Disabling what is in use.
    Suspend,
    /// Enabling it again.
    Resume,
    /// Ending all generations.
    Revoke,
}

impl OperationKind {
    /// Its name, as in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Rotate => "rotate",
            Self::Update => "update",
            Self::Import => "import",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Revoke => "revoke",
        }
    }
}

/// How a new secret takes the place of the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// The old one works until the new one is in use, and for its grace.
    Overlap,
    /// The vendor replaces the secret in place: the old one ends before the new one is published.
    InPlace,
    /// The old one is ended first.
    RevokeFirst,
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperationOutcome {
    /// As asked.
    Succeeded,
    /// Not as asked; what was in use still is, unless it was to be ended first.
    Failed,
}
