//! The authenticator: authenticates requests with a credential that the adapter never holds.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{HeaderName, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode, Uri};
use keywright_auth::{
    AuthError, Authentication, ClientCertificate, OutgoingRequest, Parts, Prepared, Scheme, Token, TokenError,
    TokenRequest, Values,
};
use keywright_descriptor::{AUTHENTICATE, Descriptor};
use keywright_egress::{Denial, Policy};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::contract::bindings::types as wire;
use crate::contract::encoder;
use crate::contract::failure::{Failure, Reason};
use crate::error::CredentialError;
use crate::outbound::client::Client;
use crate::outbound::redaction::Needles;
use crate::outbound::session::Session;
use crate::outbound::transport_error::TransportError;
use crate::stray::Stray;

/// A credential, and how requests are authenticated with it.
pub(crate) struct Authenticator {
    /// By name; the first is the one of a rule that names none.
    schemes: Vec<SchemeState>,
    parts: Parts,
    public: Vec<String>,
    /// Finds the secret parts.
    secrets: Needles,
    /// Finds what was got or made of them: bearer tokens, session tokens, signed assertions. Kept until the account ends,
    /// for an answer to a request with an old one may still be on its way.
    derived: RwLock<Needles>,
    /// Whether the operator lets the adapter have the credential itself.
    pub(crate) exposed: bool,
}

struct SchemeState {
    scheme: Scheme,
    headers: Vec<HeaderName>,
    /// The token that the credential was exchanged for, while it is fresh.
    token: Mutex<Option<Token>>,
    /// The connections that present the credential's certificate.
    client: Mutex<Option<Arc<Client>>>,
}

/// A request that is authenticated, and the connections to send it on, where they are not the account's usual ones.
pub(crate) struct Authenticated {
    pub(crate) request: Request<Bytes>,
    pub(crate) client: Option<Arc<Client>>,
    /// The scheme, unless it is the first.
    pub(crate) scheme: Option<String>,
}

/// Why a request was not authenticated.
pub(crate) enum AuthenticateError {
    Auth(AuthError),
    /// The token endpoint refused, in words that may hold anything.
    Token {
        error: TokenError,
        words: Option<String>,
        status: Option<u16>,
        request_id: Option<String>,
    },
    Denied(Box<Denial>),
    /// There is no token for now. The adapter's own request was not sent, so nothing is in doubt.
    NoToken(Box<Failure>),
    Transport(TransportError),
}

impl Authenticator {
    /// An authenticator for the administrator's credential.
    ///
    /// # Errors
    ///
    /// When a part is missing, empty, unknown, or does not have its form.
    pub(crate) fn administrator(descriptor: &Descriptor, parts: Parts, exposed: bool) -> Result<Self, CredentialError> {
        Self::new(descriptor, &descriptor.administrator, parts, exposed)
    }

    /// An authenticator for a credential that was issued.
    ///
    /// # Errors
    ///
    /// As [`administrator`](Self::administrator).
    pub(crate) fn issued(descriptor: &Descriptor, parts: Parts) -> Result<Self, CredentialError> {
        Self::new(descriptor, &descriptor.issued, parts, false)
    }

    fn new(
        descriptor: &Descriptor,
        described: &keywright_descriptor::Parts,
        parts: Parts,
        exposed: bool,
    ) -> Result<Self, CredentialError> {
        check(described, &parts)?;
        let secrets: Vec<&SecretString> =
            parts.iter().filter(|(name, _)| described.is_secret(name)).map(|(_, value)| value).collect();
        let secrets = Needles::prepared(secrets.iter().map(|value| value.expose_secret()));
        let public = described.iter().filter(|part| !part.secret).map(|part| part.name.clone()).collect();
        let state = |scheme: &Scheme| SchemeState {
            headers: scheme.header_names().into_iter().collect(),
            scheme: scheme.clone(),
            token: Mutex::default(),
            client: Mutex::default(),
        };
        let schemes = descriptor.schemes.iter().map(state).collect();
        Ok(Self { schemes, parts, public, secrets, derived: RwLock::default(), exposed })
    }

    /// What an adapter is given of the credential.
    pub(crate) fn wire(&self) -> wire::Authentication {
        if self.exposed {
            return wire::Authentication::Direct(encoder::parts(self.parts.iter()));
        }
        let public = self.public.iter().filter_map(|name| Some((name.as_str(), self.parts.get(name)?)));
        wire::Authentication::Brokered(encoder::parts(public))
    }

    pub(crate) fn part(&self, name: &str) -> Option<&SecretString> {
        self.parts.get(name)
    }

    /// What is to be looked for in every text: the secret parts.
    pub(crate) fn secrets(&self) -> &Needles {
        &self.secrets
    }

