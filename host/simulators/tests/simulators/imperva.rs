//! A started Imperva simulator with what is needed to talk to it.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use http::Method;
use http_body_util::BodyExt as _;
use keywright_simulators::{FaultRule, Simulator, Vendor as _, imperva};
use serde_json::{Value, json};

use crate::client::{Answer, Connection};

pub(crate) const CLIENTS: &str = "/authorization/v3/api-clients";

/// Each request has a connection of its own.
pub(crate) struct Imperva {
    pub(crate) vendor: Arc<imperva::Imperva>,
    pub(crate) simulator: Simulator,
    pub(crate) own: Key,
}

/// An API ID and an API key.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) api_key: String,
}

impl Key {
    /// Those of an answer to a creation.
    pub(crate) fn of(created: &Value) -> Self {
        Self { id: created["id"].to_string(), api_key: created["apiKey"].as_str().expect("an API key").to_owned() }
    }
}

/// A date as the API takes it, so many days from now.
pub(crate) fn in_days(days: i64) -> String {
    (Utc::now() + TimeDelta::days(days)).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Imperva {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        Self::served(options, false).await
    }

    pub(crate) async fn served(options: &[(&str, &str)], plain_http: bool) -> Self {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let vendor = Arc::new(imperva::Imperva::new(&options.collect()).unwrap());
        let simulator = Simulator::builder(vendor.clone()).plain_http(plain_http).start().await.unwrap();
        let credential = vendor.account().credential;
        let own = Key { id: credential["api_id"].clone(), api_key: credential["api_key"].clone() };
        Self { vendor, simulator, own }
    }

    pub(crate) fn fault(&self, rule: &str) {
        self.simulator.faults().inject(rule.parse::<FaultRule>().unwrap()).unwrap();
    }

    /// Sends a request as whoever has this key.
    pub(crate) async fn send_as(&self, key: &Key, method: Method, target: &str, body: Option<Value>) -> Answer {
        let headers = [("x-api-id", key.id.as_str()), ("x-api-key", key.api_key.as_str())];
        self.send_with(&headers, method, target, body).await
    }

    pub(crate) async fn send_with(
        &self,
        headers: &[(&str, &str)],
        method: Method,
        target: &str,
        body: Option<Value>,
    ) -> Answer {
        let simulator = &self.simulator;
        let mut connection = Connection::open(simulator.base_url(), simulator.ca_pem(), false).await.unwrap();
        let body = body.map(|body| body.to_string());
        let (head, body) = connection.begin_with(method, target, headers, body).await.unwrap().into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// Sends a request as the administrator, to a path and query below the collection.
    pub(crate) async fn send(&self, method: Method, below: &str, body: Option<Value>) -> Answer {
        self.send_as(&self.own, method, &format!("{CLIENTS}{below}"), body).await
    }

    pub(crate) async fn try_create(&self, query: &str, body: Value) -> Answer {
        self.send(Method::POST, query, Some(body)).await
    }

    /// Makes an API client that works, for the administrator.
    pub(crate) async fn create(&self, mut body: Value) -> Value {
        body["enabled"] = json!(true);
        self.create_with("", body).await
    }

    pub(crate) async fn create_with(&self, query: &str, body: Value) -> Value {
        let answer = self.try_create(query, body).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }

    /// The envelope with one API client, or without.
    pub(crate) async fn read(&self, id: &Value) -> Answer {
        self.send(Method::GET, &format!("?id={id}"), None).await
    }

    /// The one API client.
    pub(crate) async fn stored(&self, id: &Value) -> Value {
        let answer = self.read(id).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["data"].as_array().unwrap().len(), 1, "{answer:?}");
        answer.json()["data"][0].clone()
    }

    pub(crate) async fn update(&self, id: &Value, change: Value) -> Answer {
        self.send(Method::PATCH, &format!("/{id}"), Some(change)).await
    }

    pub(crate) async fn delete(&self, id: &Value) -> Answer {
        self.send(Method::DELETE, &format!("/{id}"), None).await
    }

    /// Whether the key works.
    pub(crate) async fn works(&self, key: &Key) -> bool {
        let answer = self.send_as(key, Method::GET, &format!("{CLIENTS}?id={}", key.id), None).await;
        answer.status == 200 && answer.json().get("data").is_some()
    }

    /// The ids of a list, in its order.
    pub(crate) async fn list(&self, query: &str) -> Vec<Value> {
        let answer = self.send(Method::GET, query, None).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let clients = answer.json()["data"].as_array().unwrap().clone();
        clients.into_iter().map(|client| client["id"].clone()).collect()
    }
}
