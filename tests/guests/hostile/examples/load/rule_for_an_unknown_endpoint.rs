//! A rule for an endpoint that is not described.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(Rule::get(&[Operation::Get], "elsewhere", "/keys"))
    }
}
