//! A started OUTSCALE simulator, and requests as its SDKs sign them.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use keywright_auth::RequestToSign;
use keywright_auth::signature::{Algorithm, SigningRequest, sign};
use keywright_simulators::{Simulator, Vendor as _, outscale};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpStream;

use crate::client::Answer;

/// How a request is signed.
pub(crate) struct Signer<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) content_type: &'a str,
    /// Whether the port is part of the host that is signed.
    pub(crate) with_port: bool,
    pub(crate) at: DateTime<Utc>,
}

impl Signer<'_> {
    /// As osc-sdk-python signs: `authentication.py`.
    pub(crate) fn python() -> Self {
        Self {
            algorithm: Algorithm::Osc4,
            region: "eu-west-2",
            service: "api",
            content_type: "application/json; charset=utf-8",
            with_port: false,
            at: Utc::now(),
        }
    }

    /// As osc-sdk-go v3 signs for the Terraform provider.
    pub(crate) fn go() -> Self {
        Self {
            algorithm: Algorithm::Aws4,
            service: "osc",
            content_type: "application/json",
            with_port: true,
            ..Self::python()
        }
    }
}

/// A started OUTSCALE simulator over plain http, as the SDKs reach it, and its administrator.
pub(crate) struct Outscale {
    pub(crate) vendor: Arc<outscale::Outscale>,
    pub(crate) simulator: Simulator,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) user: String,
}

impl Outscale {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = Arc::new(outscale::Outscale::new(&options.collect()).unwrap());
        let simulator = Simulator::builder(vendor.clone()).plain_http(true).start().await.unwrap();
        let account = vendor.account();
        Self {
            access_key: account.credential["access_key"].clone(),
            secret_key: account.credential["secret_key"].clone(),
            user: vendor.sample().attributes["user_name"].as_str().unwrap().to_owned(),
            vendor,
            simulator,
        }
    }

    /// Sends a call with these headers.
    pub(crate) async fn send(&self, call: &str, headers: HeaderMap, body: String) -> Answer {
        let authority = self.simulator.base_url().strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(authority).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(format!("/api/v1/{call}"))
            .header(header::HOST, authority)
            .body(Full::<Bytes>::from(body))
            .unwrap();
        request.headers_mut().extend(headers);
        let (head, body) = sender.send_request(request).await.unwrap().into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// Sends a call signed in this way with these keys.
    pub(crate) async fn signed(&self, signer: &Signer<'_>, keys: (&str, &str), call: &str, body: &str) -> Answer {
        let authority = self.simulator.base_url().strip_prefix("http://").unwrap();
        let host = if signer.with_port { authority } else { authority.split(':').next().unwrap() };
        let signed = sign(&SigningRequest {
            algorithm: signer.algorithm,
            access_key: keys.0,
            secret_key: &SecretString::from(keys.1),
            region: signer.region,
            service: signer.service,
            request: RequestToSign {
                method: &Method::POST,
                host,
                path: &format!("/api/v1/{call}"),
                query: None,
                content_type: Some(signer.content_type),
                body: body.as_bytes(),
            },
            now: signer.at,
        })
        .unwrap();
        let mut headers = HeaderMap::from_iter(signed);
        headers.insert(header::CONTENT_TYPE, signer.content_type.parse().unwrap());
        self.send(call, headers, body.to_owned()).await
    }

    /// Sends a call as the administrator.
    pub(crate) async fn call(&self, call: &str, body: Value) -> Answer {
        self.signed(&Signer::python(), (&self.access_key, &self.secret_key), call, &body.to_string()).await
    }

    /// Makes a call that succeeds.
    pub(crate) async fn granted(&self, call: &str, body: Value) -> Value {
        let answer = self.call(call, body).await;
        assert_eq!(answer.status, 200, "{call}: {answer:?}");
        answer.json()
    }

    /// Makes a call that is refused, and tells status and code.
    pub(crate) async fn refused(&self, call: &str, body: Value) -> (u16, String) {
        told(&self.call(call, body).await)
    }

    /// Makes a key of the seeded user.
    pub(crate) async fn key(&self, mut body: Value) -> Value {
        body["UserName"] = json!(self.user);
        self.granted("CreateAccessKey", body).await["AccessKey"].clone()
    }

    /// Tries a key: the status and the code of what it is answered to a call about itself.
    pub(crate) async fn try_key(&self, key: &Value) -> (u16, String) {
        let keys = (key["AccessKeyId"].as_str().unwrap(), key["SecretKey"].as_str().unwrap());
        told(&self.signed(&Signer::python(), keys, "ReadAccessKeys", "{}").await)
    }
}

/// The status and the code of an answer; no code when there is none.
pub(crate) fn told(answer: &Answer) -> (u16, String) {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = body["Errors"][0]["Code"].as_str().unwrap_or_default();
    (answer.status.as_u16(), code.to_owned())
}
