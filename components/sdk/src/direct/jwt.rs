//! JSON Web Tokens.

use keywright_auth::{Jwt, JwtAlgorithm};
use keywright_settings::JsonTemplate;

use super::{add, mismatch, nonce, optional, with_values};
use crate::account::template;
use crate::http::Request;
use crate::wire::descriptors as wire;
use crate::{Failure, Result};

/// A bearer token that is signed here.
pub(crate) fn bearer_jwt(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::BearerJwt(token) = step else { return Err(mismatch()) };
    let token = jwt(token)?;
    let header = with_values(request.account, nonce(), |values| token.bearer(values))?;
    add(request, &header);
    Ok(())
}

pub(super) fn jwt(token: &wire::JsonWebToken) -> Result<Jwt> {
    let malformed = || Failure::adapter_error("the adapter's descriptor has a malformed JSON Web Token");
    let claims = serde_json::from_slice(token.claims.as_str().as_bytes()).map_err(|_| malformed())?;
    Ok(Jwt {
        algorithm: match token.algorithm.as_str() {
            "RS256" => JwtAlgorithm::RS256,
            "ES256" => JwtAlgorithm::ES256,
            "EdDSA" => JwtAlgorithm::EDDSA,
            "HS256" => JwtAlgorithm::HS256,
            _ => return Err(malformed()),
        },
        key: template(token.key.as_str())?,
        key_id: optional(&token.key_id)?,
        claims: JsonTemplate::parse(&claims, &[]).map_err(|_| malformed())?,
        lifetime_seconds: token.lifetime,
    })
}
