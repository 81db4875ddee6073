//! Keywright adapter: Datadog API keys.
//!
//! Facts of the vendor are from its API reference and guides, its Python client, and recorded answers of the live API;
//! `docs/vendors/datadog.md` gives the source of each, and says where a behaviour is a choice.

mod api_key;
mod descriptor;
mod page;
mod refusal;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, ExpiryChange, Failure, FieldProblem, Fields, Filter,
    Issued, Method, Operation, Outcome, Page, Principal, Problem, Reason, Request, Response, Result, UpdateRequest,
    Updated, Verdict, found,
};
use serde_json::{Map, Value};

use api_key::ApiKey;
use descriptor::{API, API_KEY, API_KEYS, LIST, VALIDATE, VALIDATE_KEYS, VALIDATE_WITH_ID};
use page::{Cursor, PAGE_SIZE};
use refusal::{Aim, refusal, send, words};

struct Datadog;

#[keywright_sdk::adapter]
impl Adapter for Datadog {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// Two requests: whether the two keys are valid, and a list of one, which needs the permission to read.
    fn check(account: &Account) -> Result<Principal> {
        let valid = send(account.request_at(Method::Get, API, VALIDATE_KEYS, &[])?, &Aim::Validate)?;
        if Fields::of(&valid.json()?).text("status") != Some("ok") {
            return Err(valid.unexpected("it does not say that the keys are valid"));
        }
        let mut principal = Principal::default();
        let cursor = Cursor::default();
        match send(list_request(account, &cursor, 1)?, &Aim::Read) {
            Ok(response) => {
                let (_, counts) = page::read(&response, &cursor, &Filter::default())?;
                principal.allowed.push(Operation::List);
                for (name, count) in [("max_allowed", counts.most), ("total_filtered_count", counts.total)] {
                    if let Some(count) = count {
                        principal.details.insert(name.to_owned(), count.into());
                    }
                }
            }
            // The keys are valid, so it is the permission.
            Err(failure) if *failure.reason() == Reason::Forbidden => {
                principal.refused.push(Operation::List);
                principal.details.insert("missing_permission".to_owned(), "api_keys_read".into());
            }
            Err(failure) => return Err(failure),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        if request.expires_at.is_some() {
            return Err(no_expiry());
        }
        let marker = request.marker.as_deref();
        let mut attributes = request.attributes.clone();
        let name = api_key::name(attributes.get("name").unwrap_or(&Value::Null), marker)?;
        attributes.insert("name".to_owned(), name.as_str().into());
        let creation = account.request_at(Method::Post, API, API_KEYS, &[])?;
        let response = send(creation.json(&api_key::document(None, &attributes)), &Aim::Create(&name))?;
        let api_key = ApiKey::read(&response)?;
        let Some(key) = api_key.key() else {
            return Err(response.unexpected(&["it has no key for ", &api_key.id, ", which was made"].concat()));
        };
        let mut issued = Issued::new(api_key.credential()).part("api_key", key);
        issued.warnings = api_key.warnings(&attributes, marker);
        Ok(issued)
    }

    /// One request. An answer that has the whole key again is read without it: only a creation issues one.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let response = found(send(account.request_at(Method::Get, API, API_KEY, &[id])?, &Aim::Read))?;
        response.map(|response| Ok(ApiKey::read_known(&response, id)?.credential())).transpose()
    }

