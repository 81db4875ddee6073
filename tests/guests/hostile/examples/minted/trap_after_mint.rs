//! Breaks down with the new key in its hands: the key exists, and its secret would be lost.

use keywright_guest_hostile::*;

attack! {
    #[allow(clippy::panic, reason = "to break down is the attack")]
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        panic!("{}", key.id)
    }
}
