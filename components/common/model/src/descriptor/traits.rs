//! What a lifecycle needs to know of the vendor's credentials.

use crate::{Extension, Extensions, Text};

/// What a lifecycle needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Traits {
    /// The expiry.
    pub expiry: Expiry,
    /// When credentials were last used.
    pub last_used: LastUsed,
    /// Where a marker is kept; none when the vendor has no field for it.
    pub marker: Option<Marker>,
    /// How many there may be; none where the vendor limits nothing or says nothing of it.
    pub quota: Option<QuotaLimit>,
    /// What `set-enabled` does; none where there is none.
    pub disabling: Option<Disabling>,
    /// What happens after refused tries; none where nothing does or the vendor says nothing of it.
    pub lock_out: Option<LockOut>,
    /// How fast requests may follow each other.
    pub rate: Rate,
    /// How the vendor knows a repeated creation; none when it does not.
    pub idempotency: Option<Idempotency>,
    /// Whether the vendor returns the secret of an existing credential when asked for it.
    pub secret_readable: bool,
    /// How long, in seconds, the vendor may still show the old state after a change, or refuse a new secret.
    pub consistency_delay: u32,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// The expiry of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Expiry {
    /// What the vendor can do with it.
    pub support: ExpirySupport,
    /// Whether every credential must have one.
    pub required: bool,
    /// The least time from creation to expiry, in seconds.
    pub least: Option<u64>,
    /// The most time from creation to expiry, in seconds.
    pub most: Option<u64>,
    /// The step that the vendor rounds to, in seconds.
    pub granularity: u32,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

impl Default for Expiry {
    fn default() -> Self {
        Self {
            support: ExpirySupport::None,
            required: false,
            least: None,
            most: None,
            granularity: 1,
            extensions: None,
        }
    }
}

/// What the vendor can do with an expiry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum ExpirySupport {
    /// There is none.
    None,
    /// Given at creation, never changed.
    AtCreation,
    /// May be given later to a credential that has none, never changed once given.
    AddOnce,
    /// Can be set, moved and cleared.
    Mutable,
    /// Can be changed, and each change also makes a new secret.
    MutableRegenerates,
    /// A kind of a later version of the contract.
    Other(Extension),
}

/// When a credential was last used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LastUsed {
    /// How exact the vendor's time of last use is.
    pub precision: LastUsedPrecision,
    /// How many seconds the vendor may lag behind the use.
    pub lag: Option<u32>,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// How exact the vendor's time of last use is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum LastUsedPrecision {
    /// The vendor does not say.
    #[default]
    None,
    /// The day.
    Day,
    /// The instant.
    Instant,
    /// A precision of a later version of the contract.
    Other(Extension),
}

/// Where a marker is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Marker {
    /// The attribute whose field holds it.
    pub attribute: Text,
    /// The longest marker, in characters.
    pub max_length: u32,
    /// Whether the vendor itself can list by it.
    pub filterable: bool,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// Whose credentials a quota counts together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum QuotaScope {
    /// Those of one user, application or service account.
    Owner,
    /// Those of one project.
    Project,
    /// Those of the whole account.
    Organization,
    /// A scope of a later version.
    Other(Extension),
}

/// How many live credentials there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QuotaLimit {
    /// The most there may be, where the vendor says.
    pub limit: Option<u32>,
    /// Whose are counted together.
    pub scope: QuotaScope,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// What disabling a credential does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disabling {
    /// Whether it can be enabled again.
    pub reversible: bool,
    /// How many seconds a disabled credential may still work; none where the vendor does not say.
    pub delay: Option<u32>,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// What the vendor does with refused tries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LockOut {
    /// The refused tries after which it locks.
    pub tries: u32,
    /// The seconds that it stays locked, where the vendor says.
    pub seconds: Option<u32>,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// How fast requests may follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rate {
    /// The least time between two requests of one account, in milliseconds; 0 where the vendor says nothing.
    pub spacing: u32,
    /// The header that says how many requests are left.
    pub remaining_header: Option<Text>,
    /// The header that says in how many seconds there will be more.
    pub reset_header: Option<Text>,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}

/// How the vendor treats a repeated creation with the same idempotency key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Idempotency {
    /// The seconds that it remembers a key, where the vendor says.
    pub window: Option<u32>,
    /// Room to grow.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub extensions: Extensions,
}
