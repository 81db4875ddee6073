//! A started simulator of commercetools with what is needed to talk to it, over plain HTTP/1.1.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use keywright_simulators::{FaultRule, Simulator, vendor};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::client::Answer;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// The simulator, its project and its administrator. Each request has a connection of its own.
pub(crate) struct Commercetools {
    pub(crate) simulator: Simulator,
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// `Basic` of a client as it is.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

impl Commercetools {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = vendor("commercetools", &options.collect()).unwrap();
        let simulator = Simulator::builder(vendor).plain_http(true).start().await.unwrap();
        let account = simulator.vendor().account();
        let part = |name: &str| account.credential[name].clone();
        let key = account.settings["project_key"].as_str().unwrap().to_owned();
        Self { key, id: part("client_id"), secret: part("client_secret"), simulator }
    }

    pub(crate) fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    pub(crate) fn scope(&self, name: &str) -> String {
        format!("{name}:{}", self.key)
    }

    /// Sends a request with these headers.
    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
        let authority = self.simulator.base_url().strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(authority).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, authority);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = sender.send_request(request.body(Full::<Bytes>::from(body)).unwrap()).await.unwrap();
        let (head, body) = answer.into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// Asks for an access token.
    pub(crate) async fn token(&self, authorization: Option<&str>, form: &str) -> Answer {
        let mut headers = vec![("content-type", FORM)];
        headers.extend(authorization.map(|value| ("authorization", value)));
        self.send(Method::POST, "/oauth/token", &headers, form.to_owned()).await
    }

    /// An access token of this client with all that it has; `Bearer` included.
    pub(crate) async fn bearer_of(&self, id: &str, secret: &str) -> String {
        let answer = self.token(Some(&basic(id, secret)), "grant_type=client_credentials").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
    }

    pub(crate) async fn bearer(&self) -> String {
        self.bearer_of(&self.id, &self.secret).await
    }

    /// Asks the API as whoever has this token.
    pub(crate) async fn ask_as(&self, bearer: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let headers = [("authorization", bearer), ("content-type", JSON)];
        self.send(method, path, &headers, body.map(|body| body.to_string()).unwrap_or_default()).await
    }

    /// Asks the API about the project's API clients, as the administrator; `rest` is what comes after their path.
    pub(crate) async fn ask(&self, method: Method, rest: &str, body: Option<Value>) -> Answer {
        let bearer = self.bearer().await;
        self.ask_as(&bearer, method, &format!("/{}/api-clients{rest}", self.key), body).await
    }

    pub(crate) async fn try_create(&self, draft: Value) -> Answer {
        self.ask(Method::POST, "", Some(draft)).await
    }

    /// Makes a client with this name, which may view products, and what else is said.
    pub(crate) async fn create(&self, name: &str, more: Value) -> Value {
        let mut draft = json!({"name": name, "scope": self.scope("view_products")});
        for (field, value) in more.as_object().unwrap() {
            draft[field] = value.clone();
        }
        let answer = self.try_create(draft).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }

    pub(crate) async fn get(&self, id: &Value) -> Answer {
        self.ask(Method::GET, &format!("/{}", id.as_str().unwrap()), None).await
    }

    pub(crate) async fn delete(&self, id: &Value) -> Answer {
        self.ask(Method::DELETE, &format!("/{}", id.as_str().unwrap()), None).await
    }
}

/// The status and the code of an error, which must have the vendor's form.
pub(crate) fn refusal(answer: &Answer) -> (u16, String) {
    let error = answer.json();
    assert_eq!(error["statusCode"], answer.status.as_u16(), "{error}");
    assert_eq!(error["message"], error["errors"][0]["message"], "{error}");
    assert_eq!(answer.header("content-type"), Some(JSON));
    (answer.status.as_u16(), error["errors"][0]["code"].as_str().unwrap().to_owned())
}
