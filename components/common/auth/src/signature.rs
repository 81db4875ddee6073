//! Request signatures: AWS Signature Version 4 and OUTSCALE's form of it, which differs in names only.
//!
//! [`sign`] makes the headers; [`verify`] is the other side, for a server that a client is tested against.

mod algorithm;
mod canonical;
mod sign;
#[cfg(test)]
mod vectors;
mod verify;

use chrono::{DateTime, Utc};
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use keywright_settings::Template;
use secrecy::ExposeSecret;

pub use algorithm::Algorithm;
use sign::sign_as_text;
pub use sign::{SignedHeaders, SigningRequest, sign};
pub use verify::{Claim, ReceivedRequest, VerifyError, verify};

use crate::values::Values;
use crate::{AuthError, RequestToSign};

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
}

impl Signature {
    /// The headers that carry the signature and its date.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be signed with.
    pub fn headers(
        &self,
        request: &RequestToSign<'_>,
        values: Values<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<(HeaderName, HeaderValue)>, AuthError> {
        self.sign(request, values, now, |signing| sign(signing).map(|signed| signed.into_iter().collect()))
    }

    /// [`headers`](Self::headers) as text, lower-case names and values, for a caller that has no use for other types: an
    /// adapter would carry their code, tables and all.
    ///
    /// # Errors
    ///
    /// As [`headers`](Self::headers).
    pub fn headers_as_text(
        &self,
        request: &RequestToSign<'_>,
        values: Values<'_>,
        now: DateTime<Utc>,
    ) -> Result<[(&'static str, String); 2], AuthError> {
        self.sign(request, values, now, sign_as_text)
    }

    fn sign<T>(
        &self,
        request: &RequestToSign<'_>,
        values: Values<'_>,
        now: DateTime<Utc>,
        sign: impl FnOnce(&SigningRequest<'_>) -> Result<T, AuthError>,
    ) -> Result<T, AuthError> {
        let algorithm: Algorithm = values.expand(&self.algorithm)?.expose_secret().parse()?;
        let service = values.expand(&self.service)?;
        let service = match (algorithm, service.expose_secret()) {
            // The service that OUTSCALE's official Python SDK signs for.
            (Algorithm::Osc4, "") => "api",
            (_, service) => service,
        };
        sign(&SigningRequest {
            algorithm,
            access_key: values.expand(&self.access_key)?.expose_secret(),
            secret_key: &values.expand(&self.secret_key)?,
            region: values.expand(&self.region)?.expose_secret(),
            service,
            request: *request,
            now,
        })
    }

    pub(crate) fn header_names() -> [HeaderName; 3] {
        let [osc4, aws4] = [Algorithm::Osc4, Algorithm::Aws4].map(Algorithm::date_header);
        [AUTHORIZATION, osc4, aws4]
    }

    pub(crate) fn templates(&self) -> [&Template; 5] {
        [&self.algorithm, &self.access_key, &self.secret_key, &self.region, &self.service]
    }
}
