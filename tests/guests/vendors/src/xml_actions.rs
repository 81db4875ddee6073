//! A vendor as AWS IAM is: one path, an `Action` in the form, answers in XML.

use keywright_sdk::Operation::{Create, Get, List, Revoke, Verify};

use crate::*;

/// The vendor.
pub struct XmlActions;

impl Vendor for XmlActions {
    fn describe() -> Descriptor {
        let action = |operation, name| Rule::post(&[operation], "api", "/").demand_form("Action", &[name]);
        let descriptor = administered_by_token(begun("xml-actions", "Keys by actions"))
            .rule(action(Create, "CreateKey").mints("secret", "xml:/CreateKeyResponse/Key/Secret"))
            .rule(action(Get, "GetKey"))
            .rule(action(List, "ListKeys"))
            .rule(action(Revoke, "DeleteKey"))
            .rule(action(Verify, "GetSelf").scheme("key"));
        issues_id_and_secret(descriptor)
    }

    fn create(account: &Account, _: &CreateRequest) -> Result<Issued> {
        made(&act(account, &[("Action", "CreateKey")])?.success()?)
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let answer = found(act(account, &[("Action", "GetKey"), ("Id", id)])?.success())?;
        Ok(answer.map(|_| Credential::new(id, json!({}))))
    }

    fn list(account: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        let keys = act(account, &[("Action", "ListKeys")])?.success()?.xml()?;
        let ids = keys.all("Key").filter_map(|key| key.text_of("Id"));
        Ok(Page { credentials: ids.map(|id| Credential::new(id, json!({}))).collect(), ..Page::default() })
    }

    fn verify(account: &Account, _: &str) -> Result<Verdict> {
        verdict(&act(account, &[("Action", "GetSelf")])?)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        found(act(account, &[("Action", "DeleteKey"), ("Id", id)])?.success()).map(|_| ())
    }
}

/// Sends a form.
pub fn act(account: &Account, fields: &[(&str, &str)]) -> Result<Response> {
    account.post("api", &[])?.form(fields).send()
}

/// The key of an answer.
pub fn made(answer: &Response) -> Result<Issued> {
    let body = answer.xml()?;
    let key = body.child("Key");
    let text = |name: &str| key.and_then(|key| key.text_of(name));
    let (Some(id), Some(secret)) = (text("Id"), text("Secret")) else {
        return Err(answer.unexpected("it has no key"));
    };
    Ok(Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret))
}
