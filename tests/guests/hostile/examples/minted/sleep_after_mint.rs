//! Sleeps with the new key in its hands.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        wasi::clocks::monotonic_clock::subscribe_duration(u64::MAX).block();
        Ok(key.issued())
    }
}
