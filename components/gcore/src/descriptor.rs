//! What Keywright needs to know of Gcore.

use keywright_sdk::Operation::{Check, Create, Get, List, Revoke, Verify};
use keywright_sdk::{Descriptor, ExpirySupport, LastUsed, Method};

use crate::API;

/// The characters that a description with a marker has at most. What Gcore takes is not documented: a choice.
pub(crate) const DESCRIPTION_LENGTH: usize = 255;

// Under v1 the path has one segment less, so that each request has two forms. The first holds for an account that is set
// to v2 only: no version is called `v1` in a path.
const TOKENS_V2: &str = "/iam/{settings.api_version}/clients/{settings.client_id}/tokens";
const TOKENS_V1: &str = "/iam/clients/{settings.client_id}/tokens";
const TOKEN_V2: &str = "/iam/{settings.api_version}/clients/{settings.client_id}/tokens/{token_id}";
const TOKEN_V1: &str = "/iam/clients/{settings.client_id}/tokens/{token_id}";

pub(crate) fn descriptor() -> Descriptor {
    Descriptor::new("gcore", "Gcore IAM API tokens", env!("CARGO_PKG_VERSION"))
        .settings(include_str!("../schema/settings.json"))
        .attributes(include_str!("../schema/attributes.json"))
        .endpoint(API, "https://api.gcore.com")
        .header("Authorization", "APIKey {parts.token}")
        .secret_part_after_id("token", "API token", &["GCORE_PERMANENT_TOKEN", "GCORE_API_KEY"])
        // One form only, without leading zeros: what a host compares ids of must not have two names.
        .id("^[1-9][0-9]{0,18}/[1-9][0-9]{0,18}$", &["CLIENT_ID/TOKEN_ID"])
        .rule(&[Create], Method::Post, API, TOKENS_V2)
        // `42_a1b2…` under v2, `42$a1b2…` under v1 (the v2 API description): the id may be read, the rest may not.
        .minting_after_prefix("token", "/token", "$_")
        .rule(&[Create], Method::Post, API, TOKENS_V1)
        .minting_after_prefix("token", "/token", "$_")
        .rule(&[Check, List], Method::Get, API, TOKENS_V2)
        .rule(&[Check, List], Method::Get, API, TOKENS_V1)
        .rule(&[Get], Method::Get, API, TOKEN_V2)
        .rule(&[Get], Method::Get, API, TOKEN_V1)
        .rule(&[Revoke], Method::Delete, API, TOKEN_V2)
        .rule(&[Revoke], Method::Delete, API, TOKEN_V1)
        .rule(&[Check, Verify], Method::Get, API, "/iam/clients/me")
        .expiry(ExpirySupport::AtCreation)
        .marker("description", DESCRIPTION_LENGTH as u32)
        .last_used(LastUsed::Instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_descriptor_fits_the_adapter() {
        assert_eq!(descriptor().check::<crate::Gcore>(), Ok(()));
    }
}
