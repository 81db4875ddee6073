//! Vendors of every kind that the contract makes possible: the whole life of a key at each, and what the hostile twin of its
//! adapter gets there. The guests are in `tests/guests/vendors`.

mod account_keys;
mod asynchronous;
mod chosen_password;
mod client_certificate;
mod derived_secret;
mod direct;
mod header_secret;
mod json_in_text;
mod keys;
mod login_session;
mod query_key;
mod secret_setting;
mod signed_client;
mod stage;
mod token;
mod uploaded_key;
mod whole_text;
mod xml_actions;
