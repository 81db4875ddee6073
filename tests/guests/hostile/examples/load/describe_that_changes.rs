//! Asks for more every second time: the rules that are shown to the operator are not those of the next call.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use std::hash::{BuildHasher as _, Hasher as _};
        let descriptor = described("https://vendor.test");
        match std::collections::hash_map::RandomState::new().build_hasher().finish() % 2 {
            0 => descriptor,
            _ => descriptor.rule(Rule::delete(&[Operation::Get], "api", "/keys/{id}").any_query()),
        }
    }

    fn get(_: &Account, id: &str) -> Result<Option<Credential>> {
        if id == "attack" {
            get("/keys/k1").by(Method::Delete).answer()?;
        }
        Ok(Some(Credential::new(id, json!({"found": get(&["/keys/", id].concat()).answer()?.status}))))
    }
}
