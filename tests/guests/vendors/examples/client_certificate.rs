//! The adapter of [`client_certificate`](keywright_guest_vendors::client_certificate).

keywright_guest_vendors::export!(keywright_guest_vendors::client_certificate::ClientCertificate);
