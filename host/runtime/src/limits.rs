//! Limits.

use std::time::Duration;

/// What one call may use, and loading an adapter. Every field has its reason; a call that goes beyond one ends with an error that names it, and
/// the next call starts afresh.
#[derive(Clone, Debug)]
pub struct Limits {
    /// A component, in bytes. One that brings Python along has forty million.
    pub component: usize,
    /// Time to compile a component. Rust's take a second, Python's half a minute on a slow machine.
    pub compile: Duration,
    /// What a [process](crate::Compiler::Command) that compiles may write to, in bytes. Python's components take half of it.
    pub compile_memory: usize,
    /// Linear memory, in bytes. Adapters work on answers of a few kilobytes; this is room for the largest answer many
    /// times over, and for languages that bring a runtime along.
    pub memory: usize,
    /// Linear memories, each of which may grow to that. A component of one language has one.
    pub memories: usize,
    /// Entries of a table. A table holds functions, of which a component has thousands, not millions.
    pub table_elements: usize,
    /// Tables. The modules that the linker of `wasm32-wasip2` makes of one Rust component have two.
    pub tables: usize,
    /// Core instances. Those modules are a handful; the runtimes of other languages come in dozens of libraries.
    pub instances: usize,
    /// Resources that a component holds at once: requests, answers, streams. One request takes ten; languages that
    /// collect garbage let go of them late.
    pub resources: usize,
    /// What a component hands to the host at once, its answer included, in bytes. It can name the same bytes again and
    /// again, and the host writes each out; and of JSON the host makes many times its size.
    pub handed_over: usize,
    /// Calls at once, in all accounts of an engine. Those beyond wait for their turn, within their own time.
    pub calls: usize,
    /// Time on the processor, counted in ticks of ten milliseconds. Reading JSON takes one.
    pub cpu: Duration,
    /// Time for a whole call, the vendor's and the wait for its turn included: what a person at a terminal still waits
    /// for.
    pub call: Duration,
    /// Time for all pages of a list, of which each is a call.
    pub list: Duration,
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
    /// Requests of one call. An operation takes a handful; each page of a list is a call of its own.
    pub requests: usize,
    /// Requests of one call that are under way at once. Adapters send one after another.
    pub requests_at_once: usize,
    /// The header fields that an adapter sets in a request. Vendors document three.
    pub request_header_fields: usize,
    /// Their size in memory, in bytes: servers seldom take more than half of that.
    pub request_headers: usize,
    /// The body of a request, in bytes. The largest that a vendor documents is a few kilobytes.
    pub request_body: usize,
    /// The pieces in which a component writes the body of a request, with or without anything in them: of such a body, one
    /// for each 256 bytes.
    pub request_pieces: usize,
    /// The body of an answer, in bytes: a hundred credentials with all their attributes take a tenth of it.
    pub response_body: usize,
    /// The bodies of all answers of one call, in bytes: what an adapter does not read, the host has to keep.
    pub response_bodies: usize,
    /// The header section of an answer, in bytes.
    pub response_headers: usize,
    /// What a component may write to its standard error, in bytes.
    pub stderr: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            component: 64 << 20,
            compile: Duration::from_secs(120),
            compile_memory: 2 << 30,
            memory: 64 << 20,
            memories: 1,
            table_elements: 100_000,
            tables: 8,
            instances: 64,
            resources: 1_000,
            handed_over: 2 << 20,
            calls: 100,
            cpu: Duration::from_secs(5),
            call: Duration::from_secs(90),
            list: Duration::from_secs(600),
            resolve: Duration::from_secs(5),
            connect: Duration::from_secs(10),
            handshake: Duration::from_secs(10),
            first_byte: Duration::from_secs(30),
            between_bytes: Duration::from_secs(10),
            exchange: Duration::from_secs(60),
            requests: 100,
            requests_at_once: 8,
            request_header_fields: 100,
            request_headers: 32 << 10,
            request_body: 1 << 20,
            request_pieces: 4096,
            response_body: 4 << 20,
            response_bodies: 16 << 20,
            response_headers: 64 << 10,
            stderr: 16 << 10,
        }
    }
}
