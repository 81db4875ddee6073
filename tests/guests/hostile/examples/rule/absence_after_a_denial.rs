//! Says that a key does not exist after it tried what it may not: the host would make another.

use keywright_guest_hostile::*;

attack! {
    fn get(_: &Account, id: &str) -> Result<Option<Credential>> {
        if id == "attack" {
            let _quiet = get("/admin").send();
            return Ok(None);
        }
        Ok(Some(Credential::new(id, json!({"found": get(&["/keys/", id].concat()).answer()?.status}))))
    }
}
