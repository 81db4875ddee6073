//! What the engine needs to know of a vendor.

use keywright_model::Operation;
use keywright_model::descriptor::{ExpirySupport, LastUsedPrecision, Traits};

/// What the engine needs to know of a vendor. All times are in seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The longest marker that the vendor keeps, in characters; none when it has no field for one.
    pub marker: Option<u32>,
    /// The expiry.
    pub expiry: ExpiryFacts,
    /// Whether two credentials may live at once.
    pub overlap: bool,
    /// How many may live at once, where the vendor limits it.
    pub live_limit: Option<u32>,
    /// Whether a credential can be disabled, and enabled again.
    pub disables: bool,
    /// How long a disabled credential may still work.
    pub disabling_delay: u32,
    /// Whether the secret can be replaced in place.
    pub regenerates: bool,
    /// Whether attributes can be changed in place.
    pub updates: bool,
    /// Whether such a change may make a new secret.
    pub update_renews: bool,
    /// Whether a new secret can be tried.
    pub verifies: bool,
    /// Whether credentials can be listed.
    pub lists: bool,
    /// Whether one credential can be read.
    pub gets: bool,
    /// How long the vendor may still show the old state after a change, or refuse a new secret.
    pub consistency_delay: u32,
    /// The refused tries after which the vendor locks.
    pub lock_out: Option<u32>,
    /// When credentials were last used; none when the vendor does not say.
    pub last_used: Option<LastUsedFacts>,
    /// Whether the vendor makes one credential for one idempotency key.
    pub idempotent: bool,
}

/// The expiry of a credential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpiryFacts {
    /// Whether one can be given when it is made.
    pub supported: bool,
    /// Whether each must have one.
    pub required: bool,
    /// The least time from creation to expiry.
    pub least: Option<u64>,
    /// The most time from creation to expiry.
    pub most: Option<u64>,
    /// The step that the vendor rounds to.
    pub granularity: u32,
}

/// How well the vendor knows when a credential was last used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastUsedFacts {
    /// How exact the time is: 86,400 where only the day is known.
    pub precision: u32,
    /// How much later than the use it may show.
    pub lag: u32,
}

/// A day, in seconds.
const DAY: u32 = 86_400;

impl Facts {
    /// What a descriptor says.
    pub fn of(traits: &Traits, supports: impl Fn(Operation) -> bool) -> Self {
        let limit = traits.quota.as_ref().and_then(|quota| quota.limit);
        let precision = match traits.last_used.precision {
            LastUsedPrecision::Instant => Some(1),
            LastUsedPrecision::Day => Some(DAY),
            // A precision that this host does not know is not relied on.
            _ => None,
        };
        let disabling = traits.disabling.as_ref().filter(|_| supports(Operation::SetEnabled));
        Self {
            marker: traits.marker.as_ref().map(|marker| marker.max_length),
            expiry: ExpiryFacts {
                supported: traits.expiry.support != ExpirySupport::None,
                required: traits.expiry.required,
                least: traits.expiry.least,
                most: traits.expiry.most,
                granularity: traits.expiry.granularity.max(1),
            },
            overlap: limit.is_none_or(|limit| limit > 1),
            live_limit: limit,
            disables: disabling.is_some_and(|disabling| disabling.reversible),
            disabling_delay: disabling.and_then(|disabling| disabling.delay).unwrap_or_default(),
            regenerates: supports(Operation::Regenerate),
            updates: supports(Operation::Update),
            update_renews: traits.expiry.support == ExpirySupport::MutableRegenerates,
            verifies: supports(Operation::Verify),
            lists: supports(Operation::List),
            gets: supports(Operation::Get),
            consistency_delay: traits.consistency_delay,
            lock_out: traits.lock_out.as_ref().map(|lock_out| lock_out.tries),
            last_used: precision
                .map(|precision| LastUsedFacts { precision, lag: traits.last_used.lag.unwrap_or_default() }),
            idempotent: traits.idempotency.is_some(),
        }
    }
}
