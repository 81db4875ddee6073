//! Schemes: how a request is authenticated, as data.

mod check;

use std::collections::BTreeSet;

use http::{HeaderName, Method};
use keywright_settings::{Reference, Template};
use secrecy::{ExposeSecret, SecretString};

pub use check::SchemeError;

use crate::{
    AUTHORIZATION, Basic, ClientAuthentication, Content, Grant, HeaderTemplate, Hmac, Jwt, MutualTls, OAuth2, Parts,
    QueryTemplate, Session, Signature,
};

/// How requests to a vendor are authenticated from the parts of a credential: steps, carried out in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The name, by which a user selects one scheme of several: lower-case letters, digits and `-`.
    pub name: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// One thing that authenticates a request, or one of several that do together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Headers made from the parts.
    Headers(Vec<HeaderTemplate>),
    /// Query parameters made from the parts.
    Query(Vec<QueryTemplate>),
    /// HTTP Basic (RFC 7617).
    Basic(Basic),
    /// A bearer token of OAuth 2.0 (RFC 6749).
    OAuth2(OAuth2),
    /// A JWT that the credential's key signs, as a bearer token.
    BearerJwt(Jwt),
    /// A signature of AWS Signature Version 4 or its form at OUTSCALE.
    Signature(Signature),
    /// The token of a session.
    Session(Session),
    /// A client certificate.
    MutualTls(MutualTls),
    /// A signature of the vendor's own making.
    Hmac(Hmac),
    /// A kind of a later version, which cannot be carried out.
    Other {
        /// The kind's name.
        name: String,
    },
}

/// Where a request for a token goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenEndpoint<'s> {
    /// The name of the endpoint.
    pub endpoint: &'s str,
    /// The method.
    pub method: &'s Method,
    /// The path there.
    pub path: &'s Template,
}

impl Scheme {
    /// The headers that the scheme may set, none of which an adapter may set itself.
    pub fn header_names(&self) -> Vec<HeaderName> {
        let names: BTreeSet<&str> = self.steps.iter().flat_map(Step::header_names).collect();
        names.into_iter().filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok()).collect()
    }

    /// The query parameters that the scheme sets, none of which an adapter may set itself. Their values stand in URLs.
    pub fn query_names(&self) -> BTreeSet<&str> {
        self.steps.iter().flat_map(Step::query_names).collect()
    }

    /// The parts that the scheme refers to.
    pub fn part_names(&self) -> BTreeSet<&str> {
        let references = self.steps.iter().flat_map(Step::references);
        references
            .filter_map(|reference| match reference {
                Reference::Part(name) => Some(name),
                Reference::Setting(_) | Reference::Variable(_) => None,
            })
            .collect()
    }

    /// The settings that the scheme refers to.
    pub fn setting_names(&self) -> BTreeSet<&str> {
        let references = self.steps.iter().flat_map(Step::references);
        references
            .filter_map(|reference| match reference {
                Reference::Setting(name) => Some(name),
                Reference::Part(_) | Reference::Variable(_) => None,
            })
            .collect()
    }

    /// Where requests for tokens go.
    pub fn endpoints(&self) -> Vec<TokenEndpoint<'_>> {
        self.steps.iter().filter_map(Step::endpoint).collect()
    }

    /// Whether the scheme refers to a part that `is_secret`.
    pub fn needs_secret(&self, is_secret: &dyn Fn(&str) -> bool) -> bool {
        self.part_names().into_iter().any(is_secret)
    }

    /// The values of the parts that the scheme refers to and that are secret, to be redacted wherever they appear. Those of
    /// several lines, such as a key in PEM, come line by line too, because an answer may break them in another way.
    ///
    /// What is derived from them for a request is listed by [`Authentication::secrets`](crate::Authentication::secrets),
    /// [`TokenRequest::secrets`](crate::TokenRequest::secrets) and [`Token::secrets`](crate::Token::secrets).
    pub fn secrets_in(&self, parts: &Parts, is_secret: &dyn Fn(&str) -> bool) -> Vec<SecretString> {
        /// Shorter lines, such as the padding that ends a PEM, would be found in much that is not secret.
        const SHORTEST_LINE: usize = 16;
        let names = self.part_names().into_iter().filter(|name| is_secret(name));
        let mut secrets = Vec::new();
        for value in names.filter_map(|name| parts.get(name)) {
            secrets.push(value.clone());
            let text = value.expose_secret();
            if text.trim_end().contains('\n') {
                let lines = text.lines().map(str::trim);
                let telling = lines.filter(|line| line.len() >= SHORTEST_LINE && !line.starts_with("-----"));
                secrets.extend(telling.map(SecretString::from));
            }
        }
        secrets
    }
}

