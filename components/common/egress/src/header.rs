//! Request headers that are the host's.

use http::HeaderName;
use http::header;

/// Whether a header is not the guest's to set: those that authenticate, that say where a request goes or where it comes
/// from, that govern the connection or the coding of the answer, and those that make a server take a request for
/// another.
pub fn is_reserved(name: &HeaderName) -> bool {
    const STANDARD: [HeaderName; 15] = [
        header::ACCEPT_ENCODING,
        header::AUTHORIZATION,
        header::CONNECTION,
        header::COOKIE,
        header::EXPECT,
        header::FORWARDED,
        header::HOST,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::SET_COOKIE,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::VIA,
    ];
    const OTHERS: [&str; 8] = [
        "http2-settings",
        "keep-alive",
        "proxy-connection",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-rewrite-url",
    ];
    STANDARD.contains(name) || OTHERS.contains(&name.as_str()) || name.as_str().starts_with("x-forwarded-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_steer_or_authenticate_are_the_hosts() {
        for name in
            ["authorization", "cookie", "host", "x-forwarded-for", "x-http-method-override", "transfer-encoding"]
        {
            assert!(is_reserved(&HeaderName::from_static(name)), "{name}");
        }
        for name in ["accept", "content-type", "content-length", "x-osc-date", "user-agent"] {
            assert!(!is_reserved(&HeaderName::from_static(name)), "{name}");
        }
    }
}
