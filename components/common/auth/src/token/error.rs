//! Why there is no token.

use std::fmt;

use http::StatusCode;

/// Why a token endpoint or a login gave no token. No message quotes the server, which may repeat what it was sent: what it
/// said is [apart](Self::server_message).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The server says why (RFC 6749 section 5.2).
    #[error(
        "the token endpoint refused with `{}`: check the credential and the scope it may ask for",
        code.unwrap_or("another error code")
    )]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// The error code, such as `invalid_client`, if it is a registered one.
        code: Option<&'static str>,
        /// The server's own words, with its error code if that is not a registered one.
        message: Option<Unredacted>,
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
    /// The answer to a login has no session token where the scheme looks for it.
    #[error("the answer to the login has no token where the scheme expects it: check the endpoint's address")]
    NoToken,
}

impl TokenError {
    /// What the server said, for the caller to redact and add to the message.
    pub fn server_message(&self) -> Option<&Unredacted> {
        match self {
            Self::Refused { message, .. } => message.as_ref(),
            _ => None,
        }
    }

    /// Whether the server does not accept the credential: it does not know the client, or the secret, the refresh token or
    /// the assertion is not valid (RFC 6749 section 5.2).
    pub fn rejects_credential(&self) -> bool {
        match self {
            Self::Refused { status, code, .. } => {
                matches!(code, Some("invalid_client" | "invalid_grant")) || *status == StatusCode::UNAUTHORIZED
            }
            Self::Status { status } => *status == StatusCode::UNAUTHORIZED,
            Self::Malformed | Self::TokenType | Self::NoToken => false,
        }
    }

    /// Whether it may be gone later: the server failed, has too many requests, or was not reached by what answered in
    /// its place.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Refused { status, .. } | Self::Status { status } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Malformed => true,
            Self::TokenType | Self::NoToken => false,
        }
    }
}

/// Text from a server that may hold a secret: printable ASCII, shortened, **not redacted**. `Debug` does not show
/// it.
#[derive(Clone, PartialEq, Eq)]
pub struct Unredacted(String);

impl Unredacted {
    /// The start of `text`, in the characters that RFC 6749 section 5.2 allows there.
    pub(crate) fn new(text: &str) -> Self {
        const LONGEST: usize = 300;
        let mut characters = text.chars();
        let start = characters.by_ref().take(LONGEST);
        let mut text: String = start.map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect();
        if characters.next().is_some() {
            text.push('…');
        }
        Self(text)
    }

    /// The text, to be redacted before anybody sees it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unredacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[unredacted]")
    }
}
