//! Test adapter: `create` tries what its attributes say, past the SDK's own manners, and tells what came of it.
//!
//! Attributes: `requests`, each tried in turn (`method`, `scheme`, `authority`, `target`, `headers`, `body`); `go_on`,
//! whether to go on after one that failed; `misbehave`, what to do instead.

mod misbehave;

use keywright_guest_common::raw::{self, Scheme};
use keywright_sdk::Operation::{Create, Get, Revoke};
use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, Failure, Issued, Part, Reason, Result, Rule,
    Scheme as Authentication,
};
use serde_json::{Value, json};

/// The adapter.
pub struct Probe;

#[keywright_sdk::adapter]
impl Adapter for Probe {
    fn describe() -> Descriptor {
        Descriptor::new("probe", "A probe", "1.0.0")
            .attributes(r#"{"type": "object"}"#)
            .endpoint("api", "https://api.probe.example")
            .scheme(Authentication::new("api").header("X-Auth-Token", "{parts.secret_key}"))
            .part(Part::public("access_key", "access key").identifies())
            .part(Part::secret("secret_key", "secret key"))
            .id("^[a-z0-9-]+$", &["ID"])
            .rule(Rule::post(&[Create], "api", "/keys").any_query().mints("secret_key", "/secret_key"))
            .rule(Rule::post(&[Create], "api", "/other-keys").any_query().mints("secret_key", "/secret_key"))
            .rule(Rule::get(&[Create, Get], "api", "/keys/{id}").any_query())
            .rule(Rule::delete(&[Revoke], "api", "/keys/{id}").any_query())
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        if let Some(how) = request.attributes.get("misbehave").and_then(Value::as_str) {
            misbehave::misbehave(how);
        }
        let go_on = request.attributes.get("go_on") == Some(&Value::Bool(true));
        let mut told = Vec::new();
        let mut secret_key = "none".to_owned();
        for wanted in request.attributes.get("requests").and_then(Value::as_array).into_iter().flatten() {
            match wanted_request(wanted).send() {
                Ok(raw::Answer { status, body, .. }) => {
                    if let Ok(Value::Object(answer)) = serde_json::from_slice(&body)
                        && let Some(minted) = answer.get("secret_key").and_then(Value::as_str)
                    {
                        minted.clone_into(&mut secret_key);
                    }
                    told.push(json!({"status": status}));
                }
                Err(how) if go_on => told.push(json!({"failed": how})),
                Err(how) => return Err(Failure::new(Reason::Vendor("probe".to_owned()), how)),
            }
        }
        let seen = json!({"access_key": account.part("access_key"), "secret_key": account.part("secret_key")});
        let credential = Credential::new("probed", json!({"told": told, "seen": seen}));
        Ok(Issued::new(credential).part("access_key", "probed").part("secret_key", secret_key))
    }

    /// The id `beyond` stands for an adapter that tries what it may not, and keeps quiet about it.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        if id == "beyond" {
            let _quiet = account.delete("api", &["keys", id])?.send();
            return Ok(None);
        }
        let answer = account.get("api", &["keys", id])?.send()?;
        Ok((answer.status() == 200).then(|| Credential::new(id, json!({}))))
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        account.delete("api", &["keys", id])?.send()?.success().map(|_| ())
    }
}

/// The request that the JSON describes.
fn wanted_request(wanted: &Value) -> raw::Request {
    let text = |field: &str| wanted.get(field).and_then(Value::as_str);
    let method = match text("method").unwrap_or("GET") {
        "GET" => raw::Method::Get,
        "POST" => raw::Method::Post,
        "DELETE" => raw::Method::Delete,
        other => raw::Method::Other(other.to_owned()),
    };
    let scheme = text("scheme").map(|scheme| match scheme {
        "https" => Scheme::Https,
        "http" => Scheme::Http,
        other => Scheme::Other(other.to_owned()),
    });
    let usual = raw::Request::new(method, "", "");
    let headers = wanted.get("headers").and_then(Value::as_object).into_iter().flatten();
    raw::Request {
        scheme: scheme.or_else(|| usual.scheme.clone()),
        authority: text("authority").map(str::to_owned),
        target: text("target").map(str::to_owned),
        headers: headers
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().as_bytes().to_vec()))
            .collect(),
        body: text("body").map(|body| body.as_bytes().to_vec()).into_iter().collect(),
        ..usual
    }
}
