//! Which of a host's addresses takes the connection: Happy Eyeballs (RFC 8305), over addresses that were vetted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::outbound::network::Network;

/// How long an attempt has for itself before the next address is tried too (RFC 8305 section 5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Why no address took a connection: how the last attempt that ended did.
#[derive(Debug)]
pub(crate) enum DialError {
    NoAddress,
    Failed(io::Error),
    TimedOut,
}

/// The first connection that any of the addresses takes, each within `limit`. They are tried in turn, of one family and the
/// other, so that a dead route of one costs [`ATTEMPT_DELAY`]; an attempt that fails lets the next begin at once.
pub(crate) async fn first(
    network: &Arc<dyn Network>,
    addresses: &[SocketAddr],
    limit: Duration,
) -> Result<TcpStream, DialError> {
    let mut waiting = interleaved(addresses).into_iter().peekable();
    // Those that are under way end with this.
    let mut attempts = JoinSet::new();
    let mut last = DialError::NoAddress;
    loop {
        if let Some(address) = waiting.next() {
            let network = network.clone();
            attempts.spawn(async move { timeout(limit, network.dial(address)).await });
        } else if attempts.is_empty() {
            return Err(last);
        }
        let ended = match waiting.peek() {
            Some(_) => match timeout(ATTEMPT_DELAY, attempts.join_next()).await {
                Ok(ended) => ended,
                Err(_) => continue,
            },
            None => attempts.join_next().await,
        };
        match ended {
            Some(Ok(Ok(Ok(tcp)))) => {
                // Requests are small and waited for.
                tcp.set_nodelay(true).ok();
                return Ok(tcp);
            }
            Some(Ok(Ok(Err(error)))) => last = DialError::Failed(error),
            Some(Ok(Err(_))) => last = DialError::TimedOut,
            // An attempt that was cancelled, with the runtime, or that broke down: as one that failed.
            Some(Err(error)) => last = DialError::Failed(io::Error::other(error)),
            None => {}
        }
    }
}

/// The addresses by turns of one family and the other, starting with the family of the first, each in the resolver's order
/// (RFC 8305 section 4).
fn interleaved(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_ipv6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, others): (Vec<SocketAddr>, Vec<SocketAddr>) =
        addresses.iter().partition(|address| address.is_ipv6() == first_is_ipv6);
    let longest = preferred.len().max(others.len());
    (0..longest).flat_map(|at| [preferred.get(at), others.get(at)]).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use tokio::net::TcpListener;

    use super::*;
    use crate::outbound::network::BoxFuture;

    /// Addresses that lead nowhere, and one that leads to a listener; each dialled one is written down.
    #[derive(Debug)]
    struct Routes {
        listener: SocketAddr,
        works: SocketAddr,
        refuses: bool,
        dialled: Mutex<Vec<SocketAddr>>,
    }

    impl Network for Routes {
        fn resolve<'n>(&'n self, _: &'n str, _: u16) -> BoxFuture<'n, Vec<SocketAddr>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        fn dial(&self, address: SocketAddr) -> BoxFuture<'_, TcpStream> {
            self.dialled.lock().unwrap().push(address);
            if address == self.works {
                Box::pin(TcpStream::connect(self.listener))
            } else if self.refuses {
                Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) })
            } else {
                Box::pin(std::future::pending())
            }
        }
    }

    fn addresses(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|address| SocketAddr::new(address.parse().unwrap(), 443)).collect()
    }

    async fn dialled(
        works: &str,
        refuses: bool,
        list: &[&str],
    ) -> (Result<TcpStream, DialError>, Vec<SocketAddr>, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let works = SocketAddr::new(works.parse().unwrap(), 443);
        let routes =
            Arc::new(Routes { listener: listener.local_addr().unwrap(), works, refuses, dialled: Mutex::default() });
        let network: Arc<dyn Network> = routes.clone();
        // Long enough that only what never answers reaches it.
        let limit = if works.ip().is_unspecified() { Duration::from_millis(500) } else { Duration::from_secs(60) };
        let begun = Instant::now();
        let outcome = first(&network, &addresses(list), limit).await;
        let took = begun.elapsed();
        let dialled = routes.dialled.lock().unwrap().clone();
        (outcome, dialled, took)
    }

    #[test]
    fn families_take_turns() {
        let mixed = addresses(&["2a00::1", "2a00::2", "2a00::3", "8.8.8.8"]);
        assert_eq!(interleaved(&mixed), addresses(&["2a00::1", "8.8.8.8", "2a00::2", "2a00::3"]));
        let mixed = addresses(&["8.8.8.8", "2a00::1", "8.8.4.4"]);
        assert_eq!(interleaved(&mixed), addresses(&["8.8.8.8", "2a00::1", "8.8.4.4"]));
        assert_eq!(interleaved(&[]), []);
    }

    #[tokio::test]
    async fn a_dead_route_of_one_family_does_not_hold_up_the_other() {
        let (outcome, dialled, took) = dialled("8.8.8.8", false, &["2a00::1", "2a00::2", "8.8.8.8"]).await;
        assert!(outcome.is_ok());
        assert_eq!(dialled, addresses(&["2a00::1", "8.8.8.8"]));
        assert!(took >= ATTEMPT_DELAY && took < Duration::from_secs(60), "{took:?}");
    }

    #[tokio::test]
    async fn an_attempt_that_fails_lets_the_next_begin() {
        let (outcome, dialled, _) = dialled("8.8.4.4", true, &["2a00::1", "8.8.8.8", "8.8.4.4"]).await;
        assert!(outcome.is_ok());
        assert_eq!(dialled, addresses(&["2a00::1", "8.8.8.8", "8.8.4.4"]));
    }

    #[tokio::test]
    async fn an_address_that_works_is_the_only_one_that_is_dialled() {
        let (outcome, dialled, _) = dialled("2a00::1", false, &["2a00::1", "8.8.8.8"]).await;
        assert!(outcome.is_ok());
        assert_eq!(dialled, addresses(&["2a00::1"]));
    }

    #[tokio::test]
    async fn when_none_works_the_reason_is_told() {
        let (refused, ..) = dialled("1.1.1.1", true, &["2a00::1", "8.8.8.8"]).await;
        assert!(matches!(refused, Err(DialError::Failed(error)) if error.kind() == io::ErrorKind::ConnectionRefused));
        let (silent, both, _) = dialled("0.0.0.0", false, &["2a00::1", "8.8.8.8"]).await;
        assert!(matches!(silent, Err(DialError::TimedOut)));
        assert_eq!(both.len(), 2);
        let (none, ..) = dialled("1.1.1.1", true, &[]).await;
        assert!(matches!(none, Err(DialError::NoAddress)));
    }
}
