//! Reads the environment of the host: tokens, names, paths.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"variables": std::env::vars().count(), "path": std::env::var("PATH").ok()}))
    }
}
