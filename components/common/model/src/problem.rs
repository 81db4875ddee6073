//! What can be wrong with a field of the input.

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Problem {
    /// It is missing.
    Required,
    /// It cannot be read as what it should be.
    Format,
    /// It can be read, but the vendor does not allow it.
    Constraint,
    /// It cannot be changed on a credential that exists: a replacement is needed.
    Immutable,
    /// There is no such field.
    Unknown,
    /// A problem of a later version of the contract.
    Other,
}

/// A problem with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FieldProblem {
    /// A JSON pointer (RFC 6901) into the input of the call, seen as one object: `/attributes/description`,
    /// `/settings/region`, `/filter/attributes/user_name`, `/endpoints/api`, `/cursor` (see `wit/failures.wit`).
    pub pointer: String,
    /// What is wrong.
    pub problem: Problem,
    /// The rest of a sentence that starts with the pointer.
    pub message: String,
}

impl std::fmt::Display for FieldProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.pointer, self.message)
    }
}
