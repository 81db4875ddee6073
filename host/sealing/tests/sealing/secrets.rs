//! Sealing and opening.

use std::collections::HashSet;

use keywright_sealing::{
    Context, Key, KeyEncryptionKey, KeyId, MAX_NAME, MAX_PARTS, MAX_SECRET, PartsProblem, Sealed, Sealer, SealingError,
    SealingKey,
};
use proptest::prelude::*;

use crate::{HERE, INSTANCE, Parts, exposed, for_each_flipped_bit, key, seal, sealer, some_parts};

fn parts() -> impl Strategy<Value = Parts> {
    let secret = prop::collection::vec(any::<u8>(), 0..200);
    prop::collection::hash_map("\\PC{1,40}", secret, 1..6).prop_map(|parts| parts.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_sealed_and_stored_opens(
        instance in "\\PC*",
        credential in "\\PC*",
        generation in any::<u64>(),
        parts in parts(),
    ) {
        let sealer = Sealer::new(instance, key());
        let context = Context { credential: &credential, generation };
        let stored = seal(&sealer, &context, &parts).to_bytes();
        let sealed = Sealed::from_bytes(&stored).unwrap();
        prop_assert_eq!(sealed.to_bytes(), stored);
        prop_assert_eq!(exposed(sealer.open(&context, &sealed).unwrap()), parts);
    }

    #[test]
    fn a_changed_byte_is_refused(parts in parts(), at in any::<prop::sample::Index>(), change in 1..=u8::MAX) {
        let sealer = sealer();
        let mut stored = seal(&sealer, &HERE, &parts).to_bytes();
        let at = at.index(stored.len());
        stored[at] ^= change;
        let opened = Sealed::from_bytes(&stored).and_then(|sealed| sealer.open(&HERE, &sealed));
        prop_assert!(opened.is_err(), "byte {at} of {}", stored.len());
    }

    #[test]
    fn what_is_sealed_for_one_place_opens_in_no_other(
        parts in parts(),
        one in ("\\PC{0,20}", "\\PC{0,20}", any::<u64>()),
        other in ("\\PC{0,20}", "\\PC{0,20}", any::<u64>()),
        same in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let other = (
            if same.0 { one.0.clone() } else { other.0 },
            if same.1 { one.1.clone() } else { other.1 },
            if same.2 { one.2 } else { other.2 },
        );
        prop_assume!(one != other);
        let key = key();
        let sealed = seal(
            &Sealer::new(one.0, key.clone()),
            &Context { credential: &one.1, generation: one.2 },
            &parts,
        );
        let there = Context { credential: &other.1, generation: other.2 };
        let refused = Sealer::new(other.0, key).open(&there, &sealed).unwrap_err();
        prop_assert!(matches!(refused, SealingError::Refused { .. }), "{refused:?}");
    }

    #[test]
    fn no_secret_stands_in_what_is_stored(secret in prop::collection::vec(any::<u8>(), 8..100)) {
        let stored = seal(&sealer(), &HERE, &vec![("secret".to_owned(), secret.clone())]).to_bytes();
        prop_assert!(!stored.windows(secret.len()).any(|window| window == secret));
    }

    #[test]
    fn another_key_is_refused_as_such(parts in parts()) {
        let (right, wrong) = (sealer(), sealer());
        let sealed = seal(&right, &HERE, &parts);
        let expected = SealingError::WrongKey { record: "sealed secret", expected: right.key().id() };
        prop_assert_eq!(wrong.open(&HERE, &sealed).unwrap_err(), expected.clone());
        prop_assert_eq!(wrong.rewrap(&HERE, &sealed, &*key()).unwrap_err(), expected);
    }
}

#[test]
fn a_flipped_bit_anywhere_is_refused() {
    let sealer = sealer();
    let stored = seal(&sealer, &HERE, &some_parts()).to_bytes();
    for_each_flipped_bit(&stored, |bit, flipped| {
        let opened = Sealed::from_bytes(flipped).and_then(|sealed| sealer.open(&HERE, &sealed));
        assert!(opened.is_err(), "bit {bit}");
    });
    assert_eq!(exposed(sealer.open(&HERE, &Sealed::from_bytes(&stored).unwrap()).unwrap()), some_parts());
}

#[test]
fn two_seals_of_one_secret_have_nothing_in_common_but_what_is_public() {
    let sealer = sealer();
    let parts = vec![("secret".to_owned(), vec![0; 64])];
    let [one, other] = [seal(&sealer, &HERE, &parts).to_bytes(), seal(&sealer, &HERE, &parts).to_bytes()];
    // Format, suite, key id, a length and the name, at most 23 bytes in one run.
    let windows: HashSet<_> = one.windows(24).collect();
    assert!(other.windows(24).all(|window| !windows.contains(window)));
}

#[test]
fn a_key_that_goes_by_the_id_of_another_is_refused() {
    struct Impostor(KeyId, SealingKey);

    impl KeyEncryptionKey for Impostor {
        fn id(&self) -> KeyId {
            self.0
        }
        fn wrap_key(&self, key: &Key, aad: &[u8]) -> Result<Vec<u8>, SealingError> {
            self.1.wrap_key(key, aad)
        }
        fn unwrap_key(&self, wrapped: &[u8], aad: &[u8]) -> Result<Option<Key>, SealingError> {
            self.1.unwrap_key(wrapped, aad)
        }
        fn commit(&self, header: &[u8]) -> Result<[u8; 32], SealingError> {
            self.1.commit(header)
        }
    }

    let sealer = sealer();
    let sealed = seal(&sealer, &HERE, &some_parts());
    let impostor = std::sync::Arc::new(Impostor(sealer.key().id(), SealingKey::generate().unwrap()));
    let refused = Sealer::new(INSTANCE, impostor).open(&HERE, &sealed).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the sealed secret of credential `ci-deploy`, generation 3 was altered, or belongs elsewhere: restore the store \
         from a backup"
    );
}

