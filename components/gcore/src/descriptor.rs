//! What Keywright needs to know of Gcore.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, LastUsedPrecision, Part, QuotaScope, Rule, Scheme};

use crate::API;

/// The characters that a description with a marker has at most. What Gcore takes is not documented: a choice.
pub(crate) const DESCRIPTION_LENGTH: usize = 255;

/// The account of a token; the path is the same in both versions of the API.
pub(crate) const ME: &str = "/iam/clients/me";

/// A path of the API: under v1 it has one segment less. The first form holds for an account that is set to v2 only: no
/// version is called `v1` in a path.
pub(crate) struct Path {
    pub(crate) v2: &'static str,
    pub(crate) v1: &'static str,
}

pub(crate) const TOKENS: Path = Path {
    v2: "/iam/{settings.api_version}/clients/{settings.client_id}/tokens",
    v1: "/iam/clients/{settings.client_id}/tokens",
};

pub(crate) const TOKEN: Path = Path {
    v2: "/iam/{settings.api_version}/clients/{settings.client_id}/tokens/{token_id}",
    v1: "/iam/clients/{settings.client_id}/tokens/{token_id}",
};

/// `42_a1b2…` under v2, `42$a1b2…` under v1 (the v2 API description): the id may be read, the rest may not.
const SEPARATORS: &str = "$_";

pub(crate) fn descriptor() -> Descriptor {
    // The characters after the separator are not documented, except that a header must be able to carry them.
    let token = Part::secret("token", "API token").identifies().pattern("^[1-9][0-9]{0,18}[$_][!-~]+$");
    let mut descriptor = Descriptor::new("gcore", "Gcore IAM API tokens", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.gcore.com")
        .scheme(Scheme::new("api").header("Authorization", "APIKey {parts.token}"))
        .part(token.environment(&["GCORE_PERMANENT_TOKEN", "GCORE_API_KEY"]))
        // One form only, without leading zeros: what a host compares ids of must not have two names.
        .id("^[1-9][0-9]{0,18}/[1-9][0-9]{0,18}$", &["CLIENT_ID/TOKEN_ID"])
        .expiry(ExpirySupport::AtCreation)
        .last_used(LastUsedPrecision::Instant)
        .marker("description", DESCRIPTION_LENGTH as u32)
        // Of the account. One page of the documentation says 100, another 50.
        .quota(None, QuotaScope::Organization)
        // 100 requests a second (introduction of the IAM API description).
        .rate_spacing(10);
    for path in [TOKENS.v2, TOKENS.v1] {
        descriptor = descriptor
            .rule(Rule::post(&[Create], API, path).mints("token", "/token").public_prefix_ends_with(SEPARATORS))
            .rule(Rule::get(&[Check, List], API, path));
    }
    for path in [TOKEN.v2, TOKEN.v1] {
        descriptor = descriptor.rule(Rule::get(&[Get], API, path)).rule(Rule::delete(&[Revoke], API, path));
    }
    descriptor.rule(Rule::get(&[Check, Verify], API, ME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Gcore>(), Ok(()));
    }
}
