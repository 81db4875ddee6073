//! An installation's keys: made once, checked at each start, replaced on demand.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keywright_sealing::{
    Context, InstanceKey, KeyCheck, KeyEncryptionKey, PassphraseParameters, Sealed, SealedInstanceKey, Sealer,
    SealingError,
};
use keywright_store::{Installation, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::vault::Vault;

/// What the store keeps of the key, as JSON. Nothing in it is secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRecord {
    version: u32,
    /// What tells the right key from a wrong one.
    check: String,
    /// The key of markers, wrapped.
    instance_key: String,
    /// How the key is derived from a passphrase, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    passphrase: Option<String>,
    /// The same of the key before, until a rotation is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_passphrase: Option<String>,
}

/// The version of the form above.
const VERSION: u32 = 1;

/// Why an installation cannot be made, opened or given another key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallationError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// There is none yet.
    #[error("nothing is set up here yet: run `keywright init`")]
    Missing,
    /// There is one.
    #[error("it is set up already: look with `keywright status`")]
    Exists,
    /// Its key record cannot be read.
    #[error("the store's key record is damaged ({0}): restore the store from a backup")]
    Damaged(String),
    /// A rotation of the key was not finished.
    #[error("{0} secrets are still sealed under an earlier key: finish with `keywright key rotate` and both keys")]
    Unfinished(u64),
}

/// What a key's rotation has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRotation {
    /// Sealed secrets that are under the new key now, and were not before.
    pub resealed: u64,
}

/// Sealed secrets that are taken from the store at once.
const AT_ONCE: u32 = 100;

/// Makes an installation in an empty store.
///
/// # Errors
///
/// When there is one, or the key's holder does not answer.
pub async fn initialise(
    store: &dyn Store,
    key: Arc<dyn KeyEncryptionKey>,
    passphrase: Option<&PassphraseParameters>,
) -> Result<Vault, InstallationError> {
    if store.installation().await?.is_some() {
        return Err(InstallationError::Exists);
    }
    let id = uuid::Uuid::new_v4().to_string();
    let instance_key = InstanceKey::generate(id.as_str())?;
    let record = KeyRecord::new(&id, &*key, &instance_key.seal(&*key)?, passphrase)?;
    let installation = Installation { id: id.clone(), key: key.id().to_string(), key_record: record.to_bytes()? };
    store.initialise(installation).await?;
    Ok(Vault { sealer: Sealer::new(id, key), instance_key: Arc::new(instance_key) })
}

/// Opens an installation. A wrong key is refused before anything is written.
///
/// # Errors
///
/// When there is none, or the key is not its key.
pub async fn open(store: &dyn Store, key: Arc<dyn KeyEncryptionKey>) -> Result<Vault, InstallationError> {
    let installation = store.installation().await?.ok_or(InstallationError::Missing)?;
    let record = KeyRecord::from_bytes(&installation.key_record)?;
    record.check()?.verify(&installation.id, &*key)?;
    let instance_key = record.instance_key()?.open(&installation.id, &*key)?;
    Ok(Vault { sealer: Sealer::new(installation.id, key), instance_key: Arc::new(instance_key) })
}

/// How an installation's key is derived from a passphrase; none where it is not.
///
/// # Errors
///
/// When there is no installation, or its record is damaged.
pub async fn passphrase_parameters(store: &dyn Store) -> Result<Option<PassphraseParameters>, InstallationError> {
    let installation = store.installation().await?.ok_or(InstallationError::Missing)?;
    let record = KeyRecord::from_bytes(&installation.key_record)?;
    let read = |text: &String| Ok(PassphraseParameters::from_bytes(&decode(text)?)?);
    record.passphrase.as_ref().or(record.previous_passphrase.as_ref()).map(read).transpose()
}

