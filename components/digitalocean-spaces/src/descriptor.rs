//! What Keywright needs to know of DigitalOcean Spaces.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Update, Verify};
use keywright_sdk::{Descriptor, Part, QuotaScope, Rule, Scheme, Signature};

/// **Choice**: the vendor documents no form. Visible ASCII is what every token and key of an HTTP API is made of, and keeps
/// a blank or a look-alike letter from costing a refused try.
const VISIBLE: &str = "^[!-~]+$";

/// The management API.
pub(crate) const API: &str = "api";
/// The S3 endpoint of the account's region.
pub(crate) const SPACES: &str = "spaces";

/// How the token is sent.
const BEARER: &str = "api";
/// How a key signs.
const S3: &str = "s3";

pub(crate) const KEYS: &str = "/v2/spaces/keys";
pub(crate) const KEY: &str = "/v2/spaces/keys/{access_key}";
pub(crate) const LIST: &str = "/v2/spaces/keys?page,per_page,sort,sort_direction";

/// Those that have been seen are capitals and digits: 20 of them in real keys, 18 in the documentation's example. A choice:
/// nothing else is accepted, so that a secret key, which has small letters, never gets into a URL in place of its id.
const ACCESS_KEY: &str = "^[A-Z0-9]+$";

/// The characters of a name that the marker may count on. A choice: how many a name may have is not known.
const NAME_LENGTH: u32 = 64;

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("digitalocean-spaces", "DigitalOcean Spaces access keys", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.digitalocean.com")
        .endpoint(SPACES, "https://{settings.region}.digitaloceanspaces.com")
        .scheme(Scheme::new(BEARER).header("Authorization", "Bearer {parts.token}"))
        .scheme(Scheme::new(S3).signature(Signature::new(
            "aws4",
            "{parts.access_key}",
            "{parts.secret_key}",
            "{settings.region}",
            "s3",
        )))
        // Prefixes are documented (`dop_v1_`, `doo_v1_`), but not that no token is without.
        .administrator_part(
            Part::secret("token", "API token")
                .pattern(VISIBLE)
                .environment(&["DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"]),
        )
        .issued_part(
            Part::public("access_key", "access key")
                .identifies()
                .pattern(ACCESS_KEY)
                .environment(&["SPACES_ACCESS_KEY_ID"]),
        )
        .issued_part(
            Part::secret("secret_key", "secret key").pattern(VISIBLE).environment(&["SPACES_SECRET_ACCESS_KEY"]),
        )
        .id(ACCESS_KEY, &["ACCESS_KEY"])
        .rule(Rule::post(&[Create], API, KEYS).mints("secret_key", "/key/secret_key"))
        .rule(Rule::get(&[Check, List], API, LIST))
        .rule(Rule::get(&[Get, Update], API, KEY))
        .rule(Rule::put(&[Update], API, KEY))
        .rule(Rule::delete(&[Revoke], API, KEY))
        .rule(Rule::get(&[Verify], SPACES, "/").scheme(S3))
        .marker("name", NAME_LENGTH)
        // The documentation's number, which support raises; an older version of the page said 100.
        .quota(Some(200), QuotaScope::Organization)
        // `ratelimit-reset` is a Unix time, not a number of seconds, and so is read by the adapter alone.
        .rate_headers(Some("ratelimit-remaining"), None)
        // A choice: one witness saw a new key accepted within two seconds, and of a deleted one nothing is known.
        .consistency_delay(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Spaces>(), Ok(()));
    }
}
