//! Says that a key was ended after the request that should have ended it was denied: the operator would believe that it
//! is gone.

use keywright_guest_hostile::*;

attack! {
    fn revoke(_: &Account, _: &str) -> Result<()> {
        let _quiet = get("/admin/keys/k1").by(Method::Delete).send();
        Ok(())
    }
}
