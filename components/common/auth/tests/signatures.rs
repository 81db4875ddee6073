//! What a signature covers, and what a server finds out.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

use chrono::{DateTime, TimeDelta, Utc};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use keywright_auth::signature::{Algorithm, Claim, ReceivedRequest, SigningRequest, VerifyError, sign, verify};
use keywright_auth::{AuthError, RequestToSign};
use proptest::prelude::*;
use secrecy::SecretString;

/// A request and all else that goes into its signature, owned so that a test can change one thing.
#[derive(Clone, Debug, PartialEq)]
struct Case {
    algorithm: Algorithm,
    access_key: String,
    secret_key: String,
    region: String,
    service: String,
    method: String,
    host: String,
    path: String,
    query: Option<String>,
    content_type: Option<String>,
    body: Vec<u8>,
    seconds: i64,
}

impl Case {
    fn new(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            access_key: "ABCDEFGHIJ0123456789".to_owned(),
            secret_key: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCD".to_owned(),
            region: "eu-west-2".to_owned(),
            service: "api".to_owned(),
            method: "POST".to_owned(),
            host: "127.0.0.1:4701".to_owned(),
            path: "/api/v1/ReadAccessKeys".to_owned(),
            query: None,
            content_type: Some("application/json".to_owned()),
            body: b"{}".to_vec(),
            seconds: 1_767_323_045,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(self.seconds)
    }

    fn headers(&self) -> HeaderMap {
        let signed = sign(&SigningRequest {
            algorithm: self.algorithm,
            access_key: &self.access_key,
            secret_key: &self.secret_key.as_str().into(),
            region: &self.region,
            service: &self.service,
            request: RequestToSign {
                method: &Method::from_bytes(self.method.as_bytes()).unwrap(),
                host: &self.host,
                path: &self.path,
                query: self.query.as_deref(),
                content_type: self.content_type.as_deref(),
                body: &self.body,
            },
            now: self.now(),
        })
        .unwrap();
        let mut headers: HeaderMap = signed.into_iter().collect();
        if let Some(value) = &self.content_type {
            headers.insert(CONTENT_TYPE, value.parse().unwrap());
        }
        headers
    }

    fn signature(&self) -> String {
        let headers = self.headers();
        let authorization = headers[AUTHORIZATION].to_str().unwrap();
        authorization.rsplit_once("Signature=").unwrap().1.to_owned()
    }

    fn verify(&self, headers: &HeaderMap) -> Result<Claim, VerifyError> {
        self.verify_at(headers, &self.host)
    }

    fn verify_at(&self, headers: &HeaderMap, host: &str) -> Result<Claim, VerifyError> {
        let request = ReceivedRequest {
            method: &self.method,
            host,
            path: &self.path,
            query: self.query.as_deref(),
            headers,
            body: &self.body,
        };
        verify(&request, |access_key| {
            (access_key == self.access_key).then(|| SecretString::from(self.secret_key.as_str()))
        })
    }

    /// This case with one thing taken from `other`.
    fn with(&self, index: usize, other: &Self) -> Self {
        let mut changed = self.clone();
        let Self {
            algorithm,
            access_key: _,
            secret_key,
            region,
            service,
            method,
            host,
            path,
            query,
            content_type,
            body,
            seconds,
        } = other.clone();
        match index {
            0 => changed.algorithm = algorithm,
            1 => changed.secret_key = secret_key,
            2 => changed.region = region,
            3 => changed.service = service,
            4 => changed.method = method,
            5 => changed.host = host,
            6 => changed.path = path,
            7 => changed.query = query,
            8 => changed.body = body,
            9 => changed.seconds = seconds,
            _ => changed.content_type = content_type,
        }
        changed
    }
}

fn algorithms() -> impl Strategy<Value = Algorithm> {
    prop_oneof![Just(Algorithm::Osc4), Just(Algorithm::Aws4)]
}

fn cases() -> impl Strategy<Value = Case> {
    let scope = (algorithms(), "[A-Z0-9]{1,20}", "\\PC{1,80}", "[a-z0-9-]{1,10}", "[a-z]{1,5}");
    let request = (
        prop_oneof![Just("GET"), Just("POST"), Just("PATCH"), Just("DELETE")],
        "[a-z.]{1,10}(:[0-9]{1,5})?",
        "(/[a-zA-Z0-9_~-][a-zA-Z0-9._~-]{0,5}){1,3}",
        proptest::option::of("[a-z]{1,4}=[a-z]{0,4}"),
        proptest::option::of("[a-z]{1,4}/[a-z]{1,4}"),
        any::<Vec<u8>>(),
        0i64..4_000_000_000,
    );
    (scope, request).prop_map(
        |(
            (algorithm, access_key, secret_key, region, service),
            (method, host, path, query, content_type, body, seconds),
        )| Case {
            algorithm,
            access_key,
            secret_key,
            region,
            service,
            method: method.to_owned(),
            host,
            path,
            query,
            content_type,
            body,
            seconds,
        },
    )
}

