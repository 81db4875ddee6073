//! Asks for more from the year 2026 on: an operator who looks at it before that consents to something else than what runs.

use keywright_guest_hostile::*;

fn year() -> u64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    1970 + since.as_secs() / 31_556_952
}

attack! {
    fn describe() -> Descriptor {
        let descriptor = described("https://vendor.test");
        match (2026..2050).contains(&year()) {
            false => descriptor,
            true => descriptor.rule(Rule::delete(&[Operation::Get], "api", "/keys/{id}").any_query()),
        }
    }

    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"year": year()}))
    }
}
