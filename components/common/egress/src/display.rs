//! What a person is shown of a request: no secrets that a URL may carry, and nothing that a terminal acts on.

use http::Uri;
use percent_encoding::{CONTROLS, utf8_percent_encode};

use crate::target::BROKERED_PREFIX;

/// A URL without its query and user name, which may be confidential; in ASCII, shortened, and with the scheme by which it
/// would be sent.
pub(crate) fn display(uri: &Uri) -> String {
    let mut url = String::new();
    if let Some(scheme) = uri.scheme_str() {
        url.extend([scheme.strip_prefix(BROKERED_PREFIX).unwrap_or(scheme), "://"]);
    }
    if let Some(authority) = uri.authority().map(http::uri::Authority::as_str) {
        url.push_str(authority.rsplit('@').next().unwrap_or_default());
    }
    url.push_str(uri.path());
    excerpt(&url)
}

/// A text in ASCII and shortened.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut shown = utf8_percent_encode(text, CONTROLS).to_string();
    if shown.len() > LONGEST {
        shown.truncate(LONGEST);
        shown.push_str("...");
    }
    shown
}
