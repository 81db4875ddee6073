//! A started DigitalOcean Spaces simulator, and requests to its management API and its S3 endpoint.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use http::{Method, Request, header};
use http_body_util::Full;
use keywright_auth::RequestToSign;
use keywright_auth::signature::{Algorithm, SigningRequest, sign};
use keywright_simulators::{FaultRule, Simulator, Vendor as _, digitalocean_spaces::DigitalOceanSpaces};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::client::{Answer, Connection};

pub(crate) const KEYS: &str = "/v2/spaces/keys";

/// The digest of no body.
pub(crate) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// How a request to the S3 endpoint is signed.
pub(crate) struct Signer<'a> {
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) at: DateTime<Utc>,
    /// The value of `x-amz-content-sha256`.
    pub(crate) content_sha256: Option<&'a str>,
}

impl Default for Signer<'_> {
    fn default() -> Self {
        Self { region: "nyc3", service: "s3", at: Utc::now(), content_sha256: Some(EMPTY) }
    }
}

/// A started simulator and its administrator. Each request has a connection of its own.
pub(crate) struct Spaces {
    pub(crate) vendor: Arc<DigitalOceanSpaces>,
    pub(crate) simulator: Simulator,
    pub(crate) token: String,
}

impl Spaces {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = Arc::new(DigitalOceanSpaces::new(&options.collect()).unwrap());
        let simulator = Simulator::builder(vendor.clone()).start().await.unwrap();
        Self { token: vendor.account().credential["token"].clone(), vendor, simulator }
    }

    pub(crate) fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    /// Sends a request with these headers.
    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let simulator = &self.simulator;
        let mut connection = Connection::open(simulator.base_url(), simulator.ca_pem(), false).await.unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        connection.exchange(request.body(Full::from(body.unwrap_or_default())).unwrap()).await.unwrap()
    }

    /// Sends a request to the management API as the administrator.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send_with(method, path, &headers, body.map(|body| body.to_string())).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Makes a key with these grants.
    pub(crate) async fn create(&self, name: &str, grants: Value) -> Value {
        let answer = self.send(Method::POST, KEYS, Some(json!({"name": name, "grants": grants}))).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["key"].clone()
    }

    /// Reads one key.
    pub(crate) async fn key(&self, key: &Value) -> Answer {
        self.get(&path_of(key)).await
    }

    pub(crate) async fn delete(&self, key: &Value) -> Answer {
        self.send(Method::DELETE, &path_of(key), None).await
    }

    /// The names of a list, in its order.
    pub(crate) async fn list(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("{KEYS}{query}")).await;
        assert_eq!(answer.status, 200, "{query} {answer:?}");
        let keys = answer.json()["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Sends a request without a body to the S3 endpoint, signed with a key.
    pub(crate) async fn signed(&self, signer: &Signer<'_>, key: &Value, method: Method, target: &str) -> Answer {
        self.signed_with(signer, key, method, target, &[]).await
    }

    /// The same with further headers, which are not signed.
    pub(crate) async fn signed_with(
        &self,
        signer: &Signer<'_>,
        key: &Value,
        method: Method,
        target: &str,
        further: &[(&str, &str)],
    ) -> Answer {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let signed = sign(&SigningRequest {
            algorithm: Algorithm::Aws4,
            access_key: key["access_key"].as_str().unwrap(),
            secret_key: &SecretString::from(key["secret_key"].as_str().unwrap()),
            region: signer.region,
            service: signer.service,
            request: RequestToSign {
                method: &method,
                host: self.simulator.base_url().strip_prefix("https://").unwrap(),
                path,
                query,
                content_type: None,
                body: b"",
            },
            now: signer.at,
        })
        .unwrap();
        let authorization = signed.authorization.1.to_str().unwrap();
        let mut headers =
            vec![(header::AUTHORIZATION.as_str(), authorization), ("x-amz-date", signed.date.1.to_str().unwrap())];
        headers.extend(signer.content_sha256.map(|digest| ("x-amz-content-sha256", digest)));
        headers.extend(further);
        self.send_with(method, target, &headers, None).await
    }

    /// Tries a key by asking for the list of buckets: the status and the code of what it is answered.
    pub(crate) async fn try_key(&self, key: &Value) -> (u16, String) {
        status_and_code(&self.signed(&Signer::default(), key, Method::GET, "/").await)
    }
}

pub(crate) fn path_of(key: &Value) -> String {
    format!("{KEYS}/{}", key["access_key"].as_str().unwrap())
}

/// The grant of full access.
pub(crate) fn full() -> Value {
    json!([{"bucket": "", "permission": "fullaccess"}])
}

/// A grant for the bucket that is there from the start.
pub(crate) fn reading() -> Value {
    json!([{"bucket": "keywright-demo", "permission": "read"}])
}

/// The status and the code of an S3 answer; no code when there is none.
pub(crate) fn status_and_code(answer: &Answer) -> (u16, String) {
    let body = String::from_utf8(answer.body.to_vec()).unwrap();
    (answer.status.as_u16(), element(&body, "Code").to_owned())
}

/// The text of the first element of this name; nothing when there is none.
pub(crate) fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let inner = xml.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
    inner.split_once(&format!("</{name}>")).map_or("", |(inner, _)| inner)
}
