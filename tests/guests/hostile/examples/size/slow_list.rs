//! A list of pages that each take a while, and of which there is always one more: within every limit of a call.

use keywright_guest_hostile::*;

attack! {
    fn list(_: &Account, _: &Filter, cursor: Option<&str>) -> Result<Page> {
        let page: u32 = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
        std::thread::sleep(std::time::Duration::from_millis(300));
        Ok(Page { next: Some((page + 1).to_string()), ..Page::default() })
    }
}
