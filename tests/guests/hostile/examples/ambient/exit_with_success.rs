//! Leaves the process with success: the command of the operator would end as if all were well.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        std::process::exit(0)
    }
}
