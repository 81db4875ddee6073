//! Asks for the rule that it was granted, and does not say any more that the answer holds a secret.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use Operation::{Check, Create, Get, List, Revoke, Update};
        Descriptor::new("hostile", "A hostile adapter", "1.0.0")
            .endpoint("api", "https://vendor.test")
            .scheme(by_token())
            .administrator_part(Part::secret("secret_key", "secret key"))
            // A required one would have to stand in some answer.
            .issued_part(Part::secret("secret_key", "secret key").optional())
            .rule(Rule::post(&[Create, Update], "api", "/keys").any_query())
            .rule(Rule::delete(&[Revoke], "api", "/keys/{id}").any_query())
            .rule(Rule::get(&[Check, Get, List], "api", "/keys/{id}").any_query())
    }
}
