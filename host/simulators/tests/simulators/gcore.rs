//! A started Gcore simulator and its administrator. Each request has a connection of its own.

use http::{Method, Request, header};
use http_body_util::Full;
use keywright_simulators::{Simulator, vendor};
use serde_json::{Value, json};

use crate::client::{Answer, Connection};

pub(crate) struct Gcore {
    pub(crate) simulator: Simulator,
    pub(crate) client: u64,
    pub(crate) token: String,
}

impl Gcore {
    pub(crate) async fn start(options: &[(&str, &str)]) -> Self {
        Self::of(Simulator::builder(Self::vendor(options)).start().await.unwrap())
    }

    pub(crate) fn vendor(options: &[(&str, &str)]) -> std::sync::Arc<dyn keywright_simulators::Vendor> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        vendor("gcore", &options.collect()).unwrap()
    }

    pub(crate) fn of(simulator: Simulator) -> Self {
        let account = simulator.vendor().account();
        Self {
            client: account.settings["client_id"].as_u64().unwrap(),
            token: account.credential["token"].clone(),
            simulator,
        }
    }

    /// The tokens' path in a version.
    pub(crate) fn tokens(&self, version: u8) -> String {
        match version {
            1 => format!("/iam/clients/{}/tokens", self.client),
            _ => format!("/iam/v2/clients/{}/tokens", self.client),
        }
    }

    /// Sends a request with this `Authorization`.
    pub(crate) async fn send_with(
        &self,
        authorization: Option<&str>,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Answer {
        let simulator = &self.simulator;
        let mut connection = Connection::open(simulator.base_url(), simulator.ca_pem(), false).await.unwrap();
        let mut request = Request::builder().method(method).uri(path);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        connection.exchange(request.body(Full::from(body.unwrap_or_default())).unwrap()).await.unwrap()
    }

    /// Sends a request with this token.
    pub(crate) async fn send_as(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string());
        self.send_with(Some(&format!("APIKey {token}")), method, path, body).await
    }

    /// Sends a request as the administrator.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send_as(&self.token, method, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Reads one token.
    pub(crate) async fn read(&self, id: &Value) -> Answer {
        self.get(&format!("{}/{id}", self.tokens(2))).await
    }

    pub(crate) async fn delete(&self, id: &Value) -> Answer {
        self.send(Method::DELETE, &format!("{}/{id}", self.tokens(2)), None).await
    }

    /// Makes a token of this role, under v2.
    pub(crate) async fn create(&self, role: u64, exp_date: Value) -> Value {
        let answer = self.send(Method::POST, &self.tokens(2), Some(new(role, exp_date))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// The names of a list, in its order.
    pub(crate) async fn list(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("{}{query}", self.tokens(2))).await;
        assert_eq!(answer.status, 200, "{query} {answer:?}");
        let tokens = answer.json().as_array().unwrap().clone();
        tokens.iter().map(|token| token["name"].as_str().unwrap().to_owned()).collect()
    }
}

/// The body of a creation.
pub(crate) fn new(role: u64, exp_date: Value) -> Value {
    json!({"name": format!("of role {role}"), "exp_date": exp_date, "client_user": {"role": {"id": role}}})
}

/// An instant so many hours ahead, as text.
pub(crate) fn in_hours(hours: i64) -> String {
    let at = chrono::Utc::now() + chrono::TimeDelta::hours(hours);
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}
