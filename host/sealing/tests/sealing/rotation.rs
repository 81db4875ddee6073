//! Another key encryption key takes over.

use keywright_sealing::{Context, KeyEncryptionKey as _, Sealer, SealingError};
use proptest::prelude::*;

use crate::{HERE, INSTANCE, exposed, key, seal, some_parts};

proptest! {
    #[test]
    fn the_secrets_stay_and_the_old_key_opens_them_no_more(
        secret in prop::collection::vec(any::<u8>(), 0..200),
        credential in "\\PC*",
        generation in any::<u64>(),
    ) {
        let (old, new) = (key(), key());
        let context = Context { credential: &credential, generation };
        let parts = vec![("secret".to_owned(), secret)];
        let (under_old, under_new) = (Sealer::new(INSTANCE, old.clone()), Sealer::new(INSTANCE, new.clone()));
        let before = seal(&under_old, &context, &parts);

        let after = under_old.rewrap(&context, &before, &*new).unwrap();
        prop_assert_eq!(after.key_id(), new.id());
        prop_assert_eq!(exposed(under_new.open(&context, &after).unwrap()), parts);
        let refused = SealingError::WrongKey { record: "sealed secret", expected: new.id() };
        prop_assert_eq!(under_old.open(&context, &after).unwrap_err(), refused);
    }
}

#[test]
fn only_the_data_key_is_wrapped_anew() {
    let (old, new) = (key(), key());
    let sealer = Sealer::new(INSTANCE, old);
    let before = seal(&sealer, &HERE, &some_parts());
    let after = sealer.rewrap(&HERE, &before, &*new).unwrap();
    // From the number of parts to the commitment.
    let parts = |bytes: Vec<u8>| bytes[3 + 1 + 1 + 16 + 2 + 72..bytes.len() - 32].to_vec();
    assert_eq!(parts(before.to_bytes()), parts(after.to_bytes()));
}

#[test]
fn a_rotation_that_was_interrupted_starts_over() {
    let (old, new) = (key(), key());
    let sealer = Sealer::new(INSTANCE, old);
    let once = sealer.rewrap(&HERE, &seal(&sealer, &HERE, &some_parts()), &*new).unwrap();
    assert_eq!(sealer.rewrap(&HERE, &once, &*new).unwrap(), once);
}

#[test]
fn what_was_altered_or_moved_is_not_carried_over() {
    let (old, new) = (key(), key());
    let sealer = Sealer::new(INSTANCE, old);
    let elsewhere = Context { generation: 4, ..HERE };
    let before = seal(&sealer, &HERE, &some_parts());
    let after = sealer.rewrap(&HERE, &before, &*new).unwrap();
    for sealed in [before, after] {
        assert!(matches!(sealer.rewrap(&elsewhere, &sealed, &*new), Err(SealingError::Refused { .. })));
    }
}
