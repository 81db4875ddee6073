//! Sets of headers that are never sent, each as large as one may be.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        loop {
            let headers = wasi::http::types::Fields::new();
            for _ in 0..25 {
            headers.append("x-note", &[b'x'; 1000]).map_err(|error| ended(format!("{error:?}")))?;
        }
            hoard.push(headers);
        }
    }
}
