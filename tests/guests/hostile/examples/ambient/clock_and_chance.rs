//! All that it may have of its surroundings: the time and random numbers. It gains that, and no more.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        use std::hash::{BuildHasher as _, Hasher as _};
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let random = || std::collections::hash_map::RandomState::new().build_hasher().finish();
        tell(json!({"now": now.as_secs(), "random": random() != 0}))
    }
}
