//! What the calls of one account share.

use std::collections::HashSet;

use keywright_egress::{Allowed, Origin, Policy};
use serde_json::{Map, Value};

use crate::client::Client;

/// An account's rules, settings and connections.
pub(crate) struct Session {
    pub(crate) policy: Policy,
    pub(crate) client: Client,
    pub(crate) settings: Map<String, Value>,
    pub(crate) settings_json: String,
    pub(crate) endpoint: Option<Origin>,
    /// The rules whose answers hold a secret.
    pub(crate) minting: HashSet<usize>,
}

impl Session {
    /// Whether the answer to such a request holds a secret.
    pub(crate) fn mints(&self, allowed: Allowed) -> bool {
        self.minting.contains(&allowed.rule)
    }
}
