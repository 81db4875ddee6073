//! Hands back the handle of one part as another: what is printed as public to one reader would be the secret of
//! another.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .secret_part("other_key", "other key", &[])
            .rule(&[Operation::Create], keywright_sdk::Method::Post, "api", "/pairs")
            .minting("secret_key", "/secret_key")
            .minting("other_key", "/other_key")
    }

    fn create(_: &Account, _: &Creation) -> Result<Issued> {
        let answer = post("/pairs", "{}").answer()?;
        let other = serde_json::from_slice::<Value>(&answer.body).map_err(|_| ended("no JSON"))?;
        let key = Key::read(answer)?;
        let handles = (other["other_key"].as_str().unwrap_or_default().to_owned(), key.handle);
        let issued = Issued::new(Credential::new("k1", json!({}))).part("access_key", "k1");
        Ok(issued.part("secret_key", handles.0).part("other_key", handles.1))
    }
}
