//! What credentials are made of.

use super::texts;
use crate::wire::descriptors as wire;
use crate::wire::{List, Maybe, Text};

/// A part that a credential is made of.
#[derive(Clone, Debug)]
pub struct Part(pub(super) wire::PartDescription);

impl Part {
    /// A public part: its name (lower case letters, digits and `_`) and a few words for a person.
    pub fn public(name: &'static str, title: &'static str) -> Self {
        Self(wire::PartDescription {
            name: Text::new(name),
            title: Text::new(title),
            secret: false,
            required: true,
            identifies: false,
            pattern: Maybe::None,
            environment: List::new(),
            origin: wire::PartOrigin::Vendor,
            extensions: Maybe::None,
        })
    }

    /// A secret part.
    pub fn secret(name: &'static str, title: &'static str) -> Self {
        let mut part = Self::public(name, title);
        part.0.secret = true;
        part
    }

    /// It is the credential's id, or the last segment of the id. Of a secret part, its public prefix is, without the
    /// separator that [ends it](super::Rule::public_prefix_ends_with).
    pub fn identifies(mut self) -> Self {
        self.0.identifies = true;
        self
    }

    /// Not every credential has it.
    pub fn optional(mut self) -> Self {
        self.0.required = false;
        self
    }

    /// An anchored regular expression that every value matches.
    pub fn pattern(mut self, pattern: &'static str) -> Self {
        self.0.pattern = Maybe::Some(Text::new(pattern));
        self
    }

    /// The environment variables in which users of the vendor keep it, the best known first.
    pub fn environment(mut self, names: &[&'static str]) -> Self {
        self.0.environment = texts(names);
        self
    }

    /// The host computes it: `sha256-hex`, `sha256-base64` or `text` of a template in which `{parts.NAME}` stands for
    /// another part of the same credential.
    pub fn derived(mut self, function: &'static str, input: &'static str) -> Self {
        let derivation =
            wire::Derivation { function: Text::new(function), input: Text::new(input), extensions: Maybe::None };
        self.0.origin = wire::PartOrigin::Derived(derivation);
        self
    }

    /// The host makes a key pair, of which the part is the private key (PEM of PKCS #8): `ed25519`, `ecdsa-p256` or
    /// `ecdsa-p384`. The vendor gets the public key, as `spki-pem`, `spki-der-base64`, `openssh` or `jwk`.
    pub fn key_pair(mut self, algorithm: &'static str, public_form: &'static str) -> Self {
        self.0.origin = wire::PartOrigin::KeyPair(wire::KeyPair {
            algorithm: Text::new(algorithm),
            public_form: Text::new(public_form),
            private_form: Text::new("pkcs8-pem"),
            extensions: Maybe::None,
        });
        self
    }

    /// The host makes a random secret of so many characters of an alphabet, with at least one of each required set.
    pub fn random(mut self, length: u32, alphabet: &'static str, required: &[&'static str]) -> Self {
        let policy = wire::RandomPolicy {
            length,
            alphabet: Text::new(alphabet),
            required: texts(required),
            extensions: Maybe::None,
        };
        self.0.origin = wire::PartOrigin::Random(policy);
        self
    }

    /// A JSON object of members that a later version of the contract or a single vendor defines.
    pub fn extensions(mut self, json: &'static str) -> Self {
        self.0.extensions = Maybe::Some(Text::new(json));
        self
    }
}
