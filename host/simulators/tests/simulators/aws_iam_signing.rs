//! AWS Signature Version 4 in the forms of AWS's own SDKs, written apart from the code that verifies it.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, HeaderName};
use keywright_auth::signature::{ReceivedRequest, verify};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

/// Whose signature it is.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// How a request is signed.
#[derive(Debug, Clone)]
pub(crate) struct Signer {
    pub(crate) service: &'static str,
    pub(crate) region: &'static str,
    pub(crate) at: DateTime<Utc>,
    /// Headers that are signed in addition to the host, the date and the token.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Signer {
    /// As botocore 1.44.8 signs: of all it sends only the content type.
    pub(crate) fn botocore(service: &'static str) -> Self {
        let content_type = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
        Self { service, region: "us-east-1", at: Utc::now(), headers: vec![("content-type", content_type)] }
    }

    /// As aws-sdk-go-v2 signs for the Terraform provider: more, and the length too.
    pub(crate) fn go(service: &'static str, body: &str) -> Self {
        let headers = vec![
            ("amz-sdk-invocation-id", "6a9a4d9e-2a4c-4c4e-8f0c-0d6f1a7f9c11".to_owned()),
            ("amz-sdk-request", "attempt=1; max=25".to_owned()),
            ("content-length", body.len().to_string()),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ];
        Self { headers, ..Self::botocore(service) }
    }

    /// The headers that are signed and the signature, for a request to `host` with the path `/`.
    pub(crate) fn sign(&self, keys: &Keys, method: &str, host: &str, query: &str, body: &str) -> HeaderMap {
        let date = self.at.format("%Y%m%dT%H%M%SZ").to_string();
        let mut headers = self.headers.clone();
        headers.extend([("host", host.to_owned()), ("x-amz-date", date.clone())]);
        headers.extend(keys.token.as_ref().map(|token| ("x-amz-security-token", token.clone())));
        headers.sort();
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let canonical = format!("{method}\n/\n{query}\n{lines}\n{names}\n{}", hex(&Sha256::digest(body)));

        let scope = format!("{}/{}/{}/aws4_request", &date[..8], self.region, self.service);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let key = scope.split('/').fold(format!("AWS4{}", keys.secret).into_bytes(), |key, step| mac(&key, step));
        let signature = hex(&mac(&key, &to_sign));
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}", keys.id);
        headers.push(("authorization", authorization));
        headers
            .into_iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().expect("a header's value")))
            .collect()
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What botocore signed with a frozen clock: host, region, service, date, token, body, signature.
const VECTORS: [[&str; 7]; 4] = [
    [
        "iam.amazonaws.com",
        "us-east-1",
        "iam",
        "2026-01-02T03:04:05Z",
        "",
        "Action=CreateAccessKey&Version=2010-05-08&UserName=ci-deploy",
        "e9783c33da207f7ea425d475f6501afdd334c9f3f1dce937f3ed082e7f0120b8",
    ],
    [
        "iam.amazonaws.com",
        "us-east-1",
        "iam",
        "2026-06-30T23:59:59Z",
        "MadeUpToken/plus+equals==",
        "Action=ListAccessKeys&Version=2010-05-08&UserName=a%2Bb%40example.com&MaxItems=100",
        "7c520466b5c5fd89f0b48b39bfe3c4b3007c1b340272efe7be6e94aa2de9ac92",
    ],
    [
        "sts.eu-west-3.amazonaws.com",
        "eu-west-3",
        "sts",
        "2026-12-31T12:00:00Z",
        "",
        "Action=GetCallerIdentity&Version=2011-06-15",
        "7f727a7e579bb051bf69ae04eb35c92c769169d703c3366fe9783a119565ab88",
    ],
    [
        "iam.cn-north-1.amazonaws.com.cn",
        "cn-north-1",
        "iam",
        "2024-02-29T00:00:00Z",
        "",
        "Action=DeleteAccessKey&Version=2010-05-08&UserName=ci-deploy&AccessKeyId=AKIAEXAMPLE000000002",
        "29d200cc71af70b7cbb77593565793da0d9947510230db5a0aeec8a47c1de227",
    ],
];

/// Both sides agree with botocore: what signs in these tests, and what verifies in the simulator.
#[test]
fn what_botocore_signed_is_signed_and_verifies() {
    for [host, region, service, at, token, body, signature] in VECTORS {
        let keys = Keys {
            id: "AKIAEXAMPLE000000001".to_owned(),
            secret: "ExampleSecretKeyMadeUpForTests0123456789".to_owned(),
            token: Some(token.to_owned()).filter(|token| !token.is_empty()),
        };
        let signer = Signer { region, at: at.parse().unwrap(), ..Signer::botocore(service) };
        let headers = signer.sign(&keys, "POST", host, "", body);
        let authorization = headers["authorization"].to_str().unwrap();
        assert!(authorization.ends_with(&format!("Signature={signature}")), "{authorization}");
        let request =
            ReceivedRequest { method: "POST", host, path: "/", query: None, headers: &headers, body: body.as_bytes() };
        let claim = verify(&request, |_| Some(SecretString::from(keys.secret.clone()))).unwrap();
        assert_eq!((claim.region.as_str(), claim.service.as_str()), (region, service));
        let changed = ReceivedRequest { body: b"Action=ListUsers&Version=2010-05-08", ..request };
        assert!(verify(&changed, |_| Some(SecretString::from(keys.secret.clone()))).is_err());
    }
}
