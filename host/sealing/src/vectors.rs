//! The formats are those of `docs/sealing.md`, as another implementation computed them: `tests/vectors/make.py`.

use std::convert::Infallible;
use std::sync::Arc;

use rand::{TryCryptoRng, TryRng};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};

use crate::sealed_instance_key::SealedInstanceKey;
use crate::{
    Context, InstanceKey, Key, KeyCheck, KeyEncryptionKey as _, KeyFile, PassphraseParameters, Sealed, Sealer,
    SealingKey,
};

#[derive(Deserialize)]
struct Vectors {
    seals: Vec<Seal>,
    checks: Vec<Check>,
    instance_keys: Vec<OfInstance>,
    passphrases: Vec<Passphrase>,
}

#[derive(Deserialize)]
struct Seal {
    name: String,
    kek: Hex,
    kek_id: String,
    new_kek: Hex,
    instance: String,
    credential: String,
    generation: u64,
    data_key: Hex,
    wrap_nonce: Hex,
    new_wrap_nonce: Hex,
    parts: Vec<Part>,
    sealed: Hex,
    rewrapped: Hex,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    nonce: Hex,
    secret: Hex,
}

#[derive(Deserialize)]
struct Check {
    kek: Hex,
    key_text: String,
    instance: String,
    check: Hex,
}

#[derive(Deserialize)]
struct OfInstance {
    kek: Hex,
    instance: String,
    key: Hex,
    wrap_nonce: Hex,
    sealed: Hex,
    markers: Vec<Marker>,
    digests: Vec<Digest>,
}

#[derive(Deserialize)]
struct Marker {
    credential: String,
    generation: u64,
    epoch: u64,
    marker: Hex,
}

#[derive(Deserialize)]
struct Digest {
    secret: Hex,
    digest: Hex,
}

#[derive(Deserialize)]
struct Passphrase {
    passphrase: String,
    parameters: Hex,
    kek: Hex,
    kek_id: String,
}

struct Hex(Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let pairs = text.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
        Ok(Self(pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()))
    }
}

impl Hex {
    fn key(&self) -> Key {
        Key::new(Box::new(self.0.as_slice().try_into().unwrap()))
    }

    fn sealing_key(&self) -> Arc<SealingKey> {
        Arc::new(SealingKey::new(&self.key()).unwrap())
    }
}

/// Gives these bytes, and no more.
struct Scripted(Vec<u8>);

impl TryRng for Scripted {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("only bytes are asked for")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("only bytes are asked for")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        assert!(bytes.len() <= self.0.len(), "the vector gives no more bytes");
        bytes.copy_from_slice(&self.0.drain(..bytes.len()).collect::<Vec<_>>());
        Ok(())
    }
}

impl TryCryptoRng for Scripted {}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../tests/vectors/vectors.json")).unwrap()
}

impl Seal {
    fn context(&self) -> Context<'_> {
        Context { credential: &self.credential, generation: self.generation }
    }

    fn expected(&self) -> Vec<(&str, &[u8])> {
        self.parts.iter().map(|part| (part.name.as_str(), part.secret.0.as_slice())).collect()
    }

    fn assert_opens(&self, kek: &Hex, sealed: &Sealed) {
        let opened = Sealer::new(self.instance.as_str(), kek.sealing_key()).open(&self.context(), sealed).unwrap();
        let opened: Vec<_> = opened.iter().map(|part| (part.name.as_str(), part.secret.expose_secret())).collect();
        assert_eq!(opened, self.expected(), "{}", self.name);
    }
}

#[test]
fn secrets_are_sealed_as_the_vectors_say() {
    for vector in vectors().seals {
        let key = vector.kek.sealing_key();
        assert_eq!(key.id().to_string(), vector.kek_id);

        let nonces = vector.parts.iter().flat_map(|part| &part.nonce.0);
        let mut random = Scripted(vector.data_key.0.iter().chain(nonces).copied().collect());
        let mut wrap_nonce = Scripted(vector.wrap_nonce.0.clone());
        let sealed = Sealer::new(vector.instance.as_str(), key.clone())
            .seal_with(&mut random, &vector.context(), &vector.expected(), |data_key, aad| {
                key.wrap_with(&mut wrap_nonce, data_key, aad)
            })
            .unwrap();
        assert_eq!(sealed.to_bytes(), vector.sealed.0, "{}", vector.name);
        assert!(random.0.is_empty() && wrap_nonce.0.is_empty(), "all that is random was used");
    }
}

