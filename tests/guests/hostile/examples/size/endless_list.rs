//! A list whose pages do not end, each with thousands of keys: whoever asks for all collects them.

use keywright_guest_hostile::*;

attack! {
    fn list(_: &Account, _: &Filter, cursor: Option<&str>) -> Result<Page> {
        let page: u32 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        let credentials = (0..5000).map(|number| Credential::new(format!("k{page}-{number}"), json!({}))).collect();
        Ok(Page { credentials, next: Some((page + 1).to_string()), ..Page::default() })
    }
}
