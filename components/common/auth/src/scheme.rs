//! Schemes: how a request is authenticated.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use http::Method;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use keywright_settings::{Reference, Template};
use serde_json::{Map, Value};

use crate::values::Values;
use crate::{AuthError, Basic, ClientCredentials, HeaderTemplate, Parts, Signature, TokenRequest};

/// How requests to a vendor are authenticated from the parts of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// Headers made from the parts.
    Headers(Vec<HeaderTemplate>),
    /// HTTP Basic (RFC 7617).
    Basic(Basic),
    /// A bearer token, got with client credentials (RFC 6749 section 4.4).
    OAuth2ClientCredentials(ClientCredentials),
    /// A signature over the request.
    Signature(Signature),
}

/// What a signature covers: the request exactly as it will be sent.
#[derive(Clone, Copy, Debug)]
pub struct RequestToSign<'a> {
    /// The method.
    pub method: &'a Method,
    /// The authority as in the `Host` header, with its port if that has one.
    pub host: &'a str,
    /// The absolute path, encoded as it will be sent.
    pub path: &'a str,
    /// The query, encoded as it will be sent and without its `?`.
    pub query: Option<&'a str>,
    /// The value of the `Content-Type` header, if there will be one.
    pub content_type: Option<&'a str>,
    /// The whole body.
    pub body: &'a [u8],
}

/// What to do next with a request.
#[derive(Clone, Debug)]
#[must_use]
pub enum Step {
    /// Add these headers, in place of any of the same names, and send it. All values are marked sensitive.
    Send(Vec<(HeaderName, HeaderValue)>),
    /// Get a token with this request, unless a fresh one is at hand, then add [`Token::bearer`](crate::Token::bearer)
    /// and send it.
    GetToken(TokenRequest),
}

impl Scheme {
    /// Authenticates `request` for the account that has `settings`, with the credential made of `parts`.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent.
    pub fn authenticate(
        &self,
        request: &RequestToSign<'_>,
        settings: &Map<String, Value>,
        parts: &Parts,
        now: DateTime<Utc>,
    ) -> Result<Step, AuthError> {
        let values = Values { settings, parts };
        Ok(match self {
            Self::Headers(headers) => {
                Step::Send(headers.iter().map(|header| header.header(values)).collect::<Result<_, _>>()?)
            }
            Self::Basic(basic) => Step::Send(vec![basic.header(values)?]),
            Self::OAuth2ClientCredentials(grant) => Step::GetToken(grant.token_request(values)?),
            Self::Signature(signature) => Step::Send(signature.headers(request, values, now)?),
        })
    }

    /// The headers that the scheme may set, none of which an adapter may set itself.
    pub fn header_names(&self) -> Vec<HeaderName> {
        match self {
            Self::Headers(headers) => headers.iter().map(|header| header.name().clone()).collect(),
            Self::Basic(_) | Self::OAuth2ClientCredentials(_) => vec![AUTHORIZATION],
            Self::Signature(_) => Signature::header_names().to_vec(),
        }
    }

    /// The parts that the scheme refers to.
    pub fn part_names(&self) -> BTreeSet<&str> {
        self.references()
            .filter_map(|reference| match reference {
                Reference::Part(name) => Some(name),
                Reference::Setting(_) => None,
            })
            .collect()
    }

    /// The settings that the scheme refers to.
    pub fn setting_names(&self) -> BTreeSet<&str> {
        self.references()
            .filter_map(|reference| match reference {
                Reference::Setting(name) => Some(name),
                Reference::Part(_) => None,
            })
            .collect()
    }

    fn references(&self) -> impl Iterator<Item = Reference<'_>> {
        let templates: Vec<&Template> = match self {
            Self::Headers(headers) => headers.iter().map(HeaderTemplate::value).collect(),
            Self::Basic(basic) => vec![&basic.username, &basic.password],
            Self::OAuth2ClientCredentials(grant) => {
                [&grant.path, &grant.client_id, &grant.client_secret].into_iter().chain(&grant.scope).collect()
            }
            Self::Signature(signature) => signature.templates().to_vec(),
        };
        templates.into_iter().flat_map(Template::references)
    }
}
