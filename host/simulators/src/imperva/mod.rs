//! Imperva Cloud's API clients (`/authorization/v3/api-clients`), and what the Terraform provider asks beside them.
//!
//! Facts come from what Imperva's own Terraform provider sends and insists on reading, from its issues, and from Imperva's
//! documentation. There is no description of this API: what nobody outside Imperva knows is an [option](crate::options),
//! or the comment says "unknown; a choice".

mod api_clients;
mod authentication;
mod client;
mod cloud;
mod date;
mod list;
mod quirks;
mod refusal;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    middleware::from_fn_with_state,
    response::{IntoResponse as _, Response},
    routing::{patch, post},
};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{Value, json};

use crate::{Account, Clock, Error, Sample, Vendor, options::Options, vendor::Entry};
use cloud::{Cloud, Rights};
use quirks::Quirks;
use refusal::Refusal;

/// The line of the list.
pub(crate) const ENTRY: Entry =
    Entry { name: NAME, options: quirks::OPTIONS, make: |options| Ok(Arc::new(Imperva::from_options(options)?)) };

const NAME: &str = "imperva";

const API_CLIENTS: &str = "/authorization/v3/api-clients";

/// An Imperva account with an administrator and their API client, two more users, and a sub-account.
pub struct Imperva {
    cloud: Arc<Cloud>,
    account: Account,
}

impl Imperva {
    /// A freshly seeded account. For the options see [`options`](crate::options); [`vendor`](crate::vendor) makes the
    /// same, but without what only this type can do.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
    pub fn new(options: &BTreeMap<String, String>) -> Result<Self, Error> {
        Self::from_options(&Options::new(NAME, quirks::OPTIONS, options)?)
    }

    fn from_options(options: &Options<'_>) -> Result<Self, Error> {
        let cloud = Cloud::seed(Quirks::read(options)?);
        let administrator = cloud.administrator();
        let credential = BTreeMap::from([
            ("api_id".to_owned(), administrator.id.to_string()),
            ("api_key".to_owned(), administrator.api_key.to_string()),
        ]);
        Ok(Self { cloud: Arc::new(cloud), account: Account { settings: json!({}), credential } })
    }

    /// The number of the account.
    pub fn account_id(&self) -> u64 {
        self.cloud.account
    }

    /// The number of its sub-account.
    pub fn sub_account_id(&self) -> u64 {
        self.cloud.account + 1
    }

    /// The number of an account that is another customer's.
    pub fn foreign_account_id(&self) -> u64 {
        self.cloud.account + 2
    }

    /// Gives a user permissions, or takes them away: "Manage API keys", which is about the user's own, and "Manage users
    /// and permissions", which adds those of others. Answers whether there is such a user. `admin@example.com` has both,
    /// `jo@example.com` the first, `example@terraform.com` none.
    pub fn set_permissions(&self, email: &str, manage_api_keys: bool, manage_users: bool) -> bool {
        self.cloud.set_rights(email, Rights { manage_api_keys, manage_users })
    }
}

