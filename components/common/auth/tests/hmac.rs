//! Signatures of a vendor's own making.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use chrono::{DateTime, TimeDelta, Utc};
use keywright_auth::{
    AuthError, Encoding, HeaderTemplate, Hmac, HmacAlgorithm, KeyEncoding, OutgoingRequest, Parts, Values,
};
use keywright_settings::Template;
use secrecy::ExposeSecret;
use serde_json::Map;

fn hmac(algorithm: HmacAlgorithm, message: &str) -> Hmac {
    Hmac {
        algorithm,
        key: "{parts.key}".parse().unwrap(),
        key_encoding: KeyEncoding::Text,
        message: Template::parse_with(message, Hmac::MESSAGE_VARIABLES).unwrap(),
        encoding: Encoding::Hex,
        headers: vec![HeaderTemplate::parse_with("X-Signature", "{signature}", Hmac::HEADER_VARIABLES).unwrap()],
    }
}

fn headers_with(hmac: &Hmac, key: &str, request: &OutgoingRequest<'_>) -> Result<Vec<(String, String)>, AuthError> {
    let parts = Parts::from_iter([("key", key)]);
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(1_767_323_045_678);
    let values = Values { settings: &Map::new(), parts: &parts, now, nonce: [0xab; 16] };
    let headers = hmac.headers(request, &values)?;
    Ok(headers.iter().map(|h| (h.name().to_owned(), h.value().expose_secret().to_owned())).collect())
}

/// The signature over a body.
fn signature(hmac: &Hmac, key: &str, body: &[u8]) -> String {
    let request = OutgoingRequest { method: "POST", host: "h", path: "/", query: None, headers: &[], body };
    headers_with(hmac, key, &request).unwrap().remove(0).1
}

#[test]
fn the_algorithms_are_those_of_rfc_4231_and_rfc_2202() {
    // RFC 4231 sections 4.2, 4.3 and 4.7; RFC 2202 section 3, cases 1, 2 and 6.
    let long = "aa".repeat(131);
    let cases: [(&str, &[u8], [&str; 2]); 3] = [
        (
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
            b"Hi There",
            [
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ],
        ),
        (
            "4a656665",
            b"what do ya want for nothing?",
            [
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ],
        ),
        (
            &long,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            [
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            ],
        ),
    ];
    for (key, message, expected) in cases {
        for (algorithm, expected) in [HmacAlgorithm::SHA256, HmacAlgorithm::SHA512].into_iter().zip(expected) {
            let hmac = Hmac { key_encoding: KeyEncoding::Hex, ..hmac(algorithm, "{request.body}") };
            assert_eq!(signature(&hmac, key, message), expected, "{}", algorithm.name());
        }
    }
    let long = "aa".repeat(80);
    for (key, message, expected) in [
        ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
        ("4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (&long, "Test Using Larger Than Block-Size Key - Hash Key First", "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
    ] {
        let hmac = Hmac { key_encoding: KeyEncoding::Hex, ..hmac(HmacAlgorithm::SHA1, "{request.body}") };
        assert_eq!(signature(&hmac, key, message.as_bytes()), expected);
    }
}

#[test]
fn a_message_is_made_of_the_request_and_the_moment() {
    let request = OutgoingRequest {
        method: "PUT",
        host: "api.example.com",
        path: "/v1/a%20b",
        query: Some("x=1"),
        headers: &[],
        body: b"{}",
    };
    for (message, same) in [
        ("{request.method} {request.host}{request.path}?{request.query}", "PUT api.example.com/v1/a%20b?x=1"),
        ("{request.body}", "{}"),
        ("{request.body-sha256-hex}", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        ("{request.body-sha256-base64}", "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="),
        ("{time.unix}|{time.unix-millis}|{time.rfc3339}", "1767323045|1767323045678|2026-01-02T03:04:05Z"),
        ("{nonce}", "abababababababababababababababab"),
    ] {
        let signed = headers_with(&hmac(HmacAlgorithm::SHA256, message), "k", &request).unwrap().remove(0).1;
        assert_eq!(
            signed,
            signature(&hmac(HmacAlgorithm::SHA256, "{request.body}"), "k", same.as_bytes()),
            "{message}"
        );
    }
}

#[test]
fn headers_carry_the_signature_with_what_the_server_needs_to_repeat_it() {
    let header = |name, value| HeaderTemplate::parse_with(name, value, Hmac::HEADER_VARIABLES).unwrap();
    let hmac = Hmac {
        encoding: Encoding::Base64,
        headers: vec![
            header("Authorization", "HMAC key=1, nonce={nonce}, signature={signature}"),
            header("X-Date", "{time.unix}"),
        ],
        ..hmac(HmacAlgorithm::SHA1, "{nonce}{time.unix}")
    };
    let request = OutgoingRequest { method: "GET", host: "h", path: "/", query: None, headers: &[], body: b"" };
    let headers = headers_with(&hmac, "k", &request).unwrap();
    let (name, value) = &headers[0];
    assert_eq!(name, "authorization");
    let signature = value.strip_prefix("HMAC key=1, nonce=abababababababababababababababab, signature=").unwrap();
    assert_eq!((signature.len(), signature.ends_with('=')), (28, true));
    assert_eq!(headers[1], ("x-date".to_owned(), "1767323045".to_owned()));
}

#[test]
fn a_key_is_read_in_its_encoding() {
    let with = |key_encoding, key| {
        let hmac = Hmac { key_encoding, ..hmac(HmacAlgorithm::SHA256, "{request.body}") };
        let request = OutgoingRequest { method: "GET", host: "h", path: "/", query: None, headers: &[], body: b"m" };
        headers_with(&hmac, key, &request)
    };
    let text = with(KeyEncoding::Text, "Jefe").unwrap();
    for (encoding, key) in
        [(KeyEncoding::Hex, "4A656665"), (KeyEncoding::Hex, "4a656665\n"), (KeyEncoding::Base64, "SmVmZQ==")]
    {
        assert_eq!(with(encoding, key).unwrap(), text, "{key}");
    }
    for (encoding, key, expected) in [
        (KeyEncoding::Hex, "s3cr3t", "the credential's part `key` is not a key in hexadecimal"),
        (KeyEncoding::Hex, "4a6", "the credential's part `key` is not a key in hexadecimal"),
        (KeyEncoding::Base64, "s3cr3t", "the credential's part `key` is not a key in base64"),
        (KeyEncoding::Base64, " ", "the credential's part `key` is not a key in base64"),
    ] {
        let error = with(encoding, key).unwrap_err().to_string();
        assert!(error.starts_with(expected) && !error.contains("s3cr3t"), "{error}");
    }
}

#[test]
fn a_body_that_is_not_text_is_signed_by_its_digest_only() {
    let request = OutgoingRequest { method: "POST", host: "h", path: "/", query: None, headers: &[], body: b"\xff" };
    let text = hmac(HmacAlgorithm::SHA256, "{request.body}");
    assert_eq!(headers_with(&text, "k", &request).unwrap_err(), AuthError::Body);
    assert!(headers_with(&hmac(HmacAlgorithm::SHA256, "{request.body-sha256-hex}"), "k", &request).is_ok());
}

#[test]
fn an_algorithm_is_found_by_its_name_only() {
    for algorithm in [HmacAlgorithm::SHA256, HmacAlgorithm::SHA512, HmacAlgorithm::SHA1] {
        assert_eq!(HmacAlgorithm::from_name(algorithm.name()), Some(algorithm));
    }
    assert_eq!(HmacAlgorithm::from_name("md5"), None);
}
