//! The stored form of a sealed secret.

use std::fmt;

use crate::aead::{NONCE, TAG};
use crate::encoding::{Reader, RecordKind};
use crate::error::{Damage, PartsProblem};
use crate::{KeyId, SealingError};

/// The most parts that are sealed together.
pub const MAX_PARTS: usize = 255;
/// The longest name of a part, in bytes.
pub const MAX_NAME: usize = 255;
/// The longest secret of a part, in bytes: more than the runtime takes of an answer.
pub const MAX_SECRET: usize = 16 << 20;

/// XChaCha20-Poly1305 for the parts, HMAC-SHA256 for the commitment: the only cipher suite so far.
pub(crate) const SUITE: u8 = 1;

const KIND: RecordKind = RecordKind { tag: *b"KWS", name: "sealed secret" };

/// The sealed parts of one generation of a credential.
///
/// It is opaque without the key: what it shows is the key's id, the names of the parts and their lengths. A store keeps
/// [`to_bytes`](Self::to_bytes) in one column.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    pub(crate) suite: u8,
    pub(crate) key_id: KeyId,
    pub(crate) wrapped_key: Vec<u8>,
    pub(crate) parts: Vec<SealedPart>,
    pub(crate) commitment: [u8; 32],
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SealedPart {
    pub(crate) name: String,
    pub(crate) nonce: [u8; NONCE],
    pub(crate) ciphertext: Vec<u8>,
}

impl Sealed {
    pub(crate) const NAME: &str = KIND.name;

    /// The key that it is sealed under: a rotation of keys looks for those that are not under the newest.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The cipher suite: 1, XChaCha20-Poly1305 with HMAC-SHA256.
    pub fn suite(&self) -> u8 {
        self.suite
    }

    /// The names of the parts, in the order in which they were sealed.
    pub fn part_names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.name.as_str())
    }

    /// The bytes to store; the same ones each time.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.committed_bytes();
        bytes.extend_from_slice(&self.commitment);
        bytes
    }

    /// All that the commitment covers: everything in front of it.
    pub(crate) fn committed_bytes(&self) -> Vec<u8> {
        let mut bytes = KIND.header();
        bytes.push(self.suite);
        bytes.extend_from_slice(self.key_id.as_bytes());
        put_wrapped_key(&mut bytes, &self.wrapped_key);
        bytes.push(self.parts.len() as u8);
        for part in &self.parts {
            bytes.push(part.name.len() as u8);
            bytes.extend_from_slice(part.name.as_bytes());
            bytes.extend_from_slice(&part.nonce);
            bytes.extend_from_slice(&(part.ciphertext.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&part.ciphertext);
        }
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. Nothing is authenticated before it is opened.
    ///
    /// # Errors
    ///
    /// [`Damaged`](SealingError::Damaged) when the bytes are not exactly one record, [`NewerFormat`](SealingError::NewerFormat)
    /// when a newer version wrote them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealingError> {
        read(bytes).map_err(|damage| damage.of(KIND.name))
    }
}

/// Names only: ciphertexts are of no use in a log.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("key_id", &self.key_id)
            .field("parts", &self.part_names().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

fn read(bytes: &[u8]) -> Result<Sealed, Damage> {
    let mut reader = Reader::new(KIND, bytes)?;
    let suite = reader.byte()?;
    if suite != SUITE {
        return Err(Damage::Version(suite));
    }
    let key_id = KeyId::from_bytes(reader.array()?);
    let wrapped_key = wrapped_key(&mut reader)?;
    let count = usize::from(reader.byte()?);
    let mut parts = Vec::with_capacity(count);
    for _ in 0..count {
        parts.push(part(&mut reader)?);
    }
    let commitment = reader.array()?;
    reader.end()?;
    check(parts.iter().map(|part| (part.name.as_str(), part.ciphertext.len() - TAG))).map_err(|_| Damage::Part)?;
    Ok(Sealed { suite, key_id, wrapped_key, parts, commitment })
}

fn part(reader: &mut Reader<'_>) -> Result<SealedPart, Damage> {
    let length = reader.byte()?;
    let name = str::from_utf8(reader.bytes(length.into())?).map_err(|_| Damage::Part)?.to_owned();
    let nonce = reader.array()?;
    let length = usize::try_from(reader.u32()?).map_err(|_| Damage::Part)?;
    let ciphertext = reader.bytes(length)?.to_vec();
    if length < TAG { Err(Damage::Part) } else { Ok(SealedPart { name, nonce, ciphertext }) }
}

/// Whether parts with these names and lengths can be written.
pub(crate) fn check<'n>(parts: impl ExactSizeIterator<Item = (&'n str, usize)> + Clone) -> Result<(), PartsProblem> {
    match parts.len() {
        0 => return Err(PartsProblem::None),
        count if count > MAX_PARTS => return Err(PartsProblem::TooMany(count)),
        _ => {}
    }
    for (at, (name, length)) in parts.clone().enumerate() {
        if !(1..=MAX_NAME).contains(&name.len()) {
            return Err(PartsProblem::Name(name.len()));
        }
        if parts.clone().take(at).any(|(other, _)| other == name) {
            return Err(PartsProblem::Duplicate(name.to_owned()));
        }
        if length > MAX_SECRET {
            return Err(PartsProblem::TooLong { name: name.to_owned(), length });
        }
    }
    Ok(())
}

/// Writes a wrapped key after its length. [`KeyEncryptionKey`](crate::KeyEncryptionKey) says that the length fits.
pub(crate) fn put_wrapped_key(bytes: &mut Vec<u8>, wrapped: &[u8]) {
    bytes.extend_from_slice(&(wrapped.len() as u16).to_le_bytes());
    bytes.extend_from_slice(wrapped);
}

/// Reads a wrapped key after its length.
pub(crate) fn wrapped_key(reader: &mut Reader<'_>) -> Result<Vec<u8>, Damage> {
    let length = reader.u16()?;
    Ok(reader.bytes(length.into())?.to_vec())
}
