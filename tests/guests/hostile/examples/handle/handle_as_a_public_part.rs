//! Hands back the handle as a public part, which is stored and shown as it is.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let handle = key.handle.clone();
        let issued = Issued::new(Credential::new("k1", json!({}))).part("access_key", handle.clone());
        Ok(issued.part("secret_key", handle))
    }
}
