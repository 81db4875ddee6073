//! A started Datadog simulator and its administrator. Each request has a connection of its own.

use std::sync::Arc;

use http::Method;
use http_body_util::BodyExt as _;
use keywright_simulators::{FaultRule, Simulator, datadog::Datadog as Vendor};
use serde_json::{Value, json};

use crate::client::{Answer, Connection};

pub(crate) const KEYS: &str = "/api/v2/api_keys";
pub(crate) const VALIDATE: &str = "/api/v1/validate";
pub(crate) const VALIDATE_V2: &str = "/api/v2/validate";
pub(crate) const VALIDATE_KEYS: &str = "/api/v2/validate_keys";

pub(crate) struct Datadog {
    pub(crate) simulator: Simulator,
    pub(crate) vendor: Arc<Vendor>,
    pub(crate) api_key: String,
    pub(crate) application_key: String,
}

impl Datadog {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        Self::served(options, false).await
    }

    pub(crate) async fn served(options: &[(&str, &str)], plain_http: bool) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = Arc::new(Vendor::new(&options.collect()).unwrap());
        let started = Simulator::builder(Arc::<Vendor>::clone(&vendor)).plain_http(plain_http).start().await;
        let simulator = started.unwrap();
        let credential = simulator.vendor().account().credential;
        Self {
            api_key: credential["api_key"].clone(),
            application_key: credential["application_key"].clone(),
            vendor,
            simulator,
        }
    }

    pub(crate) fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    /// Sends a request with these headers and no others than a client must send.
    pub(crate) async fn send_with(
        &self,
        headers: &[(&str, &str)],
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Answer {
        let simulator = &self.simulator;
        let mut connection = Connection::open(simulator.base_url(), simulator.ca_pem(), false).await.unwrap();
        let (head, body) = connection.begin_with(method, path, headers, body).await.unwrap().into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// Sends a request with these two keys.
    pub(crate) async fn send_as(
        &self,
        (api_key, application_key): (&str, &str),
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let headers = [("DD-API-KEY", api_key), ("DD-APPLICATION-KEY", application_key)];
        self.send_with(&headers, method, path, body.map(|body| body.to_string())).await
    }

    /// Sends a request as the administrator.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send_as((&self.api_key, &self.application_key), method, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Asks about an API key alone.
    pub(crate) async fn validate(&self, path: &str, api_key: &str) -> Answer {
        self.send_with(&[("DD-API-KEY", api_key)], Method::GET, path, None).await
    }

    pub(crate) async fn read(&self, id: &Value) -> Answer {
        self.get(&one(id)).await
    }

    pub(crate) async fn update(&self, id: &Value, attributes: Value) -> Answer {
        let body = json!({"data": {"type": "api_keys", "id": id, "attributes": attributes}});
        self.send(Method::PATCH, &one(id), Some(body)).await
    }

    pub(crate) async fn delete(&self, id: &Value) -> Answer {
        self.send(Method::DELETE, &one(id), None).await
    }

    pub(crate) async fn try_create(&self, attributes: Value) -> Answer {
        self.send(Method::POST, KEYS, Some(new(attributes))).await
    }

    /// Makes a key, and returns its `data`.
    pub(crate) async fn create(&self, attributes: Value) -> Value {
        let answer = self.try_create(attributes).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["data"].clone()
    }

    /// Makes a key of this name.
    pub(crate) async fn named(&self, name: &str) -> Value {
        self.create(json!({"name": name})).await
    }

    /// The names of a list, in its order.
    pub(crate) async fn list(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("{KEYS}{query}")).await;
        assert_eq!(answer.status, 200, "{query} {answer:?}");
        let names = answer.json()["data"].as_array().unwrap().clone();
        names.iter().map(|key| key["attributes"]["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// The path of one key.
pub(crate) fn one(id: &Value) -> String {
    format!("{KEYS}/{}", id.as_str().unwrap())
}

/// The body of a creation.
pub(crate) fn new(attributes: Value) -> Value {
    json!({"data": {"type": "api_keys", "attributes": attributes}})
}

/// The value of a key.
pub(crate) fn value(key: &Value) -> &str {
    key["attributes"]["key"].as_str().unwrap()
}

/// Status and body, for comparisons.
pub(crate) fn told(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.json())
}
