//! Sends the request that ends a key, does not wait for its answer, and says that the key is gone.

use keywright_guest_hostile::*;

attack! {
    fn revoke(_: &Account, _: &str) -> Result<()> {
        let under_way = start(get("/keys/k1").by(Method::Delete))?.go().map_err(ended)?;
        wasi::clocks::monotonic_clock::subscribe_duration(500_000_000).block();
        std::mem::forget(under_way);
        Ok(())
    }
}
