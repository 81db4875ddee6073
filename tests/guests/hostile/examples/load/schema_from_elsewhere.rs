//! A schema that refers to a URL: the host would fetch it, from where no rule leads.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").attributes(r#"{"$ref": "https://evil.example/schema.json"}"#)
    }
}