impl Vendor for Imperva {
    fn name(&self) -> &'static str {
        NAME
    }

    fn router(&self) -> Router {
        Router::new()
            .route(API_CLIENTS, post(api_clients::create).get(list::list))
            .route(&format!("{API_CLIENTS}/{{id}}"), patch(api_clients::update).delete(api_clients::delete))
            .route_layer(from_fn_with_state(Arc::clone(&self.cloud), authentication::authenticate))
            .route("/api/prov/v1/account/verify", post(authentication::verify))
            // What Imperva says to other paths and methods is unknown; a word of no form of its own is a choice.
            .fallback(async || (StatusCode::NOT_FOUND, axum::Json(json!({"message": "no such path"}))))
            .method_not_allowed_fallback(async || {
                (StatusCode::METHOD_NOT_ALLOWED, axum::Json(json!({"message": "no such method"})))
            })
            .with_state(Arc::clone(&self.cloud))
    }

    fn operations(&self) -> &'static [&'static str] {
        &["create", "list", "get", "update", "set-enabled", "regenerate", "revoke"]
    }

    fn operation(&self, method: &Method, path: &str) -> Option<&'static str> {
        match path.strip_prefix(API_CLIENTS)? {
            "" => match *method {
                Method::POST => Some("create"),
                Method::GET => Some("list"),
                _ => None,
            },
            client if client.starts_with('/') => match *method {
                Method::PATCH => Some("update"),
                Method::DELETE => Some("revoke"),
                _ => None,
            },
            _ => None,
        }
    }

    /// The list is narrowed to one to read one, and the body of a change tells what it is for. A verification is a
    /// reading with another API client: nothing tells the two apart.
    fn operation_of(&self, method: &Method, uri: &Uri, body: &[u8]) -> Option<&'static str> {
        let names_one = || uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("id=")));
        let body = || serde_json::from_slice::<Value>(body).unwrap_or_default();
        match self.operation(method, uri.path())? {
            "list" if names_one() => Some("get"),
            "update" => match body().as_object() {
                Some(fields) if fields.get("regenerate") == Some(&json!(true)) => Some("regenerate"),
                Some(fields) if fields.len() == 1 && fields.contains_key("enabled") => Some("set-enabled"),
                _ => Some("update"),
            },
            operation => Some(operation),
        }
    }

    fn account(&self) -> Account {
        self.account.clone()
    }

    fn sample(&self) -> Sample {
        Sample {
            attributes: json!({
                "name": "keywright-demo",
                "description": "made by keywright demo",
                "enabled": true,
            }),
            change: json!({"name": "keywright-demo-2", "description": "changed by keywright demo"}),
        }
    }

    fn also(&self) -> Vec<(&'static str, String)> {
        vec![
            ("account_id of the account", self.account_id().to_string()),
            ("account_id of its sub-account", self.sub_account_id().to_string()),
            ("user_email of another user, in both", cloud::EXAMPLE.to_owned()),
        ]
    }

    fn issue_by_hand(&self) -> String {
        self.cloud.issue("made by hand").to_string()
    }

    fn clock(&self) -> &Clock {
        &self.cloud.clock
    }

    /// Whether Imperva says how long to wait is unknown.
    fn rate_limited(&self) -> Response {
        let mut answer = Refusal::RateLimited.answer(&self.cloud.quirks);
        if let Some(seconds) = self.cloud.quirks.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    fn server_error(&self) -> Response {
        let mut answer = Refusal::Internal.answer(&self.cloud.quirks).into_response();
        *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imperva(options: &[(&str, &str)]) -> Result<Imperva, Error> {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Imperva::new(&options.collect())
    }

    #[test]
    fn requests_are_told_apart_by_method_path_query_and_body() {
        let vendor = imperva(&[]).unwrap();
        let one = format!("{API_CLIENTS}/101?caid=1234");
        let cases = [
            (Method::POST, API_CLIENTS, "{}", Some("create")),
            (Method::POST, "/authorization/v3/api-clients?caid=1234&userEmail=a%40b", "{}", Some("create")),
            (Method::GET, API_CLIENTS, "", Some("list")),
            (Method::GET, "/authorization/v3/api-clients?caid=1234&userEmail=id=1", "", Some("list")),
            (Method::GET, "/authorization/v3/api-clients?caid=1234&id=101", "", Some("get")),
            (Method::PATCH, &one, r#"{"name":"Second","enabled":false}"#, Some("update")),
            (Method::PATCH, &one, "no JSON", Some("update")),
            (Method::PATCH, &one, r#"{"enabled":false}"#, Some("set-enabled")),
            (Method::PATCH, &one, r#"{"expirationDate":"…","regenerate":true}"#, Some("regenerate")),
            (Method::DELETE, &one, "", Some("revoke")),
            (Method::GET, &one, "", None),
            (Method::DELETE, API_CLIENTS, "", None),
            (Method::POST, "/api/prov/v1/account/verify", "", None),
            (Method::GET, "/authorization/v3/api-clients-of-others", "", None),
        ];
        for (method, target, body, operation) in cases {
            let uri: Uri = target.parse().unwrap();
            assert_eq!(vendor.operation_of(&method, &uri, body.as_bytes()), operation, "{method} {target}");
            assert!(operation.is_none_or(|operation| vendor.operations().contains(&operation)));
        }
    }

    #[test]
    fn a_negative_value_is_refused_with_what_may_be_given() {
        for option in quirks::OPTIONS {
            let error = imperva(&[(option.name, "-1")]).err().unwrap().to_string();
            assert!(error.contains(option.name) && error.contains(option.values), "{error}");
        }
    }
}
