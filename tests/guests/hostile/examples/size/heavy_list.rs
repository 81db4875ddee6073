//! A list of few keys, each with a megabyte of attributes, that does not end: its items are never too many.

use keywright_guest_hostile::*;

attack! {
    fn list(_: &Account, _: &Filter, cursor: Option<&str>) -> Result<Page> {
        let page: u32 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let credential = Credential::new(format!("k{page}"), json!({"note": "x".repeat(1 << 20)}));
        Ok(Page { credentials: vec![credential], next: Some((page + 1).to_string()), ..Page::default() })
    }
}
