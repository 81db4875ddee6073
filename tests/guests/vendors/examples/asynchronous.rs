//! The adapter of [`asynchronous`](keywright_guest_vendors::asynchronous).

keywright_guest_vendors::export!(keywright_guest_vendors::asynchronous::Asynchronous);