#[test]
fn secrets_that_the_vectors_hold_open() {
    for vector in vectors().seals {
        vector.assert_opens(&vector.kek, &Sealed::from_bytes(&vector.sealed.0).unwrap());
        vector.assert_opens(&vector.new_kek, &Sealed::from_bytes(&vector.rewrapped.0).unwrap());
    }
}

#[test]
fn secrets_go_under_another_key_as_the_vectors_say() {
    for vector in vectors().seals {
        let new = vector.new_kek.sealing_key();
        let mut wrap_nonce = Scripted(vector.new_wrap_nonce.0.clone());
        let sealed = Sealed::from_bytes(&vector.sealed.0).unwrap();
        let rewrapped = Sealer::new(vector.instance.as_str(), vector.kek.sealing_key())
            .rewrap_with(&vector.context(), &sealed, &*new, |key, aad| new.wrap_with(&mut wrap_nonce, key, aad))
            .unwrap();
        assert_eq!(rewrapped.to_bytes(), vector.rewrapped.0, "{}", vector.name);
    }
}

#[test]
fn keys_are_checked_as_the_vectors_say() {
    for vector in vectors().checks {
        let key = vector.kek.sealing_key();
        assert_eq!(KeyCheck::new(&vector.instance, &*key).unwrap().to_bytes(), vector.check.0);
        KeyCheck::from_bytes(&vector.check.0).unwrap().verify(&vector.instance, &*key).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn key_files_hold_the_text_that_the_vectors_say() {
    use std::os::unix::fs::PermissionsExt as _;

    for vector in vectors().checks {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        std::fs::write(&file, vector.key_text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(KeyFile::new(file).load().unwrap().id(), vector.kek.sealing_key().id());
    }
}

#[test]
fn instance_keys_are_sealed_as_the_vectors_say() {
    for vector in vectors().instance_keys {
        let kek = vector.kek.sealing_key();
        let mut random = Scripted(vector.key.0.clone());
        let key = InstanceKey::generate_with(&mut random, vector.instance.as_str().into()).unwrap();
        let mut wrap_nonce = Scripted(vector.wrap_nonce.0.clone());
        let wrap = |key: &Key, aad: &[u8]| kek.wrap_with(&mut wrap_nonce, key, aad);
        assert_eq!(SealedInstanceKey::seal(&key, &*kek, wrap).unwrap().to_bytes(), vector.sealed.0);
        let opened = SealedInstanceKey::from_bytes(&vector.sealed.0).unwrap().open(&vector.instance, &*kek).unwrap();
        assert_eq!(opened.key.expose_secret(), vector.key.key().expose_secret());
    }
}

#[test]
fn markers_and_digests_are_what_the_vectors_say() {
    for vector in vectors().instance_keys {
        let key = InstanceKey::new(vector.instance.as_str().into(), vector.key.key()).unwrap();
        for Marker { credential, generation, epoch, marker } in vector.markers {
            assert_eq!(key.marker(&credential, generation, epoch).as_slice(), marker.0);
        }
        for Digest { secret, digest } in vector.digests {
            assert_eq!(key.digest(&secret.0).as_slice(), digest.0);
        }
    }
}

#[test]
fn keys_come_from_passphrases_as_the_vectors_say() {
    for vector in vectors().passphrases {
        let parameters = PassphraseParameters::from_bytes(&vector.parameters.0).unwrap();
        let passphrase = SecretString::from(vector.passphrase);
        assert_eq!(parameters.key(&passphrase).unwrap().expose_secret().as_slice(), vector.kek.0);
        assert_eq!(parameters.derive(&passphrase).unwrap().id().to_string(), vector.kek_id);
        assert_eq!(parameters.to_bytes(), vector.parameters.0);
    }
}

#[test]
fn new_passphrase_parameters_are_64_mib_three_passes_and_four_lanes() {
    let salt = [0x5a; 16];
    let parameters = PassphraseParameters::generate_with(&mut Scripted(salt.to_vec())).unwrap();
    let expected = [&b"KWP\x01\0\0\x01\0\x03\0\0\0\x04\0\0\0"[..], &salt].concat();
    assert_eq!(parameters.to_bytes(), expected);
}
