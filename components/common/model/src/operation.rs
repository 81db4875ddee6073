//! Operations of the contract.

use std::fmt;
use std::str::FromStr;

/// A function of `credential-lifecycle` that reaches the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Who the account's credential is.
    Check,
    /// Makes a credential.
    Create,
    /// One credential by its id.
    Get,
    /// Credentials, page by page.
    List,
    /// Changes a credential in place.
    Update,
    /// Enables or disables a credential.
    SetEnabled,
    /// Replaces the secret of a credential in place.
    Regenerate,
    /// Whether a credential works.
    Verify,
    /// Ends a credential.
    Revoke,
}

impl Operation {
    /// All of them, in the order of a credential's life.
    pub const ALL: [Self; 9] = [
        Self::Check,
        Self::Create,
        Self::Get,
        Self::List,
        Self::Update,
        Self::SetEnabled,
        Self::Regenerate,
        Self::Verify,
        Self::Revoke,
    ];

    /// Whether it changes something at the vendor.
    pub const fn is_mutating(self) -> bool {
        match self {
            Self::Create | Self::Update | Self::SetEnabled | Self::Regenerate | Self::Revoke => true,
            Self::Check | Self::Get | Self::List | Self::Verify => false,
        }
    }

    /// The name of the function.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Create => "create",
            Self::Get => "get",
            Self::List => "list",
            Self::Update => "update",
            Self::SetEnabled => "set-enabled",
            Self::Regenerate => "regenerate",
            Self::Verify => "verify",
            Self::Revoke => "revoke",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(name: &str) -> Result<Self, UnknownOperation> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.name() == name)
            .ok_or_else(|| UnknownOperation(name.to_owned()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Operation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// No operation has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOperation(pub String);

impl fmt::Display for UnknownOperation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "there is no operation `{}`: use ", self.0.escape_debug())?;
        let (last, others) = Operation::ALL.split_last().unwrap_or((&Operation::Revoke, &[]));
        for operation in others {
            write!(formatter, "{operation}, ")?;
        }
        write!(formatter, "or {last}")
    }
}

impl std::error::Error for UnknownOperation {}
