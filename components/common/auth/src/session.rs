//! Sessions: a login gives a token, which requests then carry in a header of the vendor's own.

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};
use keywright_settings::{JsonTemplate, Template};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::encoding::form;
use crate::headers::{HeaderTemplate, SecretHeader};
use crate::token::Reader;
use crate::values::Values;
use crate::{ACCEPT, AuthError, CONTENT_TYPE, FORM, JSON, Token, TokenError, TokenRequest};

/// A session: its login as data, and how requests carry its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The name of the endpoint of the login.
    pub endpoint: String,
    /// The method of the login.
    pub method: Method,
    /// The path of the login.
    pub path: Template,
    /// The body of the login.
    pub content: Content,
    /// The headers of the login, in addition to `Content-Type` and `Accept`.
    pub headers: Vec<HeaderTemplate>,
    /// Where the answer has the token.
    pub token: TokenLocation,
    /// Where the answer says how many seconds the token lives: a JSON pointer (RFC 6901).
    pub expires_in: Option<String>,
    /// How many seconds the token lives when the answer does not say.
    pub lifetime_seconds: u32,
    /// The headers of requests in the session, parsed with [`VARIABLES`](Self::VARIABLES).
    pub request_headers: Vec<HeaderTemplate>,
}

/// The body of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// JSON.
    Json(JsonTemplate),
    /// A form.
    Form(Vec<(String, Template)>),
    /// None.
    None,
}

/// Where the answer to a login has the token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenLocation {
    /// At a JSON pointer (RFC 6901) in the body, as a string.
    Json(String),
    /// In the header of this name.
    Header(String),
}

/// How the answer to a login is read.
#[derive(Clone, Debug)]
pub(crate) struct SessionAnswer {
    token: TokenLocation,
    expires_in: Option<String>,
    lifetime_seconds: u32,
}

pub(crate) const SESSION_TOKEN: &str = "session.token";

impl Session {
    /// What the headers of requests in the session may refer to, in addition to settings and parts.
    pub const VARIABLES: &[&'static str] = &[SESSION_TOKEN];

    /// The login, whose answer [`read`](Self::read) reads.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent.
    pub fn token_request(&self, values: &Values<'_>) -> Result<TokenRequest, AuthError> {
        let mut headers = Vec::with_capacity(self.headers.len() + 2);
        headers.push(SecretHeader::new(ACCEPT, JSON));
        let body = match &self.content {
            Content::Json(json) => {
                headers.push(SecretHeader::new(CONTENT_TYPE, JSON));
                values.expand_json(json)?
            }
            Content::Form(fields) => {
                headers.push(SecretHeader::new(CONTENT_TYPE, FORM));
                let expanded: Vec<(&str, Zeroizing<String>)> = fields
                    .iter()
                    .map(|(name, value)| Ok((name.as_str(), values.expand(value)?)))
                    .collect::<Result<_, AuthError>>()?;
                form(&expanded)
            }
            Content::None => Zeroizing::default(),
        };
        for template in &self.headers {
            let header = template.header(values)?;
            headers.retain(|known| known.name() != header.name());
            headers.push(header);
        }
        Ok(TokenRequest {
            endpoint: self.endpoint.clone(),
            method: self.method.clone(),
            path: values.expand(&self.path)?.to_string(),
            headers,
            body: SecretString::from(body.as_str()),
            client_certificate: None,
            derived: Vec::new(),
            reader: Reader::Session(self.answer()),
        })
    }

    /// Reads the answer to the login that came at `now`; `header` gives the value of a header of it by a name in lower case.
    ///
    /// # Errors
    ///
    /// When the server refuses, or there is no token in its answer.
    pub fn read(
        &self,
        status: StatusCode,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Token, TokenError> {
        self.answer().read(status, header, body, now)
    }

    /// The headers of a request in the session.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent.
    pub fn headers(&self, values: &Values<'_>, token: &Token) -> Result<Vec<SecretHeader>, AuthError> {
        let token = |name: &str| (name == SESSION_TOKEN).then(|| token.value().expose_secret());
        self.request_headers.iter().map(|header| header.header_with(values, &token)).collect()
    }

    fn answer(&self) -> SessionAnswer {
        SessionAnswer {
            token: self.token.clone(),
            expires_in: self.expires_in.clone(),
            lifetime_seconds: self.lifetime_seconds,
        }
    }
}

impl SessionAnswer {
    pub(crate) fn read(
        &self,
        status: StatusCode,
        header: &dyn Fn(&str) -> Option<String>,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Token, TokenError> {
        if !status.is_success() {
            return Err(TokenError::Status { status });
        }
        // An answer whose token stands in a header needs no JSON.
        let mut json: Value = serde_json::from_slice(body).unwrap_or_default();
        let seconds = self.expires_in.as_deref().and_then(|pointer| json.pointer(pointer)).and_then(seconds);
        let token = match &self.token {
            TokenLocation::Json(pointer) => match json.pointer_mut(pointer).map(Value::take) {
                Some(Value::String(token)) => Some(token),
                _ => None,
            },
            TokenLocation::Header(name) => header(&name.to_ascii_lowercase()),
        };
        token
            .and_then(|token| Token::new(token, seconds.unwrap_or(self.lifetime_seconds.into()), now))
            .ok_or(TokenError::NoToken)
    }
}

/// A number of seconds, which some servers write as text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