    /// And what was got or made of them.
    pub(crate) fn derived(&self) -> RwLockReadGuard<'_, Needles> {
        self.derived.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember<'s>(&self, secrets: impl IntoIterator<Item = &'s SecretString>) {
        let mut derived = self.derived.write().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets {
            derived.add(secret.expose_secret());
        }
    }

    fn scheme(&self, name: Option<&str>) -> Option<&SchemeState> {
        match name {
            None => self.schemes.first(),
            Some(name) => self.schemes.iter().find(|state| state.scheme.name == name),
        }
    }

    /// Whether a header is set by the scheme.
    pub(crate) fn sets(&self, scheme: Option<&str>, name: &HeaderName) -> bool {
        self.scheme(scheme).is_some_and(|state| state.headers.contains(name))
    }

    /// Throws the token away when the vendor refuses it, which it may have ended early: the next request gets a new one.
    /// Returns whether a token was thrown away.
    pub(crate) fn answered(&self, scheme: Option<&str>, status: StatusCode) -> bool {
        if status == StatusCode::UNAUTHORIZED
            && let Some(state) = self.scheme(scheme)
            && let Ok(mut token) = state.token.try_lock()
        {
            return token.take().is_some();
        }
        false
    }

    pub(crate) async fn authenticate(
        &self,
        scheme: Option<&str>,
        mut request: Request<Bytes>,
        account: &Session,
    ) -> Result<Authenticated, AuthenticateError> {
        // An adapter that is trusted with the credential authenticates its requests itself.
        let state = match self.scheme(scheme) {
            Some(state) if !self.exposed => state,
            _ => return Ok(Authenticated { request, client: None, scheme: None }),
        };
        let authentication = self.prepare(state, &request, account).await?;
        self.remember(authentication.secrets());
        for header in &authentication.headers {
            let (name, value) = header.to_http().map_err(AuthenticateError::Auth)?;
            request.headers_mut().insert(name, value);
        }
        if let Some(query) = &authentication.query {
            let path_and_query = format!("{}?{}", request.uri().path(), query.expose_secret());
            let mut uri = request.uri().clone().into_parts();
            let unusable = |_| AuthenticateError::Auth(AuthError::Signing { field: "query" });
            uri.path_and_query = Some(path_and_query.parse().map_err(unusable)?);
            *request.uri_mut() =
                Uri::from_parts(uri).map_err(|_| AuthenticateError::Auth(AuthError::Signing { field: "query" }))?;
        }
        let client = match &authentication.client_certificate {
            Some(certificate) => Some(state.client(certificate, account).await?),
            None => None,
        };
        Ok(Authenticated { request, client, scheme: scheme.map(str::to_owned) })
    }

    /// Carries out the scheme's steps; gets a token first where one is needed and none is fresh. Calls that need one at
    /// once wait for the same.
    async fn prepare(
        &self,
        state: &SchemeState,
        request: &Request<Bytes>,
        account: &Session,
    ) -> Result<Authentication, AuthenticateError> {
        let headers: Vec<(&str, &str)> =
            request.headers().iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
        let uri = request.uri();
        let outgoing = OutgoingRequest {
            method: request.method().as_str(),
            host: uri.authority().map_or("", |authority| authority.as_str()),
            path: uri.path(),
            query: uri.query(),
            headers: &headers,
            body: request.body(),
        };
        let values =
            |now: DateTime<Utc>| Values { settings: &account.settings, parts: &self.parts, now, nonce: rand::random() };
        let now = Utc::now();
        let ask = match state.scheme.prepare(&outgoing, &values(now), None).map_err(AuthenticateError::Auth)? {
            Prepared::Send(authentication) => return Ok(authentication),
            Prepared::GetToken(ask) => ask,
        };
        let mut kept = state.token.lock().await;
        if kept.as_ref().is_none_or(|token| !token.is_fresh(Utc::now())) {
            let token = self.fetch(state, ask, account).await?;
            self.remember(token.secrets());
            *kept = Some(token);
        }
        match state.scheme.prepare(&outgoing, &values(Utc::now()), kept.as_ref()).map_err(AuthenticateError::Auth)? {
            Prepared::Send(authentication) => Ok(authentication),
            // A token that was fresh a moment ago.
            Prepared::GetToken(_) => Err(AuthenticateError::Token {
                error: TokenError::Malformed,
                words: None,
                status: None,
                request_id: None,
            }),
        }
    }

    /// The host's own request for a token.
    async fn fetch(
        &self,
        state: &SchemeState,
        ask: TokenRequest,
        account: &Session,
    ) -> Result<Token, AuthenticateError> {
        self.remember(ask.secrets());
        let request = token_request(&ask, &account.policy)?;
        let own = match &ask.client_certificate {
            Some(certificate) => Some(state.client(certificate, account).await?),
            None => None,
        };
        let client = own.as_deref().unwrap_or(&account.client);
        let answer = client.send(request).await.map_err(|error| no_token(Reason::Unavailable, &error.to_string()))?;
        let header = |name: &str| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
        let token = ask.read(answer.status(), &header, answer.body(), Utc::now());
        token.map_err(|error| refused(error, &answer))
    }
}

