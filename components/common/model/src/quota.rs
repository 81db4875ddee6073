//! Quotas.

/// How many credentials there may be, and are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Quota {
    /// The most there may be, where the vendor says.
    pub limit: Option<u32>,
    /// How many there are, where the vendor says.
    pub used: Option<u32>,
}
