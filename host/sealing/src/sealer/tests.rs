//! Each layer on its own: here the commitment is made anew over what was altered, which takes the key, so that what refuses
//! is the encryption.

use super::*;
use crate::SealingKey;

const INSTANCE: &str = "instance";
const HERE: Context<'static> = Context { credential: "ci", generation: 3 };

fn sealer() -> Sealer {
    Sealer::new(INSTANCE, Arc::new(SealingKey::generate().unwrap()))
}

fn sealed(sealer: &Sealer, context: &Context<'_>) -> Sealed {
    sealer.seal(context, &[("id", b"one"), ("secret", b"two")]).unwrap()
}

/// Commits to what an attacker made of a record.
fn recommit(sealer: &Sealer, context: &Context<'_>, mut sealed: Sealed) -> Sealed {
    sealed.commitment = sealer.key.commit(&sealer.header(context, &sealed)).unwrap();
    sealed
}

fn assert_refused(sealer: &Sealer, context: &Context<'_>, sealed: Sealed) {
    let sealed = recommit(sealer, context, sealed);
    assert_eq!(sealer.open(context, &sealed).unwrap_err(), refused(context));
}

#[test]
fn a_part_does_not_open_under_another_name() {
    let sealer = sealer();
    let mut swapped = sealed(&sealer, &HERE);
    let (first, second) = swapped.parts.split_at_mut(1);
    std::mem::swap(&mut first[0].name, &mut second[0].name);
    assert_refused(&sealer, &HERE, swapped);
}

#[test]
fn a_part_does_not_open_in_another_record_of_the_same_place() {
    let sealer = sealer();
    let (mut one, other) = (sealed(&sealer, &HERE), sealed(&sealer, &HERE));
    one.parts[0] = other.parts[0].clone();
    assert_refused(&sealer, &HERE, one);
}

#[test]
fn a_record_does_not_open_at_another_place() {
    let sealer = sealer();
    let elsewhere = [
        Context { credential: "cd", ..HERE },
        Context { generation: 4, ..HERE },
        Context { credential: "", generation: 0 },
    ];
    for context in elsewhere {
        assert_refused(&sealer, &context, sealed(&sealer, &HERE));
    }
    let other = Sealer::new("other", sealer.key.clone());
    assert_refused(&other, &HERE, sealed(&sealer, &HERE));
}

#[test]
fn a_part_does_not_open_at_another_place_even_with_its_data_key() {
    let sealer = sealer();
    let there = Context { generation: 4, ..HERE };
    let mut moved = sealed(&sealer, &HERE);
    let data_key = sealer.data_key(&HERE, &moved).unwrap();
    moved.wrapped_key = sealer.key.wrap_key(&data_key, &sealer.wrap_aad(&there, sealer.key.id())).unwrap();
    assert_refused(&sealer, &there, moved);
}

#[test]
fn a_data_key_does_not_unwrap_for_another_record() {
    let sealer = sealer();
    let (mut one, other) = (sealed(&sealer, &HERE), sealed(&sealer, &HERE));
    one.wrapped_key = other.wrapped_key;
    assert_refused(&sealer, &HERE, one);
}

#[test]
fn without_the_key_nothing_can_be_left_out_added_or_put_in_another_order() {
    let sealer = sealer();
    let whole = sealed(&sealer, &HERE);
    let (mut shorter, mut longer, mut reversed) = (whole.clone(), whole.clone(), whole.clone());
    shorter.parts.pop();
    longer.parts.push(SealedPart { name: "third".to_owned(), ..whole.parts[0].clone() });
    reversed.parts.reverse();
    for altered in [shorter, longer, reversed] {
        assert_eq!(sealer.open(&HERE, &altered).unwrap_err(), refused(&HERE));
    }
    assert_eq!(sealer.open(&HERE, &whole).unwrap().len(), 2);
}

#[test]
fn a_holder_that_wraps_to_more_than_a_record_can_say_is_refused() {
    struct Verbose(SealingKey);

    impl KeyEncryptionKey for Verbose {
        fn id(&self) -> KeyId {
            self.0.id()
        }
        fn wrap_key(&self, _: &Key, _: &[u8]) -> Result<Vec<u8>, SealingError> {
            Ok(vec![0; 1 << 16])
        }
        fn unwrap_key(&self, _: &[u8], _: &[u8]) -> Result<Option<Key>, SealingError> {
            Ok(None)
        }
        fn commit(&self, header: &[u8]) -> Result<[u8; 32], SealingError> {
            self.0.commit(header)
        }
    }

    let verbose = Arc::new(Verbose(SealingKey::generate().unwrap()));
    let refused = |result| matches!(result, Err(SealingError::KeyUnavailable { .. }));
    assert!(refused(Sealer::new(INSTANCE, verbose.clone()).seal(&HERE, &[("id", b"one")])));
    let sealer = sealer();
    assert!(refused(sealer.rewrap(&HERE, &sealed(&sealer, &HERE), &*verbose)));
}
