//! How an adapter describes itself and its vendor, as `wit/descriptors.wit` documents it.
//!
//! Nothing here is checked: it is what a component answers, word for word.

mod authentication;
mod credential;
mod rule;
mod traits;

pub use authentication::{
    AuthenticationScheme, AuthenticationStep, BasicAuthentication, ClientAssertion, ClientAuthentication, ClientSecret,
    HmacAuthentication, JsonWebToken, NamedTemplate, OAuth2Authentication, OAuth2Grant, RequestContent,
    SessionAuthentication, SignatureAuthentication, TlsAuthentication,
};
pub use credential::{CredentialDescription, Derivation, IdForm, KeyPair, PartDescription, PartOrigin, RandomPolicy};
pub use rule::{
    AnswerLocation, BodyLocation, Demand, DemandLocation, EmbeddedJson, Encoding, Placement, Rule, SecretLocation,
};
pub use traits::{
    Disabling, Expiry, ExpirySupport, Idempotency, LastUsed, LastUsedPrecision, LockOut, Marker, QuotaLimit,
    QuotaScope, Rate, Traits,
};

use crate::{Extensions, Operation, Text};

/// All that an adapter says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Descriptor {
    /// The short name, for example `scaleway`: lower case letters, digits and `-`.
    pub vendor: Text,
    /// A few words: the vendor and what its credentials are called.
    pub title: Text,
    /// The version of the adapter.
    pub version: Text,
    /// The operations that work; those of a later version of the contract are left out.
    pub operations: Vec<Operation>,
    /// A JSON Schema of an account's settings.
    pub settings: Text,
    /// A JSON Schema of a credential's attributes.
    pub attributes: Text,
    /// Where the vendor is reached.
    pub endpoints: Vec<Endpoint>,
    /// How requests are authenticated.
    pub schemes: Vec<AuthenticationScheme>,
    /// What may be sent.
    pub rules: Vec<Rule>,
    /// The credential that administers.
    pub administrator: CredentialDescription,
    /// The credentials that are made.
    pub issued: CredentialDescription,
    /// The form of ids.
    pub id: IdForm,
    /// What a lifecycle needs to know.
    pub traits: Traits,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A place at the vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Endpoint {
    /// The name that rules refer to.
    pub name: Text,
    /// `https://` and a host: a settings template.
    pub url: Text,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}
