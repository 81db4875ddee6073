//! Whether a key is the store's.

use subtle::ConstantTimeEq as _;

use crate::encoding::{Reader, RecordKind, pae};
use crate::error::Damage;
use crate::{KeyEncryptionKey, KeyId, SealingError};

const KIND: RecordKind = RecordKind { tag: *b"KWC", name: "key check" };

/// What a store keeps to refuse a wrong key before anything is written with it.
///
/// It holds the key's id and a MAC under the key over the instance's id. It is not secret, but whoever has it can try
/// passphrases against it, as against anything that is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyCheck {
    key_id: KeyId,
    mac: [u8; 32],
}

impl KeyCheck {
    /// The check of this key for the instance with this id.
    ///
    /// # Errors
    ///
    /// When the key's holder does not answer.
    pub fn new(instance: &str, key: &dyn KeyEncryptionKey) -> Result<Self, SealingError> {
        Ok(Self { key_id: key.id(), mac: mac(instance, key)? })
    }

    /// The key that it is of.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Whether this is the key, and this the instance.
    ///
    /// # Errors
    ///
    /// [`WrongKey`](SealingError::WrongKey) when it is another key; [`Refused`](SealingError::Refused) when the check was
    /// altered or is of another instance; or when the key's holder does not answer.
    pub fn verify(&self, instance: &str, key: &dyn KeyEncryptionKey) -> Result<(), SealingError> {
        if key.id() != self.key_id {
            return Err(SealingError::WrongKey { record: KIND.name, expected: self.key_id });
        }
        if bool::from(mac(instance, key)?.ct_eq(&self.mac)) {
            return Ok(());
        }
        Err(SealingError::Refused { record: KIND.name, place: format!("instance `{instance}`") })
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&KIND.header(), self.key_id.as_bytes().as_slice(), &self.mac].concat()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// When the bytes are not exactly one record, or a newer version wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealingError> {
        read(bytes).map_err(|damage| damage.of(KIND.name))
    }
}

fn read(bytes: &[u8]) -> Result<KeyCheck, Damage> {
    let mut reader = Reader::new(KIND, bytes)?;
    let check = KeyCheck { key_id: KeyId::from_bytes(reader.array()?), mac: reader.array()? };
    reader.end()?;
    Ok(check)
}

fn mac(instance: &str, key: &dyn KeyEncryptionKey) -> Result<[u8; 32], SealingError> {
    key.commit(&pae(&[b"kw1/check", instance.as_bytes(), key.id().as_bytes()]))
}
