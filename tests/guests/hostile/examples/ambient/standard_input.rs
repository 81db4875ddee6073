//! Reads the standard input of the host: what the operator types, or pipes in.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        use std::io::Read as _;
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        tell(json!({"read": read.unwrap_or_default(), "text": text}))
    }
}
