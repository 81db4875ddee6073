//! What a lifecycle needs to know.
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

use super::Extension;
use crate::wire::memory::{Maybe, Text};

/// `expiry-support`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum ExpirySupport {
    /// `none`
    None,
    /// `at-creation`
    AtCreation,
    /// `add-once`
    AddOnce,
    /// `mutable`
    Mutable,
    /// `mutable-regenerates`
    MutableRegenerates,
    /// `other`
    Other(Extension),
}

/// `expiry-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct ExpiryTrait {
    pub(crate) support: ExpirySupport,
    pub(crate) required: bool,
    pub(crate) least: Maybe<u64>,
    pub(crate) most: Maybe<u64>,
    pub(crate) granularity: u32,
    pub(crate) extensions: Maybe<Text>,
}

/// `last-used-precision`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum LastUsedPrecision {
    /// `none`
    None,
    /// `day`
    Day,
    /// `instant`
    Instant,
    /// `other`
    Other(Extension),
}

/// `last-used-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct LastUsedTrait {
    pub(crate) precision: LastUsedPrecision,
    pub(crate) lag: Maybe<u32>,
    pub(crate) extensions: Maybe<Text>,
}

/// `marker-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct MarkerTrait {
    pub(crate) attribute: Text,
    pub(crate) max_length: u32,
    pub(crate) filterable: bool,
    pub(crate) extensions: Maybe<Text>,
}

/// `quota-scope`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum QuotaScope {
    /// `owner`
    Owner,
    /// `project`
    Project,
    /// `organization`
    Organization,
    /// `other`
    Other(Extension),
}

/// `quota-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct QuotaTrait {
    pub(crate) limit: Maybe<u32>,
    pub(crate) scope: QuotaScope,
    pub(crate) extensions: Maybe<Text>,
}

/// `disabling-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct DisablingTrait {
    pub(crate) reversible: bool,
    pub(crate) delay: Maybe<u32>,
    pub(crate) extensions: Maybe<Text>,
}

/// `lock-out-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct LockOutTrait {
    pub(crate) tries: u32,
    pub(crate) seconds: Maybe<u32>,
    pub(crate) extensions: Maybe<Text>,
}

/// `rate-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct RateTrait {
    pub(crate) spacing: u32,
    pub(crate) remaining_header: Maybe<Text>,
    pub(crate) reset_header: Maybe<Text>,
    pub(crate) extensions: Maybe<Text>,
}

/// `idempotency-trait`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct IdempotencyTrait {
    pub(crate) window: Maybe<u32>,
    pub(crate) extensions: Maybe<Text>,
}

/// `traits`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Traits {
    pub(crate) expiry: ExpiryTrait,
    pub(crate) last_used: LastUsedTrait,
    pub(crate) marker: Maybe<MarkerTrait>,
    pub(crate) quota: Maybe<QuotaTrait>,
    pub(crate) disabling: Maybe<DisablingTrait>,
    pub(crate) lock_out: Maybe<LockOutTrait>,
    pub(crate) rate: RateTrait,
    pub(crate) idempotency: Maybe<IdempotencyTrait>,
    pub(crate) secret_readable: bool,
    pub(crate) consistency_delay: u32,
    pub(crate) extensions: Maybe<Text>,
}
