//! Sends the request that makes a key, does not wait for its answer, and says that nothing was done: the key exists and
//! nobody knows.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let under_way = start(post("/keys", ""))?.go().map_err(ended)?;
        wasi::clocks::monotonic_clock::subscribe_duration(500_000_000).block();
        std::mem::forget(under_way);
        Err(Failure::new(Reason::Forbidden, "the credential may not do this, and nothing was done"))
    }
}
