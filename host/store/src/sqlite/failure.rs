//! What SQLite reports, in the store's words.

use rusqlite::ErrorCode;

use crate::error::StoreError;

/// Why a job of a connection was not done.
#[derive(Debug)]
pub(super) enum Failure {
    Store(StoreError),
    Sqlite(rusqlite::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        // The message would repeat what is stored.
        let place = format!("JSON that cannot be read, line {}, column {}", error.line(), error.column());
        Self::Store(StoreError::Damaged(place))
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        failure.while_it_is("used")
    }
}

impl Failure {
    /// The store's error, when this happened while the store was opened, read or written.
    pub(super) fn while_it_is(self, verb: &'static str) -> StoreError {
        let error = match self {
            Self::Store(error) => return error,
            Self::Sqlite(error) => error,
        };
        let unavailable = |cause: &str, advice| StoreError::Unavailable { verb, cause: cause.to_owned(), advice };
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                unavailable("another program keeps it locked", "stop that program, or try again later")
            }
            Some(ErrorCode::DiskFull) => unavailable("the disk is full", "make room, then try again"),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => unavailable(
                "its file or its directory is read-only",
                "let its owner write to both, and run this program as the owner",
            ),
            Some(ErrorCode::SystemIoFailure) => {
                unavailable(&format!("the disk fails: {text}"), "look at the disk and at its limits, then try again")
            }
            Some(ErrorCode::CannotOpen) => unavailable(
                "its file, or the files of its log, cannot be opened or made",
                "let its owner write to the file and to its directory, and run this program as the owner",
            ),
            Some(ErrorCode::OperationInterrupted) => unavailable("it was interrupted", "try again"),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch) => {
                StoreError::Damaged(text)
            }
            Some(ErrorCode::ConstraintViolation) => StoreError::Misuse(text),
            Some(_) => unavailable(&text, "try again, or report a bug"),
            // A column that is not what the form says.
            None => StoreError::Damaged(text),
        }
    }
}
