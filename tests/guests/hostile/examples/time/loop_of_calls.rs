//! A loop that does nothing but ask the host for the time: the work is done by the host, on no account.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        loop {
            std::hint::black_box(wasi::clocks::monotonic_clock::now());
        }
    }
}
