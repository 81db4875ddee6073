//! Has a credential made in an operation that makes none and could not hand it over, through a broader rule.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(Rule::post(&[Operation::Check], "api", "/{collection}").any_query())
    }

    fn check(_: &Account) -> Result<Principal> {
        let key = mint()?;
        tell(json!({"veiled": veiled(&key.answer)}))
    }
}
