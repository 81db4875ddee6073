//! Key encryption keys.

use std::fmt;
use std::str::FromStr;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryCryptoRng;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, ExposeSecretMut as _, SecretBox};
use sha2::Sha256;

use crate::aead::{self, NONCE};
use crate::{SealingError, random};

/// A 256-bit key, wiped on drop.
pub type Key = SecretBox<[u8; 32]>;

/// A key that wraps other keys.
///
/// [`SealingKey`] is the one whose bytes this process holds. A key management service can stand behind this trait too: it
/// wraps, unwraps and computes a MAC where it is, and its key never leaves it. Calls may block.
pub trait KeyEncryptionKey: Send + Sync {
    /// Identifies this key. It is stored with all that it wraps and is not secret.
    fn id(&self) -> KeyId;

    /// Wraps a key: encrypts it and authenticates `aad` with it. The result has at most 65,535 bytes.
    ///
    /// # Errors
    ///
    /// When there are no random bytes or the key's holder does not answer.
    fn wrap_key(&self, key: &Key, aad: &[u8]) -> Result<Vec<u8>, SealingError>;

    /// Unwraps what [`wrap_key`](Self::wrap_key) gave; none when it was altered or wrapped with another key or `aad`.
    ///
    /// # Errors
    ///
    /// When the key's holder does not answer.
    fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<Option<Key>, SealingError>;

    /// A MAC over `header` that commits to this key: nobody can find a second key and header with the same. Encryption alone
    /// does not (a ciphertext of XChaCha20-Poly1305 can be made to open under two keys).
    ///
    /// # Errors
    ///
    /// When the key's holder does not answer.
    fn commit(&self, header: &[u8]) -> Result<[u8; 32], SealingError>;
}

/// Identifies a key encryption key: 16 bytes, written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 16]);

impl KeyId {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A text is not the id of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not the id of a key: expected 32 hexadecimal digits in lower case")]
pub struct KeyIdError;

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let mut bytes = [0; 16];
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(KeyIdError) };
        if pairs.len() != bytes.len() {
            return Err(KeyIdError);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

fn digit(character: u8) -> Result<u8, KeyIdError> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(KeyIdError),
    }
}

/// A key encryption key whose bytes this process holds.
///
/// Three keys are derived from it with HKDF-SHA256 (RFC 5869): one wraps, one commits, and 16 bytes of the third are the
/// id. The key itself is wiped once they are made.
pub struct SealingKey {
    id: KeyId,
    wrapping: Key,
    committing: Key,
}

impl SealingKey {
    /// The key encryption key with these bytes, which must be random or come from a function for passphrases.
    ///
    /// # Errors
    ///
    /// None in practice: the lengths that HKDF is asked for are fixed.
    pub fn new(key: &Key) -> Result<Self, SealingError> {
        let id = derive(key, "kw1/kek-id")?;
        Ok(Self {
            id: KeyId(std::array::from_fn(|at| id.expose_secret()[at])),
            wrapping: derive(key, "kw1/wrap")?,
            committing: derive(key, "kw1/commit")?,
        })
    }

    /// A new random one, which is lost with this value: for tests and demonstrations. [`KeyFile`](crate::KeyFile) keeps one.
    ///
    /// # Errors
    ///
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, SealingError> {
        Self::new(&random_key(&mut random::system())?)
    }

    pub(crate) fn wrap_with<R: TryCryptoRng>(
        &self,
        random: &mut R,
        key: &Key,
        aad: &[u8],
    ) -> Result<Vec<u8>, SealingError> {
        let nonce: [u8; NONCE] = random::array(random)?;
        let mut wrapped = nonce.to_vec();
        wrapped.extend(aead::encrypt(&self.wrapping, &nonce, aad, key.expose_secret())?);
        Ok(wrapped)
    }
}

impl KeyEncryptionKey for SealingKey {
    fn id(&self) -> KeyId {
        self.id
    }

    fn wrap_key(&self, key: &Key, aad: &[u8]) -> Result<Vec<u8>, SealingError> {
        self.wrap_with(&mut random::system(), key, aad)
    }

    fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<Option<Key>, SealingError> {
        let Some((nonce, ciphertext)) = wrapped.split_first_chunk::<NONCE>() else { return Ok(None) };
        let Some(bytes) = aead::decrypt(&self.wrapping, nonce, aad, ciphertext) else { return Ok(None) };
        let mut key = Key::default();
        let length_fits = bytes.expose_secret().len() == key.expose_secret().len();
        if length_fits {
            key.expose_secret_mut().copy_from_slice(bytes.expose_secret());
        }
        Ok(length_fits.then_some(key))
    }

    fn commit(&self, header: &[u8]) -> Result<[u8; 32], SealingError> {
        Ok(mac(&self.committing, header))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealingKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A new random key.
pub(crate) fn random_key<R: TryCryptoRng>(random: &mut R) -> Result<Key, SealingError> {
    let mut key = Key::default();
    random::fill(random, key.expose_secret_mut())?;
    Ok(key)
}

/// HKDF-SHA256 without salt: a key for one purpose.
pub(crate) fn derive(key: &Key, purpose: &str) -> Result<Key, SealingError> {
    let mut derived = Key::default();
    let expanded =
        Hkdf::<Sha256>::new(None, key.expose_secret()).expand(purpose.as_bytes(), derived.expose_secret_mut());
    expanded.map(|()| derived).map_err(|_| SealingError::Cipher)
}

/// Refuses what a key's holder wrapped to more bytes than a record can say.
pub(crate) fn check_length(id: KeyId, wrapped: Vec<u8>) -> Result<Vec<u8>, SealingError> {
    if u16::try_from(wrapped.len()).is_ok() {
        return Ok(wrapped);
    }
    Err(SealingError::KeyUnavailable { id, reason: "it wraps a key to more than 65,535 bytes".to_owned() })
}

/// HMAC-SHA256 (RFC 2104).
pub(crate) fn mac(key: &Key, message: &[u8]) -> [u8; 32] {
    // A key shorter than the hash's block is one with zeros after it.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key.expose_secret());
    Hmac::<Sha256>::new((&*block).into()).chain_update(message).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let id = SealingKey::generate().unwrap().id();
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "00", &"0".repeat(31), &"0".repeat(33), &"0".repeat(34), &"A".repeat(32), &"é".repeat(16)] {
            assert_eq!(text.parse::<KeyId>(), Err(KeyIdError), "{text}");
        }
    }

    #[test]
    fn a_key_prints_its_id_and_no_more() {
        let key = SealingKey::new(&Key::new(Box::new([7; 32]))).unwrap();
        assert_eq!(format!("{key:?}"), format!("SealingKey {{ id: KeyId({}), .. }}", key.id()));
    }

    #[test]
    fn an_unwrapped_key_has_32_bytes() {
        let key = SealingKey::generate().unwrap();
        for length in [0, 31, 33] {
            let nonce = [0; NONCE];
            let mut wrapped = nonce.to_vec();
            wrapped.extend(aead::encrypt(&key.wrapping, &nonce, b"aad", &vec![0; length]).unwrap());
            assert!(key.unwrap_key(&wrapped, b"aad").unwrap().is_none(), "{length}");
        }
    }
}
