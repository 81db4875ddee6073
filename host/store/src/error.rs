//! Errors of a store.

use chrono::{DateTime, Utc};
use keywright_lifecycle::StateError;

/// Why a store did not do what it was asked. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Someone else works on the credential.
    #[error("`{credential}` is being worked on by {node} until {until}: wait, or stop that program")]
    Busy {
        /// The credential.
        credential: String,
        /// Who.
        node: String,
        /// Until when, if it does not go on.
        until: DateTime<Utc>,
    },
    /// The lease was lost: someone else works on the credential by now.
    #[error("another program has taken over `{0}` meanwhile: nothing more is done here")]
    LeaseLost(String),
    /// There is no such credential.
    #[error("the store knows no credential `{0}`")]
    Unknown(String),
    /// The name is another account's.
    #[error("`{name}` is a credential of the account `{account}` already: choose another name")]
    OtherAccount {
        /// The name.
        name: String,
        /// The account that has it.
        account: String,
    },
    /// The name is another vendor's.
    #[error("`{name}` is a credential at the vendor `{vendor}` already: choose another name")]
    OtherVendor {
        /// The name.
        name: String,
        /// The vendor that has it.
        vendor: String,
    },
    /// The vendor's object belongs to another credential.
    #[error("`{vendor_id}` is managed as `{credential}` already")]
    Claimed {
        /// The vendor's id.
        vendor_id: String,
        /// Who has it.
        credential: String,
    },
    /// The records do not fit what is there.
    #[error("{0}: restore the store from a backup, or report a bug")]
    State(#[from] StateError),
    /// A commit contradicts itself or the state: a bug of the caller.
    #[error("{0}: this is a bug, report it")]
    Misuse(String),
    /// The store is not initialised, or is so already.
    #[error("{0}")]
    Installation(&'static str),
    /// The store was written by a later version of this program.
    #[error(
        "the store was written by Keywright {needed} or later (its form is {found}, and this program knows {known}): \
             install {needed}"
    )]
    Newer {
        /// The form that was found.
        found: u32,
        /// The newest form that is known.
        known: u32,
        /// The version to install.
        needed: String,
    },
    /// What is stored is damaged.
    #[error("the store is damaged ({0}): restore it from a backup")]
    Damaged(String),
    /// The store cannot be reached or written.
    #[error("the store cannot be {verb} ({cause}): {advice}")]
    Unavailable {
        /// Opened, read or written.
        verb: &'static str,
        /// Why.
        cause: String,
        /// What to do.
        advice: &'static str,
    },
}
