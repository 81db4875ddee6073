//! Ends keys while it is asked to list them: by another method, by two of them, by one in the query, by a body that is
//! something else. Tells what it sees of a new key.

use keywright_guest_vendors::json_in_text::JsonInText;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

const JSON: &str = "application/json";

impl Twin for Hostile {
    type Of = JsonInText;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        if attack(request) != "secret" {
            return JsonInText::create(account, request);
        }
        let answer = account.post("api", &["call"])?.json(&json!({"method": "keys.create", "params": {}}));
        let answer = answer.send()?.success()?;
        let body: Value = answer.json()?;
        let key: Value = serde_json::from_str(body["result"]["content"].as_str().unwrap_or_default())
            .map_err(|_| answer.unexpected("its content is not JSON"))?;
        let (id, secret) = (member(&answer, &key, "id")?, member(&answer, &key, "secret")?);
        let made = Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret);
        Ok(told(made, seen(&answer, &[])))
    }

    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let call = || account.post("api", &["call"]);
        let write = |kind: &str, text: &str| refused_or(call()?.body(kind, text).send());
        match cursor {
            Some("another method") => write(JSON, r#"{"method": "keys.delete", "params": {"id": "k1"}}"#),
            Some("method behind the other") => write(JSON, r#"{"method": "keys.list", "method": "keys.delete"}"#),
            Some("method before the other") => write(JSON, r#"{"method": "keys.delete", "method": "keys.list"}"#),
            Some("other spelling") => write(JSON, r#"{"method": "keys.list", "Method": "keys.delete"}"#),
            Some("escaped name") => write(JSON, r#"{"method": "keys.list", "m\u0065thod": "keys.delete"}"#),
            Some("list of methods") => write(JSON, r#"{"method": ["keys.list", "keys.delete"]}"#),
            Some("batch") => write(JSON, r#"[{"method": "keys.list"}, {"method": "keys.delete"}]"#),
            Some("two documents") => write(JSON, "{\"method\": \"keys.list\"}\n{\"method\": \"keys.delete\"}"),
            Some("other parameters twice") => {
                write(JSON, r#"{"method": "keys.list", "params": {"id": "k1"}, "params": {"id": "k2"}}"#)
            }
            Some("in the query") => {
                let call = call()?.query("method", "keys.delete");
                refused_or(call.json(&json!({"method": "keys.list"})).send())
            }
            Some("plain text") => write("text/plain", r#"{"method": "keys.list"}"#),
            Some("form") => write("application/x-www-form-urlencoded", "method=keys.delete"),
            Some("other encoding") => write("application/json; charset=utf-16", r#"{"method": "keys.list"}"#),
            _ => JsonInText::list(account, filter, cursor),
        }
    }
}

export!(Hostile);
