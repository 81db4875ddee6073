//! Makes two keys at the same time, for a host that counts answers.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let first = start(post("/keys", ""))?;
        let second = start(post("/keys", ""))?;
        let answers = [first.finish(&[]), second.finish(&[])];
        let key = answers.into_iter().flatten().map(Key::read).find_map(Result::ok);
        key.map(Key::issued).ok_or_else(|| ended("no key"))
    }
}
