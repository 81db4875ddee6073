//! Hands the secret back as the cursor of the next page, of a list whose answer tells one. It was granted to see it.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .rule(Rule::post(&[Operation::List], "api", "/keys").any_query().secret("secret_key", "/secret_key"))
    }

    fn list(_: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        let key = mint()?;
        Ok(Page { next: Some(key.handle), ..Page::default() })
    }
}
