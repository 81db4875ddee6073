//! What Keywright needs to know of commercetools.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Verify};
use keywright_sdk::{Client, Descriptor, ExpirySupport, LastUsedPrecision, OAuth2, Part, Rule, Scheme};

use crate::API;

/// **Choice**: the vendor documents no form. Visible ASCII is what every token and key of an HTTP API is made of, and keeps
/// a blank or a look-alike letter from costing a refused try.
const VISIBLE: &str = "^[!-~]+$";

/// The characters that a name is taken to hold, the marker included. How many the vendor takes is not documented.
pub(crate) const NAME_LENGTH: usize = 256;

/// The part that is the client's id.
pub(crate) const CLIENT_ID: &str = "client_id";

/// The part that is minted.
pub(crate) const CLIENT_SECRET: &str = "client_secret";

const AUTH: &str = "auth";
const CREATION: &str = "/{settings.project_key}/api-clients";
const LIST: &str = "/{settings.project_key}/api-clients?sort,limit,withTotal,offset,where";
/// What clears up a 404 that does not say what is missing.
const START_OF_LIST: &str = "/{settings.project_key}/api-clients?sort,limit,withTotal";
const API_CLIENT: &str = "/{settings.project_key}/api-clients/{id}";

/// Ids are opaque: about 24 characters that need no encoding in a URL, or a UUID in the vendor's examples. **Choice:** all
/// that needs no encoding.
const ID: &str = "^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$";

pub(crate) fn descriptor() -> Descriptor {
    // No scope is asked for, which asks for all that the client has: one that it lacks would be refused with a 400, and
    // whether `manage_api_clients` brings `view_api_clients` along is not documented.
    let client = Client::basic("{parts.client_id}", "{parts.client_secret}");
    let token = OAuth2::client_credentials(AUTH, "/oauth/token", client);
    Descriptor::new("commercetools", "commercetools API clients", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.{settings.region}.commercetools.com")
        .endpoint(AUTH, "https://auth.{settings.region}.commercetools.com")
        .scheme(Scheme::new("api").oauth2(token))
        .part(Part::public(CLIENT_ID, "client id").identifies().pattern(ID).environment(&["CTP_CLIENT_ID"]))
        .part(Part::secret(CLIENT_SECRET, "client secret").pattern(VISIBLE).environment(&["CTP_CLIENT_SECRET"]))
        .id(ID, &["CLIENT_ID"])
        .rule(Rule::post(&[Create], API, CREATION).mints(CLIENT_SECRET, "/secret"))
        .rule(Rule::get(&[List], API, LIST))
        .rule(Rule::get(&[Get, Revoke], API, START_OF_LIST))
        .rule(Rule::get(&[Check, Get, Verify], API, API_CLIENT))
        .rule(Rule::delete(&[Revoke], API, API_CLIENT))
        .expiry(ExpirySupport::AtCreation)
        // Whole days after the creation.
        .expiry_granularity(86_400)
        // A name is never empty, and a space stands before the marker.
        .marker("name", NAME_LENGTH as u32 - 2)
        // Lists are not strongly consistent; how far behind they may be is not documented.
        .consistency_delay(30)
        .last_used(LastUsedPrecision::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Commercetools>(), Ok(()));
    }
}
