//! An API client, and how it is shown.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Serialize;

use super::timestamp;
use crate::random;

/// What ids and secrets are made of: what needs no encoding in a URL.
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How long an access token lives when its client does not say, in seconds.
const ACCESS_TOKEN_VALIDITY: u32 = 172_800;

/// A client as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct ApiClient {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) delete_at: Option<DateTime<Utc>>,
    pub(super) last_used: Option<NaiveDate>,
    pub(super) access_token_validity: Option<u32>,
    pub(super) refresh_token_validity: Option<u32>,
    /// When the authorization host has heard of it.
    pub(super) known_from: DateTime<Utc>,
}

/// 24 characters, as those that users quote in issues. The first is no sign, so that a command line does not take an id
/// for a flag.
pub(super) fn new_id() -> String {
    format!("{}{}", random::text(&URL_SAFE[..62], 1), random::text(URL_SAFE, 23))
}

/// 32 characters, as those that users quote in issues.
pub(super) fn new_secret() -> String {
    random::text(URL_SAFE, 32)
}

impl ApiClient {
    pub(super) fn access_token_life(&self) -> TimeDelta {
        TimeDelta::seconds(self.access_token_validity.unwrap_or(ACCESS_TOKEN_VALIDITY).into())
    }

    /// The client without its secret: every answer but the one to its creation.
    pub(super) fn shown(&self) -> Shown<'_> {
        Shown {
            id: &self.id,
            name: &self.name,
            scope: self.scopes.join(" "),
            secret: None,
            created_at: timestamp::text(self.created_at),
            delete_at: self.delete_at.map(timestamp::text),
            last_used_at: self.last_used,
            access_token_validity_seconds: self.access_token_validity,
            refresh_token_validity_seconds: self.refresh_token_validity,
        }
    }

    /// The client with its secret: the answer to its creation.
    pub(super) fn shown_once(&self) -> Shown<'_> {
        Shown { secret: Some(&self.secret), ..self.shown() }
    }
}

/// A client as the API answers it (`ApiClient` of the API description): what it does not have is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown<'a> {
    id: &'a str,
    name: &'a str,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_at: Option<String>,
    /// A date without a time.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "date")]
    last_used_at: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token_validity_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_validity_seconds: Option<u32>,
}

fn date<S: serde::Serializer>(date: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(date),
        None => serializer.serialize_none(),
    }
}
