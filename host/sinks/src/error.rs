//! What can go wrong.

use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::delivery::Subject;

/// A configuration cannot be a sink: one sentence with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// A sink did not do what it was asked. Each message is one sentence, with what to do; none has a secret in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SinkError {
    /// The sink holds a later generation.
    #[error(
        "{place} holds generation {held} of {subject}, which is newer than generation {offered}: if the store was \
         restored from a backup, rotate {subject} until its generation is higher, or withdraw it there first"
    )]
    Newer {
        /// The file or command.
        place: String,
        /// The credential.
        subject: Subject,
        /// What it holds.
        held: u64,
        /// What it was to hold.
        offered: u64,
    },

    /// Something that is not this credential's is in its place.
    #[error("{place} {reason}")]
    Occupied {
        /// The file.
        place: String,
        /// What is there, and what to do.
        reason: String,
    },

    /// Others could read, change or redirect what is delivered there.
    #[error("{place} {reason}")]
    Unsafe {
        /// The file or directory.
        place: String,
        /// Why it is not safe, and what to do.
        reason: String,
    },

    /// What is there is not in the format that it should be.
    #[error("{place} {reason}")]
    Malformed {
        /// The file.
        place: String,
        /// What is wrong, and what to do.
        reason: String,
    },

    /// The sink is configured to use a part that the credential does not have.
    #[error("{place} is to have the part `{part}`, which the credential does not have: {advice}")]
    MissingPart {
        /// The file.
        place: String,
        /// The part.
        part: String,
        /// What to do.
        advice: String,
    },

    /// A value cannot be written in the format.
    #[error("the part `{part}` cannot be written to {place}: {reason}")]
    Unrepresentable {
        /// The file.
        place: String,
        /// The part.
        part: String,
        /// Why, and what to do.
        reason: String,
    },

    /// The file system did not do it.
    #[error("{place} {}", storage(*.renamed, .source))]
    Storage {
        /// The file or directory.
        place: String,
        /// Whether the new content is in place, so that only its durability is in doubt.
        renamed: bool,
        /// Why.
        source: io::Error,
    },

    /// Others were writing in the same directory for all of the time limit.
    #[error("{place} is locked by another program for more than {} s: try again when that is done", .limit.as_secs())]
    Busy {
        /// The directory.
        place: String,
        /// The time limit.
        limit: Duration,
    },

    /// A command did not end in time and was ended.
    #[error("{place} did not end within {} s and was ended: make it faster, or raise its `time-limit`", .limit.as_secs())]
    TimedOut {
        /// The command.
        place: String,
        /// The time limit.
        limit: Duration,
    },

    /// A command could not be started.
    #[error("{place} cannot be run ({source}): correct `command`, or install it")]
    NotStarted {
        /// The command.
        place: String,
        /// Why.
        source: io::Error,
    },

    /// A command ended with a failure.
    #[error("{place} failed ({status}){output}")]
    Failed {
        /// The command.
        place: String,
        /// How it ended.
        status: String,
        /// What it wrote last to standard error, if it has no secret in it, as the end of the sentence.
        output: String,
    },

    /// A command that reads back answered with something else.
    #[error(
        "{place} did not answer `read` with a generation: let it print the number, and the digest if it keeps that, or \
         nothing when it holds nothing"
    )]
    Unreadable {
        /// The command.
        place: String,
    },
}

impl SinkError {
    /// Whether the same may go well later without anyone's doing: worth a repetition by itself.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Storage { .. } | Self::Busy { .. } | Self::TimedOut { .. } | Self::Failed { .. } => true,
            Self::Newer { .. }
            | Self::Occupied { .. }
            | Self::Unsafe { .. }
            | Self::Malformed { .. }
            | Self::MissingPart { .. }
            | Self::Unrepresentable { .. }
            | Self::NotStarted { .. }
            | Self::Unreadable { .. } => false,
        }
    }

    /// Whether it may have been done all the same. Read back, or do it again.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::TimedOut { .. } | Self::Failed { .. } | Self::Storage { renamed: true, .. })
    }
}

fn storage(renamed: bool, error: &io::Error) -> String {
    if renamed {
        return format!("has its new content, but that may not survive a crash ({error}): do it again");
    }
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            format!("is unchanged, as there is no space for the new content ({error}): make space and try again")
        }
        ErrorKind::ReadOnlyFilesystem => {
            "is unchanged, as its file system is read-only: mount it for writing, or choose another path".to_owned()
        }
        ErrorKind::PermissionDenied => {
            format!("cannot be used ({error}): give the user that runs Keywright access, or choose another path")
        }
        ErrorKind::NotADirectory | ErrorKind::NotFound => {
            format!("cannot be used ({error}): make the directory, or choose another path")
        }
        _ => format!("cannot be used ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_that_fails_leaves_the_old_content_or_says_that_it_is_in_doubt() {
        let error =
            |renamed, kind: ErrorKind| SinkError::Storage { place: "/a".to_owned(), renamed, source: kind.into() };
        for (kind, says) in [
            (ErrorKind::StorageFull, "/a is unchanged, as there is no space for the new content"),
            (ErrorKind::QuotaExceeded, "/a is unchanged, as there is no space for the new content"),
            (ErrorKind::ReadOnlyFilesystem, "/a is unchanged, as its file system is read-only"),
            (ErrorKind::PermissionDenied, "give the user that runs Keywright access"),
        ] {
            assert!(error(false, kind).to_string().contains(says), "{}", error(false, kind));
            assert!(!error(false, kind).is_in_doubt() && error(false, kind).is_transient());
        }
        let doubtful = error(true, ErrorKind::StorageFull);
        assert!(doubtful.is_in_doubt() && doubtful.to_string().contains("may not survive a crash"), "{doubtful}");
    }
}
