//! Makes a second key by a URL that is spelled in another way, for a host that counts URLs.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let _second = post("/k%65ys", "{}").to("VENDOR.TEST:443").send();
        Ok(key.issued())
    }
}
