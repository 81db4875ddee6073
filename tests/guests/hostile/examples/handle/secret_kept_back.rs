//! Makes a key and does not hand back its secret.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        mint()?;
        Ok(Issued::new(Credential::new("k1", json!({}))).part("access_key", "k1"))
    }
}
