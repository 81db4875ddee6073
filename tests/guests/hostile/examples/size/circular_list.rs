//! A list whose next page is always the same.

use keywright_guest_hostile::*;

attack! {
    fn list(_: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        Ok(Page { credentials: vec![Credential::new("k1", json!({}))], next: Some("again".to_owned()), ..Page::default() })
    }
}
