//! What the calls of one account share.

use keywright_egress::{Allowed, Origin, Policy};
use serde_json::{Map, Value};

use crate::client::Client;
use crate::descriptor::SecretLocation;

/// An account's rules, settings and connections.
pub(crate) struct Session {
    pub(crate) policy: Policy,
    pub(crate) client: Client,
    pub(crate) settings: Map<String, Value>,
    pub(crate) settings_json: String,
    pub(crate) endpoint: Option<Origin>,
    /// Where the answers to each rule hold a secret.
    pub(crate) secrets: Vec<Vec<SecretLocation>>,
    /// Whether the operator lets the adapter see the secrets that it mints.
    pub(crate) exposed: bool,
}

impl Session {
    /// Where the answer to such a request holds a secret.
    pub(crate) fn secrets(&self, allowed: Allowed) -> &[SecretLocation] {
        self.secrets.get(allowed.rule).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the answer to such a request holds a secret.
    pub(crate) fn mints(&self, allowed: Allowed) -> bool {
        !self.secrets(allowed).is_empty()
    }
}
