//! Hands back the handle of one part as another: what is printed as public to one reader would be the secret of
//! another.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .issued_part(Part::secret("other_key", "other key"))
            .rule(
                Rule::post(&[Operation::Create], "api", "/pairs")
                    .mints("secret_key", "/secret_key")
                    .secret("other_key", "/other_key"),
            )
    }

    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let answer = post("/pairs", "{}").answer()?;
        let other = serde_json::from_slice::<Value>(&answer.body).map_err(|_| ended("no JSON"))?;
        let key = Key::read(answer)?;
        let handles = (other["other_key"].as_str().unwrap_or_default().to_owned(), key.handle);
        let issued = Issued::new(Credential::new("k1", json!({}))).part("access_key", "k1");
        Ok(issued.part("secret_key", handles.0).part("other_key", handles.1))
    }
}
