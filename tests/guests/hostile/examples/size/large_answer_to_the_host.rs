//! An answer of eight megabytes to the host itself.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"text": "x".repeat(8 << 20)}))
    }
}
