//! A path with a wildcard.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(&[Operation::Get], keywright_sdk::Method::Get, "api", "/*")
    }
}
