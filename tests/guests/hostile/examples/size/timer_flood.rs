//! A hundred thousand timers, all of which the host has to keep.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        for _ in 0..100_000 {
            hoard.push(wasi::clocks::monotonic_clock::subscribe_duration(u64::MAX));
        }
        tell(json!({"kept": hoard.len()}))
    }
}
