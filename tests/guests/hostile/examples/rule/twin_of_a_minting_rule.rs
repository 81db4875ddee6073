//! Two rules for one request, of which one says nothing of a secret: by that one the answer could be read as it is, and
//! sent for again.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use Operation::{Check, Create, Get, List, Revoke, Update};
        Descriptor::new("twin", "A hostile adapter", "1.0.0")
            .endpoint("api", "https://vendor.test")
            .rule(Rule::post(&[Create], "api", "/{collection}").any_query())
            .attributes(r#"{"type": "object"}"#)
            .scheme(by_token())
            .part(Part::public("access_key", "access key").identifies())
            .part(Part::secret("secret_key", "secret key"))
            .rule(Rule::post(&[Create], "api", "/keys").any_query().mints("secret_key", "/secret_key"))
            .rule(Rule::get(&[Check, Get, List], "api", "/keys/{id}").any_query())
            .rule(Rule::delete(&[Update, Revoke], "api", "/keys/{id}").any_query())
    }

    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let _second = post("/keys", "{}").send();
        let seen = veiled(&key.answer);
        Ok(key.issued_with(json!({"veiled": seen})))
    }
}