#[test]
fn parts_keep_their_order_and_names_show_without_the_key() {
    let sealed = seal(&sealer(), &HERE, &some_parts());
    assert_eq!(sealed.part_names().collect::<Vec<_>>(), ["access_key", "note", "secret_key"]);
    assert_eq!(sealed.suite(), 1);
}

#[test]
fn a_part_is_text_when_it_is_utf_8() {
    let sealer = sealer();
    let parts = vec![("text".to_owned(), "schlüssel".into()), ("binary".to_owned(), vec![0xff])];
    let opened = sealer.open(&HERE, &seal(&sealer, &HERE, &parts)).unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&opened[0].text().unwrap()), "schlüssel");
    assert!(opened[1].text().is_none());
}

#[test]
fn parts_that_cannot_be_written_are_refused() {
    let sealer = sealer();
    let problem = |parts: &[(&str, &[u8])]| match sealer.seal(&HERE, parts) {
        Err(SealingError::Parts(problem)) => Some(problem),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    };
    let names: Vec<_> = (0..=MAX_PARTS).map(|at| at.to_string()).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let long_name = "n".repeat(MAX_NAME + 1);
    let long = vec![0; MAX_SECRET + 1];

    assert_eq!(problem(&[]), Some(PartsProblem::None));
    assert_eq!(problem(&many), Some(PartsProblem::TooMany(MAX_PARTS + 1)));
    assert_eq!(problem(&many[1..]), None);
    assert_eq!(problem(&[("", b"v")]), Some(PartsProblem::Name(0)));
    assert_eq!(problem(&[(&long_name, b"v")]), Some(PartsProblem::Name(MAX_NAME + 1)));
    assert_eq!(problem(&[(&long_name[1..], b"v")]), None);
    assert_eq!(problem(&[("a", b"1"), ("b", b"2"), ("a", b"3")]), Some(PartsProblem::Duplicate("a".to_owned())));
    let too_long = PartsProblem::TooLong { name: "a".to_owned(), length: MAX_SECRET + 1 };
    assert_eq!(problem(&[("a", &long)]), Some(too_long));
    assert_eq!(problem(&[("a", &long[1..])]), None);
}

#[test]
fn debug_prints_no_secret() {
    let sealer = sealer();
    let sealed = seal(&sealer, &HERE, &some_parts());
    let opened = sealer.open(&HERE, &sealed).unwrap();
    let printed = format!("{sealer:?} {sealed:?} {opened:?}");
    for secret in ["AKEXAMPLE", "11111111", &format!("{:?}", b"AKEXAMPLE")] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("secret_key"), "{printed}");
}