impl Step {
    fn header_names(&self) -> Vec<&str> {
        match self {
            Self::Headers(headers) => names(headers),
            Self::Basic(_) | Self::OAuth2(_) | Self::BearerJwt(_) => vec![AUTHORIZATION],
            Self::Signature(_) => Signature::header_names().to_vec(),
            Self::Session(session) => names(&session.request_headers),
            Self::Hmac(hmac) => names(&hmac.headers),
            Self::Query(_) | Self::MutualTls(_) | Self::Other { .. } => Vec::new(),
        }
    }

    fn query_names(&self) -> Vec<&str> {
        match self {
            Self::Query(parameters) => parameters.iter().map(QueryTemplate::name).collect(),
            _ => Vec::new(),
        }
    }

    fn endpoint(&self) -> Option<TokenEndpoint<'_>> {
        match self {
            Self::OAuth2(oauth2) => {
                Some(TokenEndpoint { endpoint: &oauth2.endpoint, method: &Method::POST, path: &oauth2.path })
            }
            Self::Session(session) => {
                Some(TokenEndpoint { endpoint: &session.endpoint, method: &session.method, path: &session.path })
            }
            _ => None,
        }
    }

    fn references(&self) -> Vec<Reference<'_>> {
        let mut found = References::default();
        match self {
            Self::Headers(headers) => found.headers(headers),
            Self::Query(parameters) => found.templates(parameters.iter().map(QueryTemplate::value)),
            Self::Basic(basic) => found.templates([&basic.username, &basic.password]),
            Self::OAuth2(oauth2) => found.oauth2(oauth2),
            Self::BearerJwt(jwt) => found.jwt(jwt),
            Self::Signature(signature) => found.templates(signature.templates()),
            Self::Session(session) => found.session(session),
            Self::MutualTls(mutual) => found.templates([&mutual.certificate, &mutual.key]),
            Self::Hmac(hmac) => {
                found.templates([&hmac.key, &hmac.message]);
                found.headers(&hmac.headers);
            }
            Self::Other { .. } => {}
        }
        found.0
    }
}

fn names(headers: &[HeaderTemplate]) -> Vec<&str> {
    headers.iter().map(HeaderTemplate::name).collect()
}

/// What templates refer to.
#[derive(Default)]
struct References<'s>(Vec<Reference<'s>>);

impl<'s> References<'s> {
    fn templates(&mut self, templates: impl IntoIterator<Item = &'s Template>) {
        self.0.extend(templates.into_iter().flat_map(Template::references));
    }

    fn headers(&mut self, headers: &'s [HeaderTemplate]) {
        self.templates(headers.iter().map(HeaderTemplate::value));
    }

    fn jwt(&mut self, jwt: &'s Jwt) {
        self.templates([&jwt.key].into_iter().chain(&jwt.key_id));
        self.0.extend(jwt.claims.references());
    }

    fn oauth2(&mut self, oauth2: &'s OAuth2) {
        self.templates([&oauth2.path].into_iter().chain(&oauth2.scope));
        self.templates(oauth2.parameters.iter().map(|(_, value)| value));
        match &oauth2.grant {
            Grant::ClientCredentials => {}
            Grant::RefreshToken(token) => self.templates([token]),
            Grant::JwtBearer(jwt) => self.jwt(jwt),
        }
        match &oauth2.client {
            ClientAuthentication::Basic { id, secret } | ClientAuthentication::Body { id, secret } => {
                self.templates([id, secret]);
            }
            ClientAuthentication::PrivateKeyJwt { id, jwt } => {
                self.templates([id]);
                self.jwt(jwt);
            }
            ClientAuthentication::None { id } => self.templates(id),
        }
    }

    fn session(&mut self, session: &'s Session) {
        self.templates([&session.path]);
        self.headers(&session.headers);
        self.headers(&session.request_headers);
        match &session.content {
            Content::Json(json) => self.0.extend(json.references()),
            Content::Form(fields) => self.templates(fields.iter().map(|(_, value)| value)),
            Content::None => {}
        }
    }
}
