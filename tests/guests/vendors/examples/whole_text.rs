//! The adapter of [`whole_text`](keywright_guest_vendors::whole_text).

keywright_guest_vendors::export!(keywright_guest_vendors::whole_text::WholeText);
