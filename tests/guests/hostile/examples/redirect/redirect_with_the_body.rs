//! Follows a 307, which takes the body along, to another path of the same host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let answer = post("/keys/1/notes", "{}").answer()?;
        let (scheme, authority, target) = location(&answer)?;
        post(&target, "{}").over(scheme).to(&authority).tell()
    }
}
