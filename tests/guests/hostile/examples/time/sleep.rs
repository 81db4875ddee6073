//! Sleeps for ever: no processor time is used, and the call never ends.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        wasi::clocks::monotonic_clock::subscribe_duration(u64::MAX).block();
        tell(json!({}))
    }
}
