//! Write a Keywright adapter: implement one trait, name one macro.
//!
//! An adapter teaches Keywright one vendor. It is a WebAssembly component that may speak HTTP to its vendor and do
//! nothing else; the host that runs it authenticates each request, so an adapter holds no credential of the
//! administrator. This crate is all that an adapter's author sees.
//!
//! ```
//! use keywright_sdk::{Account, Adapter, Creation, Credential, Descriptor, Issued, Method, Operation, Parts, Result};
//! use serde_json::{Value, json};
//!
//! struct Example;
//!
//! #[keywright_sdk::adapter]
//! impl Adapter for Example {
//!     fn describe() -> Descriptor {
//!         Descriptor::new("example", "Example API keys", env!("CARGO_PKG_VERSION"))
//!             .settings(r#"{"type": "object", "additionalProperties": false}"#)
//!             .attributes(r#"{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}"#)
//!             .endpoint("api", "https://api.example.com")
//!             .header("Authorization", "Bearer {parts.token}")
//!             .secret_part("token", "API token", &["EXAMPLE_TOKEN"])
//!             .id("^[0-9]+$", &["ID"])
//!             .rule(&[Operation::Create], Method::Post, "api", "/v1/keys")
//!             .minting("token", "/token")
//!             .rule(&[Operation::Get], Method::Get, "api", "/v1/keys/{id}")
//!             .rule(&[Operation::Revoke], Method::Delete, "api", "/v1/keys/{id}")
//!     }
//!
//!     fn create(account: &Account, request: &Creation) -> Result<Issued> {
//!         let answer = account.post("api", &["v1", "keys"])?.json(&request.attributes).send()?.success()?;
//!         let key: Value = answer.json()?;
//!         let id = key["id"].as_str().ok_or_else(|| answer.unexpected("it has no id"))?;
//!         let token = key["token"].as_str().ok_or_else(|| answer.unexpected("it has no token"))?;
//!         Ok(Issued::new(Credential::new(id, json!({"name": key["name"]}))).part("token", token))
//!     }
//!
//!     fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
//!         let answer = account.get("api", &["v1", "keys", id])?.send()?;
//!         if answer.status() == 404 {
//!             return Ok(None);
//!         }
//!         let key: Value = answer.success()?.json()?;
//!         Ok(Some(Credential::new(id, json!({"name": key["name"]}))))
//!     }
//!
//!     fn revoke(account: &Account, id: &str) -> Result<()> {
//!         let answer = account.delete("api", &["v1", "keys", id])?.send()?;
//!         if answer.status() == 404 { Ok(()) } else { answer.success().map(|_| ()) }
//!     }
//! }
//! # let descriptor = Example::describe();
//! # assert_eq!(descriptor.check::<Example>(), Ok(()));
//! # fn main() {}
//! ```
//!
//! The functions that the example leaves out answer `unsupported`, and the descriptor that the host reads says so: what
//! the `impl` block holds is what the adapter can do.
//!
//! Three habits keep an adapter honest:
//!
//! * **One request is one request.** No retries and no waiting: the host decides. Each function states what it sends.
//! * **Only a definite answer counts.** [`Response::json`] and [`Response::success`] turn everything else into a
//!   [`Failure`] that says whether the request may have taken effect.
//! * **What was minted is never lost.** Once the vendor has answered with a secret, return it; what else went wrong is a
//!   [warning](Issued::warning).

mod account;
mod adapter;
mod credential;
mod descriptor;
mod failure;
mod http;
pub mod marker;
mod time;
mod wire;

pub use account::Account;
pub use adapter::{Adapter, Operation, Supports};
pub use credential::{
    Change, Creation, Credential, ExpiryChange, Filter, Issued, Outcome, Page, Parts, Principal, Quota, Updated,
    Verdict,
};
pub use descriptor::{Descriptor, DescriptorProblem, ExpirySupport, LastUsed};
pub use failure::{Failure, FieldProblem, Problem, Reason, Result};
pub use http::{Method, Request, Response};
pub use time::{TimeDelta, Timestamp, now, parse_rfc3339, rfc3339, rfc3339_millis};

/// Makes an adapter of an `impl` block: exports it from the component, and records which operations it implements.
pub use keywright_sdk_macros::adapter;

pub use serde_json::Value as Json;

#[doc(hidden)]
pub mod private {
    //! What the [`adapter`](macro@crate::adapter) macro expands to refers to this; authors never do.
    pub use crate::wire::bindings::export_adapter;
    pub use crate::wire::{Exported, bindings};
}
