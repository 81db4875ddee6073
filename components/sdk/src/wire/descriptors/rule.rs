//! What may be sent, and where answers hold secrets.
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

use super::{Extension, Operation};
use crate::wire::memory::{List, Maybe, Text};

/// `demand-location`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum DemandLocation {
    /// `query`
    Query(Text),
    /// `form`
    Form(Text),
    /// `json`
    Json(Text),
    /// `header`
    Header(Text),
    /// `other`
    Other(Extension),
}

/// `demand`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Demand {
    pub(crate) location: DemandLocation,
    pub(crate) values: List<Text>,
}

/// `embedded-json`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct EmbeddedJson {
    pub(crate) pointer: Text,
    pub(crate) inner: Text,
}

/// `answer-location`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum AnswerLocation {
    /// `json`
    Json(Text),
    /// `xml`
    Xml(Text),
    /// `form`
    Form(Text),
    /// `header`
    Header(Text),
    /// `text`
    Text,
    /// `embedded`
    Embedded(EmbeddedJson),
    /// `other`
    Other(Extension),
}

/// `encoding`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum Encoding {
    /// `plain`
    Plain,
    /// `base64`
    Base64,
    /// `other`
    Other(Extension),
}

/// `secret-location`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct SecretLocation {
    pub(crate) part: Maybe<Text>,
    pub(crate) location: AnswerLocation,
    pub(crate) encoding: Encoding,
    pub(crate) public_prefix_ends_with: Text,
    pub(crate) extensions: Maybe<Text>,
}

/// `body-location`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum BodyLocation {
    /// `json`
    Json(Text),
    /// `form`
    Form(Text),
    /// `text`
    Text,
    /// `header`
    Header(Text),
    /// `other`
    Other(Extension),
}

/// `placement`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Placement {
    pub(crate) source: Text,
    pub(crate) location: BodyLocation,
    pub(crate) encoding: Encoding,
    pub(crate) extensions: Maybe<Text>,
}

/// `rule`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Rule {
    pub(crate) operations: List<Operation>,
    pub(crate) endpoint: Text,
    pub(crate) method: Text,
    pub(crate) path: Text,
    pub(crate) scheme: Text,
    pub(crate) query: Maybe<List<Text>>,
    pub(crate) demands: List<Demand>,
    pub(crate) headers: List<Text>,
    pub(crate) placements: List<Placement>,
    pub(crate) mints: bool,
    pub(crate) secrets: List<SecretLocation>,
    pub(crate) extensions: Maybe<Text>,
}
