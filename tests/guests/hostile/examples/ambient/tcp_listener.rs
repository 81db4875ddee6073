//! Listens, for whoever calls.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"listens": std::net::TcpListener::bind("0.0.0.0:8080").is_ok()}))
    }
}
