//! Two rules for one request, of which one says nothing of a secret: by that one the answer could be read as it is, and
//! sent for again.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        use keywright_sdk::Method::Post;
        let descriptor = Descriptor::new("twin", "A hostile adapter", "1.0.0").endpoint("api", "https://vendor.test");
        let descriptor = descriptor.rule(&[Operation::Create], Post, "api", "/{collection}");
        descriptor
            .attributes(r#"{"type": "object"}"#)
            .header("X-Auth-Token", "{parts.secret_key}")
            .id_part("access_key", "access key", &[])
            .secret_part("secret_key", "secret key", &[])
            .rule(&[Operation::Create], Post, "api", "/keys")
            .minting("secret_key", "/secret_key")
            .rule(&[Operation::Check, Operation::Get, Operation::List], keywright_sdk::Method::Get, "api", "/keys/{id}")
            .rule(&[Operation::Update, Operation::Revoke], keywright_sdk::Method::Delete, "api", "/keys/{id}")
    }

    fn create(_: &Account, _: &Creation) -> Result<Issued> {
        let key = mint()?;
        let _second = post("/keys", "{}").send();
        let seen = veiled(&key.answer);
        Ok(key.issued_with(json!({"veiled": seen})))
    }
}
