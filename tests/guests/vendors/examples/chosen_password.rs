//! The adapter of [`chosen_password`](keywright_guest_vendors::chosen_password).

keywright_guest_vendors::export!(keywright_guest_vendors::chosen_password::ChosenPassword);
