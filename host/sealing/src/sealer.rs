//! Sealing and opening.

use std::fmt;
use std::sync::Arc;

use rand::TryCryptoRng;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use subtle::ConstantTimeEq as _;

use crate::encoding::pae;
use crate::key::{check_length, random_key};
use crate::sealed::{self, SUITE, SealedPart};
use crate::{Key, KeyEncryptionKey, KeyId, Sealed, SealingError, aead, random};

/// Where a secret belongs. What is sealed for one place opens in no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// What names the credential for good: an id that a change of its name leaves alone.
    pub credential: &'a str,
    /// The number of its generation.
    pub generation: u64,
}

impl fmt::Display for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "credential `{}`, generation {}", self.credential, self.generation)
    }
}

/// A part of a credential, opened.
#[derive(Debug)]
pub struct OpenedPart {
    /// Its name.
    pub name: String,
    /// Its secret.
    pub secret: SecretSlice<u8>,
}

impl OpenedPart {
    /// Its secret as text; none when it is not UTF-8.
    pub fn text(&self) -> Option<SecretString> {
        str::from_utf8(self.secret.expose_secret()).ok().map(SecretString::from)
    }
}

/// Seals the secrets of one instance of Keywright under one key, and opens them.
///
/// Each call of [`seal`](Self::seal) makes a data key of its own, so that to delete the result is to delete that secret.
#[derive(Clone)]
pub struct Sealer {
    instance: Arc<str>,
    key: Arc<dyn KeyEncryptionKey>,
}

impl Sealer {
    /// A sealer for the instance with this id. The key must be the store's: see [`KeyCheck`](crate::KeyCheck).
    pub fn new(instance: impl Into<Arc<str>>, key: Arc<dyn KeyEncryptionKey>) -> Self {
        Self { instance: instance.into(), key }
    }

    /// The id of the instance.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// The key that this sealer seals under.
    pub fn key(&self) -> &Arc<dyn KeyEncryptionKey> {
        &self.key
    }

    /// Seals the parts of a credential, given by name. Two calls never give the same.
    ///
    /// # Errors
    ///
    /// When the parts cannot be written ([`Parts`](SealingError::Parts)), when there are no random bytes, or when the key's
    /// holder does not answer.
    pub fn seal(&self, context: &Context<'_>, parts: &[(&str, &[u8])]) -> Result<Sealed, SealingError> {
        self.seal_with(&mut random::system(), context, parts, |key, aad| self.key.wrap_key(key, aad))
    }

    /// The same with random bytes from elsewhere, which tests choose: the data key, what `wrap` takes, a nonce for each part.
    pub(crate) fn seal_with<R: TryCryptoRng>(
        &self,
        random: &mut R,
        context: &Context<'_>,
        parts: &[(&str, &[u8])],
        wrap: impl FnOnce(&Key, &[u8]) -> Result<Vec<u8>, SealingError>,
    ) -> Result<Sealed, SealingError> {
        sealed::check(parts.iter().map(|(name, secret)| (*name, secret.len()))).map_err(SealingError::Parts)?;
        let data_key = random_key(random)?;
        let wrapped_key = check_length(self.key.id(), wrap(&data_key, &self.wrap_aad(context, self.key.id()))?)?;
        let seal = |(name, secret): &(&str, &[u8])| {
            let nonce = random::array(random)?;
            let ciphertext = aead::encrypt(&data_key, &nonce, &self.part_aad(context, name, SUITE), secret)?;
            Ok(SealedPart { name: (*name).to_owned(), nonce, ciphertext })
        };
        let parts = parts.iter().map(seal).collect::<Result<_, SealingError>>()?;
        let mut sealed = Sealed { suite: SUITE, key_id: self.key.id(), wrapped_key, parts, commitment: [0; 32] };
        sealed.commitment = self.key.commit(&self.header(context, &sealed))?;
        Ok(sealed)
    }

