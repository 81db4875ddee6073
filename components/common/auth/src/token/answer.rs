//! The access token response of OAuth 2.0 (RFC 6749 sections 5.1 and 5.2).

use chrono::{DateTime, Utc};
use http::StatusCode;
use secrecy::SecretString;
use serde_json::{Map, Value};

use super::{Token, TokenError, Unredacted};

/// The members of both kinds of answer; all others are ignored.
struct Answer {
    access_token: Option<String>,
    token_type: Option<String>,
    expires_in: Option<Value>,
    scope: Option<String>,
    refresh_token: Option<String>,
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
            refresh_token: text(&mut members, "refresh_token")?,
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
    /// Reads the answer of a token endpoint of OAuth 2.0 that came at `now`.
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
            return Err(TokenError::refused(status, &code, answer.error_description.as_deref()));
        }
        if !status.is_success() {
            return Err(TokenError::Status { status });
        }
        match answer.token_type {
            Some(kind) if kind.eq_ignore_ascii_case("bearer") => {}
            Some(_) => return Err(TokenError::TokenType),
            None => return Err(TokenError::Malformed),
        }
        let value = answer.access_token.ok_or(TokenError::Malformed)?;
        let seconds = answer.expires_in.as_ref().and_then(Value::as_u64).unwrap_or(60);
        let token = Self::new(value, seconds, now).ok_or(TokenError::Malformed)?;
        let refresh_token = answer.refresh_token.filter(|token| !token.is_empty()).map(SecretString::from);
        Ok(Self { scope: answer.scope, refresh_token, ..token })
    }
}

impl TokenError {
    /// A refusal in the server's words.
    fn refused(status: StatusCode, code: &str, description: Option<&str>) -> Self {
        let known = CODES.into_iter().find(|known| *known == code);
        let message = match (known, description) {
            (Some(_), description) => description.map(Unredacted::new),
            (None, None) => Some(Unredacted::new(code)),
            (None, Some(description)) => Some(Unredacted::new(&[code, ": ", description].concat())),
        };
        Self::Refused { status, code: known, message }
    }
}

/// The error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 8707 section 2 and RFC 8628 section 3.5. Any other could be
/// anything, a secret among them.
const CODES: [&str; 10] = [
    "access_denied",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_grant_type",
];
