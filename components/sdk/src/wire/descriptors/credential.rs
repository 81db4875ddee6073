//! What credentials are made of.
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

use super::Extension;
use crate::wire::memory::{List, Maybe, Text};

/// `derivation`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Derivation {
    pub(crate) function: Text,
    pub(crate) input: Text,
    pub(crate) extensions: Maybe<Text>,
}

/// `key-pair`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct KeyPair {
    pub(crate) algorithm: Text,
    pub(crate) public_form: Text,
    pub(crate) private_form: Text,
    pub(crate) extensions: Maybe<Text>,
}

/// `random-policy`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct RandomPolicy {
    pub(crate) length: u32,
    pub(crate) alphabet: Text,
    pub(crate) required: List<Text>,
    pub(crate) extensions: Maybe<Text>,
}

/// `part-origin`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum PartOrigin {
    /// `vendor`
    Vendor,
    /// `derived`
    Derived(Derivation),
    /// `key-pair`
    KeyPair(KeyPair),
    /// `random`
    Random(RandomPolicy),
    /// `other`
    Other(Extension),
}

/// `part-description`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct PartDescription {
    pub(crate) name: Text,
    pub(crate) title: Text,
    pub(crate) secret: bool,
    pub(crate) required: bool,
    pub(crate) identifies: bool,
    pub(crate) pattern: Maybe<Text>,
    pub(crate) environment: List<Text>,
    pub(crate) origin: PartOrigin,
    pub(crate) extensions: Maybe<Text>,
}

/// `credential-description`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct CredentialDescription {
    pub(crate) parts: List<PartDescription>,
    pub(crate) extensions: Maybe<Text>,
}

/// `id-form`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct IdForm {
    pub(crate) pattern: Text,
    pub(crate) forms: List<Text>,
}
