//! An API key, and how it is shown.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    quirks::{AttributeSet, KeyAfterCreation, Quirks},
    timestamp,
};

/// The resource type of JSON:API.
pub(super) const TYPE: &str = "api_keys";

/// A key as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct ApiKey {
    pub(super) id: Uuid,
    /// 32 lower-case hexadecimal digits (recorded answers of the live API).
    pub(super) key: String,
    pub(super) name: String,
    pub(super) category: Option<String>,
    pub(super) remote_config_read_enabled: bool,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    pub(super) created_by: Uuid,
    pub(super) modified_by: Option<Uuid>,
    pub(super) usage: Usage,
    pub(super) leak: Option<Leak>,
    /// Whether an integration of Datadog's made it for itself.
    pub(super) managed: bool,
    /// When every gateway accepts it.
    pub(super) accepted_from: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
}

/// Where a key was found that should not be there.
#[derive(Debug, Clone)]
pub(super) struct Leak {
    pub(super) id: Uuid,
    pub(super) date: DateTime<Utc>,
    pub(super) source: &'static str,
}

/// When a key was used. Its vendor learns of that later (`last-used-delay`): of the uses within one delay it is told the
/// first.
#[derive(Debug, Clone, Default)]
pub(super) struct Usage {
    known: Option<DateTime<Utc>>,
    pending: Option<DateTime<Utc>>,
}

impl Usage {
    pub(super) fn record(&mut self, now: DateTime<Utc>, quirks: &Quirks) {
        self.known = self.known_at(now, quirks);
        self.pending = self.pending.filter(|used| *used + quirks.last_used_delay > now).or(Some(now));
    }

    /// The last use that is known by now.
    pub(super) fn known_at(&self, now: DateTime<Utc>, quirks: &Quirks) -> Option<DateTime<Utc>> {
        self.pending.filter(|used| *used + quirks.last_used_delay <= now).or(self.known)
    }
}

impl ApiKey {
    pub(super) fn live(&self) -> bool {
        self.revoked_at.is_none()
    }

    /// Whether a request with this key passes.
    pub(super) fn accepted(&self, now: DateTime<Utc>, quirks: &Quirks) -> bool {
        let not_yet_refused = |revoked_at| revoked_at + quirks.revocation_delay > now;
        self.accepted_from <= now && self.revoked_at.is_none_or(not_yet_refused)
    }

    /// The key without its value: how it is listed.
    pub(super) fn shown(&self, now: DateTime<Utc>, quirks: &Quirks) -> Value {
        let user = |id: Uuid| json!({"type": "users", "id": id});
        let leak = self.leak.as_ref().map(|leak| json!({"type": "leaked_keys", "id": leak.id}));
        let mut shown = json!({
            "type": TYPE,
            "id": self.id,
            "attributes": {
                "name": self.name,
                "last4": self.last4(),
                "created_at": timestamp::text(self.created_at),
                "modified_at": timestamp::text(self.modified_at),
            },
            "relationships": {
                "created_by": {"data": user(self.created_by)},
                "modified_by": {"data": self.modified_by.map(user)},
                "leak_information": {"data": leak},
            },
        });
        let attributes = &mut shown["attributes"];
        if quirks.attributes == AttributeSet::Current {
            attributes["date_last_used"] = json!(self.usage.known_at(now, quirks).map(timestamp::text));
            attributes["remote_config_read_enabled"] = json!(self.remote_config_read_enabled);
            // The request models do not have it. That it is false for every key is a choice.
            attributes["private_action_runner_enroll_enabled"] = json!(false);
            // Which category a key has that was given none is unknown; that the field is absent is a choice.
            if let Some(category) = &self.category {
                attributes["category"] = json!(category);
            }
        }
        shown
    }

    /// The answer to its creation.
    pub(super) fn shown_in_full(&self, now: DateTime<Utc>, quirks: &Quirks) -> Value {
        let mut shown = self.shown(now, quirks);
        shown["attributes"]["key"] = json!(self.key);
        shown
    }

    /// The answer to a reading or a change. The value of a managed key is never visible (Datadog's documentation).
    pub(super) fn shown_again(&self, now: DateTime<Utc>, quirks: &Quirks) -> Value {
        match quirks.key_after_creation {
            KeyAfterCreation::Shown if !self.managed => self.shown_in_full(now, quirks),
            _ => self.shown(now, quirks),
        }
    }

    /// The last four characters of the value, which is ASCII.
    pub(super) fn last4(&self) -> &str {
        self.key.get(self.key.len().saturating_sub(4)..).unwrap_or_default()
    }
}
