//! A `DELETE` while it is asked to show: reading would end a key.

use keywright_guest_hostile::*;

attack! {
    fn get(_: &Account, id: &str) -> Result<Option<Credential>> {
        if id == "attack" {
            get("/keys/k1").by(Method::Delete).answer()?;
        }
        Ok(Some(Credential::new(id, json!({"found": get(&["/keys/", id].concat()).answer()?.status}))))
    }
}
