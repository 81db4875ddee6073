//! A wrong key is refused before anything is written with it.

use keywright_sealing::{KeyCheck, KeyEncryptionKey as _, SealingError};

use crate::{INSTANCE, for_each_flipped_bit, key};

#[test]
fn the_key_that_the_check_is_of_passes() {
    let key = key();
    let stored = KeyCheck::new(INSTANCE, &*key).unwrap().to_bytes();
    let check = KeyCheck::from_bytes(&stored).unwrap();
    assert_eq!(check.key_id(), key.id());
    assert_eq!(check.verify(INSTANCE, &*key), Ok(()));
}

#[test]
fn another_key_is_refused_and_the_right_one_named() {
    let (right, wrong) = (key(), key());
    let check = KeyCheck::new(INSTANCE, &*right).unwrap();
    let error = check.verify(INSTANCE, &*wrong).unwrap_err();
    assert_eq!(error, SealingError::WrongKey { record: "key check", expected: right.id() });
    assert!(error.to_string().contains(&right.id().to_string()), "{error}");
    assert!(!error.to_string().contains(&wrong.id().to_string()), "what a mistyped passphrase gives is not printed");
}

#[test]
fn the_check_of_another_instance_is_refused() {
    let key = key();
    let check = KeyCheck::new(INSTANCE, &*key).unwrap();
    assert!(matches!(check.verify("other", &*key), Err(SealingError::Refused { .. })));
}

#[test]
fn a_flipped_bit_of_a_check_is_refused() {
    let key = key();
    for_each_flipped_bit(&KeyCheck::new(INSTANCE, &*key).unwrap().to_bytes(), |bit, flipped| {
        let verified = KeyCheck::from_bytes(flipped).and_then(|check| check.verify(INSTANCE, &*key));
        assert!(verified.is_err(), "bit {bit}");
    });
}
