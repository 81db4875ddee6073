//! What the calls of one account share.

use keywright_egress::{Origin, Policy};
use serde_json::{Map, Value};

use crate::outbound::client::Client;

/// An account's rules, settings and connections.
pub(crate) struct Session {
    pub(crate) policy: Policy,
    pub(crate) client: Client,
    pub(crate) settings: Map<String, Value>,
    pub(crate) settings_json: String,
    pub(crate) endpoint: Option<Origin>,
    /// Whether the operator lets the adapter see the secrets that it mints.
    pub(crate) exposes_secrets: bool,
}
