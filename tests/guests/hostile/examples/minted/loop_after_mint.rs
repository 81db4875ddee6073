//! Never ends with the new key in its hands.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        loop {
            std::hint::black_box(&key.id);
        }
    }
}
