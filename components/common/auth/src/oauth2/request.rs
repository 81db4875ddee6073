//! The access token request.

use std::fmt;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use keywright_settings::Template;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;

use crate::AuthError;
use crate::basic::{basic, basic_as_text};
use crate::values::Values;

/// A bearer token, got with the client credentials grant (RFC 6749 section 4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCredentials {
    /// The name of the endpoint that gives tokens.
    pub endpoint: String,
    /// The path there.
    pub path: Template,
    /// The client identifier.
    pub client_id: Template,
    /// The client secret.
    pub client_secret: Template,
    /// The scope to ask for. Without one, or when it expands to nothing, the server decides.
    pub scope: Option<Template>,
}

/// A request for an access token, to be sent with POST.
#[derive(Clone)]
pub struct TokenRequest {
    /// The name of the endpoint, whose URL the caller knows.
    pub endpoint: String,
    /// The path there, with settings in their places and nothing escaped.
    pub path: String,
    /// `Authorization`, which is sensitive, `Content-Type` and `Accept`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The form.
    pub body: String,
}

/// [`TokenRequest`] with its headers as text, lower-case names and values.
pub struct TokenRequestAsText {
    /// As in [`TokenRequest`].
    pub path: String,
    /// As in [`TokenRequest`].
    pub headers: [(&'static str, String); 3],
    /// As in [`TokenRequest`].
    pub body: String,
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

impl ClientCredentials {
    /// The request for a token.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent.
    pub fn token_request(&self, values: Values<'_>) -> Result<TokenRequest, AuthError> {
        Ok(TokenRequest {
            endpoint: self.endpoint.clone(),
            path: values.expand(&self.path)?.expose_secret().to_owned(),
            headers: vec![
                basic(&form_encoded(values, &self.client_id)?, &form_encoded(values, &self.client_secret)?)?,
                (CONTENT_TYPE, HeaderValue::from_static(FORM)),
                (ACCEPT, HeaderValue::from_static(JSON)),
            ],
            body: self.body(values)?,
        })
    }

    /// [`token_request`](Self::token_request) as text, for a caller that has no use for other types: an adapter would carry
    /// their code, tables and all.
    ///
    /// # Errors
    ///
    /// As [`token_request`](Self::token_request).
    pub fn token_request_as_text(&self, values: Values<'_>) -> Result<TokenRequestAsText, AuthError> {
        let authorization =
            basic_as_text(&form_encoded(values, &self.client_id)?, &form_encoded(values, &self.client_secret)?);
        Ok(TokenRequestAsText {
            path: values.expand(&self.path)?.expose_secret().to_owned(),
            headers: [
                ("authorization", authorization.to_string()),
                ("content-type", FORM.to_owned()),
                ("accept", JSON.to_owned()),
            ],
            body: self.body(values)?,
        })
    }

    fn body(&self, values: Values<'_>) -> Result<String, AuthError> {
        let mut body = "grant_type=client_credentials".to_owned();
        if let Some(scope) = &self.scope {
            let scope = form_encoded(values, scope)?;
            if !scope.is_empty() {
                body.push_str("&scope=");
                body.push_str(&scope);
            }
        }
        Ok(body)
    }
}

/// Not inlined: components carry this code once.
#[inline(never)]
fn form_encoded(values: Values<'_>, template: &Template) -> Result<Zeroizing<String>, AuthError> {
    Ok(form_encode(values.expand(template)?.expose_secret()))
}

/// `application/x-www-form-urlencoded`, which RFC 6749 also wants for the client identifier and the client secret before
/// they become a user name and a password (section 2.3.1).
fn form_encode(text: &str) -> Zeroizing<String> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b' ').remove(b'*').remove(b'-').remove(b'.').remove(b'_');
    // Room for the longest encoding, so that growing leaves no copy behind.
    let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
    for piece in utf8_percent_encode(text, ENCODED) {
        for (index, word) in piece.split(' ').enumerate() {
            if index > 0 {
                encoded.push('+');
            }
            encoded.push_str(word);
        }
    }
    encoded
}

impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("endpoint", &self.endpoint)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
