//! The embeddable host: loads vendor adapters as sandboxed components and calls them.
//!
//! An adapter is a WebAssembly component that knows one vendor. It is given no credential, no file, no socket: each
//! request that it sends is checked against the rules of its grant, authenticated and sent over TLS to its vendor's own
//! host. From loading to a new credential:
//!
//! ```
//! # use keywright_adapters as _; use keywright_simulators as _;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = keywright_simulators::Simulator::builder(
//! #     keywright_simulators::vendor("scaleway", &Default::default())?).start().await?;
//! # let seeded = simulator.vendor().account();
//! # let (organization, secret_key) = (seeded.settings["organization_id"].clone(), seeded.credential["secret_key"].clone());
//! # let application = simulator.vendor().sample().attributes["application_id"].clone();
//! # let directory = std::env::temp_dir().join("keywright-doc");
//! # let file = directory.join("scaleway.wasm"); std::fs::create_dir_all(&directory)?;
//! # std::fs::write(&file, keywright_adapters::find("scaleway").ok_or("built in")?.component)?;
//! use keywright_runtime::{
//!     Account, AccountConfig, Adapter, CreateRequest, EndpointOverride, Engine, EngineConfig, Grant, Parts,
//! };
//! use serde_json::json;
//!
//! let engine = Engine::new(EngineConfig::default())?;
//! let component = std::fs::read(file)?;
//! // What the operator lets the adapter send: what it asks for, if you trust it that far. Keep the digest of what you saw.
//! let seen = Adapter::load_unpinned(&engine, &component, &Grant::as_requested()).await?.descriptor_digest();
//! // From then on it is that, or it is not loaded.
//! let adapter = Adapter::load(&engine, &component, &Grant::as_requested().pinned(seen)).await?;
//!
//! let account = Account::new(&adapter, AccountConfig {
//!     settings: [("organization_id".to_owned(), organization)].into_iter().collect(),
//!     credential: Parts::from_iter([("secret_key", secret_key)]),
//!     // Left out, requests go to the vendor itself.
//!     endpoints: EndpointOverride::every(adapter.descriptor(), simulator.base_url()),
//!     ca_pem: simulator.ca_pem().map(str::to_owned),
//! })?;
//!
//! let attributes = json!({"application_id": application, "description": "ci deploy"});
//! let attributes = attributes.as_object().cloned().unwrap_or_default();
//! let issued = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await?;
//! let verdict = account.verify(&issued.credential.id, &issued.parts).await?;
//! println!("{}: {}", issued.credential.id, verdict.explanation);
//! account.revoke(&issued.credential.id).await?;
//! # Ok(())
//! # }
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
pub use keywright_auth::Parts;
pub use keywright_descriptor::{Descriptor, DescriptorError};
pub use keywright_egress::{Rule, RuleSet, SecretLocation};
pub use keywright_model::descriptor::{Endpoint, ExpirySupport, LastUsedPrecision, Marker, Traits};
pub use keywright_model::{FieldProblem, Operation, Outcome, Problem, Quota, UnknownOperation};
pub use limits::Limits;
pub use outbound::network::{BoxFuture, Network, SystemNetwork};
pub use outbound::tls::TlsError;
pub use sandbox::cache::Cache;
pub use sandbox::compiler::{Compiler, compile_for_parent};
pub use sandbox::digest::{Digest, DigestError};
pub use sandbox::engine::{Allocation, Engine, EngineConfig, EngineError};
