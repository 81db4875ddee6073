//! What Keywright needs to know of Datadog.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Update, Verify};
use keywright_sdk::{Descriptor, LastUsedPrecision, Part, QuotaScope, Rule, Scheme};

/// **Choice**: the vendor documents no form. Visible ASCII is what every token and key of an HTTP API is made of, and keeps
/// a blank or a look-alike letter from costing a refused try.
const VISIBLE: &str = "^[!-~]+$";

/// The endpoint: one host for each site.
pub(crate) const API: &str = "api";

pub(crate) const API_KEYS: &str = "/api/v2/api_keys";
pub(crate) const API_KEY: &str = "/api/v2/api_keys/{api_key_id}";
pub(crate) const LIST: &str = "/api/v2/api_keys?page[size],page[number],sort";

/// Whether a pair of an API key and an application key is valid.
pub(crate) const VALIDATE_KEYS: &str = "/api/v2/validate_keys";

/// Whether an API key is valid, and which one it is: a preview.
pub(crate) const VALIDATE_WITH_ID: &str = "/api/v2/validate";

/// Whether an API key is valid.
pub(crate) const VALIDATE: &str = "/api/v1/validate";

/// The characters of a name with a marker in it. How many Datadog takes is not documented: a choice, so that no marker is
/// cut off.
pub(crate) const NAME_LENGTH: usize = 255;

/// The form of all ids in recorded answers of the live API. Lower case only, so that one key has one id. Nothing wider is
/// accepted, which is a choice: an API key has 32 hexadecimal digits, and one that is given in place of its id must not get
/// into a URL.
const ID: &str = "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$";

/// Where an answer holds the API key.
const KEY: &str = "/data/attributes/key";

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("datadog", "Datadog API keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.{settings.site}")
        .scheme(
            Scheme::new("api")
                .header("DD-API-KEY", "{parts.api_key}")
                .header("DD-APPLICATION-KEY", "{parts.application_key}"),
        )
        .scheme(Scheme::new("key").header("DD-API-KEY", "{parts.api_key}"))
        // No patterns: Datadog does not document the form of its keys. Those that were recorded have 32 hexadecimal digits.
        .part(Part::secret("api_key", "API key").pattern(VISIBLE).environment(&["DD_API_KEY"]))
        .administrator_part(
            Part::secret("application_key", "application key").pattern(VISIBLE).environment(&["DD_APP_KEY"]),
        )
        .id(ID, &["ID"])
        .rule(Rule::post(&[Create], API, API_KEYS).mints("api_key", KEY))
        .rule(Rule::get(&[Check, List], API, LIST))
        // Both answers may hold the whole key again (recorded answers of the live API, 2020 and 2021).
        .rule(Rule::get(&[Get, Update], API, API_KEY).secret("api_key", KEY))
        .rule(Rule::patch(&[Update], API, API_KEY).secret("api_key", KEY))
        .rule(Rule::delete(&[Revoke], API, API_KEY))
        .rule(Rule::get(&[Check], API, VALIDATE_KEYS))
        .rule(Rule::get(&[Revoke], API, VALIDATE_WITH_ID).scheme("key"))
        .rule(Rule::get(&[Verify], API, VALIDATE).scheme("key"))
        .last_used(LastUsedPrecision::Instant)
        // A name has one character at least, and a space parts it from the marker.
        .marker("name", NAME_LENGTH as u32 - 2)
        // Unless Datadog raised it (its documentation, "API and Application Keys"): a list has the limit that holds.
        .quota(Some(50), QuotaScope::Organization)
        .rate_headers(Some("X-RateLimit-Remaining"), Some("X-RateLimit-Reset"))
        .secret_readable()
        // A key was readable and gone at once in recorded answers; when every gateway accepts or refuses it is not known.
        .consistency_delay(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Datadog>(), Ok(()));
    }
}
