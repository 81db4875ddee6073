//! The adapter of [`json_in_text`](keywright_guest_vendors::json_in_text).

keywright_guest_vendors::export!(keywright_guest_vendors::json_in_text::JsonInText);
