//! Breaks down while it describes itself.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        let nothing: Option<Descriptor> = std::hint::black_box(None);
        nothing.unwrap_or_else(|| panic!("nothing to describe"))
    }
}
