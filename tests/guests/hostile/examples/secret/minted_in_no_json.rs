//! The vendor tells the new secret in an answer that is no JSON, where no pointer finds it.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let answer = post("/keys", "{}").answer()?;
        Err(ended(veiled(&answer)))
    }
}
