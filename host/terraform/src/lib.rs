//! Credentials in Terraform and OpenTofu state, as Keywright's adapters know them.
//!
//! [`State::read`] takes what `terraform show -json` prints, or a state file of version 4 as it stands, and finds the
//! resources that are credentials of a vendor Keywright has an adapter for ([`resource_types`]). Each becomes a [`Found`]: the
//! vendor's id of it, its attributes by the adapter's names, and the secret parts that the state holds. What cannot be taken over
//! is [`Skipped`], with the reason; nothing is left out in silence.
//!
//! What comes after the import is written here, too: [`Configuration`] is the part of `keywright.toml`, and
//! [`removed_blocks`] is what makes Terraform forget what it no longer manages, without destroying it.
//!
//! ```
//! use keywright_terraform::{State, Taken, removed_blocks, Configuration};
//!
//! let state = State::read(br#"{
//!     "version": 4, "terraform_version": "1.11.4",
//!     "resources": [{
//!         "mode": "managed", "type": "datadog_api_key", "name": "agents",
//!         "provider": "provider[\"registry.terraform.io/datadog/datadog\"]",
//!         "instances": [{ "attributes": {
//!             "id": "f1c0ffee-0000-4000-8000-000000000001", "name": "agents", "key": "made-up-for-this-example"
//!         }}]
//!     }]
//! }"#)?;
//! let key = &state.found[0];
//! assert_eq!((key.vendor, key.attributes["name"].as_str()), ("datadog", Some("agents")));
//! assert_eq!(key.secrets[0].0, "api_key");
//!
//! let configuration = Configuration::of(&[key], &Taken::default());
//! assert!(configuration.toml.contains("[credentials.datadog-agents]\naccount = \"datadog\""));
//! assert!(removed_blocks(&state, &[key]).contains("from = datadog_api_key.agents"));
//! # Ok::<(), keywright_terraform::ReadError>(())
//! ```
//!
//! No I/O, no clock. Secrets are held as [`secrecy::SecretString`] and stand in no error, no sentence and no `Debug`.

mod address;
mod attributes;
mod configuration;
mod date;
mod document;
mod error;
mod found;
mod instance;
mod mapping;
mod names;
mod raw;
mod removed;
mod shown;
mod state;
mod table;
mod value;

pub use address::Address;
pub use configuration::{Configuration, Named, Taken};
pub use document::LARGEST;
pub use error::ReadError;
pub use found::{Found, Skipped, VendorId};
pub use removed::removed_blocks;
pub use state::State;
pub use table::{ResourceType, resource_types};
