//! Says that the secret is the whole answer, of which nothing would be left to find a key by, or nothing be taken out.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .rule(Rule::post(&[Operation::Create], "api", "/other-keys").mints("secret_key", ""))
    }
}
