//! A started AWS IAM simulator, requests as AWS's SDKs send them, and what is needed to read the answers.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use keywright_simulators::{Simulator, Vendor as _, aws_iam};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::net::TcpStream;

use crate::{
    aws_iam_signing::{Keys, Signer},
    client::Answer,
};

/// All but the unreserved characters, as botocore encodes a form.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A started AWS IAM simulator over plain http, as the SDKs reach it, and its administrator.
pub(crate) struct AwsIam {
    pub(crate) vendor: Arc<aws_iam::AwsIam>,
    pub(crate) simulator: Simulator,
    pub(crate) administrator: Keys,
    pub(crate) user: String,
}

impl AwsIam {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = Arc::new(aws_iam::AwsIam::new(&options.collect()).unwrap());
        let simulator = Simulator::builder(vendor.clone()).plain_http(true).start().await.unwrap();
        let account = vendor.account();
        let administrator = Keys {
            id: account.credential["access_key_id"].clone(),
            secret: account.credential["secret_access_key"].clone(),
            token: account.credential.get("session_token").cloned(),
        };
        let user = vendor.sample().attributes["user_name"].as_str().unwrap().to_owned();
        Self { vendor, simulator, administrator, user }
    }

    /// The host and port of the simulator.
    pub(crate) fn authority(&self) -> &str {
        self.simulator.base_url().strip_prefix("http://").unwrap()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, method: Method, target: &str, headers: HeaderMap, body: &str) -> Answer {
        let stream = TcpStream::connect(self.authority()).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let body = Full::<Bytes>::from(body.to_owned());
        let mut request = Request::builder().method(method).uri(target).body(body).unwrap();
        *request.headers_mut() = headers;
        if !request.headers().contains_key(header::HOST) {
            request.headers_mut().insert(header::HOST, self.authority().parse().unwrap());
        }
        let (head, body) = sender.send_request(request).await.unwrap().into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// Posts a form signed in this way with these keys.
    pub(crate) async fn signed(&self, signer: &Signer, keys: &Keys, form: &str) -> Answer {
        let headers = signer.sign(keys, "POST", self.authority(), "", form);
        self.send(Method::POST, "/", headers, form).await
    }

    /// Makes a call of IAM with these keys.
    pub(crate) async fn call_as(&self, keys: &Keys, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.signed(&Signer::botocore("iam"), keys, &form(action, parameters)).await
    }

    /// Makes a call of IAM as the administrator.
    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Answer {
        self.call_as(&self.administrator, action, parameters).await
    }

    /// Makes a call of IAM that succeeds, and gives the document.
    pub(crate) async fn granted(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        let answer = self.call(action, parameters).await;
        assert_eq!(answer.status, 200, "{action} {parameters:?}: {}", document(&answer));
        document(&answer)
    }

    /// Makes a call of IAM that is refused, and gives status and code.
    pub(crate) async fn refused(&self, action: &str, parameters: &[(&str, &str)]) -> (u16, String) {
        status_and_code(&self.call(action, parameters).await)
    }

    /// Asks STS who has these keys.
    pub(crate) async fn identity(&self, keys: &Keys) -> Answer {
        self.signed(&Signer::botocore("sts"), keys, "Action=GetCallerIdentity&Version=2011-06-15").await
    }

    /// Makes a key of the seeded user.
    pub(crate) async fn key(&self) -> Keys {
        keys(&self.granted("CreateAccessKey", &[("UserName", &self.user)]).await)
    }

    /// Changes a key of the seeded user.
    pub(crate) async fn set_status(&self, key: &Keys, status: &str) {
        let parameters = [("UserName", self.user.as_str()), ("AccessKeyId", &key.id), ("Status", status)];
        self.granted("UpdateAccessKey", &parameters).await;
    }

    /// Deletes a key of the seeded user.
    pub(crate) async fn delete(&self, key: &Keys) {
        self.granted("DeleteAccessKey", &[("UserName", self.user.as_str()), ("AccessKeyId", &key.id)]).await;
    }

    /// The ids of the seeded user's keys.
    pub(crate) async fn listed(&self) -> Vec<String> {
        values(&self.granted("ListAccessKeys", &[("UserName", &self.user)]).await, "AccessKeyId")
    }
}

/// The form of a call of IAM.
pub(crate) fn form(action: &str, parameters: &[(&str, &str)]) -> String {
    let parameters = parameters.iter().map(|(name, value)| format!("&{name}={}", utf8_percent_encode(value, ENCODED)));
    format!("Action={action}&Version=2010-05-08{}", parameters.collect::<String>())
}

/// The document of an answer.
pub(crate) fn document(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// The texts of the elements with this name.
pub(crate) fn values(document: &str, name: &str) -> Vec<String> {
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let after = document.split(&start).skip(1);
    after.map(|rest| rest.split(&end).next().unwrap_or_default().to_owned()).collect()
}

/// The text of the one element with this name.
pub(crate) fn value(document: &str, name: &str) -> String {
    let [value] = values(document, name).try_into().unwrap_or_else(|found| panic!("{name} {found:?}: {document}"));
    value
}

/// The keys in the answer to a creation.
pub(crate) fn keys(document: &str) -> Keys {
    Keys { id: value(document, "AccessKeyId"), secret: value(document, "SecretAccessKey"), token: None }
}

/// The status and the code of an answer; no code when there is none.
pub(crate) fn status_and_code(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), values(&document(answer), "Code").pop().unwrap_or_default())
}

/// A pair as [`status_and_code`] gives it.
pub(crate) fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}
