//! What is to be done outside, and what came of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::generation::{Expiry, GenerationNumber, Warning};

/// One thing to do outside of the engine. It is carried out after the records of its step are durable, once, and what
/// came of it is given back as the [`Outcome`] of the same name.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// List the vendor's credentials.
    Seek {
        /// Why.
        reason: SeekReason,
        /// Only those with this marker; all without one.
        marker: Option<String>,
    },
    /// Ask the vendor to make a credential. Sent once, within the send window of the intent.
    Create {
        /// The generation that it becomes.
        generation: GenerationNumber,
        /// The attributes.
        attributes: Map<String, Value>,
        /// The marker.
        marker: Option<String>,
        /// The expiry.
        expires_at: Option<DateTime<Utc>>,
        /// The idempotency key, for vendors that take one.
        idempotency_key: Option<String>,
    },
    /// Ask the vendor to replace the secret in place. Sent once.
    Regenerate {
        /// The generation that it becomes.
        generation: GenerationNumber,
        /// The vendor's object.
        vendor_id: String,
        /// The expiry.
        expires_at: Option<DateTime<Utc>>,
    },
    /// Try the sealed secret at the vendor.
    Verify {
        /// Whose.
        generation: GenerationNumber,
        /// The vendor's object.
        vendor_id: String,
    },
    /// Write the secret to a sink.
    Publish {
        /// Whose.
        generation: GenerationNumber,
        /// The generation before, for sinks that take both.
        previous: Option<GenerationNumber>,
        /// The sink's name.
        sink: String,
    },
    /// Take the credential out of a sink: all generations up to the last that the state has, and none that is later. A
    /// request that is held up may arrive when there is a later one.
    Withdraw {
        /// The sink's name.
        sink: String,
    },
    /// Read one credential at the vendor.
    Inspect {
        /// The generation.
        generation: GenerationNumber,
        /// The vendor's object.
        vendor_id: String,
    },
    /// Change attributes in place.
    Update {
        /// The generation.
        generation: GenerationNumber,
        /// The vendor's object.
        vendor_id: String,
        /// A merge patch (RFC 7396).
        patch: Map<String, Value>,
        /// The marker that it carries, to be kept.
        marker: Option<String>,
    },
    /// Enable or disable a credential.
    SetEnabled {
        /// The generation.
        generation: GenerationNumber,
        /// The vendor's object.
        vendor_id: String,
        /// Which.
        enabled: bool,
    },
    /// End a credential at the vendor.
    Revoke {
        /// The generation.
        generation: GenerationNumber,
        /// The vendor's object.
        vendor_id: String,
    },
}

/// Why credentials are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekReason {
    /// To know, before a creation at a vendor without markers, what was there.
    Before,
    /// To find what a creation with a lost answer made.
    Doubt(GenerationNumber),
}

/// What came of an [`Effect`].
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// What the list has, or why it cannot be read.
    Sought(Result<Vec<Found>, Failure>),
    /// The new credential, whose secret is sealed in the same transaction.
    Created(Result<Created, Failure>),
    /// The new secret, which is sealed in the same transaction.
    Regenerated(Result<Regenerated, Failure>),
    /// What the vendor said of the secret.
    Verified(Result<Verification, Failure>),
    /// Whether the sink has it.
    Published(Result<(), Failure>),
    /// Whether the sink is without it.
    Withdrawn(Result<(), Failure>),
    /// The credential; none when the vendor says that it does not exist.
    Inspected(Result<Option<Observation>, Failure>),
    /// The attributes after the change, and whether it made a new secret, which is then sealed in the same transaction.
    Updated(Result<Regenerated, Failure>),
    /// Whether it is enabled now.
    Enabled(Result<bool, Failure>),
    /// That the vendor acknowledged the end, or that there was nothing to end.
    Revoked(Result<(), Failure>),
}

/// A credential in a list of the vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub vendor_id: String,
    /// The marker that it carries.
    pub marker: Option<String>,
    /// When it was made, where the vendor says.
    pub created_at: Option<DateTime<Utc>>,
}

/// A credential that the vendor made.
#[derive(Clone, Debug, PartialEq)]
pub struct Created {
    /// Its id.
    pub vendor_id: String,
    /// Its attributes.
    pub attributes: Map<String, Value>,
    /// Its expiry.
    pub expiry: Expiry,
    /// What was left undone, or is not as asked.
    pub warnings: Vec<Warning>,
}

/// A credential that was changed in place.
#[derive(Clone, Debug, PartialEq)]
pub struct Regenerated {
    /// Its attributes.
    pub attributes: Map<String, Value>,
    /// Its expiry.
    pub expiry: Expiry,
    /// Whether there is a new secret.
    pub has_secret: bool,
    /// What was left undone, or is not as asked.
    pub warnings: Vec<Warning>,
}

/// What the vendor said of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It works.
    Works,
    /// The vendor refused it.
    Refused(String),
    /// Whether it works cannot be known from the answer.
    Inconclusive(String),
}

/// A credential as the vendor shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Whether it is enabled.
    pub enabled: bool,
    /// When it was last used, where that can be read.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether the vendor wrote a time of last use that cannot be read.
    pub last_used_unreadable: bool,
    /// Its attributes.
    pub attributes: Map<String, Value>,
    /// Its expiry.
    pub expiry: Expiry,
}

/// Why an effect failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What to act on.
    pub class: FailureClass,
    /// Whether it may have taken effect.
    pub certainty: Certainty,
    /// One sentence, without secrets.
    pub message: String,
    /// Seconds to wait, where the other side says.
    pub retry_after: Option<u32>,
}

/// Whether what failed may have taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It took no effect.
    NoEffect,
    /// It may have.
    InDoubt,
}

/// What to do about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureClass {
    /// It may go away by itself: the other side is not reachable, or asks to wait.
    Transient,
    /// There may be no more credentials.
    Quota,
    /// The account's own credential is refused, or may not do this.
    Unauthorized,
    /// The request is refused for what it asks.
    Rejected,
    /// The vendor cannot do this.
    Unsupported,
    /// There is no such credential.
    NotFound,
    /// The adapter, the sink or this host is at fault.
    Internal,
}

impl FailureClass {
    /// Its name, as in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Quota => "quota",
            Self::Unauthorized => "unauthorized",
            Self::Rejected => "rejected",
            Self::Unsupported => "unsupported",
            Self::NotFound => "not-found",
            Self::Internal => "internal",
        }
    }
}
