//! Asks for one rule more than the operator granted.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(&[Operation::Get], keywright_sdk::Method::Delete, "api", "/keys/{id}")
    }
}