proptest! {
    #[test]
    fn what_is_signed_verifies(case in cases()) {
        let claim = case.verify(&case.headers()).unwrap();
        prop_assert_eq!(claim.access_key, case.access_key.as_str());
        prop_assert_eq!(claim.region, case.region.as_str());
        prop_assert_eq!(claim.service, case.service.as_str());
        prop_assert_eq!(claim.signed_at, case.now());
    }

    #[test]
    fn another_input_gives_another_signature(case in cases(), other in cases(), index in 0usize..11) {
        let changed = case.with(index, &other);
        prop_assume!(changed != case);
        prop_assert_ne!(changed.signature(), case.signature());
    }

    #[test]
    fn a_request_changed_on_its_way_does_not_verify(case in cases(), other in cases(), index in 4usize..9) {
        let changed = case.with(index, &other);
        prop_assume!(changed != case);
        prop_assert_eq!(changed.verify(&case.headers()).unwrap_err(), VerifyError::Mismatch);
    }

    #[test]
    fn any_authorization_is_read_or_refused(
        text in "((OSC4|AWS4)-HMAC-SHA256 )?((Credential|SignedHeaders|Signature)=[a-z0-9/;-]{0,12}(, ?)?){0,4}|\\PC{0,20}"
    ) {
        let mut headers = Case::new(Algorithm::Osc4).headers();
        headers.insert(AUTHORIZATION, HeaderValue::from_bytes(text.as_bytes()).unwrap());
        prop_assert!(Claim::read(&headers).is_err());
    }
}

#[test]
fn the_order_and_the_encoding_of_a_query_do_not_matter() {
    let with = |query: &str| Case { query: Some(query.to_owned()), ..Case::new(Algorithm::Aws4) }.signature();
    assert_eq!(with("b=2&a=1&a=0&flag"), with("a=0&a=1&b=2&flag="));
    assert_eq!(with("name=a%20b%2fc~"), with("name=a+b/c%7E"));
    assert_ne!(with("name=a%2Bb"), with("name=a+b"));
    assert_ne!(with("a=1&b=2"), with("a=2&b=1"));
    assert_eq!(with(""), Case::new(Algorithm::Aws4).signature());
}

#[test]
fn aws4_refuses_a_path_that_its_server_could_read_in_another_way() {
    let secret_key = SecretString::from("secret");
    let signed = |algorithm, service, path| {
        let request =
            RequestToSign { method: &Method::GET, host: "h", path, query: None, content_type: None, body: b"" };
        let now = DateTime::UNIX_EPOCH;
        sign(&SigningRequest {
            algorithm,
            access_key: "A",
            secret_key: &secret_key,
            region: "r",
            service,
            request,
            now,
        })
        .map(|_| ())
    };
    for path in ["/a//b", "/a/../b", "/a/./b", "/..", "//"] {
        assert_eq!(signed(Algorithm::Aws4, "iam", path), Err(AuthError::Signing { field: "path" }), "{path}");
        assert_eq!(signed(Algorithm::Aws4, "s3", path), Ok(()), "{path}");
        assert_eq!(signed(Algorithm::Osc4, "api", path), Ok(()), "{path}");
    }
    for path in ["", "/", "/a/", "/a.b/..c"] {
        assert_eq!(signed(Algorithm::Aws4, "iam", path), Ok(()), "{path}");
    }
}

