//! What goes into a call and comes out of it.

use serde_json::{Map, Value};

use crate::Timestamp;

/// What to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Creation {
    /// The attributes; they fit the descriptor's schema.
    pub attributes: Map<String, Value>,
    /// Text to leave where the vendor lists it back.
    pub marker: Option<String>,
    /// When the vendor shall end the credential.
    pub expires_at: Option<Timestamp>,
}

/// A credential as the vendor tells of it. Never holds a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// Finds it again.
    pub id: String,
    /// The attributes, computed ones included.
    pub attributes: Value,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The marker that it was made with.
    pub marker: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When the vendor ends it.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

impl Credential {
    /// An enabled credential of which nothing else is known.
    pub fn new(id: impl Into<String>, attributes: Value) -> Self {
        Self {
            id: id.into(),
            attributes,
            enabled: true,
            marker: None,
            created_at: None,
            expires_at: None,
            last_used_at: None,
        }
    }
}

/// Named parts of a credential. A secret value may be a handle that only the host can read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parts(pub(crate) Vec<(String, String)>);

impl Parts {
    /// The value of a part, or its handle.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Adds a part.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A credential that was made, with its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// The credential.
    pub credential: Credential,
    /// All that its user needs.
    pub parts: Parts,
    /// What was left undone.
    pub warnings: Vec<String>,
}

impl Issued {
    /// A credential without parts yet.
    pub fn new(credential: Credential) -> Self {
        Self { credential, parts: Parts::default(), warnings: Vec::new() }
    }

    /// With a part.
    pub fn part(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parts.push(name, value);
        self
    }

    /// With a sentence that says what was left undone.
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }
}

/// What to do with the expiry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpiryChange {
    /// Leave it.
    #[default]
    Keep,
    /// End the credential then.
    Set(Timestamp),
    /// Never end it.
    Clear,
}

/// A change in place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// A merge patch (RFC 7396) of the attributes.
    pub attributes: Map<String, Value>,
    /// The marker that the credential carries.
    pub marker: Option<String>,
    /// What to do with the expiry.
    pub expiry: ExpiryChange,
}

/// A credential that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Updated {
    /// As it is now.
    pub credential: Credential,
    /// All parts, when the change also made a new secret.
    pub parts: Parts,
    /// What was left undone.
    pub warnings: Vec<String>,
}

impl Updated {
    /// A change that made no new secret.
    pub fn new(credential: Credential) -> Self {
        Self { credential, parts: Parts::default(), warnings: Vec::new() }
    }
}

/// Which credentials to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only those with this marker.
    pub marker: Option<String>,
    /// Only those with these attributes.
    pub attributes: Map<String, Value>,
}

/// How many credentials there may be, and are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// The most there may be.
    pub limit: Option<u32>,
    /// How many there are.
    pub used: Option<u32>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The credentials.
    pub credentials: Vec<Credential>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The quota, where a list tells it.
    pub quota: Option<Quota>,
}

/// Who a credential is at the vendor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Principal {
    /// The id of the credential itself.
    pub credential_id: Option<String>,
    /// Whom it acts for.
    pub owner: Option<String>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// What it was proven to be allowed.
    pub allowed: Vec<crate::Operation>,
    /// What it was proven to be refused.
    pub refused: Vec<crate::Operation>,
    /// Further facts.
    pub details: Map<String, Value>,
}

/// Whether a credential works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The vendor accepts it.
    Live,
    /// The vendor refuses it now.
    Refused,
    /// The answer proves neither.
    Inconclusive,
}

/// What asking the vendor with a credential has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it works.
    pub outcome: Outcome,
    /// One sentence on how that is known.
    pub explanation: String,
}

impl Verdict {
    /// A verdict and how it is known.
    pub fn new(outcome: Outcome, explanation: impl Into<String>) -> Self {
        Self { outcome, explanation: explanation.into() }
    }
}
