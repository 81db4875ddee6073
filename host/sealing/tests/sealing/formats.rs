//! What is stored is read strictly.

use keywright_sealing::{InstanceKey, KeyCheck, PassphraseParameters, Sealed, SealedInstanceKey, SealingError};

use crate::{HERE, INSTANCE, key, seal, sealer, some_parts};

type Read = fn(&[u8]) -> Result<Vec<u8>, SealingError>;

/// One record of each kind, and what reads it and writes it again.
fn records() -> [(&'static str, Vec<u8>, Read); 4] {
    let key = key();
    [
        ("sealed secret", seal(&sealer(), &HERE, &some_parts()).to_bytes(), |bytes| {
            Sealed::from_bytes(bytes).map(|record| record.to_bytes())
        }),
        ("instance key", InstanceKey::generate(INSTANCE).unwrap().seal(&*key).unwrap().to_bytes(), |bytes| {
            SealedInstanceKey::from_bytes(bytes).map(|record| record.to_bytes())
        }),
        ("key check", KeyCheck::new(INSTANCE, &*key).unwrap().to_bytes(), |bytes| {
            KeyCheck::from_bytes(bytes).map(|record| record.to_bytes())
        }),
        ("passphrase parameters", PassphraseParameters::generate().unwrap().to_bytes(), |bytes| {
            PassphraseParameters::from_bytes(bytes).map(|record| record.to_bytes())
        }),
    ]
}

#[test]
fn a_record_is_written_as_it_was_read() {
    for (name, bytes, read) in records() {
        assert_eq!(read(&bytes), Ok(bytes.clone()), "{name}");
    }
}

#[test]
fn a_record_that_is_cut_short_is_refused_wherever_it_is_cut() {
    for (name, bytes, read) in records() {
        for length in 0..bytes.len() {
            assert_eq!(
                read(&bytes[..length]),
                Err(SealingError::Damaged { record: name, damage: "it is cut short" }),
                "{name}, {length}"
            );
        }
    }
}

#[test]
fn nothing_follows_a_record() {
    for (name, mut bytes, read) in records() {
        bytes.push(0);
        assert_eq!(read(&bytes), Err(SealingError::Damaged { record: name, damage: "bytes follow its end" }));
    }
}

#[test]
fn a_record_of_one_kind_is_not_read_as_another() {
    let records = records();
    for (name, _, read) in &records {
        for (_, bytes, _) in records.iter().filter(|(other, ..)| other != name) {
            assert_eq!(read(bytes), Err(SealingError::Damaged { record: name, damage: "it is something else" }));
        }
    }
}

#[test]
fn a_record_of_a_newer_version_is_named_as_such() {
    for (name, mut bytes, read) in records() {
        bytes[3] = 2;
        assert_eq!(read(&bytes), Err(SealingError::NewerFormat { record: name, found: 2 }));
        bytes[3] = 0;
        assert_eq!(read(&bytes), Err(SealingError::Damaged { record: name, damage: "it is something else" }));
    }
}

#[test]
fn a_sealed_secret_of_another_suite_is_named_as_such() {
    let mut bytes = seal(&sealer(), &HERE, &some_parts()).to_bytes();
    bytes[4] = 2;
    let error = Sealed::from_bytes(&bytes).unwrap_err();
    assert_eq!(error, SealingError::NewerFormat { record: "sealed secret", found: 2 });
    assert_eq!(
        error.to_string(),
        "the sealed secret in the store has format 2, which this version of Keywright cannot read: install a newer one"
    );
}

/// Where things stand in a record with one part of a name of one letter.
mod offset {
    pub(super) const COUNT: usize = 3 + 1 + 1 + 16 + 2 + 72;
    pub(super) const NAME_LENGTH: usize = COUNT + 1;
    pub(super) const NAME: usize = NAME_LENGTH + 1;
    pub(super) const LENGTH: usize = NAME + 1 + 24;
}

#[test]
fn parts_that_nobody_writes_are_not_read() {
    let whole = seal(&sealer(), &HERE, &vec![("n".to_owned(), b"secret".to_vec())]).to_bytes();
    let damage = |bytes: &[u8]| match Sealed::from_bytes(bytes) {
        Err(SealingError::Damaged { damage, .. }) => damage,
        other => panic!("{other:?}"),
    };
    let part = &whole[offset::NAME_LENGTH..whole.len() - 32];
    let commitment = &whole[whole.len() - 32..];
    let unreadable = "its parts cannot be read";

    let none = [&whole[..offset::COUNT], &[0], commitment].concat();
    assert_eq!(damage(&none), unreadable);

    let twice = [&whole[..offset::COUNT], &[2], part, part, commitment].concat();
    assert_eq!(damage(&twice), unreadable);

    let mut not_utf8 = whole.clone();
    not_utf8[offset::NAME] = 0xff;
    assert_eq!(damage(&not_utf8), unreadable);

    let no_name = [&whole[..offset::NAME_LENGTH], &[0], &whole[offset::NAME + 1..]].concat();
    assert_eq!(damage(&no_name), unreadable);

    let without_tag = [&whole[..offset::LENGTH], &15_u32.to_le_bytes(), &[0; 15], commitment].concat();
    assert_eq!(damage(&without_tag), unreadable);

    // A length that is not there is not allocated either.
    let mut endless = whole;
    endless[offset::LENGTH..offset::LENGTH + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(damage(&endless), "it is cut short");
}
