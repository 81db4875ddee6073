//! The adapter of [`signed_client`](keywright_guest_vendors::signed_client).

keywright_guest_vendors::export!(keywright_guest_vendors::signed_client::SignedClient);
