//! A small HTTP client, and a started Scaleway simulator with what is needed to talk to it.

use std::{error::Error, future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use keywright_simulators::{FaultRule, Simulator, vendor};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

pub(crate) const KEYS: &str = "/iam/v1alpha1/api-keys";
pub(crate) const APPLICATIONS: &str = "/iam/v1alpha1/applications";
pub(crate) const USERS: &str = "/iam/v1alpha1/users";

/// What went wrong on the way to an answer.
pub(crate) type Broken = Box<dyn Error + Send + Sync>;

/// An answer that arrived whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

type Answering = Pin<Box<dyn Future<Output = Result<http::Response<Incoming>, hyper::Error>> + Send>>;
type Sender = Box<dyn FnMut(Request<Full<Bytes>>) -> Answering + Send>;

/// One open connection.
pub(crate) struct Connection {
    authority: String,
    http2: bool,
    send: Sender,
}

impl Connection {
    /// Connects, trusting `ca_pem`, over HTTP/1.1 or HTTP/2 as ALPN agrees; without a CA, over plain HTTP/1.1.
    pub(crate) async fn open(base_url: &str, ca_pem: Option<&str>, http2: bool) -> Result<Self, Broken> {
        let authority = base_url.rsplit('/').next().unwrap().to_owned();
        let tcp = TcpStream::connect(&authority).await?;
        let send = match ca_pem {
            None => sender(tcp, http2).await?,
            Some(pem) => sender(handshake(tcp, &authority, Some(pem), http2).await?, http2).await?,
        };
        Ok(Self { authority, http2, send })
    }

    /// Sends a request and reads the head of its answer.
    pub(crate) async fn begin(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<String>,
    ) -> Result<http::Response<Incoming>, Broken> {
        let headers: Vec<_> = token.map(|token| ("X-Auth-Token", token)).into_iter().collect();
        self.begin_with(method, path, &headers, body).await
    }

    /// Sends a request with these headers and reads the head of its answer.
    pub(crate) async fn begin_with(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Result<http::Response<Incoming>, Broken> {
        let uri = if self.http2 { format!("https://{}{path}", self.authority) } else { path.to_owned() };
        let mut request = Request::builder().method(method).uri(uri);
        if !self.http2 {
            request = request.header(header::HOST, &self.authority);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::from(body.unwrap_or_default()))?;
        Ok((self.send)(request).await?)
    }

    /// Sends a request as it is, but for the host, and reads its whole answer.
    pub(crate) async fn exchange(&mut self, mut request: Request<Full<Bytes>>) -> Result<Answer, Broken> {
        request.headers_mut().insert(header::HOST, self.authority.parse()?);
        let (head, body) = (self.send)(request).await?.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: body.collect().await?.to_bytes() })
    }

    /// Sends a request and reads its whole answer.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<String>,
    ) -> Result<Answer, Broken> {
        let (head, body) = self.begin(method, path, token, body).await?.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: body.collect().await?.to_bytes() })
    }
}

async fn sender<I>(stream: I, http2: bool) -> Result<Sender, Broken>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let stream = TokioIo::new(stream);
    if http2 {
        let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await?;
        tokio::spawn(connection);
        Ok(Box::new(move |request| Box::pin(sender.send_request(request))))
    } else {
        let (mut sender, connection) = http1::handshake(stream).await?;
        tokio::spawn(connection);
        Ok(Box::new(move |request| Box::pin(sender.send_request(request))))
    }
}

/// A TLS handshake that trusts `ca_pem` and nothing else.
pub(crate) async fn handshake(
    tcp: TcpStream,
    server_name: &str,
    ca_pem: Option<&str>,
    http2: bool,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Broken> {
    let mut trusted = RootCertStore::empty();
    if let Some(pem) = ca_pem {
        trusted.add(CertificateDer::from_pem_slice(pem.as_bytes())?)?;
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let alpn: &[u8] = if http2 { b"h2" } else { b"http/1.1" };
    config.alpn_protocols = vec![alpn.to_vec()];
    let host = server_name.rsplit_once(':').map_or(server_name, |(host, _)| host);
    let name = ServerName::try_from(host.to_owned())?;
    let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(alpn));
    Ok(stream)
}

/// A started Scaleway simulator and its administrator. Each request has a connection of its own.
pub(crate) struct Scaleway {
    pub(crate) simulator: Simulator,
    pub(crate) organization: String,
    pub(crate) application: String,
    pub(crate) secret: String,
    pub(crate) access_key: String,
}

impl Scaleway {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = vendor("scaleway", &options.collect()).unwrap();
        Self::of(Simulator::builder(vendor).start().await.unwrap())
    }

    pub(crate) fn of(simulator: Simulator) -> Self {
        let account = simulator.vendor().account();
        let sample = simulator.vendor().sample();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            organization: text(&account.settings["organization_id"]),
            application: text(&sample.attributes["application_id"]),
            secret: account.credential["secret_key"].clone(),
            access_key: account.credential["access_key"].clone(),
            simulator,
        }
    }

    pub(crate) fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    pub(crate) async fn connection(&self) -> Connection {
        let simulator = &self.simulator;
        Connection::open(simulator.base_url(), simulator.ca_pem(), false).await.unwrap()
    }

    pub(crate) async fn connection_http2(&self) -> Connection {
        let simulator = &self.simulator;
        Connection::open(simulator.base_url(), simulator.ca_pem(), true).await.unwrap()
    }

    /// Sends a request as whoever has `secret`.
    pub(crate) async fn send_as(
        &self,
        secret: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, Broken> {
        let body = body.map(|body| body.to_string());
        self.connection().await.send(method, path, Some(secret), body).await
    }

    /// Sends a request as the administrator.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send_as(&self.secret, method, path, body).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Reads one key.
    pub(crate) async fn key(&self, access_key: &Value) -> Answer {
        self.get(&format!("{KEYS}/{}", access_key.as_str().unwrap())).await
    }

    pub(crate) async fn update(&self, access_key: &Value, change: Value) -> Answer {
        let path = format!("{KEYS}/{}", access_key.as_str().unwrap());
        self.send(Method::PATCH, &path, Some(change)).await
    }

    pub(crate) async fn delete(&self, access_key: &Value) -> Answer {
        let path = format!("{KEYS}/{}", access_key.as_str().unwrap());
        self.send(Method::DELETE, &path, None).await
    }

    /// Tries to make a key for the seeded application.
    pub(crate) async fn try_create(&self, mut attributes: Value) -> Answer {
        attributes["application_id"] = json!(self.application);
        self.send(Method::POST, KEYS, Some(attributes)).await
    }

    /// Makes a key for the seeded application.
    pub(crate) async fn create(&self, attributes: Value) -> Value {
        let answer = self.try_create(attributes).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// The access keys of a list, in its order.
    pub(crate) async fn list(&self, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("{KEYS}?{query}")).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let keys = answer.json()["api_keys"].as_array().unwrap().clone();
        keys.into_iter().map(|key| key["access_key"].clone()).collect()
    }

    /// The keys of the seeded application.
    pub(crate) async fn application_keys(&self) -> Vec<Value> {
        self.list("bearer_type=application").await
    }
}
