//! What the calls of one account share.

use std::collections::BTreeMap;

use keywright_egress::{EndpointUrl, Policy};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::contract::bindings::types as wire;
use crate::outbound::client::Client;
use crate::outbound::redaction::Needles;

/// An account's rules, settings and connections.
pub(crate) struct Session {
    pub(crate) policy: Policy,
    pub(crate) client: Client,
    /// With the values of secret settings, for authentication and placements.
    pub(crate) settings: Map<String, Value>,
    /// As an adapter gets them: with handles in the places of secret ones.
    pub(crate) settings_json: String,
    /// The handles of secret settings, and what they stand for.
    pub(crate) secret_settings: BTreeMap<String, SecretSetting>,
    /// Finds their values.
    pub(crate) needles: Needles,
    /// Endpoints that are reached elsewhere, by name.
    pub(crate) overrides: Vec<(String, EndpointUrl)>,
    /// Whether the operator lets the adapter see the secrets that it mints.
    pub(crate) exposes_secrets: bool,
}

/// A secret setting.
pub(crate) struct SecretSetting {
    pub(crate) handle: String,
    pub(crate) value: SecretString,
}

impl Session {
    /// The endpoints that are reached elsewhere, as an adapter is given them.
    pub(crate) fn wire_overrides(&self) -> Vec<wire::EndpointOverride> {
        let overrides = self.overrides.iter();
        overrides.map(|(name, url)| wire::EndpointOverride { name: name.clone(), url: url.to_string() }).collect()
    }

    /// The value of a secret setting for which an adapter sends this handle.
    pub(crate) fn secret_setting(&self, name: &str, handle: &str) -> Option<&SecretString> {
        self.secret_settings.get(name).filter(|setting| setting.handle == handle).map(|setting| &setting.value)
    }
}
