//! Sets of headers that are never sent, each as large as one may be.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        loop {
            let headers = wasi::http::types::Fields::new();
            while headers.append("x-note", &[b'x'; 1000]).is_ok() {}
            hoard.push(headers);
        }
    }
}
