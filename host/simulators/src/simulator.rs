//! A running server for one vendor's fake.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hyper_util::service::TowerToHyperService;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    Error, FaultRule, Faults, Recorded, Vendor,
    connection::{Shared, serve},
    record::Log,
    tls::Tls,
};

/// How long a client may take over its TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long to wait before accepting again when the machine has no room for another connection.
const BREATH: Duration = Duration::from_millis(50);

/// A vendor's fake, served over HTTP until it is stopped or dropped.
pub struct Simulator {
    base_url: String,
    ca_pem: Option<String>,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

/// How a simulator is to run. See [`Simulator::builder`].
#[must_use = "a builder does nothing before `start`"]
pub struct Builder {
    vendor: Arc<dyn Vendor>,
    listen: SocketAddr,
    plain_http: bool,
    faults: Vec<FaultRule>,
}

impl Simulator {
    /// Begins a simulator for `vendor`: TLS on any free port of 127.0.0.1, without faults, unless said otherwise.
    pub fn builder(vendor: Arc<dyn Vendor>) -> Builder {
        Builder { vendor, listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), plain_http: false, faults: Vec::new() }
    }

    /// Where it is to be reached, without a slash at the end: `https://127.0.0.1:41999`. When it listens on all
    /// addresses, this is the loopback one.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The certificate of the CA that it made for itself, in PEM; nothing on plain http. Its server certificate is
    /// good for 127.0.0.1, ::1, localhost and the address it listens on.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The vendor it serves.
    pub fn vendor(&self) -> &Arc<dyn Vendor> {
        &self.shared.vendor
    }

    /// Its faults, to add some or to clear them while it runs.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The requests that arrived, oldest first; at most the last 10,000.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.log.requests()
    }

    /// Forgets the requests that arrived so far.
    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// Stops listening and ends every connection; returns when that is done.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _already_stopped = stop.send(());
        }
        let _aborted = (&mut self.server).await;
    }
}

/// Ends the server and its connections at once.
impl Drop for Simulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("vendor", &self.shared.vendor.name())
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Where to listen; port 0 takes any free one.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Serves without TLS, for clients that cannot be told of a CA.
    pub fn plain_http(mut self, plain: bool) -> Self {
        self.plain_http = plain;
        self
    }

    /// Adds a fault that waits from the start.
    pub fn fault(mut self, rule: impl Into<FaultRule>) -> Self {
        self.faults.push(rule.into());
        self
    }

    /// Starts listening. Must be called within a tokio runtime with its I/O and time enabled.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when the address cannot be had, [`Error::UnknownOperation`] for a fault that could never
    /// strike, [`Error::Certificate`] when no certificate can be made.
    pub async fn start(self) -> Result<Simulator, Error> {
        let faults = Faults::new(self.vendor.as_ref());
        for rule in self.faults {
            faults.inject(rule)?;
        }
        let cannot_listen = |source| Error::Listen { address: self.listen, source };
        let listener = TcpListener::bind(self.listen).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let tls = if self.plain_http { None } else { Some(Tls::new(address.ip())?) };
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();

        let shared = Arc::new(Shared {
            routes: TowerToHyperService::new(self.vendor.router()),
            vendor: self.vendor,
            faults,
            log: Arc::new(Log::default()),
        });
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(accept(listener, acceptor, Arc::clone(&shared), stopped));
        let scheme = if self.plain_http { "http" } else { "https" };
        Ok(Simulator {
            base_url: format!("{scheme}://{}", reachable(address)),
            ca_pem,
            shared,
            stop: Some(stop),
            server,
        })
    }
}

/// Accepts connections until told to stop. The set of connections ends with this future, whichever way that ends.
async fn accept(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        let stream = tokio::select! {
            _ = &mut stopped => break,
            _ = connections.join_next(), if !connections.is_empty() => continue,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    sleep(BREATH).await;
                    continue;
                }
            },
        };
        number += 1;
        connections.spawn(connect(stream, acceptor.clone(), number, Arc::clone(&shared)));
    }
    drop(listener);
    connections.shutdown().await;
}

async fn connect(stream: TcpStream, acceptor: Option<TlsAcceptor>, number: u64, shared: Arc<Shared>) {
    // Without this an answer in two writes waits for the client's delayed acknowledgement. A socket that refuses the
    // option is about to fail anyway.
    let _ignored = stream.set_nodelay(true);
    match acceptor {
        None => serve(stream, number, shared).await,
        Some(acceptor) => {
            // A handshake that fails is the client's choice: it may not trust this CA, which is for it to report.
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                serve(stream, number, shared).await;
            }
        }
    }
}

/// An address that a client on this machine can use.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulator_on_all_addresses_is_reached_by_loopback() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("192.0.2.1:80".parse().unwrap()).to_string(), "192.0.2.1:80");
    }
}
