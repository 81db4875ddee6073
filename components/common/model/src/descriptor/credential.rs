//! What credentials are made of.

use crate::{Extension, Extensions, Text};

/// What a credential is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CredentialDescription {
    /// Its parts.
    pub parts: Vec<PartDescription>,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A part that a credential is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PartDescription {
    /// Its name: lower case letters, digits and `_`.
    pub name: Text,
    /// A few words for a person.
    pub title: Text,
    /// Whether it is secret.
    pub secret: bool,
    /// Whether a credential always has it.
    pub required: bool,
    /// Whether it is the credential's id, or the last segment of it; of a secret part, whether its public prefix is.
    pub identifies: bool,
    /// An anchored regular expression that every value matches.
    pub pattern: Option<Text>,
    /// Names of environment variables in which users of the vendor keep it, the best known first.
    pub environment: Vec<Text>,
    /// Who makes it.
    pub origin: PartOrigin,
    /// Room to grow.
    pub extensions: Extensions,
}

/// Who makes a part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum PartOrigin {
    /// The vendor, in its answer.
    #[default]
    Vendor,
    /// The host, from other parts.
    Derived(Derivation),
    /// The host: a key pair.
    KeyPair(KeyPair),
    /// The host: a random secret.
    Random(RandomPolicy),
    /// An origin of a later version.
    Other(Extension),
}

/// A part that is computed from others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Derivation {
    /// `sha256-hex`, `sha256-base64` or `text`.
    pub function: Text,
    /// What it is computed from: a template over the other parts.
    pub input: Text,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A key pair that the host makes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KeyPair {
    /// `ed25519`, `ecdsa-p256` or `ecdsa-p384`.
    pub algorithm: Text,
    /// How the public key is sent: `spki-pem`, `spki-der-base64`, `openssh` or `jwk`.
    pub public_form: Text,
    /// How the private key is kept: `pkcs8-pem`.
    pub private_form: Text,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A random secret that the host makes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RandomPolicy {
    /// Its length, in characters.
    pub length: u32,
    /// The characters it is made of.
    pub alphabet: Text,
    /// Sets of characters, of each of which it has at least one.
    pub required: Vec<Text>,
    /// Room to grow.
    pub extensions: Extensions,
}

/// The form of a credential's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct IdForm {
    /// An anchored regular expression that every id matches.
    pub pattern: Text,
    /// The forms in words.
    pub forms: Vec<Text>,
}
