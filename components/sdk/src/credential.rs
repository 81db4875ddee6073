//! What goes into a call and comes out of it.

use serde_json::{Map, Value};

use crate::failure::printable;
use crate::{Date, Extensions, Operation, Outcome, Quota, Timestamp};

/// What to make.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateRequest {
    /// The attributes; they fit the descriptor's schema.
    pub attributes: Map<String, Value>,
    /// Text to leave where the vendor lists it back.
    pub marker: Option<String>,
    /// When the vendor shall end the credential.
    pub expires_at: Option<Timestamp>,
    /// The parts that the caller makes: what to send, or a handle that the host replaces where the rule's
    /// [placements](crate::Rule::sends) say.
    pub parts: Parts,
    /// A key under which the vendor makes one credential however often it is asked.
    pub idempotency_key: Option<String>,
    /// The cursor of a [pending](crate::Reason::Pending) creation: ask what became of it, and send nothing that mints.
    pub continuation: Option<String>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
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
pub struct UpdateRequest {
    /// A merge patch (RFC 7396) of the attributes.
    pub attributes: Map<String, Value>,
    /// The marker that the credential carries.
    pub marker: Option<String>,
    /// What to do with the expiry.
    pub expiry: ExpiryChange,
    /// As in [`CreateRequest`]: for a change that also makes a new secret.
    pub parts: Parts,
    /// As in [`CreateRequest`].
    pub idempotency_key: Option<String>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

/// How to replace a secret in place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegenerateRequest {
    /// When the vendor shall end the credential; none leaves that as it is.
    pub expires_at: Option<Timestamp>,
    /// As in [`CreateRequest`].
    pub parts: Parts,
    /// As in [`CreateRequest`].
    pub idempotency_key: Option<String>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

/// Which credentials to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Only those with this marker.
    pub marker: Option<String>,
    /// Only those with these attributes.
    pub attributes: Map<String, Value>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

impl Filter {
    /// Whether a credential with this marker is looked for. The attributes aside.
    pub fn wants(&self, marker: Option<&str>) -> bool {
        self.marker.is_none() || self.marker.as_deref() == marker
    }
}

/// A credential as the vendor lists it. Never holds a secret.
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
    pub created_at: Date,
    /// When the vendor ends it.
    pub expires_at: Date,
    /// When it was last used.
    pub last_used_at: Date,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

impl Credential {
    /// An enabled credential of which nothing else is known.
    pub fn new(id: impl Into<String>, attributes: Value) -> Self {
        Self {
            id: id.into(),
            attributes,
            enabled: true,
            marker: None,
            created_at: Date::None,
            expires_at: Date::None,
            last_used_at: Date::None,
            extensions: None,
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

/// Something that was left undone, or is not as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The field that it is about, as in a [`FieldProblem`](crate::FieldProblem), where there is one.
    pub pointer: Option<String>,
    /// One sentence for a person.
    pub message: String,
}

impl Warning {
    /// A warning, made fit to print, about the field at `pointer` if there is one.
    pub fn new(pointer: Option<&str>, message: impl AsRef<str>) -> Self {
        Self { pointer: pointer.map(str::to_owned), message: printable(message.as_ref()) }
    }
}

/// A credential that was made, with its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Issued {
    /// The credential.
    pub credential: Credential,
    /// All parts that the vendor made, public ones included.
    pub parts: Parts,
    /// What was left undone or is not as asked.
    pub warnings: Vec<Warning>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

/// A credential that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Updated {
    /// As it is now.
    pub credential: Credential,
    /// All parts that the vendor made, when the change also made a new secret.
    pub parts: Parts,
    /// What was left undone or is not as asked.
    pub warnings: Vec<Warning>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

macro_rules! outcome_of_a_change {
    ($($name:ident),*) => {$(
        impl $name {
            /// The credential, without parts and warnings yet.
            pub fn new(credential: Credential) -> Self {
                Self { credential, parts: Parts::default(), warnings: Vec::new(), extensions: None }
            }

            /// With a part.
            pub fn part(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.parts.push(name, value);
                self
            }

            /// With a sentence that says what was left undone or is not as asked.
            pub fn warning(mut self, message: impl AsRef<str>) -> Self {
                self.warnings.push(Warning::new(None, message));
                self
            }

            /// [`warning`](Self::warning) about the field at `pointer`, such as `/expires_at`.
            pub fn warning_at(mut self, pointer: &str, message: impl AsRef<str>) -> Self {
                self.warnings.push(Warning::new(Some(pointer), message));
                self
            }
        }
    )*};
}

outcome_of_a_change!(Issued, Updated);

/// An item of a list that the adapter could not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableItem {
    /// Its id, where that much can be read.
    pub id: Option<String>,
    /// One sentence on what is wrong with it. Quotes no more than the name of a field.
    pub message: String,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The credentials.
    pub credentials: Vec<Credential>,
    /// Items that could not be read.
    pub unreadable: Vec<UnreadableItem>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// The quota, where a list gives it.
    pub quota: Option<Quota>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

impl Page {
    /// Reports an item that could not be read: it does not spoil the page.
    pub fn report(&mut self, id: Option<&str>, message: impl AsRef<str>) {
        self.unreadable.push(UnreadableItem { id: id.map(str::to_owned), message: printable(message.as_ref()) });
    }
}

/// Who a credential is at the vendor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Principal {
    /// The id of the credential itself.
    pub credential_id: Option<String>,
    /// Whom it acts for.
    pub owner: Option<String>,
    /// When it stops working.
    pub expires_at: Date,
    /// What it was proven to be allowed.
    pub allowed: Vec<Operation>,
    /// What it was proven to be refused.
    pub refused: Vec<Operation>,
    /// Further facts in the vendor's words.
    pub details: Map<String, Value>,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

/// What asking the vendor with a credential has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it works.
    pub outcome: Outcome,
    /// One sentence on how that is known.
    pub explanation: String,
    /// A JSON object of further members, or none.
    pub extensions: Extensions,
}

impl Verdict {
    /// A verdict and how it is known.
    pub fn new(outcome: Outcome, explanation: impl Into<String>) -> Self {
        Self { outcome, explanation: explanation.into(), extensions: None }
    }
}