impl SchemeState {
    /// The connections that present this certificate, made once.
    async fn client(
        &self,
        certificate: &ClientCertificate,
        account: &Session,
    ) -> Result<Arc<Client>, AuthenticateError> {
        let mut client = self.client.lock().await;
        if let Some(client) = &*client {
            return Ok(client.clone());
        }
        let made = account.client.presenting(certificate).map_err(AuthenticateError::Transport)?;
        Ok(client.insert(Arc::new(made)).clone())
    }
}

/// That the parts are those that are described.
fn check(described: &keywright_descriptor::Parts, parts: &Parts) -> Result<(), CredentialError> {
    let credential = described.credential();
    if let Some(name) = parts.names().find(|name| described.get(name).is_none()) {
        return Err(CredentialError::UnknownPart { part: name.to_owned(), credential });
    }
    for part in described {
        let name = || part.name.clone();
        match parts.get(&part.name).map(|value| value.expose_secret()) {
            None if part.required => return Err(CredentialError::MissingPart { part: name(), credential }),
            None => {}
            Some("") => return Err(CredentialError::EmptyPart { part: name(), credential }),
            Some(value) if let Some(stray) = Stray::find(value) => {
                return Err(CredentialError::PartCharacters { part: name(), credential, stray });
            }
            Some(value) if part.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(value)) => {
                let form = part.pattern.as_ref().map(ToString::to_string).unwrap_or_default();
                return Err(CredentialError::PartForm { part: name(), credential, form });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Where the request for a token goes: where the rules let the host authenticate, like any other.
fn token_request(ask: &TokenRequest, policy: &Policy) -> Result<Request<Bytes>, AuthenticateError> {
    let unusable = || AuthenticateError::Auth(AuthError::Signing { field: "path of the token endpoint" });
    let endpoint = policy.endpoint_url(&ask.endpoint).ok_or_else(unusable)?;
    let path = format!("{}{}", endpoint.path_prefix(), ask.path);
    let origin = &endpoint.origin;
    let uri = Uri::builder().scheme(origin.scheme()).authority(origin.authority()).path_and_query(path).build();
    let uri = uri.map_err(|_| unusable())?;
    let mut request = Request::new(Bytes::copy_from_slice(ask.body.expose_secret().as_bytes()));
    *request.method_mut() = ask.method.clone();
    *request.uri_mut() = uri;
    for header in &ask.headers {
        let (name, value) = header.to_http().map_err(AuthenticateError::Auth)?;
        request.headers_mut().insert(name, value);
    }
    let question = keywright_egress::Request {
        operation: AUTHENTICATE,
        method: request.method(),
        uri: request.uri(),
        headers: request.headers(),
        body: request.body(),
    };
    policy.decide(&question).map_err(|denial| AuthenticateError::Denied(Box::new(denial)))?;
    if request.method() != Method::GET {
        let length = request.body().len().into();
        request.headers_mut().insert(http::header::CONTENT_LENGTH, length);
    }
    Ok(request)
}

/// The token endpoint gave none: for now, or because the client may not have one.
fn refused(error: TokenError, answer: &Response<Bytes>) -> AuthenticateError {
    let (status, request_id) = (Some(answer.status().as_u16()), request_id(answer));
    let words = error.server_message().map(|message| message.expose().to_owned());
    let reason = match answer.status() {
        StatusCode::TOO_MANY_REQUESTS => Reason::RateLimited,
        _ if error.is_temporary() => Reason::Unavailable,
        _ => return AuthenticateError::Token { error, words, status, request_id },
    };
    let message = match words {
        Some(words) => format!("{error}: {words}"),
        None => error.to_string(),
    };
    AuthenticateError::NoToken(Box::new(Failure {
        status,
        request_id,
        retry_after: retry_after(answer),
        ..Failure::new(reason, message)
    }))
}

/// The exchange for a token failed. It changes nothing of what the adapter wanted to change.
fn no_token(reason: Reason, cause: &str) -> AuthenticateError {
    AuthenticateError::NoToken(Box::new(Failure::new(reason, format!("there is no access token: {cause}"))))
}

/// The headers in which vendors give the id of a request, which their support asks for.
const REQUEST_IDS: [&str; 6] =
    ["x-request-id", "request-id", "x-amzn-requestid", "x-amz-request-id", "x-correlation-id", "x-trace-id"];

fn request_id(answer: &Response<Bytes>) -> Option<String> {
    const LONGEST: usize = 200;
    let values = REQUEST_IDS.iter().filter_map(|name| answer.headers().get(*name)?.to_str().ok());
    values.map(|value| value.chars().take(LONGEST).collect::<String>()).find(|value| !value.is_empty())
}

/// `Retry-After` (RFC 9110 section 10.2.3) in seconds, of both its forms.
fn retry_after(answer: &Response<Bytes>) -> Option<u32> {
    let value = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    value.parse().ok().or_else(|| {
        let at = DateTime::parse_from_rfc2822(value).ok()?;
        // A part of a second is waited for too.
        let wait = (at.to_utc() - Utc::now()).num_milliseconds().max(0);
        u32::try_from((wait + 999) / 1_000).ok()
    })
}
