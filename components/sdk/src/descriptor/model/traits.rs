//! What a lifecycle needs to know.

use keywright_model::descriptor as model;

use super::{extension, extensions};
use crate::wire::descriptors as wire;

pub(super) fn traits(traits: wire::Traits) -> model::Traits {
    model::Traits {
        expiry: expiry(traits.expiry),
        last_used: model::LastUsed {
            precision: match traits.last_used.precision {
                wire::LastUsedPrecision::None => model::LastUsedPrecision::None,
                wire::LastUsedPrecision::Day => model::LastUsedPrecision::Day,
                wire::LastUsedPrecision::Instant => model::LastUsedPrecision::Instant,
                wire::LastUsedPrecision::Other(other) => model::LastUsedPrecision::Other(extension(other)),
            },
            lag: traits.last_used.lag.into_option(),
            extensions: extensions(traits.last_used.extensions),
        },
        marker: traits.marker.into_option().map(|marker| model::Marker {
            attribute: marker.attribute.into(),
            max_length: marker.max_length,
            filterable: marker.filterable,
            extensions: extensions(marker.extensions),
        }),
        quota: traits.quota.into_option().map(|quota| model::QuotaLimit {
            limit: quota.limit.into_option(),
            scope: match quota.scope {
                wire::QuotaScope::Owner => model::QuotaScope::Owner,
                wire::QuotaScope::Project => model::QuotaScope::Project,
                wire::QuotaScope::Organization => model::QuotaScope::Organization,
                wire::QuotaScope::Other(other) => model::QuotaScope::Other(extension(other)),
            },
            extensions: extensions(quota.extensions),
        }),
        disabling: traits.disabling.into_option().map(|disabling| model::Disabling {
            reversible: disabling.reversible,
            delay: disabling.delay.into_option(),
            extensions: extensions(disabling.extensions),
        }),
        lock_out: traits.lock_out.into_option().map(|lock_out| model::LockOut {
            tries: lock_out.tries,
            seconds: lock_out.seconds.into_option(),
            extensions: extensions(lock_out.extensions),
        }),
        rate: model::Rate {
            spacing: traits.rate.spacing,
            remaining_header: traits.rate.remaining_header.into_option().map(Into::into),
            reset_header: traits.rate.reset_header.into_option().map(Into::into),
            extensions: extensions(traits.rate.extensions),
        },
        idempotency: traits.idempotency.into_option().map(|idempotency| model::Idempotency {
            window: idempotency.window.into_option(),
            extensions: extensions(idempotency.extensions),
        }),
        secret_readable: traits.secret_readable,
        consistency_delay: traits.consistency_delay,
        extensions: extensions(traits.extensions),
    }
}

fn expiry(expiry: wire::ExpiryTrait) -> model::Expiry {
    model::Expiry {
        support: match expiry.support {
            wire::ExpirySupport::None => model::ExpirySupport::None,
            wire::ExpirySupport::AtCreation => model::ExpirySupport::AtCreation,
            wire::ExpirySupport::AddOnce => model::ExpirySupport::AddOnce,
            wire::ExpirySupport::Mutable => model::ExpirySupport::Mutable,
            wire::ExpirySupport::MutableRegenerates => model::ExpirySupport::MutableRegenerates,
            wire::ExpirySupport::Other(other) => model::ExpirySupport::Other(extension(other)),
        },
        required: expiry.required,
        least: expiry.least.into_option(),
        most: expiry.most.into_option(),
        granularity: expiry.granularity,
        extensions: extensions(expiry.extensions),
    }
}
