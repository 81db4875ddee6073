//! Leaves the process with the new key in its hands.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        mint()?;
        std::process::exit(0)
    }
}
