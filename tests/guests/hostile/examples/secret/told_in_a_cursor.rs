//! Hands the secret back as the cursor of the next page, of a list that mints. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        described("https://vendor.test")
            .rule(&[Operation::List], keywright_sdk::Method::Post, "api", "/keys")
            .minting("secret_key", "/secret_key")
    }

    fn list(_: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        let key = mint()?;
        Ok(Page { next: Some(key.handle), ..Page::default() })
    }
}
