//! An API token, and how it is shown.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    account::User,
    dates,
    quirks::{ExpDateForm, Quirks},
    roles::Role,
};

/// A token as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) id: u64,
    /// All of it: id, separator, secret. The real one keeps no copy.
    pub(super) value: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) exp_date: Option<ExpDate>,
    pub(super) created: DateTime<Utc>,
    pub(super) last_usage: Option<DateTime<Utc>>,
    pub(super) role: Role,
    pub(super) issuer: &'static User,
    pub(super) deleted: bool,
}

/// When a token ends, and how that was written.
#[derive(Debug, Clone)]
pub(super) struct ExpDate {
    pub(super) instant: DateTime<Utc>,
    pub(super) sent: String,
}

/// What has become of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Live,
    Expired,
    Deleted,
}

impl Token {
    /// A token that expires is deleted by itself (API description); how soon is unknown, so there is an option.
    pub(super) fn state(&self, now: DateTime<Utc>, quirks: &Quirks) -> State {
        match &self.exp_date {
            _ if self.deleted => State::Deleted,
            Some(end) if end.instant + quirks.deletion_delay <= now => State::Deleted,
            Some(end) if end.instant <= now => State::Expired,
            _ => State::Live,
        }
    }

    /// The token without its value: every answer but the one to its creation.
    pub(super) fn shown(&self, client_id: u64, now: DateTime<Utc>, quirks: &Quirks) -> Value {
        let state = self.state(now, quirks);
        let date = |instant| dates::text(instant, quirks.date_form);
        let exp_date = self.exp_date.as_ref().map(|end| match quirks.exp_date {
            ExpDateForm::Normalised => date(end.instant),
            ExpDateForm::AsSent => end.sent.clone(),
        });
        let deleted = state == State::Deleted;
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "exp_date": exp_date,
            "created": date(self.created),
            "last_usage": self.last_usage.map(date),
            "deleted": deleted,
            // That a token past its expiry still says so when it is deleted is a choice.
            "expired": self.exp_date.as_ref().is_some_and(|end| end.instant <= now),
            "client_user": {
                "role": self.role.shown(),
                // The description says: "If true, then the API token was deleted", here too.
                "deleted": deleted,
                "user_id": self.issuer.id,
                "user_name": self.issuer.name,
                "user_email": self.issuer.email,
                "client_id": client_id,
            },
        })
    }

    /// The token with its value: the full answer to its creation.
    pub(super) fn shown_once(&self, client_id: u64, now: DateTime<Utc>, quirks: &Quirks) -> Value {
        let mut shown = self.shown(client_id, now, quirks);
        shown["token"] = json!(self.value);
        shown
    }
}
