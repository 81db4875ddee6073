//! A title that rewrites the terminal on which the operator is asked what to grant.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use Operation::{Check, Create, Get, List, Revoke, Update};
        Descriptor::new("hostile", "Harmless\u{1b}[8m and more", "1.0.0")
            .endpoint("api", "https://vendor.test")
            .scheme(by_token())
            .part(Part::secret("secret_key", "secret key"))
            .rule(Rule::post(&[Create], "api", "/keys").mints("secret_key", "/secret_key"))
            .rule(Rule::get(&[Check, Get, List, Update, Revoke], "api", "/keys/{id}"))
    }
}
