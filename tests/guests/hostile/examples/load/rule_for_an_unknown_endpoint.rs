//! A rule for an endpoint that is not described.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(&[Operation::Get], keywright_sdk::Method::Get, "elsewhere", "/keys")
    }
}
