//! What is wrong with a scheme before it is used.

use std::collections::HashSet;

use http::Method;
use keywright_settings::{Reference, Template};

use super::{Scheme, Step};
use crate::headers::is_token;
use crate::mac::SIGNATURE;
use crate::session::SESSION_TOKEN;
use crate::signature::Algorithm;
use crate::{ClientAuthentication, Content, Grant, HeaderTemplate, Hmac, Jwt, OAuth2, Session, TokenLocation};

/// Why a scheme is malformed, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authentication scheme `{}`{}: {field} {problem}", scheme.escape_debug(), at(*step))]
pub struct SchemeError {
    /// The scheme's name.
    pub scheme: String,
    /// The step, counted from 1; none when it is about the whole scheme.
    pub step: Option<usize>,
    /// The field, in words.
    pub field: &'static str,
    /// What is wrong with it and what to do, to be read after the field.
    pub problem: &'static str,
}

fn at(step: Option<usize>) -> String {
    step.map(|step| format!(", step {step}")).unwrap_or_default()
}

/// A field and what is wrong with it.
type Problem = (&'static str, &'static str);

fn ensure(good: bool, field: &'static str, problem: &'static str) -> Result<(), Problem> {
    if good { Ok(()) } else { Err((field, problem)) }
}

impl Scheme {
    /// Finds what is malformed or contradicts itself. A scheme that passes can still fail for the settings or the parts of an
    /// account.
    ///
    /// # Errors
    ///
    /// The first problem.
    pub fn check(&self) -> Result<(), SchemeError> {
        let error = |step, (field, problem)| SchemeError { scheme: self.name.clone(), step, field, problem };
        self.check_whole().map_err(|problem| error(None, problem))?;
        let mut before = Before::default();
        for (at, step) in self.steps.iter().enumerate() {
            let checked = step.check().and_then(|()| before.check(step));
            checked.map_err(|problem| error(Some(at + 1), problem))?;
        }
        Ok(())
    }

    fn check_whole(&self) -> Result<(), Problem> {
        let name = self.name.starts_with(|first: char| first.is_ascii_lowercase())
            && self.name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        ensure(name, "name", "is not valid: use lower-case letters, digits and `-`, with a letter first")?;
        ensure(!self.steps.is_empty(), "steps", "are missing: add one")
    }
}

/// What the steps before one do.
#[derive(Default)]
struct Before<'s> {
    headers: HashSet<&'s str>,
    parameters: HashSet<&'s str>,
    token: bool,
    certificate: bool,
    signature: bool,
    aws: bool,
}

impl<'s> Before<'s> {
    fn check(&mut self, step: &'s Step) -> Result<(), Problem> {
        for name in step.header_names() {
            ensure(self.headers.insert(name), "header", "is set twice in the scheme: set it once")?;
            let signed = !self.aws || !name.starts_with("x-amz-");
            ensure(signed, "header", "comes after the signature that must cover it: put it before")?;
        }
        for name in step.query_names() {
            ensure(self.parameters.insert(name), "query parameter", "is set twice in the scheme: set it once")?;
            ensure(!self.signature, "query parameter", "comes after a signature that must cover it: put it before")?;
        }
        match step {
            Step::OAuth2(_) | Step::Session(_) => {
                ensure(!self.token, "token", "is the second of the scheme: use one token")?;
                self.token = true;
            }
            Step::MutualTls(_) => {
                ensure(!self.certificate, "certificate", "is the second of the scheme: use one certificate")?;
                self.certificate = true;
            }
            Step::Signature(_) => (self.signature, self.aws) = (true, true),
            Step::Hmac(_) => self.signature = true,
            _ => {}
        }
        Ok(())
    }
}

impl Step {
    fn check(&self) -> Result<(), Problem> {
        match self {
            Self::Headers(headers) => ensure(!headers.is_empty(), "headers", "are missing: add one"),
            Self::Query(parameters) => {
                ensure(!parameters.is_empty(), "query parameters", "are missing: add one")?;
                let named = parameters.iter().all(|parameter| !parameter.name().is_empty());
                ensure(named, "query parameter", "has an empty name: give it one")
            }
            Self::OAuth2(oauth2) => oauth2.check(),
            Self::BearerJwt(jwt) => jwt.check(),
            Self::Signature(signature) => {
                let algorithm = &signature.algorithm;
                let known = !algorithm.is_literal() || algorithm.to_string().parse::<Algorithm>().is_ok();
                ensure(known, "algorithm", "is unknown: choose `osc4` or `aws4`")?;
                secret(&signature.secret_key, "secret key")
            }
            Self::Session(session) => session.check(),
            Self::MutualTls(mutual) => secret(&mutual.key, "key"),
            Self::Hmac(hmac) => hmac.check(),
            Self::Other { name } => ensure(!name.is_empty(), "kind", "has an empty name: give it one"),
            Self::Basic(_) => Ok(()),
        }
    }
}

