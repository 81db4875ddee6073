//! An access key, and how it is shown.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{date, quirks::DateForm};

/// A key as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret_key: String,
    pub(super) owner: Owner,
    pub(super) active: bool,
    pub(super) tag: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) modified_at: DateTime<Utc>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// Whose key it is. A key has no rights of its own: it has its owner's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Root,
    User(String),
}

impl Owner {
    /// The account, and of an EIM user the name.
    pub(super) fn of(&self, account_id: &str) -> String {
        match self {
            Self::Root => account_id.to_owned(),
            Self::User(name) => format!("{account_id}/{name}"),
        }
    }
}

impl AccessKey {
    /// An expired key stays listed, and `ACTIVE` (reported of a key two years past its date).
    pub(super) fn expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    /// The key without its secret: every answer but the one to its creation. What is not set is left out, and nothing says
    /// whose it is.
    pub(super) fn shown(&self, form: DateForm) -> Value {
        let mut shown = json!({
            "AccessKeyId": self.id,
            "CreationDate": date::write(self.created_at, form),
            "LastModificationDate": date::write(self.modified_at, form),
            "State": if self.active { "ACTIVE" } else { "INACTIVE" },
        });
        if let Some(expires_at) = self.expires_at {
            shown["ExpirationDate"] = date::write(expires_at, form).into();
        }
        if let Some(tag) = &self.tag {
            shown["Tag"] = tag.as_str().into();
        }
        shown
    }

    /// The key with its secret: the answer to its creation.
    pub(super) fn shown_once(&self, form: DateForm) -> Value {
        let mut shown = self.shown(form);
        shown["SecretKey"] = self.secret_key.as_str().into();
        shown
    }
}
