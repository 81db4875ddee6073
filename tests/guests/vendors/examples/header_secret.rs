//! The adapter of [`header_secret`](keywright_guest_vendors::header_secret).

keywright_guest_vendors::export!(keywright_guest_vendors::header_secret::HeaderSecret);
