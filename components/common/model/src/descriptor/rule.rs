//! What may be sent, and where answers hold secrets.

use crate::{Extension, Extensions, Operation, Text};

/// One kind of request that operations send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rule {
    /// The operations that may send it.
    pub operations: Vec<Operation>,
    /// The endpoint, by name.
    pub endpoint: Text,
    /// The HTTP method, in capitals.
    pub method: Text,
    /// The path: a settings template with placeholders.
    pub path: Text,
    /// The authentication scheme, by name.
    pub scheme: Text,
    /// The query keys that may be sent; none: any that does not authenticate or override anything.
    pub query: Option<Vec<Text>>,
    /// What the request must say.
    pub demands: Vec<Demand>,
    /// Headers that it may have beyond those that every request may have.
    pub headers: Vec<Text>,
    /// What the host puts into it.
    pub placements: Vec<Placement>,
    /// Whether it makes a credential or a new secret.
    pub mints: bool,
    /// The secrets in its answer.
    pub secrets: Vec<SecretLocation>,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A value that a request must have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Demand {
    /// Where it stands.
    pub location: DemandLocation,
    /// The values, of which it must be one: settings templates; JSON texts in a JSON body.
    pub values: Vec<Text>,
}

/// A place in a request whose value a rule demands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum DemandLocation {
    /// A key of the query.
    Query(Text),
    /// A field of a form.
    Form(Text),
    /// A JSON pointer into the body.
    Json(Text),
    /// A header.
    Header(Text),
    /// A place of a later version.
    Other(Extension),
}

/// A JSON text in a string of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EmbeddedJson {
    /// A JSON pointer to the string.
    pub pointer: Text,
    /// A JSON pointer into what it holds.
    pub inner: Text,
}

/// A place in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum AnswerLocation {
    /// A JSON pointer in which `*` stands for each element or member.
    Json(Text),
    /// A path of XML elements.
    Xml(Text),
    /// A field of a form.
    Form(Text),
    /// A header.
    Header(Text),
    /// The whole body.
    Text,
    /// A JSON text in a string of a JSON document.
    Embedded(EmbeddedJson),
    /// A place of a later version.
    Other(Extension),
}

/// How a value stands at its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Encoding {
    /// As it is.
    #[default]
    Plain,
    /// In Base64.
    Base64,
    /// An encoding of a later version.
    Other(Extension),
}

/// A secret in the answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SecretLocation {
    /// The part of an issued credential that it is; none when it is hidden only.
    pub part: Option<Text>,
    /// Where it is.
    pub location: AnswerLocation,
    /// How it stands there.
    pub encoding: Encoding,
    /// The value up to and including the first of these separators is public.
    pub public_prefix_ends_with: Text,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A place in a request's body, or a header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum BodyLocation {
    /// A JSON pointer to a string.
    Json(Text),
    /// A field of a form.
    Form(Text),
    /// The whole body.
    Text,
    /// A header that the rule names.
    Header(Text),
    /// A place of a later version.
    Other(Extension),
}

/// Where the host puts a value into a request in place of its handle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Placement {
    /// `parts.NAME` or `settings.NAME`.
    pub source: Text,
    /// Where the handle stands.
    pub location: BodyLocation,
    /// How the value is written there.
    pub encoding: Encoding,
    /// Room to grow.
    pub extensions: Extensions,
}
