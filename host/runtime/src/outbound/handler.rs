//! The one way out: everything that an adapter sends passes here, or is not sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use http::Uri;
use http::header::{ACCEPT, CONTENT_LENGTH, HeaderName};
use http_body_util::{BodyExt as _, Full};
use keywright_egress::{Allowed, Placement, SecretSource, may_authenticate_with};
use keywright_model::Operation;
use serde_json::Value;
use wasmtime_wasi_http::{Error as WasiError, RequestOptions, WasiBody, WasiHttpHooks};

use crate::contract::failure::{Failure, Reason};
use crate::error::CallError;
use crate::limits::Limits;
use crate::outbound::authenticator::{AuthenticateError, Authenticated, Authenticator};
use crate::outbound::placement;
use crate::outbound::redaction::{self, Needles};
use crate::outbound::secrets::{Place, Secrets};
use crate::outbound::session::Session;
use crate::outbound::transport_error::TransportError;

/// What the WASI HTTP implementation calls for each request of one call.
pub(crate) struct Hooks {
    handler: Option<Arc<OutboundHandler>>,
}

impl Hooks {
    pub(crate) fn forwarding(handler: Arc<OutboundHandler>) -> Self {
        Self { handler: Some(handler) }
    }

    /// For calls that may send nothing.
    pub(crate) fn denying() -> Self {
        Self { handler: None }
    }
}

/// Handles the requests of one call: by the rules of its account, authenticated with its credential.
pub(crate) struct OutboundHandler {
    operation: Operation,
    account: Arc<Session>,
    authenticator: Arc<Authenticator>,
    limits: Arc<Limits>,
    /// Whether the call only asks what became of an earlier one: then nothing that mints is sent.
    continues: bool,
    record: Mutex<CallRecord>,
    secrets: Mutex<Secrets>,
}

/// What the host saw itself, which goes before what the adapter says.
#[derive(Default)]
struct CallRecord {
    violation: Option<CallError>,
    transport_error: Option<TransportError>,
    /// Whether the vendor refused an access token, so that it was thrown away.
    token_ended: bool,
    /// Whether a rule that mints was used, whichever: some vendors have two paths to one and the same thing.
    minted: bool,
    /// Whether a request was sent that may have changed something at the vendor.
    mutation_sent: bool,
    /// How many such requests have no answer yet.
    unanswered: usize,
    /// Requests that were let through, those of them that are under way, and the bytes of their answers.
    requests: usize,
    under_way: usize,
    answered: usize,
}

/// A request under way, until this is dropped.
struct UnderWay<'h>(&'h OutboundHandler);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.record().under_way -= 1;
    }
}

impl OutboundHandler {
    pub(crate) fn new(
        operation: Operation,
        account: Arc<Session>,
        authenticator: Arc<Authenticator>,
        limits: Arc<Limits>,
        continues: bool,
        secret_readable: bool,
    ) -> Self {
        let makes = matches!(operation, Operation::Create | Operation::Regenerate);
        let issues = makes || (operation.is_mutating() && !secret_readable);
        let secrets = Mutex::new(Secrets::new(account.exposes_secrets, issues));
        Self { operation, account, authenticator, limits, continues, record: Mutex::default(), secrets }
    }

    /// The first thing that the adapter did and may not do, taken out.
    pub(crate) fn take_violation(&self) -> Option<CallError> {
        self.record().violation.take()
    }

    /// The last error of the connection, taken out.
    pub(crate) fn take_transport_error(&self) -> Option<TransportError> {
        self.record().transport_error.take()
    }

    /// Whether an access token was thrown away.
    pub(crate) fn token_ended(&self) -> bool {
        self.record().token_ended
    }

    /// Whether a request was sent that may have changed something at the vendor.
    pub(crate) fn mutation_sent(&self) -> bool {
        self.record().mutation_sent
    }

    /// Whether the answer to such a request is still out.
    pub(crate) fn awaits_an_answer(&self) -> bool {
        self.record().unanswered > 0
    }

