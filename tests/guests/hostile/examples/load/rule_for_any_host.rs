//! An endpoint that is any host that a setting names whole.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://{settings.host}").settings(r#"{"type": "object"}"#)
    }
}
