//! Request signatures: AWS Signature Version 4 and OUTSCALE's form of it, which differs in names only.
//!
//! [`sign`] makes the headers; [`verify`] is the other side, for a server that a client is tested against.

mod algorithm;
mod canonical;
mod sign;
#[cfg(test)]
mod vectors;
mod verify;

use keywright_settings::Template;
use secrecy::SecretString;

pub use algorithm::Algorithm;
pub use sign::{SignedHeaders, SigningRequest, sign};
use sign::{Signing, sign_as_text};
pub use verify::{Claim, ReceivedRequest, VerifyError, verify};

use crate::headers::SecretHeader;
use crate::values::Values;
use crate::{AUTHORIZATION, AuthError, OutgoingRequest};

/// A signature over each request, made with a secret key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The algorithm: `osc4` or `aws4`.
    pub algorithm: Template,
    /// The access key, which names the secret key.
    pub access_key: Template,
    /// The secret key.
    pub secret_key: Template,
    /// The region to sign for.
    pub region: Template,
    /// The service to sign for; with `osc4`, an expansion to nothing means `api`.
    pub service: Template,
    /// The token of a temporary key, which is sent as `X-Amz-Security-Token` and signed. With `aws4` only; an expansion to
    /// nothing, or a part that the credential does not have, means that there is none.
    pub session_token: Option<Template>,
}

impl Signature {
    /// The headers that carry the signature, its date and what else it needs.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be signed with.
    pub fn headers(&self, request: &OutgoingRequest<'_>, values: &Values<'_>) -> Result<Vec<SecretHeader>, AuthError> {
        let algorithm: Algorithm = values.expand(&self.algorithm)?.parse()?;
        let service = values.expand(&self.service)?;
        let service = match (algorithm, service.as_str()) {
            // The service that OUTSCALE's official Python SDK signs for.
            (Algorithm::Osc4, "") => "api",
            (_, service) => service,
        };
        let session_token = match self.session_token.as_ref().map(|token| values.expand(token)).transpose() {
            // A long-term key has none, and its credential no such part.
            Err(AuthError::MissingPart { .. }) => None,
            expanded => expanded?,
        };
        let signed = sign_as_text(&Signing {
            algorithm,
            access_key: &values.expand(&self.access_key)?,
            secret_key: &SecretString::from(values.expand(&self.secret_key)?.as_str()),
            region: &values.expand(&self.region)?,
            service,
            session_token: session_token.as_ref().map(|token| token.as_str()).filter(|token| !token.is_empty()),
            request: *request,
            now: values.now,
        })?;
        Ok(signed.into_iter().map(|(name, value)| SecretHeader::new(name, &value)).collect())
    }

    /// The headers that a signature may set.
    pub(crate) fn header_names() -> [&'static str; 5] {
        [
            AUTHORIZATION,
            Algorithm::Osc4.date_header_name(),
            Algorithm::Aws4.date_header_name(),
            sign::CONTENT_SHA256,
            sign::SECURITY_TOKEN,
        ]
    }

    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let always = [&self.algorithm, &self.access_key, &self.secret_key, &self.region, &self.service];
        always.into_iter().chain(&self.session_token)
    }
}
