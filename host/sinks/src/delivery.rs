//! What is delivered, and what a sink says about it.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use crate::digest::{Digest, Hasher};

/// The credential that a delivery is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    credential: String,
}

impl Subject {
    /// A credential by its name: 1 to 128 letters, digits, `.`, `_` and `-` of ASCII, the first a letter or digit. Such a
    /// name can be part of a file name and of a comment as it is.
    ///
    /// # Errors
    ///
    /// When the name is of another form.
    pub fn new(credential: impl Into<String>) -> Result<Self, SubjectError> {
        let credential = credential.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let first = credential.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if first && credential.len() <= 128 && credential.bytes().all(allowed) {
            Ok(Self { credential })
        } else {
            Err(SubjectError)
        }
    }

    /// The credential's name.
    #[must_use]
    pub fn credential(&self) -> &str {
        &self.credential
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.credential)
    }
}

/// The name of a credential cannot be that of something delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the name of the credential is not 1 to 128 ASCII letters, digits, `.`, `_` and `-`, the first a letter or digit: \
     rename it"
)]
pub struct SubjectError;

/// One generation of a credential, to be delivered.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The credential.
    pub subject: Subject,
    /// The number of the generation. A later generation has a higher one.
    pub generation: u64,
    /// Its parts, public and secret, in the order of the vendor's description.
    pub parts: Vec<Part>,
    /// The generation before it, while that works too.
    pub previous: Option<Previous>,
}

impl Delivery {
    /// The digest that an acknowledgement of this delivery carries, and that [`Held::digest`] has while the sink holds
    /// it unchanged. It covers everything: credential, generation, parts and previous generation.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new("keywright delivery 1");
        hasher.text(self.subject.credential());
        add(&mut hasher, self.generation, &self.parts);
        match &self.previous {
            Some(previous) => add(&mut hasher, previous.generation, &previous.parts),
            None => hasher.number(0),
        }
        hasher.finish()
    }

    /// What [`Sink::check`](crate::Sink::check) asks about its parts.
    #[must_use]
    pub fn specs(&self) -> Vec<PartSpec> {
        let spec = |part: &Part| PartSpec { name: part.name.clone(), variable: part.variable.clone() };
        self.parts.iter().map(spec).collect()
    }

    /// The same without the previous generation, unless the sink wants it.
    pub(crate) fn with_previous_if(&self, wanted: bool) -> Self {
        let mut delivery = self.clone();
        if !wanted {
            delivery.previous = None;
        }
        delivery
    }

    /// The value of a part.
    pub(crate) fn part(&self, name: &str) -> Option<&str> {
        value(&self.parts, name)
    }
}

fn add(hasher: &mut Hasher, generation: u64, parts: &[Part]) {
    hasher.number(generation);
    hasher.number(parts.len() as u64);
    for part in parts {
        hasher.text(&part.name);
        // No variable has an empty name.
        hasher.text(part.variable.as_deref().unwrap_or_default());
        hasher.number(u64::from(part.secret));
        hasher.text(part.value.expose_secret());
    }
}

/// The value of the part of this name.
pub(crate) fn value<'a>(parts: &'a [Part], name: &str) -> Option<&'a str> {
    parts.iter().find(|part| part.name == name).map(|part| part.value.expose_secret())
}

/// A part of a credential.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name in the vendor's description: lower case letters, digits and `_`.
    pub name: String,
    /// The environment variable in which users of the vendor keep it, such as `SCW_SECRET_KEY`.
    pub variable: Option<String>,
    /// Its value.
    pub value: SecretString,
    /// Whether the value is secret.
    pub secret: bool,
}

/// The description of a part, known before the credential is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartSpec {
    /// See [`Part::name`].
    pub name: String,
    /// See [`Part::variable`].
    pub variable: Option<String>,
}

/// The generation before the one that is delivered.
#[derive(Clone, Debug)]
pub struct Previous {
    /// Its number.
    pub generation: u64,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A sink holds a delivery, durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The generation.
    pub generation: u64,
    /// The digest of the delivery.
    pub digest: Digest,
    /// Whether it was written now. It is not where it was held already.
    pub written: bool,
}

/// What a sink holds of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Nothing.
    Nothing,
    /// This generation.
    Held(Held),
    /// The sink cannot say. Write again what it should hold: a repeated write is harmless.
    Unknown,
}

/// The generation that a sink holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub generation: u64,
    /// The digest of the delivery; none when what is held is not as it was delivered, because someone has changed it,
    /// or when the sink does not know. Write it again then.
    pub digest: Option<Digest>,
}
