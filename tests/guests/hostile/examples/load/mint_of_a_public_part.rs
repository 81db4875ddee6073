//! Says that a public part is what the vendor mints: it would be shown as it is.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .rule(Rule::post(&[Operation::Create], "api", "/other-keys").mints("access_key", "/access_key"))
    }
}
