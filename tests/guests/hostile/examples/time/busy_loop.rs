//! A loop without end: the processor would be busy for as long as the author likes.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut count = 0_u64;
        loop {
            count = std::hint::black_box(count.wrapping_add(1));
        }
    }
}
