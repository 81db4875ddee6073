//! The one way out: everything that an adapter sends passes here, or is not sent.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http_body_util::{BodyExt as _, Full};
use keywright_egress::{Allowed, is_reserved_header};
use wasmtime_wasi_http::{Error as WasiError, RequestOptions, WasiBody, WasiHttpHooks};

use crate::contract::failure::{Failure, Reason};
use crate::contract::operation::Operation;
use crate::error::CallError;
use crate::outbound::authenticator::Authenticator;
use crate::outbound::secrets::Secrets;
use crate::outbound::session::Session;
use crate::outbound::transport_error::TransportError;
use crate::sandbox::limits::Limits;

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
    record: Mutex<CallRecord>,
    secrets: Mutex<Secrets>,
}

/// What the host saw for itself, whatever the adapter makes of it.
#[derive(Default)]
struct CallRecord {
    error: Option<CallError>,
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
struct UnderWay<'p>(&'p OutboundHandler);

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
    ) -> Self {
        let secrets = Mutex::new(Secrets::new(account.exposes_secrets));
        Self { operation, account, authenticator, limits, record: Mutex::default(), secrets }
    }

    /// The first thing that the adapter did and may not do, taken out.
    pub(crate) fn take_violation(&self) -> Option<CallError> {
        self.record().error.take()
    }

    /// The last trouble with the connection, taken out.
    pub(crate) fn transport_error(&self) -> Option<TransportError> {
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

    /// What was minted in this call.
    pub(crate) fn secrets(&self) -> std::sync::MutexGuard<'_, Secrets> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a component says, without the secrets that the host knows.
    pub(crate) fn redact(&self, text: String) -> String {
        self.authenticator.redact(self.secrets().redact(text))
    }

    fn record(&self) -> std::sync::MutexGuard<'_, CallRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(&self, error: CallError) -> WasiError {
        self.record().error.get_or_insert(error);
        WasiError::HttpRequestDenied
    }

    fn transport_failed(&self, transport_error: TransportError) -> WasiError {
        let told = transport_error.to_wasi();
        self.record().transport_error = Some(transport_error);
        told
    }

    /// One request on its way out: the rule, the headers, authentication, and only then a connection, with sizes and
    /// times limited on the way; of the answer, what is secret stays here. The order is the point; a test pins it.
    async fn handle(&self, request: http::Request<WasiBody>) -> Result<http::Response<WasiBody>, WasiError> {
        let (head, body) = request.into_parts();
        let allowed = self.check_rule(&head)?;
        self.check_headers(&head)?;
        let _under_way = self.admit()?;
        let request = self.readdress(head, self.collect(body).await?, allowed)?;
        let request = self.authenticate(request).await?;
        let answer = self.exchange(request).await?;
        if self.authenticator.answered(answer.status()) {
            self.record().token_ended = true;
        }
        let answer = self.without_secrets(allowed, answer);
        self.count(answer.body())?;
        Ok(answer.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync()))
    }

    /// All of [`handle`](Self::handle) but the exchange: what the host adds to one, for the benchmark.
    pub(crate) async fn dry_run(
        &self,
        request: http::Request<WasiBody>,
        answer: http::Response<Bytes>,
    ) -> Result<http::Response<Bytes>, WasiError> {
        let (head, body) = request.into_parts();
        let allowed = self.check_rule(&head)?;
        self.check_headers(&head)?;
        let _under_way = self.admit()?;
        let request = self.readdress(head, self.collect(body).await?, allowed)?;
        let _request = self.authenticate(request).await?;
        let answer = self.without_secrets(allowed, answer);
        self.count(answer.body())?;
        Ok(answer)
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

    /// Sends it and takes the answer. An adapter that does not wait for that leaves in doubt what the request did.
    async fn exchange(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, WasiError> {
        let acts = self.operation.is_mutating() && !request.method().is_safe();
        if acts {
            let mut record = self.record();
            record.mutation_sent = true;
            record.unanswered += 1;
        }
        let outcome = self.account.client.send(request).await;
        if acts {
            self.record().unanswered -= 1;
        }
        outcome.map_err(|transport_error| self.transport_failed(transport_error))
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

    /// The answer as the adapter may see it: what was minted is captured, what the vendor echoes is taken out.
    fn without_secrets(&self, allowed: Allowed, answer: http::Response<Bytes>) -> http::Response<Bytes> {
        let (mut head, body) = answer.into_parts();
        let body = self.secrets().capture(self.account.policy.mints(allowed), body);
        let body = self.authenticator.redact_bytes(body);
        for value in head.headers.values_mut() {
            let clean = self.secrets().clean(Bytes::copy_from_slice(value.as_bytes()));
            let clean = self.authenticator.redact_bytes(clean);
            if clean != value.as_bytes() {
                *value = http::HeaderValue::from_maybe_shared(clean).unwrap_or(http::HeaderValue::from_static(""));
            }
        }
        if head.headers.contains_key(CONTENT_LENGTH) {
            head.headers.insert(CONTENT_LENGTH, body.len().into());
        }
        http::Response::from_parts(head, body)
    }

    fn check_rule(&self, head: &http::request::Parts) -> Result<Allowed, WasiError> {
        let policy = &self.account.policy;
        let (operation, method, uri) = (self.operation.name(), &head.method, &head.uri);
        let allowed = policy.decide(operation, method, uri).and_then(|allowed| {
            // One call makes one credential, whatever the adapter would like.
            match !policy.mints(allowed).is_empty() && std::mem::replace(&mut self.record().minted, true) {
                true => Err(policy.deny_again(operation, method, uri)),
                false => Ok(allowed),
            }
        });
        allowed.map_err(|denial| self.refuse(CallError::Denied(Box::new(denial))))
    }

    fn check_headers(&self, head: &http::request::Parts) -> Result<(), WasiError> {
        let reserved = head.headers.keys().find(|name| is_reserved_header(name) || self.authenticator.sets(name));
        if let Some(name) = reserved {
            return Err(self.reserved(name));
        }
        let limit = self.limits.request_header_fields;
        if head.headers.len() > limit {
            return Err(self.limited(format!("{limit} headers of a request")));
        }
        Ok(())
    }

    fn reserved(&self, name: &http::HeaderName) -> WasiError {
        self.refuse(CallError::ReservedHeader { operation: self.operation, header: name.to_string() })
    }

    /// The whole body: a signature covers all of it, and its length is then known. Kept in one piece, for a piece of one
    /// byte takes as much memory as a hundred.
    async fn collect(&self, mut body: WasiBody) -> Result<Bytes, WasiError> {
        let limit = self.limits.request_body;
        let mut whole = BytesMut::new();
        while let Some(frame) = body.frame().await {
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

    /// The request, addressed to the origin of its rule rather than to whatever spelling of it the adapter used: what was
    /// checked, what is dialled, what TLS asks for and what the `Host` header says are one.
    fn readdress(
        &self,
        head: http::request::Parts,
        body: Bytes,
        allowed: Allowed,
    ) -> Result<http::Request<Bytes>, WasiError> {
        let origin = self.account.policy.origin(allowed).ok_or(WasiError::HttpRequestDenied)?;
        let mut uri = head.uri.clone().into_parts();
        uri.scheme = Some(http::uri::Scheme::HTTPS);
        uri.authority = Some(origin.authority().parse().map_err(|_| WasiError::HttpRequestUriInvalid)?);
        let mut request = http::Request::new(body);
        *request.method_mut() = head.method;
        *request.headers_mut() = head.headers;
        // The length is the host's to say: it has counted. Some vendors refuse a body without one.
        request.headers_mut().remove(CONTENT_LENGTH);
        if !request.body().is_empty() || !request.method().is_safe() {
            let length = request.body().len().into();
            request.headers_mut().insert(CONTENT_LENGTH, length);
        }
        *request.uri_mut() = http::Uri::from_parts(uri).map_err(|_| WasiError::HttpRequestUriInvalid)?;
        Ok(request)
    }

    async fn authenticate(&self, request: http::Request<Bytes>) -> Result<http::Request<Bytes>, WasiError> {
        let authenticated = self.authenticator.authenticate(request, &self.account).await;
        authenticated.map_err(|error| match error {
            crate::outbound::authenticator::AuthenticateError::Auth(error) => {
                self.refuse(CallError::Unauthenticatable(error))
            }
            crate::outbound::authenticator::AuthenticateError::Denied(denial) => self.refuse(CallError::Denied(denial)),
            // An earlier request of the same call may have acted, whatever the adapter wanted with this one.
            crate::outbound::authenticator::AuthenticateError::NoToken(failure) if self.mutation_sent() => {
                self.refuse(CallError::Failed(Failure { reason: Reason::InDoubt, ..failure }))
            }
            crate::outbound::authenticator::AuthenticateError::NoToken(failure) => {
                self.refuse(CallError::Failed(failure))
            }
        })
    }
}

/// What a component writes of a body at once, in bytes: what most bodies are in all.
const WRITE: usize = 64 << 10;

type Sent = Box<dyn Future<Output = Result<(), WasiError>> + Send>;

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        // The host's limits hold whatever the guest asks for.
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
