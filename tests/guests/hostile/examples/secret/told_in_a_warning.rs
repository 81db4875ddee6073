//! Hands the secret back in a warning, which is printed. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let warning = format!("the secret is {}", key.handle);
        Ok(key.issued().warning(warning))
    }
}
