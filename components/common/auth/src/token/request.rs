//! The request for a token.

use std::fmt;

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};
use secrecy::SecretString;

use super::{Token, TokenError};
use crate::ClientCertificate;
use crate::headers::SecretHeader;
use crate::session::SessionAnswer;

/// A request for a token: to the token endpoint of OAuth 2.0, or the login of a session.
#[derive(Clone)]
pub struct TokenRequest {
    /// The name of the endpoint, whose URL the caller knows.
    pub endpoint: String,
    /// The method.
    pub method: Method,
    /// The path there, with settings in their places and nothing escaped.
    pub path: String,
    /// The headers, `Content-Type` and `Accept` among them.
    pub headers: Vec<SecretHeader>,
    /// The body; empty when there is none.
    pub body: SecretString,
    /// The certificate for the connection, when the scheme has one (RFC 8705).
    pub client_certificate: Option<ClientCertificate>,
    pub(crate) derived: Vec<SecretString>,
    pub(crate) reader: Reader,
}

/// How the answer is read.
#[derive(Clone, Debug)]
pub(crate) enum Reader {
    OAuth2,
    Session(SessionAnswer),
}

impl TokenRequest {
    /// Reads the answer that came at `now`; `header` gives the value of a header of it by a name in lower case.
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
        match &self.reader {
            Reader::OAuth2 => Token::parse(status, body, now),
            Reader::Session(answer) => answer.read(status, header, body, now),
        }
    }

    /// What was derived from the credential for this request and must not be shown either: the encoded pair of Basic
    /// authentication, assertions. The parts themselves are not among them.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.derived.iter()
    }
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
