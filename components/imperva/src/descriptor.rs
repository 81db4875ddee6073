//! What Keywright needs to know of Imperva.

use keywright_sdk::Operation::{Check, Create, Get, List, Regenerate, Revoke, SetEnabled, Update, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, LastUsedPrecision, Part, QuotaScope, Rule, Scheme};

use crate::API;

/// **Choice**: the vendor documents no form. Visible ASCII is what every token and key of an HTTP API is made of, and keeps
/// a blank or a look-alike letter from costing a refused try.
const VISIBLE: &str = "^[!-~]+$";

/// `userEmail` makes it another user's; `caid` names another account, here and below.
const CREATION: &str = "/authorization/v3/api-clients?caid,userEmail";
const LIST: &str = "/authorization/v3/api-clients?caid,userEmail,pageNumber,pageSize";
/// The list, narrowed to one: there is no path to read one by.
const ONE_OF_LIST: &str = "/authorization/v3/api-clients?caid,id";
const API_CLIENT: &str = "/authorization/v3/api-clients/{api_id}?caid";

/// The numbers that Imperva gives its API clients (documented as integers), without leading zeros, so that one API client
/// has one id. **Choice:** at most 18 digits.
const API_ID: &str = "^[1-9][0-9]{0,17}$";

/// The secret part, and where answers hold it.
const API_KEY: &str = "api_key";
const SECRET: &str = "/apiKey";

/// Where a list would hold it. Imperva documents that a key is shown once. **Choice:** it is hidden there all the same.
const SECRETS_OF_LIST: &str = "/data/*/apiKey";

/// The characters of a description that Keywright counts on when it says how long a marker may be. How many Imperva takes
/// is not known; none is refused for its length here, and Imperva's own refusal is passed on.
const DESCRIPTION_LENGTH: u32 = 200;

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("imperva", "Imperva Cloud API clients", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.imperva.com")
        .scheme(Scheme::new("api").header("x-API-Id", "{parts.api_id}").header("x-API-Key", "{parts.api_key}"))
        .part(Part::public("api_id", "API ID").identifies().pattern(API_ID).environment(&["INCAPSULA_API_ID"]))
        .part(Part::secret(API_KEY, "API key").pattern(VISIBLE).environment(&["INCAPSULA_API_KEY"]))
        .id("^([1-9][0-9]{0,17}/)?[1-9][0-9]{0,17}$", &["ID", "ACCOUNT/ID"])
        .rule(Rule::post(&[Create], API, CREATION).mints(API_KEY, SECRET))
        .rule(Rule::get(&[List], API, LIST).hides(SECRETS_OF_LIST))
        .rule(Rule::get(&[Check, Get, Update, Verify, Revoke], API, ONE_OF_LIST).hides(SECRETS_OF_LIST))
        .rule(Rule::patch(&[Regenerate], API, API_CLIENT).demand_json("/regenerate", &["true"]).mints(API_KEY, SECRET))
        // Whether a change of the date alone makes a new secret is not known: one that comes is hidden, and handed over.
        .rule(Rule::patch(&[Update], API, API_CLIENT).secret(API_KEY, SECRET))
        .rule(
            Rule::patch(&[SetEnabled], API, API_CLIENT)
                .demand_json("/enabled", &["true", "false"])
                .secret(API_KEY, SECRET),
        )
        .rule(Rule::delete(&[Revoke], API, API_CLIENT))
        .expiry(ExpirySupport::Mutable)
        .marker("description", DESCRIPTION_LENGTH)
        // Imperva's documentation, "API Key Management".
        .quota(Some(5), QuotaScope::Owner)
        .disabling(true, None)
        // New objects have been refused for some seconds (issue 648 of the Terraform provider).
        .consistency_delay(30)
        .last_used(LastUsedPrecision::Instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Imperva>(), Ok(()));
    }
}
