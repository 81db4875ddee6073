//! What a request is for, read strictly.

use http::Uri;
use http::uri::Scheme;

use crate::denial::DenialReason;
use crate::origin::{HTTPS, split_authority};
use crate::path::is_plain_segment;

/// A request's target: borrowed from its URI, with one reading only.
pub(crate) struct Target<'u> {
    pub(crate) host: &'u str,
    pub(crate) port: u16,
    path: &'u str,
}

impl<'u> Target<'u> {
    pub(crate) fn read(uri: &'u Uri) -> Result<Self, DenialReason> {
        if uri.scheme() != Some(&Scheme::HTTPS) {
            return Err(DenialReason::NotHttps);
        }
        let authority = uri.authority().ok_or(DenialReason::Host)?;
        let (host, port) = split_authority(authority.as_str()).map_err(|_| DenialReason::Host)?;
        let path = uri.path();
        match path.strip_prefix('/') {
            Some(rest) if rest.split('/').all(is_plain_segment) => Ok(Self { host, port, path }),
            _ => Err(DenialReason::Path),
        }
    }

    /// Its `https://`, host and port, in lower case.
    pub(crate) fn origin(&self) -> String {
        let host = self.host.to_ascii_lowercase();
        if self.port == HTTPS { format!("https://{host}") } else { format!("https://{host}:{}", self.port) }
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &'u str> {
        self.path.split('/').skip(1)
    }
}
