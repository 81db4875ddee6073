//! Keys from passphrases.

use keywright_sealing::{KeyCheck, KeySource, KeySourceError, PassphraseParameters, SealingError};
use secrecy::SecretString;

use crate::INSTANCE;

fn passphrase() -> SecretString {
    "correct horse battery staple".into()
}

/// Parameters as they would be stored, with these numbers.
fn parameters(memory: u32, passes: u32, lanes: u32) -> PassphraseParameters {
    let mut bytes = PassphraseParameters::generate().unwrap().to_bytes();
    for (at, number) in [memory, passes, lanes].into_iter().enumerate() {
        bytes[4 + 4 * at..8 + 4 * at].copy_from_slice(&number.to_le_bytes());
    }
    PassphraseParameters::from_bytes(&bytes).unwrap()
}

#[test]
fn a_passphrase_gives_the_same_key_with_the_stored_parameters_only() {
    let parameters = PassphraseParameters::generate().unwrap();
    let check = KeyCheck::new(INSTANCE, &parameters.derive(&passphrase()).unwrap()).unwrap();

    let stored = PassphraseParameters::from_bytes(&parameters.to_bytes()).unwrap();
    let load = |passphrase: &str, parameters: PassphraseParameters| {
        let key = KeySource::Passphrase { passphrase: passphrase.into(), parameters }.load().unwrap();
        check.verify(INSTANCE, &key)
    };
    assert_eq!(load("correct horse battery staple", stored.clone()), Ok(()));
    let wrong = Err(SealingError::WrongKey { record: "key check", expected: check.key_id() });
    assert_eq!(load("correct horse battery stable", stored), wrong);
    assert_eq!(load("correct horse battery staple", PassphraseParameters::generate().unwrap()), wrong);
}

#[test]
fn a_short_passphrase_is_refused() {
    let parameters = PassphraseParameters::generate().unwrap();
    for short in ["", "fourteen chars", "ü".repeat(14).as_str()] {
        let error = parameters.derive(&short.into()).unwrap_err();
        assert_eq!(error, KeySourceError::ShortPassphrase { minimum: 15 });
        assert!(short.is_empty() || !error.to_string().contains(short), "{error}");
    }
    assert!(parameters.derive(&"fifteen charact".into()).is_ok());
}

#[test]
fn stored_parameters_can_neither_weaken_the_derivation_nor_exhaust_the_machine() {
    for (memory, passes, lanes, expected) in [
        (65535, 3, 4, ("m", 65535)),
        (8, 3, 4, ("m", 8)),
        (u32::MAX, 3, 4, ("m", u32::MAX)),
        (65536, 2, 4, ("t", 2)),
        (65536, 33, 4, ("t", 33)),
        (65536, 3, 0, ("p", 0)),
        (65536, 3, 17, ("p", 17)),
    ] {
        match parameters(memory, passes, lanes).derive(&passphrase()) {
            Err(KeySourceError::Parameter { name, found, .. }) => assert_eq!((name, found), expected),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn neither_a_passphrase_nor_its_key_is_printed() {
    let source =
        KeySource::Passphrase { passphrase: passphrase(), parameters: PassphraseParameters::generate().unwrap() };
    for printed in [format!("{source}"), format!("{source:?}")] {
        assert!(!printed.contains("horse"), "{printed}");
    }
    assert_eq!(source.to_string(), "the passphrase");
}
