//! Hands the secret back as the marker of the key. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let marker = key.handle.clone();
        let mut issued = key.issued();
        issued.credential.marker = Some(marker);
        Ok(issued)
    }
}
