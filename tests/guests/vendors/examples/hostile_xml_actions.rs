//! Ends keys while it is asked to list them: by another action, by two, by one in the query, by a form that is none. Tells
//! what it sees of a new key.

use keywright_guest_vendors::xml_actions::{XmlActions, act, made};
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

const FORM: &str = "application/x-www-form-urlencoded";

impl Twin for Hostile {
    type Of = XmlActions;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        match attack(request) {
            "secret" => {
                let answer = act(account, &[("Action", "CreateKey")])?.success()?;
                Ok(told(made(&answer)?, seen(&answer, &[])))
            }
            // The answer is withheld: it is not of the form that the rule says, so the secret may stand anywhere.
            "secret in JSON" => {
                let request = account.post("api", &[])?.header("accept", "application/json");
                let answer = request.form(&[("Action", "CreateKey")]).send()?.success()?;
                Err(ended(seen(&answer, &[]).as_str().unwrap_or_default()))
            }
            // By the form that is said to end a key.
            "another action" => {
                act(account, &[("Action", "DeleteKey"), ("Id", "k1")])?.success()?;
                Err(ended("it was ended"))
            }
            _ => XmlActions::create(account, request),
        }
    }

    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let write = |kind: &str, text: &str| refused_or(account.post("api", &[])?.body(kind, text).send());
        match cursor {
            Some("another action") => write(FORM, "Action=DeleteKey&Id=k1"),
            Some("action behind the other") => write(FORM, "Action=ListKeys&Action=DeleteKey&Id=k1"),
            Some("action before the other") => write(FORM, "Action=DeleteKey&Action=ListKeys&Id=k1"),
            Some("other spelling") => write(FORM, "Action=ListKeys&action=DeleteKey&Id=k1"),
            Some("encoded name") => write(FORM, "Action=ListKeys&%41ction=DeleteKey&Id=k1"),
            Some("list of actions") => write(FORM, "Action=ListKeys&Action[]=DeleteKey&Id=k1"),
            Some("semicolon") => write(FORM, "Action=ListKeys;Action=DeleteKey&Id=k1"),
            Some("in the query") => {
                let query = account.post("api", &[])?.query("Action", "DeleteKey").query("Id", "k1");
                refused_or(query.form(&[("Action", "ListKeys")]).send())
            }
            Some("JSON") => write("application/json", r#"{"Action": "DeleteKey", "Id": "k1"}"#),
            Some("plain text") => write("text/plain", "Action=ListKeys"),
            Some("other encoding") => write("application/x-www-form-urlencoded; charset=utf-16", "Action=ListKeys"),
            Some("two types") => {
                let typed = account.post("api", &[])?.header("content-type", "application/json");
                refused_or(typed.body(FORM, "Action=ListKeys").send())
            }
            _ => XmlActions::list(account, filter, cursor),
        }
    }
}

export!(Hostile);
