//! The traits of a vendor's credentials, in words.

use keywright_model::descriptor::{
    Disabling, Expiry, Idempotency, LastUsed, LockOut, Marker, QuotaLimit, QuotaScope, Rate,
};
use keywright_runtime::{Descriptor, ExpirySupport, LastUsedPrecision};

use crate::table::Table;
use crate::text::series;
use crate::values::seconds;

/// A line for each trait.
pub(super) fn traits(descriptor: &Descriptor) -> String {
    let traits = &descriptor.traits;
    let mut table = Table::default();
    table.row(["id", &format!("{}, matching {}", series(&descriptor.id_forms, "or"), descriptor.id_pattern)]);
    table.row(["expiry", &expiry(&traits.expiry)]);
    table.row(["last used", &last_used(&traits.last_used)]);
    table.row(["marker", &traits.marker.as_ref().map_or_else(|| "not kept".to_owned(), marker)]);
    table.row(["quota", &traits.quota.as_ref().map_or_else(|| "no known limit".to_owned(), quota)]);
    if let Some(disabling) = &traits.disabling {
        table.row(["disabling", &self::disabling(disabling)]);
    }
    if let Some(lock_out) = &traits.lock_out {
        table.row(["lock-out", &self::lock_out(lock_out)]);
    }
    table.row(["rate", &rate(&traits.rate)]);
    let idempotency = traits.idempotency.as_ref().map_or_else(|| "no idempotency key".to_owned(), idempotency);
    table.row(["repeated creation", &idempotency]);
    let readable = if traits.secret_readable { "shown again by the vendor when it is asked" } else { "shown once" };
    table.row(["secret", readable]);
    let delay = match traits.consistency_delay {
        0 => "at once".to_owned(),
        delay => format!("within {}", seconds(delay.into())),
    };
    table.row(["changes take effect", &delay]);
    table.to_text()
}

fn expiry(expiry: &Expiry) -> String {
    let support = match &expiry.support {
        ExpirySupport::None => return "none".to_owned(),
        ExpirySupport::AtCreation => "at creation, never changed",
        ExpirySupport::AddOnce => "at creation or added later, never changed",
        ExpirySupport::Mutable => "can be set, moved and cleared",
        ExpirySupport::MutableRegenerates => "can be changed, which makes a new secret",
        ExpirySupport::Other(case) => &case.name,
        _ => "of a kind that this program cannot describe",
    };
    let mut words = vec![support.to_owned()];
    if expiry.required {
        words.push("required".to_owned());
    }
    words.extend(expiry.least.map(|least| format!("at least {}", seconds(least))));
    words.extend(expiry.most.map(|most| format!("at most {}", seconds(most))));
    if expiry.granularity > 1 {
        words.push(format!("rounded to {}", seconds(expiry.granularity.into())));
    }
    words.join(", ")
}

fn last_used(last_used: &LastUsed) -> String {
    let precision = match &last_used.precision {
        LastUsedPrecision::None => return "not reported".to_owned(),
        LastUsedPrecision::Day => "reported to the day",
        LastUsedPrecision::Instant => "reported to the instant",
        LastUsedPrecision::Other(case) => &case.name,
        _ => "reported in a way that this program cannot describe",
    };
    match last_used.lag {
        Some(lag) => format!("{precision}, up to {} late", seconds(lag.into())),
        None => precision.to_owned(),
    }
}

fn marker(marker: &Marker) -> String {
    let filter = if marker.filterable { ", and lists can be selected by it" } else { "" };
    format!("kept in the attribute {}, at most {} characters{filter}", marker.attribute, marker.max_length)
}

fn quota(quota: &QuotaLimit) -> String {
    let limit =
        quota.limit.map_or_else(|| "limited to an unknown number".to_owned(), |limit| format!("at most {limit}"));
    let scope = match &quota.scope {
        QuotaScope::Owner => "for each owner",
        QuotaScope::Project => "for each project",
        QuotaScope::Organization => "in the whole account",
        QuotaScope::Other(case) => &case.name,
        _ => "in a scope that this program cannot describe",
    };
    format!("{limit} {scope}")
}

fn disabling(disabling: &Disabling) -> String {
    let reversible = if disabling.reversible { "reversible" } else { "for good" };
    match disabling.delay {
        Some(0) => format!("{reversible}, at once"),
        Some(delay) => format!("{reversible}, within {}", seconds(delay.into())),
        None => format!("{reversible}, after an unknown time"),
    }
}

fn lock_out(lock_out: &LockOut) -> String {
    let tries = lock_out.tries;
    match lock_out.seconds {
        Some(locked) => format!("for {} after {tries} refused tries", seconds(locked.into())),
        None => format!("after {tries} refused tries"),
    }
}

fn rate(rate: &Rate) -> String {
    let spacing = match rate.spacing {
        0 => "no known limit".to_owned(),
        spacing => format!("one request in {spacing} ms"),
    };
    let headers: Vec<&str> =
        [&rate.remaining_header, &rate.reset_header].into_iter().flatten().map(|it| &**it).collect();
    if headers.is_empty() { spacing } else { format!("{spacing}, reported in {}", series(headers, "and")) }
}

fn idempotency(idempotency: &Idempotency) -> String {
    match idempotency.window {
        Some(window) => format!("the same credential for the same idempotency key, for {}", seconds(window.into())),
        None => "the same credential for the same idempotency key".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::changed;

    #[test]
    fn each_trait_has_its_line() {
        let text = traits(&changed(|model| {
            model.traits.expiry = Expiry {
                support: ExpirySupport::AtCreation,
                required: true,
                least: Some(3_600),
                most: Some(31_536_000),
                granularity: 86_400,
                extensions: None,
            };
            model.traits.quota = Some(QuotaLimit { limit: Some(2), scope: QuotaScope::Owner, extensions: None });
            model.traits.lock_out = Some(LockOut { tries: 5, seconds: Some(900), extensions: None });
            model.traits.idempotency = Some(Idempotency { window: Some(86_400), extensions: None });
            model.traits.rate.spacing = 200;
        }));
        for line in [
            "at creation, never changed, required, at least 1 h, at most 365 d, rounded to 1 d",
            "at most 2 for each owner",
            "for 15 min after 5 refused tries",
            "for the same idempotency key, for 1 d",
            "one request in 200 ms",
            "OWNER/KEY_ID, matching ^[a-z]+/[0-9]+$",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert!(!text.contains("disabling"), "{text}");
    }
}
