//! Passphrases.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use rand::TryCryptoRng;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, ExposeSecretMut as _, SecretString};

use super::KeySourceError;
use crate::encoding::{Reader, RecordKind};
use crate::error::Damage;
use crate::{Key, SealingError, SealingKey, random};

const KIND: RecordKind = RecordKind { tag: *b"KWP", name: "passphrase parameters" };

/// **Choice**: NIST SP 800-63B-4 section 3.1.1.2 asks for 15 characters where a password is the only factor.
const MIN_CHARACTERS: usize = 15;

/// The bounds of a parameter: its name in RFC 9106, the smallest that is accepted, which is also what is chosen, the largest.
struct Bounds(&'static str, u32, u32);

// RFC 9106 section 4, the second recommended option. Less is refused also when it is stored: whoever can write to the store
// could otherwise have the user derive an id that is cheap to guess the passphrase from. So is what exhausts the machine.
const MEMORY: Bounds = Bounds("m", 64 << 10, 1 << 20);
const PASSES: Bounds = Bounds("t", 3, 32);
const LANES: Bounds = Bounds("p", 4, 16);

/// How a key is derived from a passphrase: Argon2id (RFC 9106) with a random salt. Not secret; stored with the key check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassphraseParameters {
    /// In KiB.
    memory: u32,
    passes: u32,
    lanes: u32,
    salt: [u8; 16],
}

impl PassphraseParameters {
    /// New ones with a random salt: 64 MiB, three passes, four lanes.
    ///
    /// # Errors
    ///
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, SealingError> {
        Self::generate_with(&mut random::system())
    }

    pub(crate) fn generate_with<R: TryCryptoRng>(random: &mut R) -> Result<Self, SealingError> {
        Ok(Self { memory: MEMORY.1, passes: PASSES.1, lanes: LANES.1, salt: random::array(random)? })
    }

    /// The key of this passphrase, whose UTF-8 bytes are taken as they are. Blocks for a good part of a second.
    ///
    /// # Errors
    ///
    /// [`ShortPassphrase`](KeySourceError::ShortPassphrase), [`Parameter`](KeySourceError::Parameter) or
    /// [`Memory`](KeySourceError::Memory).
    pub fn derive(&self, passphrase: &SecretString) -> Result<SealingKey, KeySourceError> {
        Ok(SealingKey::new(&self.key(passphrase)?)?)
    }

    pub(crate) fn key(&self, passphrase: &SecretString) -> Result<Key, KeySourceError> {
        if passphrase.expose_secret().chars().count() < MIN_CHARACTERS {
            return Err(KeySourceError::ShortPassphrase { minimum: MIN_CHARACTERS });
        }
        for (Bounds(name, minimum, maximum), found) in
            [(MEMORY, self.memory), (PASSES, self.passes), (LANES, self.lanes)]
        {
            if !(minimum..=maximum).contains(&found) {
                return Err(KeySourceError::Parameter { name, found, minimum, maximum });
            }
        }
        let cipher = |_| KeySourceError::Sealing(SealingError::Cipher);
        let mut key = Key::default();
        let length = key.expose_secret().len();
        let parameters = Params::new(self.memory, self.passes, self.lanes, Some(length)).map_err(cipher)?;
        let blocks = parameters.block_count();
        let mut memory = Zeroizing::new(Vec::new());
        memory.try_reserve_exact(blocks).map_err(|_| KeySourceError::Memory { kibibytes: self.memory })?;
        memory.resize(blocks, Block::default());
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters)
            .hash_password_into_with_memory(
                passphrase.expose_secret().as_bytes(),
                &self.salt,
                key.expose_secret_mut(),
                memory.as_mut_slice(),
            )
            .map_err(cipher)?;
        Ok(key)
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = KIND.header();
        for number in [self.memory, self.passes, self.lanes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.salt);
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
}

fn read(bytes: &[u8]) -> Result<PassphraseParameters, Damage> {
    let mut reader = Reader::new(KIND, bytes)?;
    let parameters = PassphraseParameters {
        memory: reader.u32()?,
        passes: reader.u32()?,
        lanes: reader.u32()?,
        salt: reader.array()?,
    };
    reader.end()?;
    Ok(parameters)
}