    /// One request.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let cursor = Cursor::read(cursor)?;
        let response = send(list_request(account, &cursor, PAGE_SIZE)?, &Aim::Read)?;
        Ok(page::read(&response, &cursor, filter)?.0)
    }

    /// One request, and one before it that reads the name, when that is not to change: Datadog demands it with every change.
    fn update(account: &Account, id: &str, request: &UpdateRequest) -> Result<Updated> {
        if matches!(request.expiry, ExpiryChange::Set(_)) {
            return Err(no_expiry());
        }
        let mut attributes = Map::new();
        for (name, value) in &request.attributes {
            let pointer = || ["/attributes/", name].concat();
            let value = match (name.as_str(), value) {
                ("name", value) => api_key::name(value, request.marker.as_deref())?.into(),
                // A field that is left out stays, and none of Datadog's models lets it be null.
                (_, Value::Null) => {
                    let message = "cannot be removed, only changed: give another value";
                    return Err(FieldProblem::new(pointer(), Problem::Constraint, message).into());
                }
                ("category" | "remote_config_read_enabled", value) => value.clone(),
                _ => return Err(FieldProblem::new(pointer(), Problem::Immutable, "is computed by Datadog").into()),
            };
            attributes.insert(name.clone(), value);
        }
        // The marker is to be seen again where the name was written, and else stays where it is.
        let marker = request.marker.as_deref().filter(|_| attributes.contains_key("name"));
        if !attributes.contains_key("name") {
            let response = send(account.request_at(Method::Get, API, API_KEY, &[id])?, &Aim::Read)?;
            let api_key = ApiKey::read_known(&response, id)?;
            if attributes.is_empty() {
                return Ok(Updated::new(api_key.credential()));
            }
            let name =
                api_key.name().ok_or_else(|| response.unexpected("it has no name, which a change must repeat"))?;
            attributes.insert("name".to_owned(), name.into());
        }
        let name = Fields::of_map(&attributes).text("name").unwrap_or_default();
        let change = account.request_at(Method::Patch, API, API_KEY, &[id])?;
        let response = send(change.json(&api_key::document(Some(id), &attributes)), &Aim::Change(name))?;
        let api_key = ApiKey::read_known(&response, id)?;
        let mut updated = Updated::new(api_key.credential());
        updated.warnings = api_key.warnings(&attributes, marker);
        Ok(updated)
    }

    /// One request, with the key alone. It tells whether the key is valid, and not which key it is.
    fn verify(account: &Account, _id: &str) -> Result<Verdict> {
        verdict(&account.request_at(Method::Get, API, VALIDATE, &[])?.send()?)
    }

    /// Two requests: which key the administrator's requests are made with, and the deletion of another.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        let own = account.request_at(Method::Get, API, VALIDATE_WITH_ID, &[])?.send()?;
        if own_id(&own)?.as_deref() == Some(id) {
            let message = "is the API key that the account's own requests are made with: delete it with another";
            return Err(FieldProblem::new("/id", Problem::Constraint, message).into());
        }
        match found(send(account.request_at(Method::Delete, API, API_KEY, &[id])?, &Aim::Delete))? {
            // Datadog answers 204, without a body. A body, such as a proxy's page, is not Datadog's.
            Some(response) if !response.body().is_empty() => Err(response.unexpected("it should be empty")),
            _ => Ok(()),
        }
    }
}

fn list_request<'a>(account: &'a Account, cursor: &Cursor, size: u64) -> Result<Request<'a>> {
    let request = account.request_at(Method::Get, API, LIST, &[])?;
    let request = request.query("page[size]", &size.to_string()).query("page[number]", &cursor.number.to_string());
    // The usual order is by name, in which a new key moves others to the next page.
    Ok(request.query("sort", "created_at"))
}

fn no_expiry() -> Failure {
    let message =
        "is not known to Datadog, whose API keys do not expire: make a new one in its place, and revoke this one";
    FieldProblem::new("/expires_at", Problem::Unknown, message).into()
}

/// What an answer says of the API key that it was asked with. What may pass is a failure; what proves nothing is a verdict
/// that says so.
fn verdict(response: &Response) -> Result<Verdict> {
    let error = response.error();
    let words = words(&error);
    Ok(match response.status() {
        408 | 425 | 429 | 500.. => return Err(refusal(response, &Aim::Validate)),
        200..300 if error.value().get("valid") == Some(&Value::Bool(true)) => {
            Verdict::new(Outcome::Active, "Datadog says that the key is valid")
        }
        403 if words.contains("API key required") => {
            Verdict::new(Outcome::Inconclusive, "Datadog has not seen the key: something on the way took it out")
        }
        403 if !words.is_empty() => {
            let explanation =
                "Datadog does not accept the key: it may be too new, belong to another site, or have been deleted";
            Verdict::new(Outcome::Refused, explanation)
        }
        _ => Verdict::new(Outcome::Inconclusive, "the answer does not say in Datadog's words whether the key is valid"),
    })
}

