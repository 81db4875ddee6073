//! A request that the rules allow to another operation: `create` would end the keys of others.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        get("/keys/k1").by(Method::Delete).answer()?;
        mint().map(Key::issued)
    }
}
