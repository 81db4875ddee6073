//! Seals credentials at rest.
//!
//! The parts of each generation of a credential are encrypted with a data key of their own, and that key is wrapped by a key
//! encryption key, which comes from a [`KeySource`]. What is stored opens only for the instance, the credential and the
//! generation that it was sealed for; the format is documented in `docs/sealing.md`.
//!
//! ```
//! use std::sync::Arc;
//!
//! use keywright_sealing::{Context, KeyCheck, KeyFile, Sealed, Sealer};
//! use secrecy::ExposeSecret;
//!
//! # let home = tempfile::tempdir()?;
//! # let home = home.path();
//! // Once, when an instance is made. The check is stored.
//! let instance = "6f1c9d1e-8f6b-4c52-9d6a-2b0a7f0f4a11";
//! let file = KeyFile::new(home.join("keys/keywright.key"));
//! let check = KeyCheck::new(instance, &file.create()?)?;
//!
//! // At each start: a wrong key is refused before anything is written with it.
//! let key = Arc::new(file.load()?);
//! check.verify(instance, &*key)?;
//!
//! let sealer = Sealer::new(instance, key);
//! let context = Context { credential: "ci-deploy", generation: 3 };
//! let sealed = sealer.seal(&context, &[("access_key", b"AKEXAMPLE"), ("secret_key", b"s3cr3t")])?;
//! let stored = sealed.to_bytes();
//!
//! let parts = sealer.open(&context, &Sealed::from_bytes(&stored)?)?;
//! assert_eq!(parts[1].name, "secret_key");
//! assert_eq!(parts[1].secret.expose_secret(), b"s3cr3t");
//!
//! // Nowhere else.
//! assert!(sealer.open(&Context { credential: "ci-deploy", generation: 4 }, &sealed).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Another key encryption key takes over by [`Sealer::rewrap`], which wraps the data keys anew and leaves the parts as they
//! are. Markers at vendors and digests of secrets come from an [`InstanceKey`], which such a rotation does not change.
//!
//! Secrets are kept in [`secrecy`] types. No error quotes one, and `Debug` prints none.

mod aead;
mod encoding;
mod error;
mod instance_key;
mod key;
mod key_check;
mod random;
mod sealed;
mod sealed_instance_key;
mod sealer;
mod source;
#[cfg(test)]
mod vectors;

pub use error::{PartsProblem, SealingError};
pub use instance_key::InstanceKey;
pub use key::{Key, KeyEncryptionKey, KeyId, KeyIdError, SealingKey};
pub use key_check::KeyCheck;
pub use sealed::{MAX_NAME, MAX_PARTS, MAX_SECRET, Sealed};
pub use sealed_instance_key::SealedInstanceKey;
pub use sealer::{Context, OpenedPart, Sealer};
pub use source::{AccessProblem, KeyFile, KeySource, KeySourceError, PassphraseParameters, SystemdCredential};
