//! Faithful fakes of the vendors, over TLS, with fault switches.
//!
//! A [`Vendor`] is a fake: what it remembers, and the routes that show it. A [`Simulator`] serves one over real HTTP on
//! a real port, keeps a record of what arrived, and makes go wrong what it is told to. Nothing leaves the machine.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use keywright_simulators::{FaultRule, Simulator, vendor};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), keywright_simulators::Error> {
//! // A Scaleway organisation of two keys at most.
//! let options = BTreeMap::from([("quota".to_owned(), "2".to_owned())]);
//! let scaleway = vendor("scaleway", &options)?;
//!
//! // The first creation of a key succeeds, but its answer is lost.
//! let simulator = Simulator::builder(scaleway)
//!     .fault("lose-answer@create*1".parse::<FaultRule>()?)
//!     .start()
//!     .await?;
//!
//! // What a client needs: where it is, which CA to trust, the account, and the administrator's credential.
//! assert!(simulator.base_url().starts_with("https://127.0.0.1:"));
//! assert!(simulator.ca_pem().is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE-----")));
//! let account = simulator.vendor().account();
//! assert!(account.settings["organization_id"].is_string());
//! assert!(account.credential.contains_key("secret_key"));
//!
//! // What a person at the vendor's console could do.
//! let access_key = simulator.vendor().issue_by_hand();
//! assert!(access_key.starts_with("SCW"));
//!
//! // ... requests are sent; then:
//! assert!(simulator.requests().is_empty());
//! simulator.faults().clear();
//! simulator.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Time at a vendor is its [`Clock`]'s: moved forward, it expires keys without anyone waiting.
//!
//! Which options a vendor takes, [`options`] tells; which faults there are, [`Fault`]. A fault in text form is
//! `NAME[@OPERATION][*TIMES]` (see [`FaultRule`]).

pub mod aws_iam;
mod clock;
pub mod commercetools;
mod connection;
pub mod datadog;
pub mod digitalocean_spaces;
mod error;
mod fault;
mod fields;
pub mod gcore;
pub mod imperva;
mod options;
pub mod outscale;
mod parameters;
mod random;
mod record;
pub mod scaleway;
mod signed;
mod simulator;
mod sync;
mod tls;
mod vendor;

pub use clock::Clock;
pub use error::Error;
pub use fault::{Fault, FaultRule, Faults};
pub use options::OptionHelp;
pub use record::Recorded;
pub use simulator::{Builder, Simulator};
pub use vendor::{Account, Sample, Vendor, names, options, vendor};
