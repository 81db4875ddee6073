//! What goes into a call and comes out of it.

use chrono::{DateTime, Utc};
use keywright_auth::Parts;
use keywright_model::{Operation, Outcome, Quota};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::contract::date::Date;
use crate::contract::failure::PendingCreation;

/// What to make.
#[derive(Clone, Debug, Default)]
pub struct CreateRequest {
    /// The attributes, which fit the descriptor's schema.
    pub attributes: Map<String, Value>,
    /// Text to leave at the vendor, by which the credential is found again: letters, digits, `.`, `_` and `-`.
    pub marker: Option<String>,
    /// When the vendor shall end the credential.
    pub expires_at: Option<DateTime<Utc>>,
    /// A key under which the vendor makes one credential however often it is asked, for vendors that take one.
    pub idempotency_key: Option<String>,
    /// Asks what became of a creation that the vendor had not finished; the rest as it was. Nothing that mints is sent.
    pub continuation: Option<PendingCreation>,
}

/// A credential as the vendor lists it. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Credential {
    /// Finds it again.
    pub id: String,
    /// The attributes, computed ones included.
    pub attributes: Map<String, Value>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The marker that it was made with.
    pub marker: Option<String>,
    /// When it was made.
    pub created_at: Date,
    /// When the vendor ends it.
    pub expires_at: Date,
    /// When it was last used.
    pub last_used_at: Date,
}

/// Something that was left undone, or is not as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The field that it is about, where there is one: for example `/expires_at`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// One sentence for a person.
    pub message: String,
}

impl Warning {
    /// A warning about nothing in particular.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { pointer: None, message: message.into() }
    }
}

/// Compares the sentence.
impl PartialEq<&str> for Warning {
    fn eq(&self, other: &&str) -> bool {
        self.message == *other
    }
}

impl std::fmt::Display for Warning {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// A credential that was made. The only time that its secret is given.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The credential.
    pub credential: Credential,
    /// All that its user needs, public parts included.
    pub parts: Parts,
    /// What was left undone, or is not as asked.
    pub warnings: Vec<Warning>,
}

/// What to do with the expiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpiryChange {
    /// Leave it as it is.
    #[default]
    Keep,
    /// End the credential then.
    Set(DateTime<Utc>),
    /// Never end it.
    Clear,
}

/// A change in place.
#[derive(Clone, Debug, Default)]
pub struct UpdateRequest {
    /// A merge patch (RFC 7396) of the attributes.
    pub attributes: Map<String, Value>,
    /// The marker that the credential carries, to be kept.
    pub marker: Option<String>,
    /// What to do with the expiry.
    pub expiry: ExpiryChange,
    /// As in [`CreateRequest`].
    pub idempotency_key: Option<String>,
}

/// How to replace a secret in place.
#[derive(Clone, Debug, Default)]
pub struct RegenerateRequest {
    /// When the vendor shall end the credential; none leaves that as it is.
    pub expires_at: Option<DateTime<Utc>>,
    /// As in [`CreateRequest`].
    pub idempotency_key: Option<String>,
}

/// A credential that was changed.
#[derive(Clone, Debug)]
pub struct Updated {
    /// As it is now.
    pub credential: Credential,
    /// All parts, when the change also made a new secret; none otherwise.
    pub parts: Option<Parts>,
    /// What was left undone, or is not as asked.
    pub warnings: Vec<Warning>,
}

/// Which credentials to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those with this marker.
    pub marker: Option<String>,
    /// Only those with these attributes, each of which the schema marks `x-keywright-filter`.
    pub attributes: Map<String, Value>,
}

/// An item of a list that the adapter could not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnreadableItem {
    /// Its id, where that much can be read.
    pub id: Option<String>,
    /// One sentence on what is wrong with it.
    pub message: String,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The credentials; may be empty although more pages follow.
    pub credentials: Vec<Credential>,
    /// Items that could not be read.
    pub unreadable: Vec<UnreadableItem>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The quota, where a list tells it.
    pub quota: Option<Quota>,
}

/// Who a credential is at the vendor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Principal {
    /// The id of the credential itself.
    pub credential_id: Option<String>,
    /// Whom it acts for.
    pub owner: Option<String>,
    /// When it stops working.
    pub expires_at: Date,
    /// What it was proven to be allowed.
    pub allowed: Vec<Operation>,
    /// What it was proven to be refused. What is in neither list cannot be proven without doing it.
    pub refused: Vec<Operation>,
    /// Further facts in the vendor's words.
    pub details: Map<String, Value>,
}

/// What asking the vendor with a credential has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it works.
    pub outcome: Outcome,
    /// One sentence on how that is known.
    pub explanation: String,
    /// What was left undone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}
