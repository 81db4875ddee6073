//! Request headers: which an adapter may set, which a rule can open, and which never.

use http::HeaderName;
use http::header;

use crate::rule_error::{RuleError, excerpt};

/// Whether an adapter may set a header under every rule: what describes its body and the answer that it wants, and what
/// makes a request safe to repeat.
///
/// **Choice**: `if-match` and `if-none-match` are among them. They can only keep a request from taking effect.
pub(crate) fn is_usual(name: &HeaderName) -> bool {
    const STANDARD: [HeaderName; 6] = [
        header::ACCEPT,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::USER_AGENT,
    ];
    STANDARD.contains(name) || matches!(name.as_str(), "idempotency-key" | "x-idempotency-key" | "x-request-id")
}

/// Whether a header is closed to adapters and to authentication schemes, even where a rule names it: those that
/// say where a request goes or where it comes from, that govern the connection, the coding or a part of the message, and
/// those that make a server take a request for another. `authorization` and `cookie` are among them, too.
///
/// Names with `_` are, for some servers take it for `-`.
pub fn is_forbidden_header(name: &HeaderName) -> bool {
    const STANDARD: [HeaderName; 23] = [
        header::ACCEPT_CHARSET,
        header::ACCEPT_ENCODING,
        header::AUTHORIZATION,
        header::CONNECTION,
        // A body that is coded would be another one than was checked.
        header::CONTENT_ENCODING,
        header::CONTENT_LOCATION,
        header::CONTENT_RANGE,
        header::COOKIE,
        header::EXPECT,
        header::FORWARDED,
        header::HOST,
        header::IF_RANGE,
        header::MAX_FORWARDS,
        header::PROXY_AUTHENTICATE,
        header::PROXY_AUTHORIZATION,
        header::RANGE,
        header::SET_COOKIE,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::VIA,
        header::WWW_AUTHENTICATE,
    ];
    const OTHERS: [&str; 18] = [
        "alt-used",
        "authentication-info",
        "cf-connecting-ip",
        "client-ip",
        "cookie2",
        "early-data",
        "fastly-client-ip",
        "http2-settings",
        "keep-alive",
        "set-cookie2",
        "true-client-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-host",
        "x-method-override",
        "x-override-url",
        "x-proxy-user-ip",
        "x-real-ip",
    ];
    const PREFIXES: [&str; 7] =
        ["proxy-", "sec-", "x-forwarded", "x-http-method", "x-original-", "x-proxy-", "x-rewrite-"];
    let text = name.as_str();
    STANDARD.contains(name)
        || OTHERS.contains(&text)
        || PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        || text.contains('_')
}

/// Whether an authentication scheme may set a header: `authorization`, and any that is neither
/// [forbidden](is_forbidden_header) nor among those that adapters set themselves. `cookie` is not among them.
pub fn may_authenticate_with(name: &HeaderName) -> bool {
    *name == header::AUTHORIZATION || !(is_forbidden_header(name) || is_usual(name))
}

/// Reads the name of a header, in any case.
pub(crate) fn parse_header(name: &str) -> Result<HeaderName, RuleError> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| RuleError::Header(excerpt(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_steer_or_authenticate_are_forbidden() {
        for name in [
            "authorization",
            "cookie",
            "host",
            "x-forwarded-for",
            "x-http-method-override",
            "x-http-method",
            "x-original-url",
            "transfer-encoding",
            "range",
            "if-range",
            "content-encoding",
            "proxy-connection",
            "x_auth_token",
        ] {
            assert!(is_forbidden_header(&HeaderName::from_static(name)), "{name}");
        }
        for name in ["accept", "content-type", "content-length", "x-osc-date", "user-agent", "if-match"] {
            assert!(!is_forbidden_header(&HeaderName::from_static(name)), "{name}");
        }
    }

    #[test]
    fn a_scheme_authenticates_with_headers_of_its_own() {
        for name in ["authorization", "x-auth-token", "dd-api-key", "x-amz-date"] {
            assert!(may_authenticate_with(&HeaderName::from_static(name)), "{name}");
        }
        for name in ["cookie", "host", "content-type", "accept", "x-http-method-override", "idempotency-key"] {
            assert!(!may_authenticate_with(&HeaderName::from_static(name)), "{name}");
        }
    }

    #[test]
    fn what_an_adapter_usually_sets_is_never_forbidden() {
        for name in
            ["accept", "content-length", "content-type", "if-match", "if-none-match", "user-agent", "x-request-id"]
        {
            let name = HeaderName::from_static(name);
            assert!(is_usual(&name) && !is_forbidden_header(&name), "{name}");
        }
    }
}
