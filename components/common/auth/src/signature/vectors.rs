//! Each step of a signature against vectors. Those of OSC4 were computed with OUTSCALE's official Python SDK, those of
//! AWS4 with aws/smithy-go as OUTSCALE's Go SDK calls it; all keys are made up.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use hmac::Mac;
use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, HeaderName, Method};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Map;
use sha2::{Digest, Sha256};

use super::algorithm::keyed;
use super::canonical::{CanonicalRequest, Scope, canonical_value, digest_hex};
use super::verify::instant;
use super::*;
use crate::encoding::hex;
use crate::{Parts, RequestToSign};

#[derive(Deserialize)]
struct Vectors {
    osc4: Vec<Vector>,
    aws4: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    access_key: String,
    secret_key: SecretKey,
    region: String,
    service: String,
    method: String,
    host: String,
    path: String,
    content_type: Option<String>,
    body: String,
    #[serde(alias = "x_osc_date", alias = "x_amz_date")]
    date: String,
    canonical_request: String,
    string_to_sign: String,
    authorization: String,
    payload_sha256: Option<String>,
    canonical_request_sha256: Option<String>,
    signing_key_hex: Option<String>,
}

#[derive(Deserialize)]
#[serde(from = "String")]
struct SecretKey(SecretString);

impl From<String> for SecretKey {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

fn vectors() -> Vec<(Algorithm, Vector)> {
    let vectors: Vectors = serde_json::from_str(include_str!("../../testdata/signature-vectors.json")).unwrap();
    assert_eq!((vectors.osc4.len(), vectors.aws4.len()), (8, 2));
    let osc4 = vectors.osc4.into_iter().map(|vector| (Algorithm::Osc4, vector));
    let aws4 = vectors.aws4.into_iter().map(|vector| (Algorithm::Aws4, vector));
    osc4.chain(aws4).collect()
}

#[test]
fn every_signature_is_that_of_the_vendors_own_signer() {
    for (algorithm, vector) in vectors() {
        let signed = sign(&SigningRequest {
            algorithm,
            access_key: &vector.access_key,
            secret_key: &vector.secret_key.0,
            region: &vector.region,
            service: &vector.service,
            request: RequestToSign {
                method: &Method::from_bytes(vector.method.as_bytes()).unwrap(),
                host: &vector.host,
                path: &vector.path,
                query: None,
                content_type: vector.content_type.as_deref(),
                body: vector.body.as_bytes(),
            },
            now: instant(&vector.date).unwrap(),
        })
        .unwrap();
        assert_eq!(signed.date, (algorithm.date_header(), vector.date.parse().unwrap()), "{}", vector.name);
        assert_eq!(signed.authorization.1, vector.authorization, "{}", vector.name);
    }
}

#[test]
fn every_step_on_the_way_is_the_same_too() {
    for (algorithm, vector) in vectors() {
        let date_header = algorithm.date_header();
        let mut headers = vec![("host", vector.host.clone()), (date_header.as_str(), vector.date.clone())];
        if let Some(value) = &vector.content_type {
            headers.insert(0, ("content-type", canonical_value(value)));
        }
        let canonical = CanonicalRequest {
            method: &vector.method,
            path: &vector.path,
            query: "",
            headers: &headers,
            body_digest: &digest_hex(vector.body.as_bytes()),
        };
        let scope = Scope { algorithm, timestamp: &vector.date, region: &vector.region, service: &vector.service };
        let key = algorithm.signing_key(&vector.secret_key.0, scope.day(), scope.region, scope.service);
        let steps = [
            (Some(vector.canonical_request), canonical.text()),
            (Some(vector.string_to_sign), scope.string_to_sign(&canonical.text())),
            (vector.payload_sha256, hex(&Sha256::digest(&vector.body))),
            (vector.canonical_request_sha256, hex(&Sha256::digest(canonical.text()))),
            (vector.signing_key_hex, hex(key.as_slice())),
        ];
        for (expected, step) in steps {
            assert_eq!(expected.as_ref().unwrap_or(&step), &step, "{}", vector.name);
        }
    }
}

#[test]
fn every_vector_verifies() {
    for (algorithm, vector) in vectors() {
        let mut headers = HeaderMap::new();
        headers.insert(algorithm.date_header(), vector.date.parse().unwrap());
        headers.insert(AUTHORIZATION, vector.authorization.parse().unwrap());
        headers.insert("content-type", vector.content_type.as_deref().unwrap_or("text/plain").parse().unwrap());
        let request = ReceivedRequest {
            method: &vector.method,
            host: &vector.host,
            path: &vector.path,
            query: None,
            headers: &headers,
            body: vector.body.as_bytes(),
        };
        let claim =
            verify(&request, |access_key| (access_key == vector.access_key).then(|| vector.secret_key.0.clone()))
                .unwrap();
        assert_eq!((claim.region, claim.service), (vector.region, vector.service), "{}", vector.name);
    }
}

#[derive(Deserialize)]
struct AwsVectors {
    vectors: Vec<AwsVector>,
}

#[derive(Deserialize)]
struct AwsVector {
    name: String,
    access_key: String,
    secret_key: String,
    session_token: Option<String>,
    region: String,
    service: String,
    method: String,
    host: String,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: String,
    date: String,
    signed_headers: String,
    signature: String,
}

#[test]
fn aws4_is_that_of_the_published_examples_and_of_botocore() {
    let vectors: AwsVectors = serde_json::from_str(include_str!("../../testdata/aws-signature-vectors.json")).unwrap();
    assert_eq!(vectors.vectors.len(), 17);
    for vector in vectors.vectors {
        let scheme = Signature {
            algorithm: "aws4".parse().unwrap(),
            access_key: "{parts.access_key}".parse().unwrap(),
            secret_key: "{parts.secret_key}".parse().unwrap(),
            region: vector.region.parse().unwrap(),
            service: vector.service.parse().unwrap(),
            session_token: vector.session_token.as_ref().map(|_| "{parts.session_token}".parse().unwrap()),
        };
        let mut parts = Parts::from_iter([("access_key", &*vector.access_key), ("secret_key", &*vector.secret_key)]);
        if let Some(token) = vector.session_token.as_deref() {
            parts.insert("session_token", token);
        }
        let headers: Vec<(&str, &str)> = vector.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let request = OutgoingRequest {
            method: &vector.method,
            host: &vector.host,
            path: &vector.path,
            query: vector.query.as_deref(),
            headers: &headers,
            body: vector.body.as_bytes(),
        };
        let now = instant(&vector.date).unwrap();
        let values = Values { settings: &Map::new(), parts: &parts, now, nonce: [0; 16] };
        let signed = scheme.headers(&request, &values).unwrap();

        let mut received: HeaderMap = signed.iter().map(|header| header.to_http().unwrap()).collect();
        let expected = format!("SignedHeaders={}, Signature={}", vector.signed_headers, vector.signature);
        assert!(received[AUTHORIZATION].to_str().unwrap().ends_with(&expected), "{}: {received:?}", vector.name);
        assert_eq!(received["x-amz-date"], vector.date.as_str());
        assert_eq!(
            received.get("x-amz-security-token").map(HeaderValue::as_bytes),
            vector.session_token.as_deref().map(str::as_bytes)
        );
        assert_eq!(received.contains_key("x-amz-content-sha256"), vector.service == "s3");

        for (name, value) in &vector.headers {
            received.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        let received = ReceivedRequest {
            method: &vector.method,
            host: &vector.host,
            path: &vector.path,
            query: vector.query.as_deref(),
            headers: &received,
            body: vector.body.as_bytes(),
        };
        verify(&received, |_| Some(vector.secret_key.clone().into())).unwrap();
    }
}

#[test]
fn hmac_is_that_of_rfc_4231() {
    // Section 4.3 has a short key, section 4.7 one longer than a block.
    let short = keyed(b"Jefe").chain_update(b"what do ya want for nothing?");
    let long = keyed(&[0xaa; 131]).chain_update(b"Test Using Larger Than Block-Size Key - Hash Key First");
    assert_eq!(
        [short, long].map(|mac| hex(&mac.finalize().into_bytes())),
        [
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ]
    );
}
