//! The adapter of [`derived_secret`](keywright_guest_vendors::derived_secret).

keywright_guest_vendors::export!(keywright_guest_vendors::derived_secret::DerivedSecret);
