//! Message authentication codes.

use keywright_auth::{Encoding, HeaderTemplate, Hmac, HmacAlgorithm, KeyEncoding};
use keywright_settings::Template;

use super::{add, mismatch, nonce, with_outgoing, with_values};
use crate::account::template;
use crate::http::Request;
use crate::wire::descriptors as wire;
use crate::{Failure, Result};

/// A message authentication code.
pub(crate) fn hmac(step: &wire::AuthenticationStep, request: &mut Request<'_>, body: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::Hmac(hmac) = step else { return Err(mismatch()) };
    let malformed = || Failure::adapter_error("the adapter's descriptor has a malformed `hmac`");
    let hmac = Hmac {
        algorithm: match hmac.algorithm.as_str() {
            "sha256" => HmacAlgorithm::SHA256,
            "sha512" => HmacAlgorithm::SHA512,
            "sha1" => HmacAlgorithm::SHA1,
            _ => return Err(malformed()),
        },
        key: template(hmac.key.as_str())?,
        key_encoding: match hmac.key_encoding.as_str() {
            "text" => KeyEncoding::Text,
            "base64" => KeyEncoding::Base64,
            "hex" => KeyEncoding::Hex,
            _ => return Err(malformed()),
        },
        message: Template::parse_with(hmac.message.as_str(), Hmac::MESSAGE_VARIABLES).map_err(|_| malformed())?,
        encoding: match hmac.encoding.as_str() {
            "hex" => Encoding::Hex,
            "base64" => Encoding::Base64,
            _ => return Err(malformed()),
        },
        headers: hmac
            .headers
            .as_slice()
            .iter()
            .map(|header| {
                HeaderTemplate::parse_with(header.name.as_str(), header.value.as_str(), Hmac::HEADER_VARIABLES)
            })
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| malformed())?,
    };
    let nonce = nonce();
    let headers = with_outgoing(request, body, &|outgoing| {
        with_values(request.account, nonce, |values| hmac.headers(outgoing, values))
    })?;
    headers.iter().for_each(|header| add(request, header));
    Ok(())
}
