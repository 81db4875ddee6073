//! A network that a test plays: what names resolve to, and where connections really go.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use keywright_runtime::{BoxFuture, Network};
use tokio::net::TcpStream;

/// Answers lookups as it is told, and takes every connection to one place of this machine, whatever was dialled.
#[derive(Debug)]
pub struct PlayedNetwork {
    to: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<Vec<IpAddr>>,
    stalls: bool,
    looked_up: Vec<String>,
    dialled: Vec<SocketAddr>,
}

impl PlayedNetwork {
    /// Lookups get these answers in turn, the last one again and again. Connections go to `to`.
    pub fn new<'a>(to: SocketAddr, answers: impl IntoIterator<Item = &'a [&'a str]>) -> Self {
        let addresses = |answer: &[&str]| answer.iter().map(|address| address.parse().expect("an address")).collect();
        let answers = answers.into_iter().map(addresses).collect();
        Self { to, state: Mutex::new(State { answers, ..State::default() }) }
    }

    /// Whether lookups get no answer at all from now on.
    pub fn stall(&self, stalls: bool) {
        self.state().stalls = stalls;
    }

    /// The hosts that were looked up, in order.
    pub fn looked_up(&self) -> Vec<String> {
        self.state().looked_up.clone()
    }

    /// The addresses that were dialled, in order.
    pub fn dialled(&self) -> Vec<SocketAddr> {
        self.state().dialled.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Network for PlayedNetwork {
    fn resolve<'n>(&'n self, host: &'n str, port: u16) -> BoxFuture<'n, Vec<SocketAddr>> {
        let mut state = self.state();
        state.looked_up.push(host.to_owned());
        if state.stalls {
            return Box::pin(std::future::pending());
        }
        let answer = match state.answers.len() {
            0 | 1 => state.answers.front().cloned(),
            _ => state.answers.pop_front(),
        };
        let answer = answer.ok_or(io::ErrorKind::NotFound);
        Box::pin(async move { Ok(answer?.into_iter().map(|address| SocketAddr::new(address, port)).collect()) })
    }

    fn dial(&self, address: SocketAddr) -> BoxFuture<'_, TcpStream> {
        self.state().dialled.push(address);
        Box::pin(TcpStream::connect(self.to))
    }
}
