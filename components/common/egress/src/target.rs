//! What a request is for, read strictly.

use http::Uri;

use crate::denial::DenialReason;
use crate::origin::{Scheme, split_authority};
use crate::pairs;
use crate::percent::{Characters, Malformed, normalise};
use crate::segment::{self, SegmentKind};

/// What an adapter puts in front of `https` or `http` in the URL of a request that the host has to authenticate: a runtime
/// that does not know this cannot send the request without authentication. It is read as the scheme without it.
pub const BROKERED_PREFIX: &str = "brokered+";

/// Whether a request's URL asks for authentication by the host (see [`BROKERED_PREFIX`]).
pub fn is_brokered(uri: &Uri) -> bool {
    uri.scheme_str().is_some_and(|scheme| scheme.starts_with(BROKERED_PREFIX))
}

/// A request's target: borrowed from its URI, with one reading only.
pub(crate) struct Target<'u> {
    pub(crate) scheme: Scheme,
    pub(crate) host: &'u str,
    pub(crate) port: u16,
    pub(crate) path: &'u str,
    /// Empty when there is none.
    pub(crate) query: &'u str,
    /// Whether a segment has an encoded slash, which only some placeholders match.
    pub(crate) has_encoded_slash: bool,
}

impl<'u> Target<'u> {
    pub(crate) fn read(uri: &'u Uri) -> Result<Self, DenialReason> {
        let scheme = plain_scheme(uri).ok_or(DenialReason::NotHttps)?;
        let authority = uri.authority().ok_or(DenialReason::Host)?;
        let (host, port) = split_authority(authority.as_str(), scheme).map_err(|_| DenialReason::Host)?;
        let path = uri.path();
        let has_encoded_slash = read_path(path).ok_or(DenialReason::Path)?;
        let query = uri.query().unwrap_or_default();
        pairs::validate_query(query).map_err(|_| DenialReason::Query)?;
        Ok(Self { scheme, host, port, path, query, has_encoded_slash })
    }

    /// Its scheme, host and port, in lower case.
    pub(crate) fn origin(&self) -> String {
        let (scheme, host) = (self.scheme.as_str(), self.host.to_ascii_lowercase());
        match self.port == self.scheme.default_port() {
            true => format!("{scheme}://{host}"),
            false => format!("{scheme}://{host}:{}", self.port),
        }
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &'u str> {
        self.path.split('/').skip(1)
    }

    /// Its path and query in their one spelling: percent-encodings in capitals, and none for unreserved characters.
    pub(crate) fn canonical(&self) -> Result<String, Malformed> {
        let mut out = String::with_capacity(self.path.len() + self.query.len() + 1);
        for segment in self.segments() {
            out.push('/');
            normalise(&mut out, Characters::of(segment))?;
        }
        if !self.query.is_empty() {
            out.push('?');
            out.push_str(&pairs::canonical_query(self.query)?);
        }
        Ok(out)
    }
}

/// The scheme that a request is sent by.
pub(crate) fn plain_scheme(uri: &Uri) -> Option<Scheme> {
    let scheme = uri.scheme_str()?;
    match scheme.strip_prefix(BROKERED_PREFIX).unwrap_or(scheme) {
        "https" => Some(Scheme::Https),
        "http" => Some(Scheme::Http),
        _ => None,
    }
}

/// Whether a path has encoded slashes. None when it could be read in two ways. Only the last segment may be empty.
fn read_path(path: &str) -> Option<bool> {
    let rest = path.strip_prefix('/')?;
    let (before, last) = rest.rsplit_once('/').map_or((None, rest), |(before, last)| (Some(before), last));
    let mut has_encoded_slash = false;
    let last = Some(last).filter(|last| !last.is_empty());
    for segment in before.into_iter().flat_map(|before| before.split('/')).chain(last) {
        has_encoded_slash |= segment::read(segment)? == SegmentKind::EncodedSlash;
    }
    Some(has_encoded_slash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_segment_of_a_path_may_be_empty() {
        for (path, read) in [
            ("/", Some(false)),
            ("/a/", Some(false)),
            ("/a/b", Some(false)),
            ("/a%2Fb/", Some(true)),
            ("//", None),
            ("//a", None),
            ("/a//", None),
            ("/a/./b", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(read_path(path), read, "{path}");
        }
    }

    #[test]
    fn a_brokered_request_is_read_as_a_plain_one() {
        for (url, scheme) in [
            ("https://a.example/", Some(Scheme::Https)),
            ("brokered+https://a.example/", Some(Scheme::Https)),
            ("brokered+http://localhost/", Some(Scheme::Http)),
            ("brokered+brokered+https://a.example/", None),
            ("brokered://a.example/", None),
            ("brokered+://a.example/", None),
        ] {
            let Ok(uri) = url.parse::<Uri>() else { continue };
            assert_eq!(plain_scheme(&uri), scheme, "{url}");
        }
        assert!(is_brokered(&"brokered+https://a.example/".parse().unwrap()));
        assert!(!is_brokered(&"https://a.example/".parse().unwrap()));
    }

    #[test]
    fn the_canonical_path_and_query_say_the_same_in_one_spelling() {
        for (url, canonical) in [
            ("https://a.example/%6beys/a%2cb%7e?x=a+b%2f", "/keys/a%2Cb~?x=a%20b%2F"),
            ("https://a.example/", "/"),
            ("https://a.example/a/?", "/a/"),
            ("https://a.example/a@b?filter[x]=1", "/a@b?filter%5Bx%5D=1"),
        ] {
            let uri: Uri = url.parse().unwrap();
            assert_eq!(Target::read(&uri).ok().unwrap().canonical().unwrap(), canonical);
        }
    }
}
