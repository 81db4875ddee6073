//! Markers, digests, and the key that they come from.

use std::collections::HashSet;

use keywright_sealing::{InstanceKey, KeyEncryptionKey as _, SealedInstanceKey, SealingError};

use crate::{INSTANCE, for_each_flipped_bit, key};

#[test]
fn a_rotation_of_keys_changes_no_marker_and_no_digest() {
    let (old, new) = (key(), key());
    let instance_key = InstanceKey::generate(INSTANCE).unwrap();
    let (marker, digest) = (instance_key.marker("ci", 3, 7), instance_key.digest(b"secret"));

    let stored = instance_key.seal(&*old).unwrap().rewrap(INSTANCE, &*old, &*new).unwrap().to_bytes();
    let sealed = SealedInstanceKey::from_bytes(&stored).unwrap();
    assert_eq!(sealed.key_id(), new.id());
    let opened = sealed.open(INSTANCE, &*new).unwrap();
    assert_eq!((opened.marker("ci", 3, 7), opened.digest(b"secret")), (marker, digest));

    let refused = SealingError::WrongKey { record: "instance key", expected: new.id() };
    assert_eq!(sealed.open(INSTANCE, &*old).unwrap_err(), refused);
    assert_eq!(sealed.rewrap(INSTANCE, &*old, &*new).unwrap(), sealed, "a rotation that was interrupted starts over");
}

#[test]
fn each_generation_and_epoch_of_each_credential_has_a_marker_of_its_own() {
    let keys = [InstanceKey::generate(INSTANCE).unwrap(), InstanceKey::generate(INSTANCE).unwrap()];
    let mut markers = HashSet::new();
    for key in &keys {
        for credential in ["a", "b", "ab", ""] {
            for generation in 0..10 {
                for epoch in 0..10 {
                    let marker = key.marker(credential, generation, epoch);
                    assert_eq!(marker, key.marker(credential, generation, epoch));
                    markers.insert(marker);
                }
            }
        }
    }
    assert_eq!(markers.len(), keys.len() * 4 * 10 * 10);
}

#[test]
fn a_digest_is_that_of_one_secret_in_one_instance() {
    let [one, other] = [(); 2].map(|()| InstanceKey::generate(INSTANCE).unwrap());
    assert_eq!(one.digest(b"secret"), one.digest(b"secret"));
    assert_ne!(one.digest(b"secret"), one.digest(b"secret\n"));
    assert_ne!(one.digest(b"secret"), other.digest(b"secret"));
}

#[test]
fn the_key_of_another_instance_is_refused() {
    let key = key();
    let sealed = InstanceKey::generate(INSTANCE).unwrap().seal(&*key).unwrap();
    assert!(matches!(sealed.open("other", &*key), Err(SealingError::Refused { .. })));
}

#[test]
fn a_flipped_bit_of_a_sealed_instance_key_is_refused() {
    let key = key();
    let stored = InstanceKey::generate(INSTANCE).unwrap().seal(&*key).unwrap().to_bytes();
    for_each_flipped_bit(&stored, |bit, flipped| {
        let opened = SealedInstanceKey::from_bytes(flipped).and_then(|sealed| sealed.open(INSTANCE, &*key));
        assert!(opened.is_err(), "bit {bit}");
    });
}

#[test]
fn debug_prints_the_instance_and_no_key() {
    let printed = format!("{:?}", InstanceKey::generate(INSTANCE).unwrap());
    assert_eq!(printed, format!("InstanceKey {{ instance: {INSTANCE:?}, .. }}"));
}
