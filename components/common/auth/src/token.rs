//! Tokens: what is got with a credential first, and then authenticates requests for a while.

mod answer;
mod error;
mod request;

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

pub use error::{TokenError, Unredacted};
pub(crate) use request::Reader;
pub use request::TokenRequest;

use crate::AUTHORIZATION;
use crate::headers::SecretHeader;

/// An access token of OAuth 2.0 or the token of a session, and its life.
///
/// The caller keeps it while it [is fresh](Self::is_fresh), separately for each credential and scheme.
#[derive(Clone)]
pub struct Token {
    value: SecretString,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    scope: Option<String>,
    refresh_token: Option<SecretString>,
}

impl Token {
    /// A token that was given at `now` for some seconds, or nothing when a header cannot carry it. None lives longer than
    /// a year.
    pub(crate) fn new(value: String, seconds: u64, now: DateTime<Utc>) -> Option<Self> {
        let value = SecretString::from(value);
        if value.expose_secret().is_empty() || !value.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let year = TimeDelta::days(365);
        let life = i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds).map_or(year, |life| life.min(year));
        let expires_at = now.checked_add_signed(life).unwrap_or(now);
        Some(Self { value, issued_at: now, expires_at, scope: None, refresh_token: None })
    }

    /// The token itself: printable ASCII without spaces.
    pub fn value(&self) -> &SecretString {
        &self.value
    }

    /// When it ends.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// The scope that the server granted, as it states it.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// The refresh token that came with it. After a [refresh token grant](crate::Grant::RefreshToken) it replaces the one
    /// that was used, which the server may have ended (RFC 6749 section 6): it must be kept at once, or the credential is
    /// lost.
    pub fn refresh_token(&self) -> Option<&SecretString> {
        self.refresh_token.as_ref()
    }

    /// What of it must not be shown: the token and the refresh token.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        [&self.value].into_iter().chain(&self.refresh_token)
    }

    /// Whether it can still be used at `now`: not in its last minute, or the last tenth of a shorter life, so that it
    /// does not end on its way.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let life = self.expires_at - self.issued_at;
        let margin = (life / 10).min(TimeDelta::minutes(1));
        now < self.expires_at - margin
    }

    /// `Authorization: Bearer …` (RFC 6750 section 2.1).
    pub fn bearer(&self) -> SecretHeader {
        bearer(&self.value)
    }
}

/// `Authorization: Bearer …` of a token that a header can carry.
pub(crate) fn bearer(token: &SecretString) -> SecretHeader {
    SecretHeader::new(AUTHORIZATION, &Zeroizing::new(["Bearer ", token.expose_secret()].concat()))
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
