//! A list whose pages lead to each other: no page is its own next one, and no end is ever reached.

use keywright_guest_hostile::*;

attack! {
    fn list(_: &Account, _: &Filter, cursor: Option<&str>) -> Result<Page> {
        let next = if cursor == Some("b") { "a" } else { "b" };
        Ok(Page { credentials: vec![Credential::new("k1", json!({}))], next: Some(next.to_owned()), ..Page::default() })
    }
}
