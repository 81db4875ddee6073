//! The network as the host reaches it.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use tokio::net::{TcpStream, lookup_host};

/// What [`Network`] answers with, later.
pub type BoxFuture<'n, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'n>>;

/// How names become addresses, and addresses connections. The host judges every address between the two and bounds the
/// time of both; all of its connections are made here.
///
/// The machine's own network is the usual one. Another takes its place in tests, which play DNS, and where connections
/// must go through something else.
pub trait Network: Debug + Send + Sync {
    /// The addresses of a host, each with this port; an IP address is its own.
    fn resolve<'n>(&'n self, host: &'n str, port: u16) -> BoxFuture<'n, Vec<SocketAddr>>;

    /// A connection to exactly this address.
    fn dial(&self, address: SocketAddr) -> BoxFuture<'_, TcpStream>;
}

/// The network of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn resolve<'n>(&'n self, host: &'n str, port: u16) -> BoxFuture<'n, Vec<SocketAddr>> {
        Box::pin(async move { Ok(lookup_host((host, port)).await?.collect()) })
    }

    fn dial(&self, address: SocketAddr) -> BoxFuture<'_, TcpStream> {
        Box::pin(TcpStream::connect(address))
    }
}
