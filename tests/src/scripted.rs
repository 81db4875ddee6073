//! A vendor whose answers a test writes itself.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use keywright_runtime::{Account, AccountConfig, Adapter, EndpointOverride, Parts};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The method.
    pub method: Method,
    /// The host and port that the client named.
    pub host: String,
    /// The host that it asked TLS for; none where that was an address.
    pub server_name: Option<String>,
    /// The path.
    pub path: String,
    /// The query.
    pub query: Option<String>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The number of the connection that it arrived on, from 0.
    pub connection: usize,
    /// Whether that connection resumed a TLS session of an earlier one.
    pub resumed: bool,
    /// The client's certificate, in PEM, if it has shown one.
    pub certificate: Option<String>,
}

impl Arrived {
    /// A header as text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Method and path.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// An answer to give.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The type of the body.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What follows the body: with any, its length is not said.
    pub pieces: Option<Pieces>,
    /// Whether the vendor keeps silent instead.
    pub is_never: bool,
}

impl Reply {
    /// This body.
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, headers: Vec::new(), body: body.into(), pieces: None, is_never: false }
    }

    /// This JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// This status, without a body.
    pub fn empty(status: u16) -> Self {
        Self::new(status, "application/json", "")
    }

    /// No answer, on a connection that stays open.
    pub fn never() -> Self {
        Self { is_never: true, ..Self::empty(200) }
    }

    /// With one header more.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With these pieces after the body.
    pub fn then(self, pieces: Pieces) -> Self {
        Self { pieces: Some(pieces), ..self }
    }
}

/// What is sent piece by piece, and how fast.
#[derive(Clone)]
pub struct Pieces {
    of: Arc<dyn Fn(usize) -> Option<Vec<u8>> + Send + Sync>,
    pause: Duration,
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pieces").field("pause", &self.pause).finish_non_exhaustive()
    }
}

impl Pieces {
    /// The pieces by their number, until there is none, with a pause before each.
    pub fn new(pause: Duration, of: impl Fn(usize) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        Self { of: Arc::new(of), pause }
    }

    /// These pieces, without pauses.
    pub fn of<const N: usize>(pieces: [&str; N]) -> Self {
        let pieces = pieces.map(|piece| piece.as_bytes().to_vec());
        Self::new(Duration::ZERO, move |number| pieces.get(number).cloned())
    }

    /// The same piece without end.
    pub fn endless(piece: impl Into<Vec<u8>>, pause: Duration) -> Self {
        let piece = piece.into();
        Self::new(pause, move |_| Some(piece.clone()))
    }

    /// Each piece in its time.
    async fn next(&self, number: usize) -> Option<Vec<u8>> {
        // A server that never pauses must still let its client run on the same thread.
        tokio::task::yield_now().await;
        if !self.pause.is_zero() {
            sleep(self.pause).await;
        }
        (self.of)(number)
    }
}

