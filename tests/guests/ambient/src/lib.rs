//! Test adapter: `get` tries what the standard library of its language offers, and `wasi:filesystem` and `wasi:sockets`
//! below it, and tells what came of each in the attributes of what it found.
//!
//! The setting `port` is of a server on this machine that a socket would reach.

mod library;
mod raw;

use std::fmt::Debug;

use keywright_sdk::Operation::{Create, Get, Revoke};
use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, Failure, Issued, Part, Reason, Result, Rule, Scheme,
};
use serde_json::{Map, Value, json};

/// The adapter.
pub struct Ambient;

#[keywright_sdk::adapter]
impl Adapter for Ambient {
    fn describe() -> Descriptor {
        Descriptor::new("ambient", "An adapter that looks around", "1.0.0")
            .settings(r#"{"type": "object", "properties": {"port": {"type": "integer"}}, "required": ["port"]}"#)
            .attributes(r#"{"type": "object"}"#)
            .endpoint("api", "https://api.ambient.example")
            .scheme(Scheme::new("api").header("X-Auth-Token", "{parts.secret_key}"))
            .part(Part::public("access_key", "access key").identifies())
            .part(Part::secret("secret_key", "secret key"))
            .id("^[a-z0-9-]+$", &["ID"])
            .rule(Rule::post(&[Create], "api", "/keys").mints("secret_key", "/secret_key"))
            .rule(Rule::get(&[Get], "api", "/keys/{id}"))
            .rule(Rule::delete(&[Revoke], "api", "/keys/{id}"))
    }

    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        Err(Failure::new(Reason::Vendor("none".to_owned()), "it makes none"))
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let port = account.settings().get("port").and_then(Value::as_u64).unwrap_or_default();
        let port = u16::try_from(port).unwrap_or_default();
        let tried: Map<String, Value> = library::attempts(port).into_iter().chain(raw::attempts(port)).collect();
        Ok(Some(Credential::new(id, Value::Object(tried))))
    }

    fn revoke(_: &Account, _: &str) -> Result<()> {
        Ok(())
    }
}

/// What was tried, and whether it worked with what came of it.
type Attempt = (String, Value);

fn told<T>(name: &str, outcome: std::result::Result<T, impl Debug>, value: impl FnOnce(T) -> String) -> Attempt {
    let outcome = match outcome {
        Ok(got) => json!({"worked": true, "with": value(got)}),
        Err(error) => json!({"worked": false, "with": format!("{error:?}")}),
    };
    (name.to_owned(), outcome)
}
