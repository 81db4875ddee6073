//! Limits.

use std::time::Duration;

/// What one call may use. Every field has its reason; a call that goes beyond one ends with an error that names it, and
/// the next call starts afresh.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Linear memory, in bytes. Adapters work on answers of a few kilobytes; this is room for the largest answer many
    /// times over, and for languages that bring a runtime along.
    pub memory: usize,
    /// Entries of a table. A table holds functions, of which a component has thousands, not millions.
    pub table_elements: usize,
    /// Resources that a component holds at once: requests, answers, streams.
    pub resources: usize,
    /// Time on the processor, counted in ticks of ten milliseconds. Reading JSON takes one.
    pub cpu: Duration,
    /// Time for a whole call, the vendor's included: what a person at a terminal still waits for.
    pub call: Duration,
    /// Time to resolve a host name.
    pub resolve: Duration,
    /// Time to connect to one address.
    pub connect: Duration,
    /// Time for the TLS handshake.
    pub handshake: Duration,
    /// Time from sending a request to the first byte of its answer. Vendors' gateways give up after 30 seconds or
    /// earlier.
    pub first_byte: Duration,
    /// Time between two pieces of an answer.
    pub between_bytes: Duration,
    /// Time for one whole exchange, so that a slow drip ends too.
    pub exchange: Duration,
    /// The body of a request, in bytes. The largest that a vendor documents is a few kilobytes.
    pub request_body: usize,
    /// The body of an answer, in bytes: a hundred credentials with all their attributes take a tenth of it.
    pub response_body: usize,
    /// The header section of an answer, in bytes.
    pub response_headers: usize,
    /// What a component may write to its standard error, in bytes.
    pub stderr: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 64 << 20,
            table_elements: 100_000,
            resources: 1_000,
            cpu: Duration::from_secs(5),
            call: Duration::from_secs(90),
            resolve: Duration::from_secs(5),
            connect: Duration::from_secs(10),
            handshake: Duration::from_secs(10),
            first_byte: Duration::from_secs(30),
            between_bytes: Duration::from_secs(10),
            exchange: Duration::from_secs(60),
            request_body: 1 << 20,
            response_body: 4 << 20,
            response_headers: 64 << 10,
            stderr: 16 << 10,
        }
    }
}