/// A body of which the pieces come through a channel.
struct Paced(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Paced {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

/// What the first connection meets, in place of an HTTP server.
#[derive(Clone, Debug)]
pub enum First {
    /// Nobody who speaks TLS, though the connection stands.
    Tarpit,
    /// After TLS and the head of a request, these bytes.
    Says(Pieces),
}

type Script = dyn Fn(&Arrived) -> Reply + Send + Sync;

/// An HTTPS server on loopback that answers as its script says, and remembers what arrived. HTTP/1.1 only, unless it is
/// started with [`speaking_http2`](Self::speaking_http2).
pub struct ScriptedVendor {
    address: SocketAddr,
    ca_pem: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    server: JoinHandle<()>,
}

impl Drop for ScriptedVendor {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl ScriptedVendor {
    /// The name that its certificate is for, beside `127.0.0.1`.
    pub const NAME: &str = "vendor.test";

    /// Starts one.
    pub async fn start(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> Self {
        Self::serving(script, tls(&[b"http/1.1"], None), None).await
    }

    /// Starts one that asks its clients for certificates, which may be missing, of this authority.
    pub async fn knowing_certificates_of(
        authority_pem: &str,
        script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::serving(script, tls(&[b"http/1.1"], Some(authority_pem)), None).await
    }

    /// Starts one whose first connection meets something else.
    pub async fn behind(first: First, script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> Self {
        Self::serving(script, tls(&[b"http/1.1"], None), Some(first)).await
    }

    /// Starts one that offers HTTP/2.
    pub async fn speaking_http2(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> Self {
        Self::serving(script, tls(&[b"h2"], None), None).await
    }

    async fn serving(
        script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static,
        (acceptor, ca_pem): (TlsAcceptor, String),
        first: Option<First>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let server = tokio::spawn(accept(listener, acceptor, Arc::new(script), arrived.clone(), first));
        Self { address, ca_pem, arrived, server }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Host and port.
    pub fn authority(&self) -> String {
        self.address.to_string()
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The certificate of the authority that vouches for it.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// What arrived so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Methods and paths of what arrived so far.
    pub fn lines(&self) -> Vec<String> {
        self.arrived().iter().map(Arrived::line).collect()
    }

    /// Forgets what arrived so far.
    pub fn forget(&self) {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// An account at this vendor.
    pub fn account(&self, adapter: &Adapter, settings: Map<String, Value>, credential: Parts) -> Account {
        let endpoints = EndpointOverride::every(adapter.descriptor(), &self.url());
        let config = AccountConfig { settings, credential, endpoints, ca_pem: Some(self.ca_pem.clone()), proxy: None };
        Account::new(adapter, config).expect("an account")
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    script: Arc<Script>,
    log: Arc<Mutex<Vec<Arrived>>>,
    mut first: Option<First>,
) {
    let mut connections = tokio::task::JoinSet::new();
    let mut number = 0;
    while let Ok((stream, _)) = listener.accept().await {
        match first.take() {
            None => {
                connections.spawn(serve(stream, number, acceptor.clone(), script.clone(), log.clone()));
            }
            Some(first) => {
                connections.spawn(obstruct(stream, acceptor.clone(), first));
            }
        }
        number += 1;
    }
}

/// A connection with no HTTP server at its end. It stays open until its client has enough.
async fn obstruct(stream: TcpStream, acceptor: TlsAcceptor, first: First) {
    let First::Says(pieces) = first else {
        let _open = stream;
        return std::future::pending().await;
    };
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut head = [0; 4096];
    let Ok(1..) = stream.read(&mut head).await else { return };
    for number in 0.. {
        let Some(piece) = pieces.next(number).await else { break };
        if stream.write_all(&piece).await.is_err() || stream.flush().await.is_err() {
            return;
        }
    }
    std::future::pending().await
}

async fn serve(
    stream: TcpStream,
    connection: usize,
    acceptor: TlsAcceptor,
    script: Arc<Script>,
    log: Arc<Mutex<Vec<Arrived>>>,
) {
    stream.set_nodelay(true).ok();
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let session = stream.get_ref().1;
    let server_name = session.server_name().map(str::to_owned);
    let resumed = session.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
    let certificate = session.peer_certificates().and_then(<[_]>::first).map(certificate_pem);
    let service = service_fn(|request| {
        let (script, log) = (script.clone(), log.clone());
        let (server_name, certificate) = (server_name.clone(), certificate.clone());
        async move {
            let arrived = Arrived { server_name, connection, resumed, certificate, ..arrived(request).await };
            log.lock().unwrap_or_else(PoisonError::into_inner).push(arrived.clone());
            Ok::<_, Infallible>(answer(script(&arrived)).await)
        }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let _closed = builder.serve_connection(TokioIo::new(stream), service).await;
}

/// What a request itself says.
async fn arrived(request: Request<Incoming>) -> Arrived {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let host = head.headers.get(http::header::HOST).and_then(|host| host.to_str().ok().map(str::to_owned));
    let host = host.or_else(|| head.uri.authority().map(ToString::to_string)).unwrap_or_default();
    Arrived {
        method: head.method,
        host,
        server_name: None,
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers,
        body,
        connection: 0,
        resumed: false,
        certificate: None,
    }
}

/// A certificate in PEM, as rcgen writes it.
fn certificate_pem(certificate: &CertificateDer<'_>) -> String {
    let encoded = STANDARD.encode(certificate);
    let lines: Vec<&str> = encoded.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

async fn answer(reply: Reply) -> Response<Either<Full<Bytes>, Paced>> {
    if reply.is_never {
        return std::future::pending().await;
    }
    let mut response = Response::builder().status(reply.status).header(http::header::CONTENT_TYPE, reply.content_type);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = match reply.pieces {
        None => Either::Left(Full::new(reply.body.into())),
        Some(pieces) => Either::Right(paced(reply.body, pieces)),
    };
    response.body(body).expect("a response")
}

fn paced(start: Vec<u8>, pieces: Pieces) -> Paced {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        if !start.is_empty() && sender.send(start.into()).await.is_err() {
            return;
        }
        for number in 0.. {
            let Some(piece) = pieces.next(number).await else { return };
            if sender.send(piece.into()).await.is_err() {
                return;
            }
        }
    });
    Paced(receiver)
}

/// The server's end of TLS, and the authority that vouches for it. With an authority for clients it asks for their
/// certificates.
fn tls(protocols: &[&[u8]], clients: Option<&str>) -> (TlsAcceptor, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned(), ScriptedVendor::NAME.to_owned()]).expect("a name");
    let leaf = leaf.signed_by(&key, &ca).expect("a certificate");
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(clients.map_or_else(WebPkiClientVerifier::no_client_auth, certificates_of))
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
        .expect("a server");
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}

/// Takes certificates of this authority, and clients without one.
fn certificates_of(authority_pem: &str) -> Arc<dyn ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority_pem.as_bytes()).expect("a certificate")).expect("an authority");
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    verifier.allow_unauthenticated().build().expect("a verifier")
}
