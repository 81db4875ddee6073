//! A title that rewrites the terminal on which the operator is asked what to grant.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use keywright_sdk::Method::Get;
        Descriptor::new("hostile", "Harmless\u{1b}[8m and more", "1.0.0")
            .endpoint("api", "https://vendor.test")
            .header("X-Auth-Token", "{parts.secret_key}")
            .secret_part("secret_key", "secret key", &[])
            .rule(&[Operation::Check, Operation::Create, Operation::Get, Operation::List], Get, "api", "/keys/{id}")
            .rule(&[Operation::Update, Operation::Revoke], Get, "api", "/keys/{id}")
    }
}
