//! The embeddable host: loads vendor adapters as sandboxed components and calls them.
//!
//! An adapter is a WebAssembly component that knows one vendor. It is given no credential, no file, no socket: each
//! request that it sends is checked against the rules of its grant, authenticated and sent over TLS to its vendor's own
//! host. From loading to a new credential, in a program that needs `serde_json`, and `tokio` with its features `macros` and
//! `rt`, with it:
//!
//! ```no_run
#![doc = include_str!("../examples/embed.rs")]
//! ```
//!
//! The secret is in [`Issued::parts`], in a type that prints no secret; nothing else keeps it. A [`Grant`] of
//! [rules](Grant::rules), [pinned](Grant::pinned) to a description, holds an adapter to what you read and agreed to.
//!
//! Each call runs in an instance of its own that ends with it, within the engine's [`Limits`]. A [`CallError`] keeps what
//! the host found (a request that no rule allows, a limit) apart from the vendor's answer, which is a [`Failure`] with a
//! [`Reason`] to act on. [`Reason::InDoubt`] is the one to know: the request may have taken effect.

mod account;
mod adapter;
mod call;
mod contract;
mod error;
mod grant;
mod limits;
mod made_part;
mod outbound;
mod sandbox;
mod stray;

pub use account::{Account, AccountConfig, EndpointOverride};
pub use adapter::Adapter;
pub use contract::bindings::CONTRACT_VERSION;
pub use contract::credential::{
    CreateRequest, Credential, ExpiryChange, Filter, Issued, Page, Principal, RegenerateRequest, UnreadableItem,
    UpdateRequest, Updated, Verdict, Warning,
};
pub use contract::date::Date;
pub use contract::failure::{Failure, PendingCreation, Reason};
pub use error::{AccountError, CallError, CredentialError, LoadError};
pub use grant::{Grant, Pinned, Unpinned};
pub use keywright_auth::origin::KeyPairError;
pub use keywright_auth::{AuthError, Parts, TokenError};
pub use keywright_descriptor::{
    Descriptor, DescriptorError, Origin as PartOrigin, Part as PartDescription, Parts as PartDescriptions, Pattern,
};
pub use keywright_egress::{
    BindError, Denial, DenialReason, EndpointOverrideError, EndpointUrlError, Rule, RuleError, RuleSet, SecretLocation,
};
pub use keywright_model::descriptor::{
    Disabling, Endpoint, Expiry, ExpirySupport, Idempotency, LastUsed, LastUsedPrecision, LockOut, Marker, QuotaLimit,
    QuotaScope, Rate, Traits,
};
pub use keywright_model::{
    Extension, Extensions, FieldProblem, Operation, Outcome, Problem, Quota, Text, UnknownOperation,
};
pub use limits::Limits;
pub use outbound::network::{BoxFuture, Network, SystemNetwork};
pub use outbound::proxy::{Proxy, ProxyError};
pub use outbound::tls::TlsError;
pub use sandbox::cache::Cache;
pub use sandbox::compiler::{Compiler, compile_for_parent};
pub use sandbox::digest::{Digest, DigestError};
pub use sandbox::engine::{Allocation, Engine, EngineConfig, EngineError};
pub use stray::Stray;
