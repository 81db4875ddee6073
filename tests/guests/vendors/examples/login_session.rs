//! The adapter of [`login_session`](keywright_guest_vendors::login_session).

keywright_guest_vendors::export!(keywright_guest_vendors::login_session::LoginSession);
