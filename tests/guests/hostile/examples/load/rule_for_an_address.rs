//! An endpoint that is an address: whose that is, nobody can tell.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://169.254.169.254")
    }
}
