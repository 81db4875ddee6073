//! A path with a wildcard.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(Rule::get(&[Operation::Get], "api", "/*"))
    }
}
