//! Never ends to describe itself.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        loop {
            std::hint::black_box(());
        }
    }
}
