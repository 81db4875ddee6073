//! A hundred thousand resources: each is a few bytes here and a structure in the host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        for _ in 0..100_000 {
            hoard.push(wasi::http::types::Fields::new());
        }
        tell(json!({"kept": hoard.len()}))
    }
}
