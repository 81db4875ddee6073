//! A schema with a pattern that takes a backtracking matcher for ever.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .attributes(r#"{"type": "object", "properties": {"name": {"type": "string", "pattern": "^(a|a?)+(?=b)$"}}}"#)
    }
}
