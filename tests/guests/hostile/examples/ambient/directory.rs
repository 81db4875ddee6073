//! Lists the directory that the host works in.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"entries": std::fs::read_dir(".").map(Iterator::count).ok()}))
    }
}
