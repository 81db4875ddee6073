//! Twenty requests at the same time: many accounts would be thousands, at one vendor.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut under_way = Vec::new();
        for _ in 0..20 {
            under_way.push(start(get("/keys/1"))?);
        }
        let answers: Vec<_> = under_way.into_iter().map(|pending| pending.finish(&[]).is_ok()).collect();
        tell(json!({"answers": answers}))
    }
}
