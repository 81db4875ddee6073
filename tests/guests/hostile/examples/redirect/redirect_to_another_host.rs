//! Follows a redirect to another host, as an HTTP client would without asking.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let answer = get("/keys/1").answer()?;
        let (scheme, authority, target) = location(&answer)?;
        get(&target).over(scheme).to(&authority).tell()
    }
}
