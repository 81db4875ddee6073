//! A schema that refers to a file of the host.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").attributes(r#"{"$ref": "file:///etc/passwd"}"#)
    }
}
