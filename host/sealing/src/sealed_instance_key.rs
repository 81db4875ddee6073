//! The stored form of an instance's key.

use subtle::ConstantTimeEq as _;

use crate::encoding::{Reader, RecordKind, pae};
use crate::error::Damage;
use crate::key::check_length;
use crate::sealed::{put_wrapped_key, wrapped_key};
use crate::{InstanceKey, Key, KeyEncryptionKey, KeyId, SealingError};

const KIND: RecordKind = RecordKind { tag: *b"KWI", name: "instance key" };

/// An [`InstanceKey`], wrapped by a key encryption key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedInstanceKey {
    key_id: KeyId,
    wrapped_key: Vec<u8>,
    commitment: [u8; 32],
}

impl SealedInstanceKey {
    pub(crate) fn seal(
        instance_key: &InstanceKey,
        key: &dyn KeyEncryptionKey,
        wrap: impl FnOnce(&Key, &[u8]) -> Result<Vec<u8>, SealingError>,
    ) -> Result<Self, SealingError> {
        let instance = &instance_key.instance;
        let wrapped_key = check_length(key.id(), wrap(&instance_key.key, &wrap_aad(instance, key.id()))?)?;
        let mut sealed = Self { key_id: key.id(), wrapped_key, commitment: [0; 32] };
        sealed.commitment = key.commit(&sealed.header(instance))?;
        Ok(sealed)
    }

    /// The key encryption key that it is wrapped by.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The key of the instance with this id.
    ///
    /// # Errors
    ///
    /// [`WrongKey`](SealingError::WrongKey) when it is wrapped by another key; [`Refused`](SealingError::Refused) when it
    /// was altered or is of another instance; or when the key's holder does not answer.
    pub fn open(&self, instance: &str, key: &dyn KeyEncryptionKey) -> Result<InstanceKey, SealingError> {
        if key.id() != self.key_id {
            return Err(SealingError::WrongKey { record: KIND.name, expected: self.key_id });
        }
        let refused = || SealingError::Refused { record: KIND.name, place: format!("instance `{instance}`") };
        if !bool::from(key.commit(&self.header(instance))?.ct_eq(&self.commitment)) {
            return Err(refused());
        }
        let instance_key = key.unwrap_key(&self.wrapped_key, &wrap_aad(instance, self.key_id))?.ok_or_else(refused)?;
        InstanceKey::new(instance.into(), instance_key)
    }

    /// The same key, wrapped by another. What the new key wraps already comes back as it is.
    ///
    /// # Errors
    ///
    /// The same as of [`open`](Self::open).
    pub fn rewrap(
        &self,
        instance: &str,
        old: &dyn KeyEncryptionKey,
        new: &dyn KeyEncryptionKey,
    ) -> Result<Self, SealingError> {
        if self.key_id == new.id() {
            return self.open(instance, new).map(|_| self.clone());
        }
        self.open(instance, old)?.seal(new)
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.committed_bytes();
        bytes.extend_from_slice(&self.commitment);
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// When the bytes are not exactly one record, or a newer version wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealingError> {
        read(bytes).map_err(|damage| damage.of(KIND.name))
    }

    fn committed_bytes(&self) -> Vec<u8> {
        let mut bytes = KIND.header();
        bytes.extend_from_slice(self.key_id.as_bytes());
        put_wrapped_key(&mut bytes, &self.wrapped_key);
        bytes
    }

    fn header(&self, instance: &str) -> Vec<u8> {
        pae(&[b"kw1/instance-header", instance.as_bytes(), &self.committed_bytes()])
    }
}

fn read(bytes: &[u8]) -> Result<SealedInstanceKey, Damage> {
    let mut reader = Reader::new(KIND, bytes)?;
    let key_id = KeyId::from_bytes(reader.array()?);
    let wrapped_key = wrapped_key(&mut reader)?;
    let commitment = reader.array()?;
    reader.end()?;
    Ok(SealedInstanceKey { key_id, wrapped_key, commitment })
}

fn wrap_aad(instance: &str, key: KeyId) -> Vec<u8> {
    pae(&[b"kw1/instance", instance.as_bytes(), key.as_bytes()])
}
