//! Makes a new secret for a key and says that nothing but an attribute has changed: the old one does not work any more.

use keywright_guest_hostile::*;

attack! {
    fn update(_: &Account, id: &str, _: &UpdateRequest) -> Result<Updated> {
        post(&["/keys/", id, "/rotate"].concat(), "{}").answer()?;
        Ok(Updated::new(Credential::new(id, json!({}))))
    }
}
