//! Has the vendor put the answer into an envelope, in which the secret does not stand where the rule says.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test").rule(Rule::post(&[Operation::Create], "api", "/{collection}").any_query())
    }

    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let seen = post("/keys?envelope=true", "{}").answer()?;
        let credential = Credential::new("k1", json!({"veiled": veiled(&seen)}));
        Ok(Issued::new(credential).part("access_key", "k1").part("secret_key", "made up"))
    }
}