    /// The secrets of this call.
    pub(crate) fn secrets(&self) -> MutexGuard<'_, Secrets> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text without the secrets that the host knows.
    pub(crate) fn redact(&self, text: String) -> String {
        self.with_needles(|needles| redaction::text(needles, text))
    }

    /// The JSON value without the secrets that the host knows.
    pub(crate) fn redact_value(&self, mut value: Value) -> Value {
        self.with_needles(|needles| redaction::strings(needles, &mut value));
        value
    }

    fn with_needles<T>(&self, redact: impl FnOnce(&[&Needles]) -> T) -> T {
        let (secrets, derived) = (self.secrets(), self.authenticator.derived());
        redact(&[secrets.needles(), self.authenticator.secrets(), &derived, &self.account.needles])
    }

    /// Whether the vendor got this part, which the host made: in this call, or in the one that it goes on with.
    pub(crate) fn was_sent(&self, part: &str) -> bool {
        self.continues || self.secrets().was_placed(part)
    }

    fn record(&self) -> MutexGuard<'_, CallRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(&self, error: CallError) -> WasiError {
        self.record().violation.get_or_insert(error);
        WasiError::HttpRequestDenied
    }

    fn transport_failed(&self, error: TransportError) -> WasiError {
        let wasi = error.to_wasi();
        self.record().transport_error = Some(error);
        wasi
    }

    async fn handle(&self, request: http::Request<WasiBody>) -> Result<http::Response<WasiBody>, WasiError> {
        let (_under_way, allowed, authenticated) = self.prepare(request).await?;
        let answer = self.exchange(authenticated).await?;
        let answer = self.finish(allowed, answer)?;
        Ok(answer.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync()))
    }

    /// All of [`handle`](Self::handle) but the exchange: what the host adds to one, for the benchmark.
    #[cfg(feature = "benchmarks")]
    pub(crate) async fn dry_run(
        &self,
        request: http::Request<WasiBody>,
        answer: http::Response<Bytes>,
    ) -> Result<http::Response<Bytes>, WasiError> {
        let (_under_way, allowed, _authenticated) = self.prepare(request).await?;
        self.finish(allowed, answer)
    }

    /// One request on its way out: the rule, the headers, what the host puts in, authentication, and only then a
    /// connection, with sizes and times limited on the way. The order is the point; a test pins it.
    async fn prepare(
        &self,
        request: http::Request<WasiBody>,
    ) -> Result<(UnderWay<'_>, Allowed, Authenticated), WasiError> {
        let (head, body) = request.into_parts();
        self.check_target(&head)?;
        let under_way = self.admit()?;
        let body = self.collect(body).await?;
        let allowed = self.check_rule(&head, &body)?;
        self.check_headers(&head, allowed)?;
        let request = self.readdress(head, body, allowed)?;
        let request = self.place(request, allowed)?;
        let authenticated = self.authenticate(request, allowed).await?;
        Ok((under_way, allowed, authenticated))
    }

    /// An answer on its way in: what is secret in it stays here.
    fn finish(&self, allowed: Allowed, answer: http::Response<Bytes>) -> Result<http::Response<Bytes>, WasiError> {
        let answer = self.without_secrets(allowed, answer);
        self.count(answer.body())?;
        Ok(answer)
    }

    /// That some rule could allow it, before its body is read.
    fn check_target(&self, head: &http::request::Parts) -> Result<(), WasiError> {
        let allowed = self.account.policy.could_allow(self.operation.name(), &head.method, &head.uri);
        allowed.map_err(|denial| self.refuse(CallError::Denied(Box::new(denial))))
    }

    /// Counts the request among those of the call.
    fn admit(&self) -> Result<UnderWay<'_>, WasiError> {
        let limits = &self.limits;
        let mut record = self.record();
        record.requests += 1;
        let limit = if record.requests > limits.requests {
            format!("{} requests of a call", limits.requests)
        } else if record.under_way >= limits.requests_at_once {
            format!("{} requests at once", limits.requests_at_once)
        } else {
            record.under_way += 1;
            return Ok(UnderWay(self));
        };
        drop(record);
        Err(self.limited(limit))
    }

    /// The whole body: demands and a signature cover all of it, and its length is then known. Kept in one piece, for a
    /// piece of one byte takes as much memory as a hundred.
    async fn collect(&self, mut body: WasiBody) -> Result<Bytes, WasiError> {
        let (limit, most) = (self.limits.request_body, self.limits.request_pieces);
        let (mut whole, mut pieces) = (BytesMut::new(), 0);
        while let Some(frame) = body.frame().await {
            pieces += 1;
            if pieces > most {
                return Err(self.limited(format!("{most} pieces of the body of a request")));
            }
            let frame = frame.map_err(|_| WasiError::HttpRequestBodySize(None))?;
            match frame.into_data() {
                Ok(data) if whole.len() + data.len() > limit => {
                    return Err(self.limited(format!("{limit} bytes of a request")));
                }
                Ok(data) => whole.extend_from_slice(&data),
                // Headers behind the body, where no check and no signature would see them.
                Err(frame) => {
                    let trailers = frame.into_trailers().unwrap_or_default();
                    if let Some(name) = trailers.keys().next() {
                        return Err(self.reserved(name));
                    }
                }
            }
        }
        Ok(whole.freeze())
    }

    fn check_rule(&self, head: &http::request::Parts, body: &Bytes) -> Result<Allowed, WasiError> {
        let policy = &self.account.policy;
        let (operation, method, uri) = (self.operation.name(), &head.method, &head.uri);
        let allowed = policy.decide(&self.question(head, body)).and_then(|allowed| match allowed.mints {
            true if self.continues => Err(policy.deny_minting(operation, method, uri)),
            // One call makes one credential.
            true if std::mem::replace(&mut self.record().minted, true) => {
                Err(policy.deny_again(operation, method, uri))
            }
            _ => Ok(allowed),
        });
        allowed.map_err(|denial| self.refuse(CallError::Denied(Box::new(denial))))
    }

    fn question<'r>(&'r self, head: &'r http::request::Parts, body: &'r Bytes) -> keywright_egress::Request<'r> {
        keywright_egress::Request {
            operation: self.operation.name(),
            method: &head.method,
            uri: &head.uri,
            headers: &head.headers,
            body,
        }
    }

    fn check_headers(&self, head: &http::request::Parts, allowed: Allowed) -> Result<(), WasiError> {
        let policy = &self.account.policy;
        let scheme = policy.scheme(allowed);
        let may_set = |name: &HeaderName| {
            // An adapter that is trusted with the credential authenticates its requests itself.
            (policy.allows_header(allowed, name) && !self.authenticator.sets(scheme, name))
                || (self.authenticator.exposed && may_authenticate_with(name))
        };
        if let Some(name) = head.headers.keys().find(|name| !may_set(name)) {
            return Err(self.reserved(name));
        }
        if !head.headers.get_all(ACCEPT).iter().all(|value| policy.allows_accept(allowed, value.as_bytes())) {
            return Err(self.reserved(&ACCEPT));
        }
        let limit = self.limits.request_header_fields;
        if head.headers.len() > limit {
            return Err(self.limited(format!("{limit} headers of a request")));
        }
        Ok(())
    }

    fn reserved(&self, name: &HeaderName) -> WasiError {
        self.refuse(CallError::ReservedHeader { operation: self.operation, header: name.to_string() })
    }

    /// The request, written anew and addressed to the origin of its rule rather than in the spelling that the
    /// adapter used: what was checked, what is dialled, what TLS asks for and what the `Host` header says are one.
    fn readdress(
        &self,
        head: http::request::Parts,
        body: Bytes,
        allowed: Allowed,
    ) -> Result<http::Request<Bytes>, WasiError> {
        let policy = &self.account.policy;
        let canonical = policy.canonical(allowed, &self.question(&head, &body));
        let canonical = canonical.map_err(|denial| self.refuse(CallError::Denied(Box::new(denial))))?;
        let origin = policy.origin(allowed).ok_or(WasiError::HttpRequestDenied)?;
        let uri = Uri::builder().scheme(origin.scheme()).authority(origin.authority());
        let uri = uri.path_and_query(canonical.path_and_query).build();
        let mut request = http::Request::new(canonical.body.unwrap_or(body));
        *request.uri_mut() = uri.map_err(|_| WasiError::HttpRequestUriInvalid)?;
        *request.method_mut() = head.method;
        *request.headers_mut() = head.headers;
        self.remember(&request);
        Ok(request)
    }

    /// Keeps what the adapter itself sent: a value that it chose cannot be captured as a secret.
    fn remember(&self, request: &http::Request<Bytes>) {
        if !self.operation.is_mutating() {
            return;
        }
        let mut secrets = self.secrets();
        secrets.sent(request.body().clone());
        let target = request.uri().path_and_query().map(|target| target.as_str().to_owned());
        secrets.sent(target.unwrap_or_default().into());
        for value in request.headers().values() {
            secrets.sent(Bytes::copy_from_slice(value.as_bytes()));
        }
    }

    /// The request with the values that the host puts into it, in the places of their handles, and with its length, which
    /// is the host's to say. Some vendors refuse a body without one.
    fn place(&self, request: http::Request<Bytes>, allowed: Allowed) -> Result<http::Request<Bytes>, WasiError> {
        let placements = self.account.policy.sends(allowed);
        let value_of = |source: &SecretSource, handle: &str| match source {
            SecretSource::Part(part) => self.secrets().value_to_place(part, handle).cloned(),
            SecretSource::Setting(name) => self.account.secret_setting(name, handle).cloned(),
        };
        let placed = placement::place(request, placements, &value_of);
        let mut request = placed.map_err(|location| {
            let how = format!("it did not put the handle that it was given where `{location}` stands in its rule");
            self.refuse(CallError::Contract { operation: self.operation.name(), how })
        })?;
        request.headers_mut().remove(CONTENT_LENGTH);
        if !request.body().is_empty() || !request.method().is_safe() {
            let length = request.body().len().into();
            request.headers_mut().insert(CONTENT_LENGTH, length);
        }
        Ok(request)
    }

    async fn authenticate(&self, request: http::Request<Bytes>, allowed: Allowed) -> Result<Authenticated, WasiError> {
        let scheme = self.account.policy.scheme(allowed);
        let authenticated = self.authenticator.authenticate(scheme, request, &self.account).await;
        authenticated.map_err(|error| match error {
            AuthenticateError::Auth(error) => self.refuse(CallError::Unauthenticatable(error)),
            AuthenticateError::Token { error, words, status, request_id } => {
                self.refuse(CallError::TokenRefused { error, words, status, request_id })
            }
            AuthenticateError::Denied(denial) => self.refuse(CallError::Denied(denial)),
            AuthenticateError::Transport(error) => self.transport_failed(error),
            // An earlier request of the same call may have taken effect, although this one was not sent.
            AuthenticateError::NoToken(failure) if self.mutation_sent() => {
                self.refuse(CallError::Failed(Failure { reason: Reason::InDoubt, ..*failure }))
            }
            AuthenticateError::NoToken(failure) => self.refuse(CallError::Failed(*failure)),
        })
    }

    /// Sends it and takes the answer. An adapter that does not wait for that leaves in doubt what the request did.
    async fn exchange(&self, authenticated: Authenticated) -> Result<http::Response<Bytes>, WasiError> {
        let Authenticated { request, client, scheme } = authenticated;
        let mutates = self.operation.is_mutating() && !request.method().is_safe();
        let (operation, method, begun) = (self.operation.name(), request.method().clone(), Instant::now());
        let url = self.redact(request.uri().to_string());
        tracing::trace!(operation, %method, url, mutates, bytes = request.body().len(), "a request goes out");
        if mutates {
            let mut record = self.record();
            record.mutation_sent = true;
            record.unanswered += 1;
        }
        let outcome = client.as_deref().unwrap_or(&self.account.client).send(request).await;
        if mutates {
            self.record().unanswered -= 1;
        }
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let answer = outcome.map_err(|error| {
            tracing::debug!(operation, %method, url, milliseconds, cause = %error, "a request failed");
            self.transport_failed(error)
        })?;
        let (status, bytes) = (answer.status().as_u16(), answer.body().len());
        tracing::debug!(operation, %method, url, status, milliseconds, bytes, "a request was answered");
        if self.authenticator.answered(scheme.as_deref(), answer.status()) {
            self.record().token_ended = true;
        }
        Ok(answer)
    }

    /// What the answers of a call take together, read or not.
    fn count(&self, body: &Bytes) -> Result<(), WasiError> {
        let limit = self.limits.response_bodies;
        let mut record = self.record();
        record.answered = record.answered.saturating_add(body.len());
        if record.answered <= limit {
            return Ok(());
        }
        drop(record);
        Err(self.limited(format!("{limit} bytes of answers")))
    }

    fn limited(&self, limit: String) -> WasiError {
        self.refuse(CallError::Limit { operation: self.operation.name(), limit })
    }

    /// The answer as the adapter may see it: what was minted is captured, what the vendor repeats is redacted.
    fn without_secrets(&self, allowed: Allowed, answer: http::Response<Bytes>) -> http::Response<Bytes> {
        let (mut head, body) = answer.into_parts();
        let policy = &self.account.policy;
        let (locations, minted) = (policy.secrets(allowed), policy.minted(allowed));
        let place = Place { locations, minted, mints: allowed.mints, status: head.status };
        let mut secrets = self.secrets();
        let is_made = |placement: &Placement| matches!(placement.source, SecretSource::Part(_));
        if head.status.is_success() && policy.sends(allowed).iter().any(is_made) {
            secrets.accept();
        }
        let body = secrets.capture(&place, &mut head.headers, body);
        if let Some(how) = secrets.violation() {
            let how = how.to_owned();
            self.record().violation.get_or_insert(CallError::Contract { operation: self.operation.name(), how });
        }
        let derived = self.authenticator.derived();
        let nothing = Needles::default();
        let captured = if secrets.exposed() { &nothing } else { secrets.needles() };
        let needles = [captured, self.authenticator.secrets(), &derived, &self.account.needles];
        let body = redaction::answer(&needles, body);
        for value in head.headers.values_mut() {
            let clean = redaction::bytes(&needles, Bytes::copy_from_slice(value.as_bytes()));
            if clean != value.as_bytes() {
                *value = http::HeaderValue::from_maybe_shared(clean).unwrap_or(http::HeaderValue::from_static(""));
            }
        }
        if head.headers.contains_key(CONTENT_LENGTH) {
            head.headers.insert(CONTENT_LENGTH, body.len().into());
        }
        http::Response::from_parts(head, body)
    }
}

/// What a component writes of a body at once, in bytes: what most bodies are in all.
const WRITE: usize = 64 << 10;

type Sent = Box<dyn Future<Output = Result<(), WasiError>> + Send>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        // The host's limits hold, not those that the guest asks for.
        _: Option<RequestOptions>,
        _: Sent,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Sent), WasiError>> + Send> {
        let handler = self.handler.clone();
        Box::new(async move {
            let Some(handler) = handler else { return Err(WasiError::HttpRequestDenied) };
            // The answer has arrived whole, so nothing is left to do when the guest reads it.
            handler.handle(request).await.map(|answer| (answer, Box::new(async { Ok(()) }) as Sent))
        })
    }

    /// The rules decide, and say so: without this, another scheme would be refused without a word.
    fn is_supported_scheme(&mut self, _: &http::uri::Scheme) -> bool {
        true
    }

    /// A component may fill the buffers of as many requests as it holds, sent or not.
    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        WRITE
    }

    /// The request gets its `Host` from the origin of its rule.
    fn set_host_header(&mut self) -> bool {
        false
    }
}
