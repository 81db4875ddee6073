//! The secrets of an installation: sealed for the store, opened for a sink or a verification, and the markers.

use keywright_lifecycle::GenerationNumber;
use keywright_runtime::Parts;
use keywright_sealing::{Context, InstanceKey, Sealed, Sealer, SealingError};
use secrecy::ExposeSecret as _;

/// The keys of an installation.
#[derive(Clone, Debug)]
pub struct Vault {
    pub(crate) sealer: Sealer,
    pub(crate) instance_key: std::sync::Arc<InstanceKey>,
}

/// Why a secret cannot be sealed or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// By its keys.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// What was sealed is not text.
    #[error("the sealed part `{0}` is not text: it was sealed by something else")]
    NotText(String),
}

impl Vault {
    /// The name of the key that secrets are sealed under.
    pub fn key_name(&self) -> String {
        self.sealer.key().id().to_string()
    }

    /// The id of the installation.
    pub fn instance(&self) -> &str {
        self.sealer.instance()
    }

    /// Seals the parts of a generation.
    ///
    /// # Errors
    ///
    /// When the key's holder does not answer.
    pub fn seal(&self, id: &str, generation: GenerationNumber, parts: &Parts) -> Result<Vec<u8>, VaultError> {
        let context = Context { credential: id, generation };
        let parts: Vec<_> = parts.iter().map(|(name, value)| (name, value.expose_secret().as_bytes())).collect();
        Ok(self.sealer.seal(&context, &parts)?.to_bytes())
    }

    /// Opens the parts of a generation.
    ///
    /// # Errors
    ///
    /// When they are sealed under another key, or are not what they claim to be.
    pub fn open(&self, id: &str, generation: GenerationNumber, sealed: &[u8]) -> Result<Parts, VaultError> {
        let context = Context { credential: id, generation };
        let mut parts = Parts::new();
        for part in self.sealer.open(&context, &Sealed::from_bytes(sealed)?)? {
            let text = part.text().ok_or_else(|| VaultError::NotText(part.name.clone()))?;
            parts.insert(part.name, text);
        }
        Ok(parts)
    }

    /// The marker of a generation, cut to the vendor's field; none when the field is too short for one.
    pub fn marker(&self, id: &str, generation: GenerationNumber, epoch: u64, most: u32) -> Option<String> {
        let digest = self.instance_key.marker(id, generation, epoch);
        keywright_lifecycle::marker(&self.tag(), &digest, most)
    }

    /// Whether a marker was written by this installation.
    pub fn is_ours(&self, marker: &str) -> bool {
        keywright_lifecycle::is_of_instance(marker, &self.tag())
    }

    /// What all markers of this installation have in common.
    fn tag(&self) -> [u8; 32] {
        // No credential has an empty id.
        self.instance_key.marker("", 0, 0)
    }
}