    /// Opens the parts of a credential, in the order in which they were sealed.
    ///
    /// # Errors
    ///
    /// [`WrongKey`](SealingError::WrongKey) when they are sealed under another key; [`Refused`](SealingError::Refused) when
    /// anything was altered, left out or added, or when they are sealed for another place; or when the key's holder does not
    /// answer.
    pub fn open(&self, context: &Context<'_>, sealed: &Sealed) -> Result<Vec<OpenedPart>, SealingError> {
        let data_key = self.data_key(context, sealed)?;
        let open = |part: &SealedPart| {
            let aad = self.part_aad(context, &part.name, sealed.suite);
            let secret =
                aead::decrypt(&data_key, &part.nonce, &aad, &part.ciphertext).ok_or_else(|| refused(context))?;
            Ok(OpenedPart { name: part.name.clone(), secret })
        };
        sealed.parts.iter().map(open).collect()
    }

    /// The same secret under another key. Only the data key is wrapped anew, so the parts' ciphertexts stay; the old key
    /// does not open the result.
    ///
    /// What is under the new key already comes back as it is, so that a rotation of keys which was interrupted can start
    /// over.
    ///
    /// # Errors
    ///
    /// The same as of [`open`](Self::open).
    pub fn rewrap(
        &self,
        context: &Context<'_>,
        sealed: &Sealed,
        new: &dyn KeyEncryptionKey,
    ) -> Result<Sealed, SealingError> {
        self.rewrap_with(context, sealed, new, |key, aad| new.wrap_key(key, aad))
    }

    pub(crate) fn rewrap_with(
        &self,
        context: &Context<'_>,
        sealed: &Sealed,
        new: &dyn KeyEncryptionKey,
        wrap: impl FnOnce(&Key, &[u8]) -> Result<Vec<u8>, SealingError>,
    ) -> Result<Sealed, SealingError> {
        if sealed.key_id == new.id() {
            self.check_commitment(context, sealed, new)?;
            return Ok(sealed.clone());
        }
        let data_key = self.data_key(context, sealed)?;
        let wrapped_key = check_length(new.id(), wrap(&data_key, &self.wrap_aad(context, new.id()))?)?;
        let mut rewrapped = Sealed { key_id: new.id(), wrapped_key, ..sealed.clone() };
        rewrapped.commitment = new.commit(&self.header(context, &rewrapped))?;
        Ok(rewrapped)
    }

    fn data_key(&self, context: &Context<'_>, sealed: &Sealed) -> Result<Key, SealingError> {
        if sealed.key_id != self.key.id() {
            return Err(SealingError::WrongKey { record: Sealed::NAME, expected: sealed.key_id });
        }
        // First of all, so that nothing is decrypted that this key did not commit to.
        self.check_commitment(context, sealed, &*self.key)?;
        let data_key = self.key.unwrap_key(&sealed.wrapped_key, &self.wrap_aad(context, sealed.key_id))?;
        data_key.ok_or_else(|| refused(context))
    }

    fn check_commitment(
        &self,
        context: &Context<'_>,
        sealed: &Sealed,
        key: &dyn KeyEncryptionKey,
    ) -> Result<(), SealingError> {
        let expected = key.commit(&self.header(context, sealed))?;
        if bool::from(expected.ct_eq(&sealed.commitment)) { Ok(()) } else { Err(refused(context)) }
    }

    fn wrap_aad(&self, context: &Context<'_>, key: KeyId) -> Vec<u8> {
        let generation = context.generation.to_le_bytes();
        pae(&[b"kw1/dek", self.instance.as_bytes(), key.as_bytes(), context.credential.as_bytes(), &generation])
    }

    fn part_aad(&self, context: &Context<'_>, part: &str, suite: u8) -> Vec<u8> {
        let generation = context.generation.to_le_bytes();
        let credential = context.credential.as_bytes();
        pae(&[b"kw1/part", self.instance.as_bytes(), credential, &generation, part.as_bytes(), &[suite]])
    }

    /// What the commitment covers: the place and the whole record, so that no part can be left out, added or moved.
    fn header(&self, context: &Context<'_>, sealed: &Sealed) -> Vec<u8> {
        let generation = context.generation.to_le_bytes();
        let credential = context.credential.as_bytes();
        pae(&[b"kw1/header", self.instance.as_bytes(), credential, &generation, &sealed.committed_bytes()])
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("instance", &self.instance).field("key", &self.key.id()).finish()
    }
}

fn refused(context: &Context<'_>) -> SealingError {
    SealingError::Refused { record: Sealed::NAME, place: context.to_string() }
}

#[cfg(test)]
mod tests;