/// Puts everything under another key. What was begun and not finished goes on when it is called again with both keys.
///
/// # Errors
///
/// When a key is wrong, or the store fails; what was done until then stays.
pub async fn rotate_key(
    store: &dyn Store,
    old: Arc<dyn KeyEncryptionKey>,
    new: Arc<dyn KeyEncryptionKey>,
    passphrase: Option<&PassphraseParameters>,
) -> Result<KeyRotation, InstallationError> {
    let installation = store.installation().await?.ok_or(InstallationError::Missing)?;
    let record = KeyRecord::from_bytes(&installation.key_record)?;
    let id = installation.id;
    if installation.key == new.id().to_string() {
        record.check()?.verify(&id, &*new)?;
    } else {
        record.check()?.verify(&id, &*old)?;
        // From here on what is new is sealed under the new key.
        let instance_key = record.instance_key()?.rewrap(&id, &*old, &*new)?;
        let record = KeyRecord {
            // The old key is needed until everything is under the new one.
            previous_passphrase: record.passphrase.or(record.previous_passphrase),
            ..KeyRecord::new(&id, &*new, &instance_key, passphrase)?
        };
        let replaced = Installation { id: id.clone(), key: new.id().to_string(), key_record: record.to_bytes()? };
        store.replace_key(&installation.key, replaced).await?;
    }
    let sealer = Sealer::new(id, old);
    let name = new.id().to_string();
    let mut resealed = 0;
    loop {
        let rows = store.sealed_under_others(&name, AT_ONCE).await?;
        if rows.is_empty() {
            return Ok(KeyRotation { resealed });
        }
        let reseal = |row: keywright_store::SealedRow| {
            let context = Context { credential: &row.id, generation: row.generation };
            let sealed = sealer.rewrap(&context, &Sealed::from_bytes(&row.sealed)?, &*new)?.to_bytes();
            Ok::<_, InstallationError>((row, sealed, name.clone()))
        };
        let count = rows.len();
        let done = store.reseal(rows.into_iter().map(reseal).collect::<Result<_, _>>()?).await?;
        resealed += done;
        if done == 0 {
            // Each of them changed meanwhile: someone still seals under the old key.
            return Err(InstallationError::Unfinished(count as u64));
        }
    }
}

impl KeyRecord {
    fn new(
        id: &str,
        key: &dyn KeyEncryptionKey,
        instance_key: &SealedInstanceKey,
        passphrase: Option<&PassphraseParameters>,
    ) -> Result<Self, InstallationError> {
        Ok(Self {
            version: VERSION,
            check: STANDARD.encode(KeyCheck::new(id, key)?.to_bytes()),
            instance_key: STANDARD.encode(instance_key.to_bytes()),
            passphrase: passphrase.map(|parameters| STANDARD.encode(parameters.to_bytes())),
            previous_passphrase: None,
        })
    }

    fn to_bytes(&self) -> Result<Vec<u8>, InstallationError> {
        serde_json::to_vec(self).map_err(damaged)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, InstallationError> {
        let record: Self = serde_json::from_slice(bytes).map_err(damaged)?;
        match record.version {
            VERSION => Ok(record),
            other => Err(InstallationError::Damaged(format!("its form is {other}, and this program knows {VERSION}"))),
        }
    }

    fn check(&self) -> Result<KeyCheck, InstallationError> {
        Ok(KeyCheck::from_bytes(&decode(&self.check)?)?)
    }

    fn instance_key(&self) -> Result<SealedInstanceKey, InstallationError> {
        Ok(SealedInstanceKey::from_bytes(&decode(&self.instance_key)?)?)
    }
}

fn decode(text: &str) -> Result<Vec<u8>, InstallationError> {
    STANDARD.decode(text).map_err(|_| InstallationError::Damaged("it is not Base64".to_owned()))
}

fn damaged(error: serde_json::Error) -> InstallationError {
    // The message quotes no value: the record has none that is secret.
    InstallationError::Damaged(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what fails here fails its test")]
mod tests {
    use keywright_sealing::SealingKey;
    use keywright_store::{SqliteOptions, SqliteStore};

    use super::*;

    #[tokio::test]
    async fn the_parameters_of_a_passphrase_stay_when_a_key_file_takes_its_place() {
        let directory = tempfile::tempdir().unwrap();
        let options = SqliteOptions { create: true, ..SqliteOptions::default() };
        let store = SqliteStore::open(directory.path().join("store.db"), options).unwrap();
        let key = || Arc::new(SealingKey::generate().unwrap()) as Arc<dyn KeyEncryptionKey>;
        let (old, new, newer) = (key(), key(), key());
        let parameters = PassphraseParameters::generate().unwrap();
        initialise(&store, old.clone(), Some(&parameters)).await.unwrap();
        rotate_key(&store, old.clone(), new.clone(), None).await.unwrap();
        // What an interrupted rotation left could not be opened without them.
        let kept = passphrase_parameters(&store).await.unwrap().unwrap();
        assert_eq!(kept.to_bytes(), parameters.to_bytes());
        assert!(open(&store, old).await.is_err());
        rotate_key(&store, new.clone(), newer.clone(), None).await.unwrap();
        assert!(open(&store, new).await.is_err() && open(&store, newer).await.is_ok());
    }
}
