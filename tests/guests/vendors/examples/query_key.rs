//! The adapter of [`query_key`](keywright_guest_vendors::query_key).

keywright_guest_vendors::export!(keywright_guest_vendors::query_key::QueryKey);
