//! How requests are authenticated.

use super::{Hmac, Jwt, OAuth2, Session, Signature};
use crate::direct;
use crate::wire::descriptors as wire;
use crate::wire::{List, Maybe, Text};

/// How requests are authenticated: steps, in their order; none sends requests as they are. In the texts of a step,
/// `{parts.NAME}` and `{settings.NAME}` stand for a part of the credential and for a setting.
///
/// Where the component itself authenticates it carries the code of the steps that it uses, and no other.
#[derive(Clone, Debug)]
pub struct Scheme {
    pub(super) wire: wire::AuthenticationScheme,
    pub(super) steps: Vec<direct::Step>,
}

impl Scheme {
    /// A scheme of this name, without steps yet.
    pub fn new(name: &'static str) -> Self {
        let wire = wire::AuthenticationScheme { name: Text::new(name), steps: List::new(), extensions: Maybe::None };
        Self { wire, steps: Vec::new() }
    }

    /// Sets a header; may be called again for a further one.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        match self.wire.steps.as_mut_slice().last_mut() {
            Some(wire::AuthenticationStep::Headers(headers)) => headers.push(template(name, value)),
            _ => {
                let step = wire::AuthenticationStep::Headers([template(name, value)].into_iter().collect());
                return self.step(step, direct::headers);
            }
        }
        self
    }

    /// Adds a query parameter; may be called again for a further one. Proxies and servers write URLs to logs: only where
    /// the vendor has no other way.
    pub fn query(mut self, name: &'static str, value: &'static str) -> Self {
        match self.wire.steps.as_mut_slice().last_mut() {
            Some(wire::AuthenticationStep::Query(parameters)) => parameters.push(template(name, value)),
            _ => {
                let step = wire::AuthenticationStep::Query([template(name, value)].into_iter().collect());
                return self.step(step, direct::query);
            }
        }
        self
    }

    /// HTTP Basic (RFC 7617).
    pub fn basic(self, username: &'static str, password: &'static str) -> Self {
        let basic = wire::BasicAuthentication { username: Text::new(username), password: Text::new(password) };
        self.step(wire::AuthenticationStep::Basic(basic), direct::basic)
    }

    /// A bearer token (RFC 6750) from a token endpoint (RFC 6749).
    pub fn oauth2(self, oauth2: OAuth2) -> Self {
        self.step(wire::AuthenticationStep::OAuth2(oauth2.wire), oauth2.take)
    }

    /// A bearer token that is signed with a part of the credential.
    pub fn bearer_jwt(self, jwt: Jwt) -> Self {
        self.step(wire::AuthenticationStep::BearerJwt(jwt.0), direct::bearer_jwt)
    }

    /// A signature over each request.
    pub fn signature(self, signature: Signature) -> Self {
        self.step(wire::AuthenticationStep::Signature(signature.0), direct::signature)
    }

    /// A session that a login request starts.
    pub fn session(self, session: Session) -> Self {
        self.step(wire::AuthenticationStep::Session(session.0), direct::session)
    }

    /// A client certificate for TLS: the certificate with its chain, and the private key, both PEM. No component can do
    /// this itself; in direct mode such a request is refused.
    pub fn mutual_tls(self, certificate: &'static str, key: &'static str) -> Self {
        let tls = wire::TlsAuthentication {
            certificate: Text::new(certificate),
            key: Text::new(key),
            extensions: Maybe::None,
        };
        self.step(wire::AuthenticationStep::MutualTls(tls), direct::mutual_tls)
    }

    /// A message authentication code over each request.
    pub fn hmac(self, hmac: Hmac) -> Self {
        self.step(wire::AuthenticationStep::Hmac(hmac.0), direct::hmac)
    }

    /// A JSON object of members that a later version of the contract or a single vendor defines.
    pub fn extensions(mut self, json: &'static str) -> Self {
        self.wire.extensions = Maybe::Some(Text::new(json));
        self
    }

    fn step(mut self, step: wire::AuthenticationStep, take: direct::Step) -> Self {
        self.wire.steps.push(step);
        self.steps.push(take);
        self
    }
}

pub(super) fn template(name: &'static str, value: &'static str) -> wire::NamedTemplate {
    wire::NamedTemplate { name: Text::new(name), value: Text::new(value) }
}
