//! What came of a run.

use chrono::{DateTime, Utc};
use keywright_lifecycle::{Refusal, State};
use keywright_store::StoreError;

use crate::vault::VaultError;

/// What came of a run: the credential as it is now, and why it went no further.
#[derive(Clone, Debug)]
pub struct Report {
    /// The credential.
    pub state: State,
    /// Why it went no further.
    pub end: End,
    /// Whether an operation was ended in this run, which is then the one of [`State::last_outcome`].
    pub ended_operation: bool,
}

/// Why a run went no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing is left to do.
    Done,
    /// Nothing is to be done before then.
    Waiting {
        /// The time.
        until: DateTime<Utc>,
        /// What is waited for.
        reason: String,
    },
    /// A person has to act.
    Held {
        /// What is wrong.
        reason: String,
    },
    /// It was asked to stop.
    Stopped,
}

/// Why a run ended early. Whatever was done is in the journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// The engine refuses the command. Nothing was done for it.
    #[error("`{credential}`: {refusal}")]
    Refused {
        /// The credential.
        credential: String,
        /// Why.
        #[source]
        refusal: Refusal,
    },
    /// A sink cannot take the credential. Nothing was done.
    #[error("`{credential}` cannot be delivered to the sink `{sink}`: {message}")]
    Sink {
        /// The credential.
        credential: String,
        /// The sink.
        sink: String,
        /// Why.
        message: String,
    },
    /// Secrets are sealed under another key by now.
    #[error("the key of the store was replaced meanwhile: run this again with the new key")]
    KeyReplaced,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Vault(#[from] VaultError),
}
