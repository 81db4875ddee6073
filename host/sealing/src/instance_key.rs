//! The key of an instance: markers and look-up digests.

use std::fmt;
use std::sync::Arc;

use rand::TryCryptoRng;
use secrecy::zeroize::Zeroizing;

use crate::encoding::pae;
use crate::key::{derive, mac, random_key};
use crate::sealed_instance_key::SealedInstanceKey;
use crate::{Key, KeyEncryptionKey, SealingError, random};

/// The secret of one instance of Keywright, made once and never changed.
///
/// Markers at vendors and digests in the store depend on it. It is independent of the key encryption key, so that a
/// rotation of that one changes neither; it is stored as a [`SealedInstanceKey`].
pub struct InstanceKey {
    pub(crate) instance: Arc<str>,
    pub(crate) key: Key,
    marker: Key,
    digest: Key,
}

impl InstanceKey {
    /// A new random key for the instance with this id.
    ///
    /// # Errors
    ///
    /// When the operating system gives no random bytes.
    pub fn generate(instance: impl Into<Arc<str>>) -> Result<Self, SealingError> {
        Self::generate_with(&mut random::system(), instance.into())
    }

    pub(crate) fn generate_with<R: TryCryptoRng>(random: &mut R, instance: Arc<str>) -> Result<Self, SealingError> {
        Self::new(instance, random_key(random)?)
    }

    pub(crate) fn new(instance: Arc<str>, key: Key) -> Result<Self, SealingError> {
        let (marker, digest) = (derive(&key, "kw1/marker")?, derive(&key, "kw1/digest")?);
        Ok(Self { instance, key, marker, digest })
    }

    /// The marker of what is made for this generation of a credential under this epoch of its lease. Without the
    /// key, nobody can make one or find out what it belongs to. Whoever writes it into a vendor's field shortens it to fit.
    pub fn marker(&self, credential: &str, generation: u64, epoch: u64) -> [u8; 32] {
        let (generation, epoch) = (generation.to_le_bytes(), epoch.to_le_bytes());
        mac(&self.marker, &pae(&[b"kw1/marker", self.instance.as_bytes(), credential.as_bytes(), &generation, &epoch]))
    }

    /// A digest by which a leaked text can be found among the secrets of this instance. It is kept longer than the secret:
    /// without the key, it does not help to guess a secret, however short.
    pub fn digest(&self, secret: &[u8]) -> [u8; 16] {
        // The message holds the secret, so it is wiped.
        let message = Zeroizing::new(pae(&[b"kw1/digest", self.instance.as_bytes(), secret]));
        let whole = mac(&self.digest, &message);
        std::array::from_fn(|at| whole[at])
    }

    /// The stored form, under this key encryption key.
    ///
    /// # Errors
    ///
    /// When there are no random bytes or the key's holder does not answer.
    pub fn seal(&self, key: &dyn KeyEncryptionKey) -> Result<SealedInstanceKey, SealingError> {
        SealedInstanceKey::seal(self, key, |instance_key, aad| key.wrap_key(instance_key, aad))
    }
}

impl fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceKey").field("instance", &self.instance).finish_non_exhaustive()
    }
}
