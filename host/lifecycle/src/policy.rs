//! What the operator wants of a credential.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::schedule::{Calendar, Window};

/// What a credential shall be. A snapshot of it stands in the journal with each operation, so that what was made can be
/// ended although the configuration is gone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spec {
    /// The attributes, which fit the descriptor's schema.
    pub attributes: Map<String, Value>,
    /// The sinks that its secret is written to, in this order.
    pub publish: Vec<String>,
    /// How it is rotated and retired.
    pub policy: Policy,
    /// Bumped by the operator to ask for one rotation.
    pub rotate_serial: u64,
}

/// How a credential is rotated and retired. Durations are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The planned life of a generation: it is replaced at this age.
    pub rotate_after: Option<u64>,
    /// When it is replaced by the calendar; with `rotate_after`, at the sooner of the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// When a replacement that is due may begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// How much later than planned it is replaced at most: a share of this that is the credential's own.
    pub jitter: u64,
    /// The greatest age: a generation in use that is older is reported, and one that is still used after its grace is
    /// ended all the same.
    pub max_age: Option<u64>,
    /// How long before the vendor ends it a generation is replaced at the latest.
    pub renew_before: u64,
    /// How long the old generation works on after the new one is in use.
    pub grace: u64,
    /// How long a generation stays disabled before it is deleted, where the vendor can disable.
    pub soak: u64,
    /// Whether an old generation that was used after its successor was published is kept.
    pub gate_on_use: bool,
    /// What stays of a secret once every sink has it.
    pub retain: Retain,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            rotate_after: None,
            calendar: None,
            window: None,
            jitter: 0,
            max_age: None,
            renew_before: 7 * 86_400,
            grace: 86_400,
            soak: 3_600,
            gate_on_use: true,
            retain: Retain::Sealed,
        }
    }
}

/// What stays of a secret once every sink has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retain {
    /// Its sealed copy, until the generation is revoked.
    #[default]
    Sealed,
    /// Nothing.
    None,
}
