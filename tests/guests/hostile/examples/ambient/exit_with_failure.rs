//! Leaves the process with a failure: a host of many accounts would be gone.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        std::process::exit(1)
    }
}
