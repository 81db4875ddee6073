//! A vendor whose answers a test writes itself.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use keywright_runtime::{Account, AccountConfig, Adapter, OwnEndpoint, Parts};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::{Map, Value};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
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
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// This JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, content_type: "application/json", body: body.to_string().into_bytes() }
    }

    /// This status, without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, content_type: "application/json", body: Vec::new() }
    }
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
        Self::serving(script, &[b"http/1.1"]).await
    }

    /// Starts one that offers HTTP/2.
    pub async fn speaking_http2(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static) -> Self {
        Self::serving(script, &[b"h2"]).await
    }

    async fn serving(script: impl Fn(&Arrived) -> Reply + Send + Sync + 'static, protocols: &[&[u8]]) -> Self {
        let (acceptor, ca_pem) = tls(protocols);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let server = tokio::spawn(accept(listener, acceptor, Arc::new(script), arrived.clone()));
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
        let endpoint = OwnEndpoint { url: self.url(), ca_pem: Some(self.ca_pem.clone()) };
        adapter.account(AccountConfig { settings, credential, endpoint: Some(endpoint) }).expect("an account")
    }
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, script: Arc<Script>, log: Arc<Mutex<Vec<Arrived>>>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, acceptor.clone(), script.clone(), log.clone()));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, script: Arc<Script>, log: Arc<Mutex<Vec<Arrived>>>) {
    stream.set_nodelay(true).ok();
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let server_name = stream.get_ref().1.server_name().map(str::to_owned);
    let service = service_fn(|request| {
        let (script, log, server_name) = (script.clone(), log.clone(), server_name.clone());
        async move { Ok::<_, Infallible>(answer(request, server_name, &*script, &log).await) }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let _closed = builder.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: Request<Incoming>,
    server_name: Option<String>,
    script: &Script,
    log: &Mutex<Vec<Arrived>>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let host = head.headers.get(http::header::HOST).and_then(|host| host.to_str().ok().map(str::to_owned));
    let host = host.or_else(|| head.uri.authority().map(ToString::to_string)).unwrap_or_default();
    let arrived = Arrived {
        method: head.method,
        host,
        server_name,
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: head.headers,
        body,
    };
    log.lock().unwrap_or_else(PoisonError::into_inner).push(arrived.clone());
    let reply = script(&arrived);
    Response::builder()
        .status(reply.status)
        .header(http::header::CONTENT_TYPE, reply.content_type)
        .body(Full::new(reply.body.into()))
        .expect("a response")
}

/// The server's end of TLS, and the authority that vouches for it.
fn tls(protocols: &[&[u8]]) -> (TlsAcceptor, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned(), ScriptedVendor::NAME.to_owned()]).expect("a name");
    let leaf = leaf.signed_by(&key, &ca).expect("a certificate");
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
        .expect("a server");
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    (TlsAcceptor::from(Arc::new(config)), ca.pem())
}