/// The id of the API key that `/api/v2/validate` was asked with; none where that preview is gone. Any other answer is a
/// failure: nothing is deleted while it is not known which key is one's own.
fn own_id(response: &Response) -> Result<Option<String>> {
    if !response.is_success() {
        let failure = refusal(response, &Aim::Validate);
        return match (failure.reason(), response.status()) {
            (Reason::NotFound, 404) => Ok(None),
            (Reason::Vendor(code), 404 | 410) if code != "blocked" => Ok(None),
            // Asked with the API key alone, a 403 can mean nothing else.
            (Reason::Forbidden, _) => Err(Failure::new(Reason::Unauthenticated, failure.message()).with_status(403)),
            _ => Err(failure),
        };
    }
    let document: Value = response.json()?;
    let id = Fields::of(&document).object("data").object("attributes").text("api_key_id");
    match id {
        Some(id) => Ok(Some(id.to_owned())),
        None => Err(response.unexpected("it does not say which API key it was asked with; nothing was deleted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        Response::made_up(true, status, &[], body)
    }

    #[test]
    fn only_datadogs_own_words_are_a_verdict() {
        for (status, body, expected) in [
            (200, r#"{"valid": true}"#, Outcome::Active),
            (403, r#"{"errors": ["Forbidden"]}"#, Outcome::Refused),
            (403, r#"{"errors": [{"status": "403", "title": "Forbidden", "detail": "Forbidden"}]}"#, Outcome::Refused),
            (403, r#"{"errors": ["API key required"]}"#, Outcome::Inconclusive),
            (403, "<html><title>403 Forbidden</title></html>", Outcome::Inconclusive),
            (403, "", Outcome::Inconclusive),
            (200, r#"{"valid": false}"#, Outcome::Inconclusive),
            (200, r#"{"valid": "true"}"#, Outcome::Inconclusive),
            (200, "<html>", Outcome::Inconclusive),
            (401, r#"{"errors": ["Unauthorized"]}"#, Outcome::Inconclusive),
            (404, r#"{"errors": ["Not Found"]}"#, Outcome::Inconclusive),
            (302, "", Outcome::Inconclusive),
        ] {
            assert_eq!(verdict(&answer(status, body)).unwrap().outcome, expected, "{status} {body}");
        }
        for (status, expected) in [(429, Reason::RateLimited), (500, Reason::Unavailable), (503, Reason::Unavailable)] {
            assert_eq!(*verdict(&answer(status, "")).unwrap_err().reason(), expected);
        }
    }

    #[test]
    fn nothing_is_deleted_while_ones_own_key_is_not_known() {
        let said = r#"{"data": {"type": "validate_v2", "id": "o", "attributes": {"api_key_id": "k", "valid": true}}}"#;
        assert_eq!(own_id(&answer(200, said)).unwrap().as_deref(), Some("k"));
        for (status, words) in [(404, "Not Found"), (404, "API key not found"), (410, "Gone")] {
            assert_eq!(own_id(&answer(status, &format!(r#"{{"errors": ["{words}"]}}"#))), Ok(None));
        }
        for (status, body, expected) in [
            (200, "{}", Reason::UnexpectedResponse),
            (200, "<html>", Reason::UnexpectedResponse),
            (404, "<html>", Reason::Vendor("blocked".to_owned())),
            (403, "<html>", Reason::Vendor("blocked".to_owned())),
            (403, r#"{"errors": ["Forbidden"]}"#, Reason::Unauthenticated),
            (429, "", Reason::RateLimited),
            (502, "<html>", Reason::Unavailable),
        ] {
            assert_eq!(*own_id(&answer(status, body)).unwrap_err().reason(), expected, "{status} {body}");
        }
    }
}
