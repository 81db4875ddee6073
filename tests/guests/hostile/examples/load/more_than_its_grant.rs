//! Asks for one rule more than the operator granted.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(Rule::delete(&[Operation::Get], "api", "/keys/{id}").any_query())
    }
}
