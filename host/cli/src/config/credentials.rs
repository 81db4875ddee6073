//! `[credentials.NAME]`: what a credential shall be.

use std::collections::BTreeMap;

use chrono::Weekday;
use keywright_lifecycle::{Calendar, Policy, Retain, ScheduleError, Spec, TimeOfDay, Window};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use toml::Spanned;

use crate::values;

/// `[credentials.NAME]`.
#[derive(Debug)]
pub(crate) struct CredentialConfig {
    /// The name.
    pub(crate) name: String,
    /// The line where it is written.
    pub(crate) line: usize,
    /// The account.
    pub(crate) account: String,
    /// What to select it by.
    pub(crate) labels: BTreeMap<String, String>,
    /// What it shall be.
    pub(crate) spec: Spec,
}

/// As it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CredentialTable {
    pub(super) account: Spanned<String>,
    #[serde(default)]
    attributes: Map<String, Value>,
    rotate_after: Option<Seconds>,
    rotate_at: Option<CalendarTable>,
    window: Option<WindowTable>,
    jitter: Option<Seconds>,
    grace: Option<Seconds>,
    max_age: Option<Seconds>,
    renew_before: Option<Seconds>,
    soak: Option<Seconds>,
    gate_on_use: Option<bool>,
    #[serde(default)]
    retain: Retain,
    #[serde(default)]
    rotate_serial: u64,
    #[serde(default)]
    pub(super) publish: Vec<Spanned<String>>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// `rotate-at = { cron = "30 2 * * 1", time-zone = "Europe/Paris" }`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CalendarTable {
    cron: String,
    #[serde(default = "utc")]
    time_zone: String,
}

/// `window = { days = ["Sat"], opens = "02:00", closes = "05:00", time-zone = "Europe/Paris" }`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WindowTable {
    #[serde(default)]
    days: Vec<Weekday>,
    opens: TimeOfDay,
    closes: TimeOfDay,
    #[serde(default = "utc")]
    time_zone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// A duration such as `30d`, in seconds; `0` for none at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seconds(pub(super) u64);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "0" || text == "0s" {
            return Ok(Self(0));
        }
        let duration = values::duration(&text).map_err(D::Error::custom)?;
        Ok(Self(u64::try_from(duration.num_seconds()).unwrap_or_default()))
    }
}

impl CredentialTable {
    /// # Errors
    ///
    /// When the schedule cannot be kept to.
    pub(super) fn into_config(self, name: String, line: usize) -> Result<CredentialConfig, ScheduleError> {
        let usual = Policy::default();
        let calendar = self.rotate_at.map(|it| Calendar::new(&it.cron, &it.time_zone)).transpose()?;
        let window = self.window.map(|it| Window::new(&it.days, it.opens, it.closes, &it.time_zone)).transpose()?;
        let policy = Policy {
            calendar,
            window,
            jitter: self.jitter.map_or(usual.jitter, |it| it.0),
            rotate_after: self.rotate_after.map(|it| it.0),
            max_age: self.max_age.map(|it| it.0),
            renew_before: self.renew_before.map_or(usual.renew_before, |it| it.0),
            grace: self.grace.map_or(usual.grace, |it| it.0),
            soak: self.soak.map_or(usual.soak, |it| it.0),
            gate_on_use: self.gate_on_use.unwrap_or(usual.gate_on_use),
            retain: self.retain,
        };
        let spec = Spec {
            attributes: self.attributes,
            publish: self.publish.into_iter().map(Spanned::into_inner).collect(),
            policy,
            rotate_serial: self.rotate_serial,
        };
        Ok(CredentialConfig { name, line, account: self.account.into_inner(), labels: self.labels, spec })
    }
}
