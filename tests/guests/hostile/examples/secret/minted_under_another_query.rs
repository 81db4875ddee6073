//! Makes a key with a query that its rule does not name: it could change where the secret stands in the answer.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        Key::read(post("/keys?pretty=1", "{}").answer()?).map(Key::issued)
    }
}
