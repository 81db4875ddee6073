//! Who calls the S3 endpoint.

use chrono::{TimeDelta, Utc};
use http::{HeaderMap, header, request::Parts};
use keywright_auth::signature::{Algorithm, Claim, VerifyError};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

use super::{
    super::{account::SpacesAccount, grants::Access},
    answer::{Code, Refusal},
};
use crate::signed::received;

/// How far a clock may be off: what Ceph's object gateway allows, as AWS does. Measured against the machine's own time: a
/// client signs by that, however far the vendor's clock was moved.
const SKEW: TimeDelta = TimeDelta::minutes(15);

/// The header with the digest of the body.
const CONTENT_SHA256: &str = "x-amz-content-sha256";

/// Whose request it is.
pub(super) enum Caller {
    /// Nobody's: it is not signed.
    Anonymous,
    /// That of an access key with this access.
    Key(Access),
}

/// Verifies a signature (AWS Signature Version 4) the way Ceph's object gateway does (`rgw_auth_s3.cc`). Version 2 and
/// presigned addresses, which Spaces knows too, are not here.
///
/// Any region may be signed for, as was seen. That the service must be `s3` is a choice.
pub(super) fn authenticate(account: &SpacesAccount, head: &Parts, body: &[u8]) -> Result<Caller, Refusal> {
    if !head.headers.contains_key(header::AUTHORIZATION) {
        return Ok(Caller::Anonymous);
    }
    let claim = Claim::read(&head.headers).map_err(|error| match error {
        VerifyError::Date => Code::AccessDenied,
        _ => Code::InvalidArgument,
    })?;
    if claim.algorithm != Algorithm::Aws4 {
        return Err(Code::InvalidArgument.into());
    }
    if (claim.signed_at - Utc::now()).abs() > SKEW {
        return Err(Code::RequestTimeTooSkewed.into());
    }
    let key = account.known_key(&claim.access_key).ok_or(Code::InvalidAccessKeyId)?;
    check_body(&head.headers, body)?;
    let is_signed = claim.service == "s3"
        && signs_all_of_amazons(&claim, &head.headers)
        && claim.check(&received(head, body), &SecretString::from(key.secret_key)).is_ok();
    if is_signed { Ok(Caller::Key(key.access)) } else { Err(Code::SignatureDoesNotMatch.into()) }
}

/// The digest of the body stands in a header. Without it the gateway takes the body for unsigned, so that a signature over
/// the body does not match. A body that is left unsigned on purpose, or signed in pieces, is not taken here.
fn check_body(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    let stated = headers.get(CONTENT_SHA256).ok_or(Code::SignatureDoesNotMatch)?.as_bytes();
    if stated == b"UNSIGNED-PAYLOAD" || stated.starts_with(b"STREAMING-") {
        return Err(Code::NotImplemented.into());
    }
    let digest: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    if stated == digest.as_bytes() { Ok(()) } else { Err(Code::ContentSha256Mismatch.into()) }
}

/// Each header of Amazon's must be signed, but for that of the body's digest, which the signature covers anyway.
fn signs_all_of_amazons(claim: &Claim, headers: &HeaderMap) -> bool {
    let amazons = headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
    amazons.filter(|name| *name != CONTENT_SHA256).all(|name| claim.signed_headers.iter().any(|signed| signed == name))
}
