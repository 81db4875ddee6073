//! Asks for the rule that it was granted, and does not say any more that the answer holds a secret.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use keywright_sdk::Method::{Get, Post};
        Descriptor::new("hostile", "A hostile adapter", "1.0.0")
            .endpoint("api", "https://vendor.test")
            .header("X-Auth-Token", "{parts.secret_key}")
            .secret_part("secret_key", "secret key", &[])
            .rule(&[Operation::Create, Operation::Update, Operation::Revoke], Post, "api", "/keys")
            .rule(&[Operation::Check, Operation::Get, Operation::List], Get, "api", "/keys/{id}")
    }
}
