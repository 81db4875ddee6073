//! The access token response.

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::headers::sensitive;

/// A bearer token and its life.
#[derive(Clone, Debug)]
pub struct Token {
    value: SecretString,
    issued_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    scope: Option<String>,
}

/// The members of both kinds of answer (RFC 6749 sections 5.1 and 5.2); all others are ignored.
struct Answer {
    access_token: Option<String>,
    token_type: Option<String>,
    expires_in: Option<Value>,
    scope: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Answer {
    /// Reads it by way of a [`Value`], as an adapter reads all else: a reader of its own would be one more to carry.
    fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(mut members)) = serde_json::from_slice(body) else { return None };
        Some(Self {
            access_token: text(&mut members, "access_token")?,
            token_type: text(&mut members, "token_type")?,
            expires_in: members.get_mut("expires_in").map(Value::take),
            scope: text(&mut members, "scope")?,
            error: text(&mut members, "error")?,
            error_description: text(&mut members, "error_description")?,
        })
    }
}

/// A member that is text or absent; nothing when it is something else. It is taken, not removed: that would be more code to
/// carry, and all are dropped together.
fn text(members: &mut Map<String, Value>, name: &str) -> Option<Option<String>> {
    match members.get_mut(name).map(Value::take) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    }
}

impl Token {
    /// Reads the answer of a token endpoint that came at `now`.
    ///
    /// A token without an `expires_in` is taken to live 60 seconds, and none longer than a year.
    ///
    /// # Errors
    ///
    /// When the server refuses, or its answer is not one of RFC 6749 section 5.
    pub fn parse(status: StatusCode, body: &[u8], now: DateTime<Utc>) -> Result<Self, TokenError> {
        let answer = match Answer::read(body) {
            Some(answer) => answer,
            None if status.is_success() => return Err(TokenError::Malformed),
            None => return Err(TokenError::Status { status }),
        };
        if let Some(code) = answer.error {
            return Err(TokenError::Refused {
                status,
                code: excerpt(&code, 64),
                description: answer.error_description.map(|text| excerpt(&text, 300)),
            });
        }
        if !status.is_success() {
            return Err(TokenError::Status { status });
        }
        let value = SecretString::from(answer.access_token.ok_or(TokenError::Malformed)?);
        if value.expose_secret().is_empty() || !value.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Malformed);
        }
        match answer.token_type {
            Some(kind) if kind.eq_ignore_ascii_case("bearer") => {}
            Some(_) => return Err(TokenError::TokenType),
            None => return Err(TokenError::Malformed),
        }
        Ok(Self {
            value,
            issued_at: now,
            expires_at: now.checked_add_signed(life(answer.expires_in.as_ref())).unwrap_or(now),
            scope: answer.scope,
        })
    }

    /// The token itself.
    pub fn value(&self) -> &SecretString {
        &self.value
    }

    /// When it ends.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// The scope that the server says it has, in the server's words.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    /// Whether it can still be used at `now`: not in its last minute, or the last tenth of a shorter life, so that it
    /// does not end on its way.
    pub fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        let life = self.expires_at - self.issued_at;
        let margin = (life / 10).min(TimeDelta::minutes(1));
        now < self.expires_at - margin
    }

    /// `Authorization: Bearer …` (RFC 6750 section 2.1).
    ///
    /// # Errors
    ///
    /// None in practice: a token that a header cannot carry is refused by [`Token::parse`].
    pub fn bearer(&self) -> Result<(HeaderName, HeaderValue), TokenError> {
        let value = sensitive(&self.bearer_as_text()).ok_or(TokenError::Malformed)?;
        Ok((AUTHORIZATION, value))
    }

    /// The value of [`bearer`](Self::bearer), for a caller that has no use for other types.
    pub fn bearer_as_text(&self) -> Zeroizing<String> {
        Zeroizing::new(["Bearer ", self.value.expose_secret()].concat())
    }
}

fn life(expires_in: Option<&Value>) -> TimeDelta {
    let seconds = expires_in.and_then(Value::as_u64).unwrap_or(60);
    let year = TimeDelta::days(365);
    i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds).map_or(year, |life| life.min(year))
}

/// The start of a text from the server, in the characters that RFC 6749 section 5.2 allows there.
fn excerpt(text: &str, longest: usize) -> String {
    let mut characters = text.chars();
    let mut excerpt: String =
        characters.by_ref().take(longest).map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect();
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Why a token endpoint gave no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The server says why (RFC 6749 section 5.2).
    #[error(
        "the token endpoint refused with `{code}`{}: check the client credential and the scope it may ask for",
        description.as_deref().map(|text| format!(" ({text})")).unwrap_or_default()
    )]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// The error code, such as `invalid_client` or `invalid_scope`: printable ASCII, shortened.
        code: String,
        /// The server's own words: printable ASCII, shortened.
        description: Option<String>,
    },
    /// The server failed without saying why.
    #[error("the token endpoint answered {status} without a reason: try again later, or check the endpoint's address")]
    Status {
        /// The HTTP status.
        status: StatusCode,
    },
    /// The answer is not an access token response.
    #[error("the token endpoint's answer is not an OAuth 2.0 access token response: check the endpoint's address")]
    Malformed,
    /// The token is of another type than `Bearer`.
    #[error("the token endpoint gave a token of another type than `Bearer`: have the client set up for bearer tokens")]
    TokenType,
}

impl TokenError {
    /// Whether the server does not accept the client (RFC 6749 section 5.2): it does not know it, or the secret is not
    /// its own.
    pub fn refuses_client(&self) -> bool {
        match self {
            Self::Refused { status, code, .. } => code == "invalid_client" || *status == StatusCode::UNAUTHORIZED,
            Self::Status { status } => *status == StatusCode::UNAUTHORIZED,
            Self::Malformed | Self::TokenType => false,
        }
    }

    /// Whether it may be gone later: the server failed, has too many requests, or was not reached by what answered in
    /// its place.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Refused { status, .. } | Self::Status { status } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Malformed => true,
            Self::TokenType => false,
        }
    }
}