#[test]
fn s3_may_leave_the_body_unsigned_but_not_sign_another() {
    let case = Case { service: "s3".to_owned(), ..Case::new(Algorithm::Aws4) };
    let signed = case.headers();
    assert_eq!(signed["x-amz-content-sha256"], "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    assert!(case.verify(&signed).is_ok());
    let other = Case { body: b"[]".to_vec(), ..case.clone() };
    assert_eq!(other.verify(&signed).unwrap_err(), VerifyError::Mismatch);
    let mut unsigned = signed;
    unsigned.insert("x-amz-content-sha256", HeaderValue::from_static("UNSIGNED-PAYLOAD"));
    assert_eq!(case.verify(&unsigned).unwrap_err(), VerifyError::Mismatch);
}

#[test]
fn a_request_that_could_be_read_in_two_ways_is_not_signed() {
    let secret_key = SecretString::from("secret");
    let good = RequestToSign {
        method: &Method::GET,
        host: "api.example.com",
        path: "",
        query: None,
        content_type: None,
        body: b"",
    };
    let signed = |request| {
        sign(&SigningRequest {
            algorithm: Algorithm::Osc4,
            access_key: "A",
            secret_key: &secret_key,
            region: "r",
            service: "s",
            request,
            now: DateTime::UNIX_EPOCH,
        })
        .map(|_| ())
    };
    assert_eq!(signed(good), Ok(()));
    for (field, request) in [
        ("host", RequestToSign { host: "", ..good }),
        ("host", RequestToSign { host: "a\nx-osc-date:b", ..good }),
        ("path", RequestToSign { path: "a", ..good }),
        ("path", RequestToSign { path: "/a?b", ..good }),
        ("path", RequestToSign { path: "/a\n", ..good }),
        ("query", RequestToSign { query: Some("a b"), ..good }),
        ("content type", RequestToSign { content_type: Some("a\nhost:b"), ..good }),
    ] {
        assert_eq!(signed(request), Err(AuthError::Signing { field }));
    }
}

#[test]
fn another_secret_key_does_not_verify() {
    let case = Case::new(Algorithm::Osc4);
    let other = Case { secret_key: "other".to_owned(), ..case.clone() };
    assert_eq!(case.verify(&other.headers()).unwrap_err(), VerifyError::Mismatch);
}

#[test]
fn an_unknown_access_key_is_told_apart() {
    let case = Case::new(Algorithm::Osc4);
    let other = Case { access_key: "ZYXWVUTSRQ9876543210".to_owned(), ..case.clone() };
    assert_eq!(case.verify(&other.headers()).unwrap_err(), VerifyError::UnknownAccessKey);
}

#[test]
fn a_host_may_be_signed_without_its_port_but_not_with_another() {
    let case = Case { host: "127.0.0.1".to_owned(), ..Case::new(Algorithm::Osc4) };
    assert!(case.verify_at(&case.headers(), "127.0.0.1:4701").is_ok());
    let case = Case::new(Algorithm::Osc4);
    assert_eq!(case.verify_at(&case.headers(), "127.0.0.1:4702").unwrap_err(), VerifyError::Mismatch);
    assert_eq!(case.verify_at(&case.headers(), "127.0.0.1").unwrap_err(), VerifyError::Mismatch);
}

#[test]
fn an_unsigned_request_is_told_apart_from_a_badly_signed_one() {
    let case = Case::new(Algorithm::Osc4);
    let good = case.headers();
    let authorization = good[AUTHORIZATION].to_str().unwrap();
    let read = |text: String| {
        let mut headers = good.clone();
        headers.insert(AUTHORIZATION, text.parse().unwrap());
        case.verify(&headers).map(|_| ())
    };
    assert_eq!(read(authorization.to_owned()), Ok(()));
    assert_eq!(read(authorization.replace(", ", ",")), Ok(()));
    for unsigned in ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Bearer x", "OSC4-HMAC-SHA256"] {
        assert_eq!(read(unsigned.to_owned()), Err(VerifyError::Unsigned), "{unsigned}");
    }
    for malformed in [
        authorization.replace("Signature=", "Sign="),
        authorization.replace("osc4_request", "aws4_request"),
        authorization.replace("/eu-west-2", ""),
        authorization.replace("host;", ""),
        authorization.replace(";x-osc-date", ""),
        format!("{authorization}0"),
        format!("{authorization}, Signature=0"),
    ] {
        assert_eq!(read(malformed.clone()), Err(VerifyError::Malformed), "{malformed}");
    }
    assert_eq!(read(authorization.replace("host;x-osc-date", "host;x-absent;x-osc-date")), Err(VerifyError::Mismatch));
    assert_eq!(case.verify(&HeaderMap::new()).unwrap_err(), VerifyError::Unsigned);
}

#[test]
fn a_date_must_be_there_and_agree_with_the_scope() {
    let case = Case::new(Algorithm::Osc4);
    for date in ["20260103T030405Z", "20260102T030405", "2026-01-02T03:04:05Z", "20260102T3405Z", ""] {
        let mut headers = case.headers();
        headers.insert("x-osc-date", date.parse().unwrap());
        assert_eq!(case.verify(&headers).unwrap_err(), VerifyError::Date, "{date}");
    }
    let mut headers = case.headers();
    headers.remove("x-osc-date");
    assert_eq!(case.verify(&headers).unwrap_err(), VerifyError::Date);
    headers.insert("x-osc-date", "20260102T030406Z".parse().unwrap());
    assert_eq!(case.verify(&headers).unwrap_err(), VerifyError::Mismatch);
}
