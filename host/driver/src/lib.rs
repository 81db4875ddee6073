//! Drives the lifecycle of credentials.
//!
//! The pure engine ([`keywright_lifecycle`]) decides; a [`Driver`] carries out. It takes the lease on a credential, writes
//! the records of a step durably, carries out the one effect of that step at the vendor, a sink or nowhere, gives the
//! engine what came of it, and goes on until nothing is left to do now.
//!
//! A process may end at any point. The next [`Driver::run`] of the same credential goes on from the journal.

mod clock;
mod crash;
mod drive;
mod failure;
mod installation;
mod report;
mod target;
mod vault;
mod vendor;

pub use drive::{Driver, DriverConfig, Observer};
pub use installation::{InstallationError, KeyRotation, initialise, open, passphrase_parameters, rotate_key};
pub use report::{DriveError, End, Report};
pub use target::Target;
pub use vault::{Vault, VaultError};
pub use vendor::observation;
