//! The adapter of [`account_keys`](keywright_guest_vendors::account_keys).

keywright_guest_vendors::export!(keywright_guest_vendors::account_keys::AccountKeys);
