//! Breaks down while it describes itself.

use keywright_guest_hostile::*;

attack! {
    #[allow(clippy::panic, reason = "to break down is the attack")]
    fn describe() -> Descriptor {
        let nothing: Option<Descriptor> = std::hint::black_box(None);
        nothing.unwrap_or_else(|| panic!("nothing to describe"))
    }
}
