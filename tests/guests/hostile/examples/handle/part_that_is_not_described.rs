//! Hands back a part that nobody knows of, which the host would store beside the others.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        Ok(mint()?.issued().part("LD_PRELOAD", "/tmp/evil.so"))
    }
}
