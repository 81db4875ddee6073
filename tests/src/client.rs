//! A plain HTTPS client: one request on one connection, trusting one authority.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A client that speaks HTTP/1.1 over TLS, to `127.0.0.1` only.
#[derive(Clone)]
pub struct Https {
    tls: TlsConnector,
}

/// An answer that arrived whole.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl Https {
    /// A client that trusts this authority.
    pub fn trusting(ca_pem: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("PEM")).expect("a certificate");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)) }
    }

    /// Sends a request whose URI is absolute.
    ///
    /// # Errors
    ///
    /// When the exchange fails.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
        let authority = request.uri().authority().expect("an authority").clone();
        assert_eq!(authority.host(), "127.0.0.1", "tests stay on this machine");
        let tcp = TcpStream::connect((authority.host(), authority.port_u16().unwrap_or(443))).await?;
        let stream = self.tls.connect(ServerName::try_from("127.0.0.1")?, tcp).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let (mut head, body) = request.into_parts();
        head.headers.insert(http::header::HOST, authority.as_str().parse()?);
        head.uri = head.uri.path_and_query().map_or("/", |target| target.as_str()).parse()?;
        let answer = sender.send_request(Request::from_parts(head, Full::new(body))).await?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        connection.abort();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}
