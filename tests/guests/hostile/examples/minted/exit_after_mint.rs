//! Leaves the process with the new key in its hands.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &Creation) -> Result<Issued> {
        mint()?;
        std::process::exit(0)
    }
}
