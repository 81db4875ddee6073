//! Exchanges with a vendor: one account's connections, reused; every size and every wait bounded.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_ENCODING;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use keywright_auth::ClientCertificate;
use keywright_egress::{AddressPolicy, Origin};
use tokio::time::timeout;

use crate::limits::Limits;
use crate::outbound::connector::{ConnectError, Connector};
use crate::outbound::network::Network;
use crate::outbound::proxy::Proxy;
use crate::outbound::tls::{Tls, TlsError};
use crate::outbound::transport_error::TransportError;

/// Idle connections that are kept to one host; an account seldom makes more calls at once.
const IDLE_CONNECTIONS: usize = 4;

/// Whom an account trusts: the authority of its endpoint overrides for those, and the machine's own for all else.
pub(crate) struct Trust {
    /// The authority's certificates, in PEM.
    pub(crate) ca_pem: Option<String>,
    /// Where it is trusted.
    pub(crate) for_origins: Vec<Origin>,
    /// Whether nothing but those is ever reached.
    pub(crate) for_all: bool,
}

/// An account's connections to its vendor.
pub(crate) struct Client {
    http: legacy::Client<Connector, Full<Bytes>>,
    /// What further clients of the account are made of.
    connector: Connector,
    limits: Arc<Limits>,
}

impl Client {
    /// A client for one account.
    pub(crate) fn new(
        limits: &Arc<Limits>,
        network: &Arc<dyn Network>,
        addresses: AddressPolicy,
        trust: &Trust,
        proxy: Option<Proxy>,
    ) -> Result<Self, TlsError> {
        let tls = Tls::new(trust)?;
        let connector = Connector::new(tls, limits.clone(), network.clone(), addresses, proxy);
        Ok(Self::with(connector, limits.clone()))
    }

    /// A client for the same account that presents a certificate, with connections of its own.
    pub(crate) fn presenting(&self, certificate: &ClientCertificate) -> Result<Self, TransportError> {
        let connector = self.connector.presenting(certificate);
        let connector = connector.map_err(|error| TransportError::ClientCertificate { cause: error.to_string() })?;
        Ok(Self::with(connector, self.limits.clone()))
    }

    fn with(connector: Connector, limits: Arc<Limits>) -> Self {
        let http = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .timer(TokioTimer::new())
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .http1_max_buf_size(limits.response_headers)
            .http2_max_header_list_size(u32::try_from(limits.response_headers).unwrap_or(u32::MAX))
            // Tried again is only what was never written to a connection that turned out to be closed.
            .retry_canceled_requests(true)
            .build(connector.clone());
        Self { http, connector, limits }
    }

    /// Sends a request and takes its whole answer. Follows no redirects.
    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let authority = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        let limit = self.limits.exchange;
        match timeout(limit, self.exchange(request, &authority)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(TransportError::TooLong { authority, limit }),
        }
    }

    async fn exchange(&self, request: Request<Bytes>, authority: &str) -> Result<Response<Bytes>, TransportError> {
        let limit = self.limits.first_byte;
        let answer = match timeout(limit, self.http.request(request.map(Full::new))).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(self.classify(&error, authority)),
            Err(_) => return Err(TransportError::NoAnswer { authority: authority.to_owned(), limit }),
        };
        let (head, body) = answer.into_parts();
        // What is compressed cannot be looked through for secrets, and no request asks for it. So nothing is ever larger
        // than it arrives.
        if head.headers.get_all(CONTENT_ENCODING).iter().any(|coding| coding != "identity") {
            return Err(TransportError::Encoded { authority: authority.to_owned() });
        }
        Ok(Response::from_parts(head, self.collect(body, authority).await?))
    }

    async fn collect(&self, mut body: Incoming, authority: &str) -> Result<Bytes, TransportError> {
        let too_large =
            || TransportError::TooLarge { authority: authority.to_owned(), limit: self.limits.response_body };
        let between = self.limits.between_bytes;
        let announced = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > self.limits.response_body) {
            return Err(too_large());
        }
        let mut whole = BytesMut::new();
        loop {
            let frame = match timeout(between, body.frame()).await {
                Ok(None) => return Ok(whole.freeze()),
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(_))) => return Err(TransportError::Broken { authority: authority.to_owned() }),
                Err(_) => return Err(TransportError::Stalled { authority: authority.to_owned(), limit: between }),
            };
            // Trailers carry nothing that a vendor documents.
            let Ok(data) = frame.into_data() else { continue };
            if whole.len() + data.len() > self.limits.response_body {
                return Err(too_large());
            }
            // The usual answer comes in one piece, which needs no copy.
            if whole.is_empty() && body.is_end_stream() {
                return Ok(data);
            }
            whole.extend_from_slice(&data);
        }
    }

    fn classify(&self, error: &legacy::Error, authority: &str) -> TransportError {
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref::<ConnectError>() {
                return error.0.clone();
            }
            if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse_too_large) {
                return TransportError::Headers {
                    authority: authority.to_owned(),
                    limit: self.limits.response_headers,
                };
            }
            cause = error.source();
        }
        TransportError::Broken { authority: authority.to_owned() }
    }
}
