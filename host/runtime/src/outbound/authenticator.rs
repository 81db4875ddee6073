//! The broker: authenticates requests with a credential that the adapter never holds.

use std::collections::HashSet;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use chrono::Utc;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Method, Request, Response, StatusCode, Uri};
use keywright_auth::{AuthError, Parts, RequestToSign, Scheme, Step, Token, TokenError, TokenRequest};
use keywright_egress::Denial;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::contract::bindings::types as wire;
use crate::contract::descriptor::{AUTHENTICATE, Descriptor};
use crate::contract::failure::{Failure, Reason};
use crate::outbound::redaction::Redactor;
use crate::outbound::session::Session;
use crate::outbound::transport_error::TransportError;

/// A credential, and how requests are authenticated with it.
pub(crate) struct Authenticator {
    scheme: Scheme,
    parts: Parts,
    public: Vec<String>,
    headers: HashSet<HeaderName>,
    /// The bearer token that the credential was exchanged for, while it is fresh.
    token: Mutex<Option<Token>>,
    /// Finds the secret parts.
    redactor: Redactor,
    /// Finds the bearer token that was got last.
    token_redactor: RwLock<Redactor>,
}

/// Why a request was not authenticated.
pub(crate) enum AuthenticateError {
    Auth(AuthError),
    Denied(Box<Denial>),
    /// There is no token for now. The adapter's own request was not sent, so nothing is in doubt.
    NoToken(Failure),
}

impl Authenticator {
    /// A broker for these parts.
    ///
    /// # Errors
    ///
    /// When a part that the scheme needs is missing or empty.
    pub(crate) fn new(descriptor: &Descriptor, parts: Parts) -> Result<Self, AuthError> {
        for name in descriptor.scheme.part_names() {
            match parts.get(name) {
                None => return Err(AuthError::MissingPart { part: name.to_owned() }),
                Some(value) if value.expose_secret().is_empty() => {
                    return Err(AuthError::EmptyPart { part: name.to_owned() });
                }
                Some(_) => {}
            }
        }
        let secret = descriptor.parts.iter().filter(|part| part.secret);
        let redactor =
            Redactor::new(secret.filter_map(|part| parts.get(&part.name)).map(|value| value.expose_secret()));
        Ok(Self {
            scheme: descriptor.scheme.clone(),
            redactor,
            token_redactor: RwLock::default(),
            parts,
            public: descriptor.parts.iter().filter(|part| !part.secret).map(|part| part.name.clone()).collect(),
            headers: descriptor.scheme.header_names().into_iter().collect(),
            token: Mutex::default(),
        })
    }

    /// The parts that an adapter may know.
    pub(crate) fn public_parts(&self) -> Vec<wire::Part> {
        let known = self.public.iter().filter_map(|name| self.parts.get(name).map(|value| (name, value)));
        known.map(|(name, value)| wire::Part { name: name.clone(), value: value.expose_secret().to_owned() }).collect()
    }

    pub(crate) fn part(&self, name: &str) -> Option<&SecretString> {
        self.parts.get(name)
    }

    /// The text without this credential's secrets.
    pub(crate) fn redact(&self, text: String) -> String {
        self.redactor.text(self.token_redactor().text(text))
    }

    /// The bytes without this credential's secrets.
    pub(crate) fn redact_bytes(&self, bytes: Bytes) -> Bytes {
        self.redactor.bytes(self.token_redactor().bytes(bytes))
    }

    fn token_redactor(&self) -> RwLockReadGuard<'_, Redactor> {
        self.token_redactor.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a header is this broker's to set.
    pub(crate) fn sets(&self, name: &HeaderName) -> bool {
        self.headers.contains(name)
    }

    /// A vendor that refuses a token may have ended it early: the next request gets a new one. Whether there was one to
    /// throw away.
    pub(crate) fn answered(&self, status: StatusCode) -> bool {
        if status == StatusCode::UNAUTHORIZED
            && let Ok(mut token) = self.token.try_lock()
        {
            return token.take().is_some();
        }
        false
    }

    pub(crate) async fn authenticate(
        &self,
        mut request: Request<Bytes>,
        account: &Session,
    ) -> Result<Request<Bytes>, AuthenticateError> {
        let uri = request.uri().clone();
        let to_sign = RequestToSign {
            method: request.method(),
            host: uri.authority().map_or("", |authority| authority.as_str()),
            path: uri.path(),
            query: uri.query(),
            content_type: request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()),
            body: request.body(),
        };
        let step = self
            .scheme
            .authenticate(&to_sign, &account.settings, &self.parts, Utc::now())
            .map_err(AuthenticateError::Auth)?;
        let headers = match step {
            Step::Send(headers) => headers,
            Step::GetToken(ask) => vec![self.bearer(ask, account).await?],
        };
        for (name, value) in headers {
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }

    /// The bearer header, of a token that is at hand or got now. Calls that need one at once wait for the same.
    async fn bearer(
        &self,
        ask: TokenRequest,
        account: &Session,
    ) -> Result<(HeaderName, HeaderValue), AuthenticateError> {
        let failed = |error: TokenError| AuthenticateError::Auth(error.into());
        let mut kept = self.token.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| token.is_fresh(Utc::now())) {
            return token.bearer().map_err(failed);
        }
        let answer = account
            .client
            .send(token_request(ask, account)?)
            .await
            .map_err(|transport_error| lost(&transport_error))?;
        let token =
            Token::parse(answer.status(), answer.body(), Utc::now()).map_err(|error| refused(error, &answer))?;
        let bearer = token.bearer().map_err(failed);
        *self.token_redactor.write().unwrap_or_else(PoisonError::into_inner) =
            Redactor::new([token.value().expose_secret()]);
        *kept = Some(token);
        bearer
    }
}

/// The host's own request for a token. It goes where the rules let the host authenticate, like any other.
fn token_request(ask: TokenRequest, account: &Session) -> Result<Request<Bytes>, AuthenticateError> {
    let authority = account.policy.origin_of(AUTHENTICATE).map(|origin| origin.authority()).unwrap_or_default();
    let uri = Uri::builder().scheme("https").authority(authority).path_and_query(ask.path).build();
    let uri = uri.map_err(|_| AuthenticateError::Auth(AuthError::Signing { field: "path of the token endpoint" }))?;
    account
        .policy
        .decide(AUTHENTICATE, &Method::POST, &uri)
        .map_err(|denial| AuthenticateError::Denied(Box::new(denial)))?;
    let mut request = Request::new(Bytes::from(ask.body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri;
    request.headers_mut().extend(ask.headers);
    Ok(request)
}

/// The exchange for a token failed. It changes nothing of what the adapter wanted to change.
fn lost(transport_error: &TransportError) -> AuthenticateError {
    no_token(Reason::Unavailable, format!("there is no access token: {transport_error}"), None)
}

/// The token endpoint gave none: for now, or because the client may not have one.
fn refused(error: TokenError, answer: &Response<Bytes>) -> AuthenticateError {
    let reason = match answer.status() {
        StatusCode::TOO_MANY_REQUESTS => Reason::RateLimited { retry_after: retry_after(answer) },
        _ if error.is_passing() => Reason::Unavailable,
        _ => return AuthenticateError::Auth(error.into()),
    };
    no_token(reason, error.to_string(), Some(answer.status().as_u16()))
}

fn no_token(reason: Reason, message: String, status: Option<u16>) -> AuthenticateError {
    AuthenticateError::NoToken(Failure { reason, message, status, request_id: None })
}

/// `Retry-After` in seconds; the form with a date is left to the caller's own patience.
fn retry_after(answer: &Response<Bytes>) -> Option<u32> {
    answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}
