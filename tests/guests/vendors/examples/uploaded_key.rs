//! The adapter of [`uploaded_key`](keywright_guest_vendors::uploaded_key).

keywright_guest_vendors::export!(keywright_guest_vendors::uploaded_key::UploadedKey);
