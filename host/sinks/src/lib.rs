//! Sinks: where a credential's secret is delivered.
//!
//! A [`Sink`] takes the parts of one generation of a credential, says what it holds, and gives up what it holds. There
//! are two: a file, in one of several formats, and a command. Both come from a [`SinkConfig`], which is what
//! `[sinks.NAME]` of `keywright.toml` holds:
//!
//! ```
//! use keywright_sinks::{Delivery, Holding, Locations, Part, SinkConfig, Subject};
//!
//! # let directory = tempfile::tempdir()?;
//! # let base = directory.path();
//! let config: SinkConfig = toml::from_str(
//!     r#"
//!     type = "file"
//!     path = "{credential}.env"
//!     format = "dotenv"
//!     "#,
//! )?;
//! let sink = config.build(&Locations::new(base, None))?;
//!
//! let delivery = Delivery {
//!     subject: Subject::new("ci")?,
//!     generation: 3,
//!     parts: vec![Part {
//!         name: "secret_key".to_owned(),
//!         variable: Some("SCW_SECRET_KEY".to_owned()),
//!         value: "5f6e7d8c-9bab-4cad-8ebf-0a1b2c3d4e5f".into(),
//!         secret: true,
//!     }],
//!     previous: None,
//! };
//! sink.check(&delivery.subject, &delivery.specs())?;
//! sink.write(&delivery)?;
//!
//! let Holding::Held(held) = sink.read_back(&delivery.subject)? else { panic!("nothing is held") };
//! assert_eq!(held.generation, 3);
//! assert_eq!(held.digest, Some(delivery.digest()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rules for every sink
//!
//! * **Idempotent.** What is already held is acknowledged and not written again.
//! * **Never back.** A generation lower than the one held is refused with [`SinkError::Newer`].
//! * **The same generation again** is written when its content differs: the previous generation is no longer part of
//!   it, or someone has changed what was delivered.
//! * **Only its own.** A sink replaces and withdraws what it delivered itself.
//! * **No secret elsewhere.** None is in an argument, an environment variable, a log or an error message.
//!
//! # Blocking
//!
//! The methods block, for as long as [`Sink::time_limit`] and a little more: files and child processes have no useful
//! asynchronous form. An asynchronous caller runs them on a thread for blocking work, such as tokio's
//! `spawn_blocking`. No method needs a runtime.
//!
//! Unix only: owners, modes and process groups are what the guarantees rest on.

#[cfg(not(unix))]
compile_error!("keywright-sinks needs Unix: its guarantees rest on file owners, modes and process groups");

mod config;
#[cfg(feature = "testing")]
pub mod conformance;
mod delivery;
mod digest;
mod error;
mod exec;
mod file;
mod locations;

pub use config::{ExecConfig, FileConfig, Format, Mode, SinkConfig, TimeLimit};
pub use delivery::{Acknowledgement, Delivery, Held, Holding, Part, PartSpec, Previous, Subject, SubjectError};
pub use digest::{Digest, DigestError};
pub use error::{ConfigError, SinkError};
pub use locations::Locations;

use std::fmt;
use std::time::Duration;

/// A place where secrets are delivered. See the [rules](crate#rules-for-every-sink) that every one follows.
pub trait Sink: fmt::Debug + Send + Sync {
    /// Whether a credential with these parts can be delivered here: each part that the sink is configured to use is
    /// among them, and the place is there and safe. Writes nothing, so that it can be asked before a secret is made.
    ///
    /// # Errors
    ///
    /// What [`Self::write`] would fail with, as far as it can be known before there is a value.
    fn check(&self, subject: &Subject, parts: &[PartSpec]) -> Result<(), SinkError>;

    /// Delivers a generation. When this returns, what was delivered survives a crash of the machine.
    ///
    /// `delivery.previous` is left out where [`Self::wants_previous`] is false; the digest of the acknowledgement is
    /// that of the delivery without it.
    ///
    /// # Errors
    ///
    /// When it was not delivered, or, where [`SinkError::is_in_doubt`], perhaps was: write it again, which is safe.
    fn write(&self, delivery: &Delivery) -> Result<Acknowledgement, SinkError>;

    /// What the sink holds of a credential.
    ///
    /// # Errors
    ///
    /// When that cannot be found out now. A sink that never can answers [`Holding::Unknown`].
    fn read_back(&self, subject: &Subject) -> Result<Holding, SinkError>;

    /// Removes what was delivered of a credential, and nothing else. It is no error when there is nothing.
    ///
    /// # Errors
    ///
    /// When it is not removed, or perhaps is not.
    fn withdraw(&self, subject: &Subject) -> Result<(), SinkError>;

    /// Whether the sink delivers the previous generation with the new one: its option `previous`.
    fn wants_previous(&self) -> bool;

    /// How long a call may take: its option `time-limit`. A command is ended then. Of a file it limits the wait for
    /// others that write in the same directory; what the file system itself takes cannot be limited.
    fn time_limit(&self) -> Duration;
}
