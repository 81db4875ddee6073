//! Two megabytes of JSON that are a million values: each is two bytes here and thirty in the host.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        tell(json!({"values": vec![0; 1_000_000]}))
    }
}
