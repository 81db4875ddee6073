//! A vendor with one path for everything: what to do stands in the body, and what came of it stands as JSON in a string of
//! the answer's JSON.

use keywright_sdk::Operation::{Create, Get, List, Revoke, Verify};

use crate::*;

/// The vendor.
pub struct JsonInText;

impl Vendor for JsonInText {
    fn describe() -> Descriptor {
        let call = |operation, method| Rule::post(&[operation], "api", "/call").demand_json("/method", &[method]);
        let descriptor = administered_by_token(begun("json-in-text", "Keys by calls"))
            .rule(call(Create, r#""keys.create""#).mints("secret", "json:/result/content#/secret"))
            .rule(call(Get, r#""keys.get""#))
            .rule(call(List, r#""keys.list""#))
            .rule(call(Revoke, r#""keys.delete""#))
            .rule(call(Verify, r#""keys.self""#).scheme("key"));
        issues_id_and_secret(descriptor)
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let answer = send(account, "keys.create", json!({"name": attribute(request, "name")}))?.success()?;
        let key = content(&answer)?;
        let (id, secret) = (member(&answer, &key, "id")?, member(&answer, &key, "secret")?);
        Ok(Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret))
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let answer = found(send(account, "keys.get", json!({"id": id}))?.success())?;
        Ok(answer.map(|_| Credential::new(id, json!({}))))
    }

    fn list(account: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        let keys = content(&send(account, "keys.list", json!({}))?.success()?)?;
        let ids = Fields::of(&keys).list("ids").iter().filter_map(Value::as_str);
        Ok(Page { credentials: ids.map(|id| Credential::new(id, json!({}))).collect(), ..Page::default() })
    }

    fn verify(account: &Account, _: &str) -> Result<Verdict> {
        verdict(&send(account, "keys.self", json!({}))?)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        found(send(account, "keys.delete", json!({"id": id}))?.success()).map(|_| ())
    }
}

fn send(account: &Account, method: &str, parameters: Value) -> Result<Response> {
    account.post("api", &["call"])?.json(&json!({"method": method, "params": parameters})).send()
}

/// What stands in the string.
fn content(answer: &Response) -> Result<Value> {
    let body: Value = answer.json()?;
    let text = Fields::of(&body).object("result").text("content").unwrap_or_default();
    serde_json::from_str(text).map_err(|_| answer.unexpected("its content is not JSON"))
}
