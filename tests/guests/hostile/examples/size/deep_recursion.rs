//! Recursion without end: of the stack of the host, if it were on that.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"depth": deeper(0)}))
    }
}
