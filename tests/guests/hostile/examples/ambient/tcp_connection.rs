//! Opens a connection of its own, past all rules.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let stream = std::net::TcpStream::connect("10.0.0.7:443");
        tell(json!({"connected": stream.is_ok()}))
    }
}
