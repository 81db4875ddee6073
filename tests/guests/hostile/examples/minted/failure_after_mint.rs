//! Says that nothing was done after a key was made: the operator would make another, and another.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        mint()?;
        Err(Failure::new(Reason::Forbidden, "the credential may not do this, and nothing was done"))
    }
}
