//! An endpoint without TLS.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("http://vendor.test")
    }
}
