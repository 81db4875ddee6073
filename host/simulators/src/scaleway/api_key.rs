//! An API key, and how it is shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::timestamp::Timestamp;

/// The address that every key is said to have been made from: one of those kept for documentation (RFC 5737). The
/// caller's own would always be the loopback one here, and says nothing.
const CREATION_IP: &str = "192.0.2.10";

/// A key as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct ApiKey {
    pub(super) access_key: String,
    pub(super) secret_key: Uuid,
    pub(super) bearer: Bearer,
    pub(super) description: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) default_project_id: Uuid,
    /// Whether Scaleway made it for itself.
    pub(super) managed: bool,
    /// When the gateways have heard of its secret.
    pub(super) known_from: DateTime<Utc>,
}

/// Whose key it is. A key has no rights of its own: it has its bearer's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) enum Bearer {
    #[serde(rename = "application_id")]
    Application(Uuid),
    #[serde(rename = "user_id")]
    User(Uuid),
}

impl Bearer {
    pub(super) fn id(self) -> Uuid {
        match self {
            Self::Application(id) | Self::User(id) => id,
        }
    }
}

impl ApiKey {
    /// An expired key stays readable and listed (measured on the live API).
    pub(super) fn expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|expiry| expiry.instant <= now)
    }

    /// The key without its secret: every answer but the one to its creation.
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown {
            access_key: &self.access_key,
            secret_key: None,
            description: &self.description,
            created_at: Timestamp::own(self.created_at),
            updated_at: Timestamp::own(self.updated_at),
            expires_at: self.expires_at,
            default_project_id: self.default_project_id,
            // What a managed key says of itself is unknown; that it is neither editable nor deletable is a choice.
            editable: !self.managed,
            deletable: !self.managed,
            managed: self.managed,
            creation_ip: CREATION_IP,
            bearer: self.bearer,
        }
    }

    /// The key with its secret: the answer to its creation.
    pub(super) fn shown_once(&self) -> Shown<'_> {
        Shown { secret_key: Some(self.secret_key), ..self.shown() }
    }
}

/// A key as the API answers it (recorded answers of the live API): `secret_key` is there and null but once, and of
/// `application_id` and `user_id` the one that does not apply is left out.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    access_key: &'a str,
    secret_key: Option<Uuid>,
    description: &'a str,
    created_at: Timestamp,
    updated_at: Timestamp,
    expires_at: Option<Timestamp>,
    default_project_id: Uuid,
    editable: bool,
    deletable: bool,
    managed: bool,
    creation_ip: &'static str,
    #[serde(flatten)]
    bearer: Bearer,
}
