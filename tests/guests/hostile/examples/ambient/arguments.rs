//! Reads the arguments of the host, where some give secrets.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"arguments": std::env::args().count()}))
    }
}
