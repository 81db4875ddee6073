//! Reads a file of the host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"text": std::fs::read_to_string("/etc/passwd").ok()}))
    }
}
