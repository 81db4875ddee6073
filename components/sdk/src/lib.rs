//! Write a Keywright adapter: implement one trait, name one macro.
//!
//! An adapter teaches Keywright one vendor. It is a WebAssembly component that may speak HTTP to its vendor and do
//! nothing else; the host that runs it authenticates each request, so an adapter holds no credential of the
//! administrator. This crate is all that an adapter's author sees.
//!
//! ```
//! use keywright_sdk::Operation::{Create, Get, List, Revoke, Verify};
//! use keywright_sdk::{
//!     Account, Adapter, CreateRequest, Credential, Descriptor, Fields, Filter, Issued, Outcome, Page, Part, Result, Rule,
//!     Scheme, Verdict, found, marker,
//! };
//! use serde_json::{Value, json};
//!
//! struct Example;
//!
//! /// A rule's path, which its requests take values for.
//! const KEYS: &str = "/v1/keys?limit,after";
//! const KEY: &str = "/v1/keys/{id}";
//!
//! #[keywright_sdk::adapter]
//! impl Adapter for Example {
//!     fn describe() -> Descriptor {
//!         Descriptor::new("example", "Example API keys", env!("CARGO_PKG_VERSION"))
//!             .settings(r#"{"type": "object", "additionalProperties": false}"#)
//!             .attributes(r#"{"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}"#)
//!             .endpoint("api", "https://api.example.com")
//!             .scheme(Scheme::new("api").header("Authorization", "Bearer {parts.token}"))
//!             .part(Part::public("id", "key id").identifies().pattern("^[0-9]+$"))
//!             .part(Part::secret("token", "API token").environment(&["EXAMPLE_TOKEN"]))
//!             .id("^[0-9]+$", &["ID"])
//!             .rule(Rule::post(&[Create], "api", "/v1/keys").mints("token", "/token"))
//!             .rule(Rule::get(&[List], "api", KEYS))
//!             .rule(Rule::get(&[Get, Verify], "api", KEY))
//!             .rule(Rule::delete(&[Revoke], "api", KEY))
//!             .marker("name", 64)
//!     }
//!
//!     fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
//!         let name = Fields::of_map(&request.attributes).text("name").unwrap_or_default();
//!         let name = marker::join_within(name, request.marker.as_deref(), 64, "/attributes/name")?;
//!         let answer = account.post("api", &["v1", "keys"])?.json(&json!({"name": name})).send()?.success()?;
//!         let body: Value = answer.json()?;
//!         let key = credential(&body).ok_or_else(|| answer.unexpected("it has no id"))?;
//!         let token = Fields::of(&body).text("token").ok_or_else(|| answer.unexpected("it has no token"))?;
//!         let id = key.id.clone();
//!         Ok(Issued::new(key).part("id", id).part("token", token))
//!     }
//!
//!     fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
//!         let Some(answer) = found(account.get("api", &["v1", "keys", id])?.send()?.success())? else { return Ok(None) };
//!         credential(&answer.json()?).map(Some).ok_or_else(|| answer.unexpected("it has no id"))
//!     }
//!
//!     fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
//!         let request = account.get("api", &["v1", "keys"])?;
//!         let request = match cursor {
//!             Some(cursor) => request.resume(cursor)?,
//!             None => request.query("limit", "100"),
//!         };
//!         let answer = request.send()?.success()?;
//!         let body: Value = answer.json()?;
//!         let mut page = Page { next: answer.next_link()?, ..Page::default() };
//!         for key in Fields::of(&body).list("keys") {
//!             match credential(key) {
//!                 Some(key) if filter.wants(key.marker.as_deref()) => page.credentials.push(key),
//!                 Some(_) => {}
//!                 None => page.report(None, "it has no id"),
//!             }
//!         }
//!         Ok(page)
//!     }
//!
//!     fn verify(account: &Account, id: &str) -> Result<Verdict> {
//!         let answer = account.get("api", &["v1", "keys", id])?.send()?;
//!         if answer.status() == 401 {
//!             return Ok(Verdict::new(Outcome::Refused, "Example does not accept the key"));
//!         }
//!         answer.success().map(|_| Verdict::new(Outcome::Active, "Example showed the key to itself"))
//!     }
//!
//!     fn revoke(account: &Account, id: &str) -> Result<()> {
//!         found(account.delete("api", &["v1", "keys", id])?.send()?.success()).map(|_| ())
//!     }
//! }
//!
//! /// The key that an answer shows, if that much can be read.
//! fn credential(key: &Value) -> Option<Credential> {
//!     let key = Fields::of(key);
//!     let (name, marker) = marker::split(key.text("name").unwrap_or_default());
//!     let mut credential = Credential::new(key.id("id")?, json!({"name": name}));
//!     credential.marker = marker.map(str::to_owned);
//!     credential.created_at = key.date("created_at");
//!     Some(credential)
//! }
//! # fn main() {
//! #     assert_eq!(Example::describe().check::<Example>(), Ok(()));
//! # }
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
pub mod cursor;
mod date;
mod descriptor;
mod direct;
mod failure;
mod http;
pub mod marker;
mod time;
mod wire;
pub mod xml;

pub use account::Account;
pub use adapter::{Adapter, Supports};
pub use credential::{
    CreateRequest, Credential, ExpiryChange, Filter, Issued, Page, Parts, Principal, RegenerateRequest, UnreadableItem,
    UpdateRequest, Updated, Verdict, Warning,
};
pub use date::Date;
pub use descriptor::{Client, Descriptor, Hmac, Jwt, OAuth2, Part, Rule, Scheme, Session, Signature};
pub use failure::{Failure, FieldProblem, Reason, Result, found};
pub use http::{ErrorBody, Fields, Method, Request, Response};
#[cfg(not(target_family = "wasm"))]
pub use keywright_descriptor::DescriptorError;
pub use keywright_model::descriptor::{ExpirySupport, LastUsedPrecision, QuotaScope};
pub use keywright_model::{Extension, Extensions, Operation, Outcome, Problem, Quota};
pub use time::{
    TimeDelta, Timestamp, now, parse_http_date, parse_lenient, parse_rfc2822, parse_rfc3339, parse_utc, rfc3339,
    rfc3339_millis, unix,
};

/// Makes an adapter of an `impl` block: exports it from the component, and records which operations it implements.
pub use keywright_sdk_macros::adapter;

pub use serde_json::Value as Json;

#[doc(hidden)]
pub mod private {
    //! What the [`adapter`](macro@crate::adapter) macro expands to refers to this; authors never do.
    pub use crate::wire::bindings;
    pub use crate::wire::bindings::export_adapter;
    pub use crate::wire::export;

    pub mod exported {
        //! Where the macro of the world looks for the macro of the interface.
        pub mod exports {
            pub mod keywright {
                pub mod vendor {
                    pub mod credential_lifecycle {
                        pub use crate::export_credential_lifecycle as __export_keywright_vendor_credential_lifecycle_0_2_0_cabi;
                    }
                }
            }
        }
    }
}
