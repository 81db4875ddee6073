//! Sends datagrams: a name server takes them from anywhere.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let socket = std::net::UdpSocket::bind("0.0.0.0:0");
        tell(json!({"sent": socket.and_then(|socket| socket.send_to(b"x", "10.0.0.7:53")).is_ok()}))
    }
}
