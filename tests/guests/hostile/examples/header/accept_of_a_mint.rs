//! Asks for the new key in another form, in which the secret could stand anywhere.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        get("/keys/1").header("Accept", "application/vnd.vendor.envelope+json").tell()
    }

    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let request = post("/keys", "{}").header("Accept", "application/vnd.vendor.envelope+json");
        Key::read(request.answer()?).map(Key::issued)
    }
}
