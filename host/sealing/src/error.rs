//! Why a secret cannot be sealed or opened.

use crate::KeyId;

/// Why a secret cannot be sealed or opened. No message quotes a secret or a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealingError {
    /// Stored bytes are not a record of this kind, or not a whole one.
    #[error("the {record} in the store is damaged ({damage}): restore the store from a backup")]
    Damaged {
        /// What should stand there, such as `sealed secret`.
        record: &'static str,
        /// What is wrong with it.
        damage: &'static str,
    },
    /// Stored bytes have a format that this version does not know.
    #[error(
        "the {record} in the store has format {found}, which this version of Keywright cannot read: install a newer one"
    )]
    NewerFormat {
        /// What it is, such as `sealed secret`.
        record: &'static str,
        /// The version of its format, or of its cipher suite.
        found: u8,
    },
    /// It is sealed under another key.
    #[error("the {record} in the store is sealed under the key {expected}, which is not the key given: give that key")]
    WrongKey {
        /// What it is, such as `sealed secret`.
        record: &'static str,
        /// The key that it is sealed under.
        expected: KeyId,
    },
    /// It was altered, or stands where it does not belong: with another credential, generation or instance.
    #[error("the {record} of {place} was altered, or belongs elsewhere: restore the store from a backup")]
    Refused {
        /// What it is, such as `sealed secret`.
        record: &'static str,
        /// Whose it should be, such as `credential "ci", generation 3`.
        place: String,
    },
    /// The parts that are to be sealed cannot be written.
    #[error("the credential cannot be sealed: {0}")]
    Parts(PartsProblem),
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes ({0}): nothing was sealed; try again")]
    Random(String),
    /// The cipher takes no input of this length. Lengths are checked before, so this is a bug.
    #[error("the cipher refused its input: this is a bug in Keywright, report it; nothing was sealed")]
    Cipher,
    /// A key that another program holds, such as a key management service, does not answer.
    #[error("the key {id} cannot be used ({reason}): see to it that its holder answers, and try again")]
    KeyUnavailable {
        /// The key.
        id: KeyId,
        /// What its holder says, without a secret.
        reason: String,
    },
}

/// What is wrong with parts that are to be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartsProblem {
    /// There are none.
    #[error("it has no parts")]
    None,
    /// There are more than [`MAX_PARTS`](crate::MAX_PARTS).
    #[error("it has {0} parts, and at most {max} can be sealed together", max = crate::MAX_PARTS)]
    TooMany(usize),
    /// The name is empty, or longer than [`MAX_NAME`](crate::MAX_NAME) bytes.
    #[error("a part's name has {0} bytes, and 1 to {max} are possible", max = crate::MAX_NAME)]
    Name(usize),
    /// Two parts have the same name.
    #[error("it has the part `{0}` twice")]
    Duplicate(String),
    /// The secret is longer than [`MAX_SECRET`](crate::MAX_SECRET) bytes.
    #[error("its part `{name}` has {length} bytes, and at most {max} can be sealed", max = crate::MAX_SECRET)]
    TooLong {
        /// The part's name.
        name: String,
        /// The length of its secret, in bytes.
        length: usize,
    },
}

/// What is wrong with stored bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    Kind,
    Version(u8),
    Truncated,
    TrailingBytes,
    Part,
}

impl Damage {
    /// The same as an error about this record.
    pub(crate) fn of(self, record: &'static str) -> SealingError {
        let damage = match self {
            Self::Version(found) => return SealingError::NewerFormat { record, found },
            Self::Kind => "it is something else",
            Self::Truncated => "it is cut short",
            Self::TrailingBytes => "bytes follow its end",
            Self::Part => "its parts cannot be read",
        };
        SealingError::Damaged { record, damage }
    }
}
