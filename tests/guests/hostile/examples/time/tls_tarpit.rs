//! A server that takes the connection and never shakes hands: a handshake without a limit holds the call for ever.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").tell()
    }
}
