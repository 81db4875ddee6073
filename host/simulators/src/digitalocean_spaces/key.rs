//! An access key, and how it is shown.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::grants::{Access, Grant};

/// A key as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) access_key: String,
    pub(super) secret_key: String,
    pub(super) name: String,
    pub(super) access: Access,
    pub(super) created_at: DateTime<Utc>,
    /// When it appears in the list.
    pub(super) listed_from: DateTime<Utc>,
    /// When the S3 endpoint has heard of it.
    pub(super) known_from: DateTime<Utc>,
    /// When the S3 endpoint has heard of its deletion. A key that has this is gone from the management API.
    pub(super) known_until: Option<DateTime<Utc>>,
}

impl Key {
    pub(super) fn exists(&self) -> bool {
        self.known_until.is_none()
    }

    /// Whether the S3 endpoint knows it.
    pub(super) fn is_known(&self, now: DateTime<Utc>) -> bool {
        self.known_from <= now && self.known_until.is_none_or(|until| now < until)
    }

    /// The key without its secret: every answer but the one to its creation.
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown {
            name: &self.name,
            access_key: &self.access_key,
            secret_key: None,
            grants: self.access.grants(),
            created_at: self.created_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }
    }

    /// The key with its secret: the answer to its creation.
    pub(super) fn shown_once(&self) -> Shown<'_> {
        Shown { secret_key: Some(&self.secret_key), ..self.shown() }
    }
}

/// A key as the API answers it (API description): `secret_key` is there once and left out ever after.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    name: &'a str,
    access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_key: Option<&'a str>,
    grants: Vec<Grant>,
    /// In whole seconds, as the samples of the API description have it.
    created_at: String,
}
