//! The users of an organization.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::timestamp;

/// A user as the vendor keeps it.
pub(super) struct User {
    pub(super) id: Uuid,
    name: &'static str,
    email: &'static str,
    service_account: bool,
    created_at: DateTime<Utc>,
}

impl User {
    pub(super) fn new(name: &'static str, email: &'static str, service_account: bool, now: DateTime<Utc>) -> Self {
        Self { id: Uuid::new_v4(), name, email, service_account, created_at: now }
    }

    /// The attributes are those of the Python client's `UserAttributes`, but for an icon.
    pub(super) fn shown(&self) -> Value {
        json!({
            "type": "users",
            "id": self.id,
            "attributes": {
                "name": self.name,
                "handle": self.email,
                "email": self.email,
                "title": null,
                "created_at": timestamp::text(self.created_at),
                "modified_at": timestamp::text(self.created_at),
                "service_account": self.service_account,
                "status": "Active",
                "disabled": false,
                "verified": true,
            },
        })
    }
}
