//! What a credential is made of, checked.

use keywright_auth::origin::{Derived, DerivedForm, KeyPairKind, PublicForm, RandomText};
use keywright_model::descriptor::{CredentialDescription, PartDescription, PartOrigin};
use keywright_settings::{Reference, Template};
use serde::Serialize;

use crate::error::DescriptorError;
use crate::extensions::{later, none, shorten};
use crate::pattern::Pattern;

/// The parts of a credential.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Parts {
    parts: Vec<Part>,
    /// Whose they are, for messages.
    #[serde(skip)]
    credential: &'static str,
}

/// A part that a credential is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// The name.
    pub name: String,
    /// A few words for a person.
    pub title: String,
    /// Whether it is secret.
    pub secret: bool,
    /// Whether a credential always has it.
    pub required: bool,
    /// Whether it is the credential's id, or the last segment of it; of a secret part, whether its public prefix is.
    pub identifies: bool,
    /// The form of its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// Environment variables in which users of the vendor keep it.
    pub environment: Vec<String>,
    /// Who makes it.
    #[serde(serialize_with = "origin_name")]
    pub origin: Origin,
}

/// Who makes a part.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// The vendor, in its answer.
    Vendor,
    /// The host, from other parts.
    Derived(Derived),
    /// The host: a key pair.
    KeyPair(KeyPair),
    /// The host: a random secret.
    Random(RandomText),
}

impl Origin {
    /// Whether the host makes it before the vendor is asked, and sends it (or of a key pair its public half).
    pub fn is_sent(&self) -> bool {
        matches!(self, Self::KeyPair(_) | Self::Random(_))
    }

    /// A word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Derived(_) => "derived",
            Self::KeyPair(_) => "key-pair",
            Self::Random(_) => "random",
        }
    }
}

/// A key pair that the host makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPair {
    /// The algorithm.
    pub kind: KeyPairKind,
    /// How the public key is sent.
    pub public_form: PublicForm,
}

impl Parts {
    pub(crate) fn read(credential: &'static str, description: CredentialDescription) -> Result<Self, DescriptorError> {
        none(|| format!("the description of {credential}"), &description.extensions)?;
        let mut parts: Vec<Part> = Vec::new();
        for part in description.parts {
            let part = Part::read(credential, part)?;
            if parts.iter().any(|other| other.name == part.name) {
                return Err(DescriptorError::Twice { element: "part", name: part.name });
            }
            parts.push(part);
        }
        let parts = Self { parts, credential };
        parts.check_derivations()?;
        Ok(parts)
    }

    /// The part of this name.
    pub fn get(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// The parts, in the adapter's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Part> {
        self.parts.iter()
    }

    /// Whose they are, in words.
    pub fn credential(&self) -> &'static str {
        self.credential
    }

    /// Whether the part of this name is secret. One that is not described is taken to be.
    pub fn is_secret(&self, name: &str) -> bool {
        self.get(name).is_none_or(|part| part.secret)
    }

    /// A derived part refers to parts that are there before it.
    fn check_derivations(&self) -> Result<(), DescriptorError> {
        for (index, part) in self.parts.iter().enumerate() {
            let Origin::Derived(derived) = &part.origin else { continue };
            let problem = |how: String| self.problem(&part.name, how);
            let mut secret = false;
            for reference in derived.text.references() {
                let Reference::Part(name) = reference else { continue };
                match self.parts[..index].iter().find(|before| before.name == name) {
                    Some(before) => secret |= before.secret,
                    None => {
                        return Err(problem(format!(
                            "is derived from `{}`, which is not described before it",
                            shorten(name)
                        )));
                    }
                }
            }
            if secret && !part.secret {
                return Err(problem("is derived from a secret part, and is not secret itself".to_owned()));
            }
        }
        Ok(())
    }

    pub(crate) fn problem(&self, part: &str, how: String) -> DescriptorError {
        DescriptorError::Part { part: shorten(part), credential: self.credential, how }
    }
}

