//! What goes into a call and comes out of it.

use chrono::{DateTime, Utc};
use keywright_auth::Parts;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::contract::operation::Operation;

/// What to make.
#[derive(Clone, Debug, Default)]
pub struct CreateRequest {
    /// The attributes, which fit the descriptor's schema.
    pub attributes: Map<String, Value>,
    /// Text to leave at the vendor, by which the credential is found again: letters, digits, `.`, `_` and `-`.
    pub marker: Option<String>,
    /// When the vendor shall end the credential.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A credential as the vendor tells of it. Never holds a secret.
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
    pub created_at: Option<DateTime<Utc>>,
    /// When the vendor ends it; none when never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A credential that was made. The only time that its secret is told.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The credential.
    pub credential: Credential,
    /// All that its user needs, public parts included.
    pub parts: Parts,
    /// What was left undone, or is not as asked: one sentence each.
    pub warnings: Vec<String>,
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
}

/// A credential that was changed.
#[derive(Clone, Debug)]
pub struct Updated {
    /// As it is now.
    pub credential: Credential,
    /// All parts, when the change also made a new secret; none otherwise.
    pub parts: Option<Parts>,
    /// What was left undone, or is not as asked: one sentence each.
    pub warnings: Vec<String>,
}

/// Which credentials to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those with this marker.
    pub marker: Option<String>,
    /// Only those with these attributes, each of which the schema marks `x-keywright-filter`.
    pub attributes: Map<String, Value>,
}

/// How many credentials there may be, and are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// The most there may be.
    pub limit: Option<u32>,
    /// How many there are.
    pub used: Option<u32>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The credentials; may be empty although more pages follow.
    pub credentials: Vec<Credential>,
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
    pub expires_at: Option<DateTime<Utc>>,
    /// What it was proven to be allowed.
    pub allowed: Vec<Operation>,
    /// What it was proven to be refused. What is in neither list cannot be proven without doing it.
    pub refused: Vec<Operation>,
    /// Further facts in the vendor's words.
    pub details: Map<String, Value>,
}

/// Whether a credential works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// The vendor accepts it.
    Active,
    /// The vendor refuses it now.
    Refused,
    /// The answer proves neither.
    Inconclusive,
}

/// What asking the vendor with a credential has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether it works.
    pub outcome: Outcome,
    /// One sentence on how that is known.
    pub explanation: String,
    /// What was left undone: one sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}