impl Jwt {
    fn check(&self) -> Result<(), Problem> {
        /// **Choice**: a shorter life would end on its way; one of more than a day is a password.
        const LIFETIMES: std::ops::RangeInclusive<u32> = 10..=86_400;
        secret(&self.key, "key")?;
        ensure(self.claims.is_object(), "claims", "are not a JSON object: use one")?;
        let added = self.claims.member_names().any(|name| Self::ADDED.contains(&name));
        ensure(!added, "claims", "have `iat`, `exp` or `jti`, which are added to them: remove those")?;
        ensure(LIFETIMES.contains(&self.lifetime_seconds), "lifetime", "is out of range: use 10 to 86400 seconds")
    }
}

impl OAuth2 {
    fn check(&self) -> Result<(), Problem> {
        /// What the other fields of a scheme set.
        const OWN: [&str; 9] = [
            "assertion",
            "client_assertion",
            "client_assertion_type",
            "client_id",
            "client_secret",
            "grant_type",
            "refresh_token",
            "scope",
            "",
        ];
        endpoint(&self.endpoint, &self.path)?;
        match &self.grant {
            Grant::ClientCredentials => {
                let authenticates = !matches!(self.client, ClientAuthentication::None { .. });
                // RFC 6749 section 4.4.
                ensure(authenticates, "client", "does not authenticate, which client credentials need: let it")?;
            }
            Grant::RefreshToken(token) => secret(token, "refresh token")?,
            Grant::JwtBearer(jwt) => jwt.check()?,
        }
        if let ClientAuthentication::PrivateKeyJwt { jwt, .. } = &self.client {
            jwt.check()?;
        }
        let mut names = HashSet::new();
        for (name, _) in &self.parameters {
            ensure(!OWN.contains(&name.as_str()), "parameter", "is one that the other fields set: remove it")?;
            ensure(names.insert(name), "parameter", "is given twice: give it once")?;
        }
        Ok(())
    }
}

impl Session {
    fn check(&self) -> Result<(), Problem> {
        endpoint(&self.endpoint, &self.path)?;
        let methods = [Method::GET, Method::POST, Method::PUT];
        ensure(methods.contains(&self.method), "method", "is not that of a login: use GET, POST or PUT")?;
        let empty = matches!(self.content, Content::None);
        ensure(empty || self.method != Method::GET, "content", "cannot be sent with GET: use POST")?;
        match &self.token {
            TokenLocation::Json(pointer) => json_pointer(pointer, "token")?,
            TokenLocation::Header(name) => {
                let valid = !name.is_empty() && name.bytes().all(is_token);
                ensure(valid, "token", "is not in a valid header: use letters, digits and `-`")?;
            }
        }
        if let Some(pointer) = &self.expires_in {
            json_pointer(pointer, "lifetime")?;
        }
        ensure(self.lifetime_seconds > 0, "lifetime", "is zero: give the seconds that a token lives")?;
        let sent = refers(&self.request_headers, SESSION_TOKEN);
        ensure(sent, "headers", "do not send the token: let one have `{session.token}`")
    }
}

impl Hmac {
    fn check(&self) -> Result<(), Problem> {
        secret(&self.key, "key")?;
        ensure(!self.message.is_literal(), "message", "does not depend on the request: refer to it")?;
        ensure(refers(&self.headers, SIGNATURE), "headers", "do not send the signature: let one have `{signature}`")
    }
}

/// A key in the text of an adapter would be everybody's.
fn secret(template: &Template, field: &'static str) -> Result<(), Problem> {
    let refers = template.references().any(|reference| matches!(reference, Reference::Part(_)));
    ensure(refers, field, "does not refer to a part of the credential: use `{parts.NAME}`")
}

/// **Choice**: a path has no parts, because paths are shown in rules, errors and logs.
fn endpoint(name: &str, path: &Template) -> Result<(), Problem> {
    ensure(!name.is_empty(), "endpoint", "has an empty name: name one of the descriptor")?;
    ensure(path.to_string().starts_with(['/', '{']), "path", "is not absolute: start it with `/`")?;
    let parts = path.references().any(|reference| matches!(reference, Reference::Part(_)));
    ensure(!parts, "path", "refers to a part of the credential: use settings only")
}

/// RFC 6901 section 3.
fn json_pointer(pointer: &str, field: &'static str) -> Result<(), Problem> {
    let escapes = pointer.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    let valid = (pointer.is_empty() || pointer.starts_with('/')) && escapes;
    ensure(valid, field, "is not at a valid JSON pointer: write it as `/data/token`")
}

fn refers(headers: &[HeaderTemplate], variable: &'static str) -> bool {
    headers.iter().any(|header| header.value().references().any(|reference| reference == Reference::Variable(variable)))
}