impl<'p> IntoIterator for &'p Parts {
    type Item = &'p Part;
    type IntoIter = std::slice::Iter<'p, Part>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Part {
    fn read(credential: &'static str, part: PartDescription) -> Result<Self, DescriptorError> {
        let name = part.name.into_owned();
        if !is_name(&name) {
            return Err(DescriptorError::Name { element: "the part", name: shorten(&name), separator: '_' });
        }
        let element = || format!("the part `{name}` of {credential}");
        none(element, &part.extensions)?;
        let problem = |how: String| DescriptorError::Part { part: name.clone(), credential, how };
        let pattern = part
            .pattern
            .map(|text| Pattern::new(&text).map_err(|cause| DescriptorError::Pattern { element: element(), cause }));
        let origin = origin(part.origin, element, &problem)?;
        if origin.is_sent() && !part.secret {
            return Err(problem("is made by the host, and is not secret: say that it is".to_owned()));
        }
        Ok(Self {
            pattern: pattern.transpose()?,
            title: part.title.into_owned(),
            secret: part.secret,
            required: part.required,
            identifies: part.identifies,
            environment: part.environment.into_iter().map(std::borrow::Cow::into_owned).collect(),
            origin,
            name,
        })
    }
}

fn origin(
    origin: PartOrigin,
    element: impl Fn() -> String,
    problem: &dyn Fn(String) -> DescriptorError,
) -> Result<Origin, DescriptorError> {
    Ok(match origin {
        PartOrigin::Vendor => Origin::Vendor,
        PartOrigin::Derived(derivation) => {
            none(&element, &derivation.extensions)?;
            let form = match &*derivation.function {
                "sha256-hex" => DerivedForm::Sha256Hex,
                "sha256-base64" => DerivedForm::Sha256Base64,
                "text" => DerivedForm::Text,
                other => {
                    let other = shorten(other);
                    return Err(problem(format!("is derived by `{other}`: use sha256-hex, sha256-base64 or text")));
                }
            };
            let text: Template =
                derivation.input.parse().map_err(|error| problem(format!("has a malformed input: {error}")))?;
            Origin::Derived(Derived { form, text })
        }
        PartOrigin::KeyPair(pair) => {
            none(&element, &pair.extensions)?;
            let kind = match &*pair.algorithm {
                "ed25519" => KeyPairKind::Ed25519,
                "ecdsa-p256" => KeyPairKind::EcdsaP256,
                "ecdsa-p384" => KeyPairKind::EcdsaP384,
                other => {
                    let other = shorten(other);
                    return Err(problem(format!("is a key pair of `{other}`: use ed25519, ecdsa-p256 or ecdsa-p384")));
                }
            };
            let public_form = match &*pair.public_form {
                "spki-pem" => PublicForm::SpkiPem,
                "spki-der-base64" => PublicForm::SpkiDerBase64,
                "openssh" => PublicForm::OpenSsh,
                "jwk" => PublicForm::Jwk,
                other => {
                    let other = shorten(other);
                    let how =
                        format!("sends its public key as `{other}`: use spki-pem, spki-der-base64, openssh or jwk");
                    return Err(problem(how));
                }
            };
            if pair.private_form != "pkcs8-pem" {
                let other = shorten(&pair.private_form);
                return Err(problem(format!("keeps its private key as `{other}`: use pkcs8-pem")));
            }
            Origin::KeyPair(KeyPair { kind, public_form })
        }
        PartOrigin::Random(policy) => {
            none(&element, &policy.extensions)?;
            let length = usize::try_from(policy.length).unwrap_or(usize::MAX);
            let required: Vec<&str> = policy.required.iter().map(|set| &**set).collect();
            let text = RandomText::new(length, &policy.alphabet, &required);
            Origin::Random(text.map_err(|error| problem(format!("has a policy that cannot be followed: {error}")))?)
        }
        PartOrigin::Other(case) => return Err(later(format!("the origin of {}", element()), &case)),
    })
}

fn origin_name<S: serde::Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(origin.name())
}

/// Lower-case letters, digits and `_`, starting with a letter.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
