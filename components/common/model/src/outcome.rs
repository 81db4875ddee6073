//! Whether a credential works.

/// Whether a credential works (RFC 7662 calls it active).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Outcome {
    /// The vendor accepts it.
    Active,
    /// The vendor refuses it, now: it may be too new, disabled, expired or revoked.
    Refused,
    /// The vendor's answer proves neither.
    Inconclusive,
}

impl Outcome {
    /// Its name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Refused => "refused",
            Self::Inconclusive => "inconclusive",
        }
    }
}
