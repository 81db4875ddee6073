//! Connections: one resolution, every address vetted, one of them that answers, one handshake, each within its time.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::Scheme;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use keywright_auth::ClientCertificate;
use keywright_egress::{AddressPolicy, VettedAddresses};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use crate::limits::Limits;
use crate::outbound::dial::{self, DialError};
use crate::outbound::network::Network;
use crate::outbound::proxy::Proxy;
use crate::outbound::tls::{Tls, TlsError};
use crate::outbound::tls_problem;
use crate::outbound::transport_error::TransportError;

const HTTPS: u16 = 443;
const HTTP: u16 = 80;

/// Opens TLS connections to the host of a URI.
#[derive(Clone)]
pub(crate) struct Connector {
    tls: Tls,
    limits: Arc<Limits>,
    network: Arc<dyn Network>,
    addresses: Arc<AddressPolicy>,
    proxy: Option<Arc<Proxy>>,
}

impl Connector {
    pub(crate) fn new(
        tls: Tls,
        limits: Arc<Limits>,
        network: Arc<dyn Network>,
        addresses: AddressPolicy,
        proxy: Option<Proxy>,
    ) -> Self {
        Self { tls, limits, network, addresses: Arc::new(addresses), proxy: proxy.map(Arc::new) }
    }

    /// The same, presenting a certificate.
    pub(crate) fn presenting(&self, certificate: &ClientCertificate) -> Result<Self, TlsError> {
        Ok(Self { tls: self.tls.presenting(certificate)?, ..self.clone() })
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<Stream>, ConnectError> {
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
        // Only an endpoint override on this machine is ever reached without TLS: rules and overrides are read so.
        let plain = uri.scheme() == Some(&Scheme::HTTP);
        let port = uri.port_u16().unwrap_or(if plain { HTTP } else { HTTPS });
        // What is not encrypted stays on this machine.
        let tcp = match self.proxy.clone().filter(|proxy| !plain && proxy.serves(&host, port)) {
            Some(proxy) => self.through(&proxy, &host, port, &authority).await?,
            None => {
                let addresses = self.resolve(&host, port).await?;
                self.dial(addresses.addresses(), &authority).await?
            }
        };
        if plain {
            return Ok(TokioIo::new(Stream::Plain(tcp)));
        }
        let tls = self.handshake(tcp, host, port, &authority).await?;
        Ok(TokioIo::new(Stream::Tls(Box::new(tls))))
    }

    /// Looks the host up, once. What is dialled is what was vetted here.
    async fn resolve(&self, host: &str, port: u16) -> Result<VettedAddresses, ConnectError> {
        let vetted = self.addresses.vet(host, self.look_up(host, port).await?);
        vetted.map_err(|refused| ConnectError(TransportError::Address(refused)))
    }

    async fn look_up(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
        match timeout(self.limits.resolve, self.network.resolve(host, port)).await {
            Ok(Ok(addresses)) => Ok(addresses),
            _ => Err(ConnectError(TransportError::Resolve { host: host.to_owned() })),
        }
    }

    /// The first address that takes a connection.
    async fn dial(&self, addresses: &[SocketAddr], authority: &str) -> Result<TcpStream, ConnectError> {
        let limit = self.limits.connect;
        dial::first(&self.network, addresses, limit).await.map_err(|error| {
            let authority = authority.to_owned();
            ConnectError(match error {
                DialError::NoAddress => TransportError::Connect { authority, cause: "it has no address".to_owned() },
                DialError::Failed(error) => TransportError::Connect { authority, cause: reason(&error) },
                DialError::TimedOut => TransportError::ConnectTimeout { authority, limit },
            })
        })
    }

    /// A way to the host through the proxy, which looks the host up itself: its address is out of this machine's sight, and
    /// TLS has to decide whether the far end is the vendor. The proxy's own address is the operator's word.
    async fn through(&self, proxy: &Proxy, host: &str, port: u16, authority: &str) -> Result<TcpStream, ConnectError> {
        let failed = |cause: String| {
            let (proxy, authority) = (proxy.to_string(), authority.to_owned());
            ConnectError(TransportError::Proxy { proxy, authority, cause })
        };
        let addresses = self.look_up(proxy.host(), proxy.port()).await?;
        let dialled = self.dial(&addresses, &proxy.to_string()).await;
        let mut tcp = dialled.map_err(|error| failed(error.to_string()))?;
        let limit = self.limits.handshake;
        match timeout(limit, proxy.tunnel(&mut tcp, host, port)).await {
            Ok(tunnel) => tunnel.map_err(failed)?,
            Err(_) => return Err(failed(format!("it did not answer within {} s", limit.as_secs_f32()))),
        }
        Ok(tcp)
    }

    async fn handshake(
        &self,
        tcp: TcpStream,
        host: String,
        port: u16,
        authority: &str,
    ) -> Result<TlsStream<TcpStream>, ConnectError> {
        const PORT: &str = "check the account's endpoint and its port";
        let failed = |cause: String, advice| {
            ConnectError(TransportError::Handshake { authority: authority.to_owned(), cause, advice })
        };
        let config = self.tls.config(&host, port);
        let config =
            config.ok_or_else(|| failed("no authority is trusted for it".to_owned(), "give a CA certificate"))?;
        let connector = TlsConnector::from(config.clone());
        let name = ServerName::try_from(host).map_err(|error| failed(error.to_string(), PORT))?;
        match timeout(self.limits.handshake, connector.connect(name, tcp)).await {
            Ok(Ok(tls)) => Ok(tls),
            Ok(Err(error)) => match error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>()) {
                Some(rustls::Error::InvalidCertificate(problem)) => {
                    let (cause, advice) = tls_problem::certificate(problem);
                    Err(ConnectError(TransportError::Certificate { authority: authority.to_owned(), cause, advice }))
                }
                Some(error) => {
                    let (cause, advice) = tls_problem::handshake(error);
                    Err(failed(cause, advice))
                }
                None => Err(failed(reason(&error), "check that it speaks TLS, and no proxy is in between")),
            },
            Err(_) => {
                let limit = self.limits.handshake.as_secs_f32();
                Err(failed(format!("no handshake within {limit} s"), PORT))
            }
        }
    }
}

/// An error of the operating system without its number.
fn reason(error: &io::Error) -> String {
    error.kind().to_string()
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ConnectError(pub(crate) TransportError);

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// A connection.
pub(crate) enum Stream {
    Tls(Box<TlsStream<TcpStream>>),
    /// To an endpoint override on this machine.
    Plain(TcpStream),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self {
            Self::Tls(tls) if tls.get_ref().1.alpn_protocol() == Some(b"h2") => Connected::new().negotiated_h2(),
            Self::Tls(_) | Self::Plain(_) => Connected::new(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tls(tls) => Pin::new(tls).poll_read(context, buffer),
            Self::Plain(tcp) => Pin::new(tcp).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tls(tls) => Pin::new(tls).poll_write(context, bytes),
            Self::Plain(tcp) => Pin::new(tcp).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tls(tls) => Pin::new(tls).poll_flush(context),
            Self::Plain(tcp) => Pin::new(tcp).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(context),
            Self::Plain(tcp) => Pin::new(tcp).poll_shutdown(context),
        }
    }
}
