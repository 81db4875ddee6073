//! Keywright adapter: DigitalOcean Spaces access keys.
//!
//! Facts of the vendor are from its API description, its SDKs and its Terraform provider, and for the S3 endpoint from
//! answers that users quote and from Ceph's object gateway; `docs/vendors/digitalocean-spaces.md` gives the source of each,
//! and says where a behaviour is a choice.

mod descriptor;
mod grants;
mod key;
mod page;
mod refusal;
mod verification;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, ExpiryChange, Failure, FieldProblem, Filter, Issued,
    Method, Operation, Page, Principal, Problem, Reason, Request, Response, Result, UpdateRequest, Updated, Verdict,
    found, marker,
};
use serde_json::{Value, json};

use descriptor::{API, KEY, KEYS, SPACES};
use grants::Grants;
use key::Key;
use refusal::Asked;

struct Spaces;

#[keywright_sdk::adapter]
impl Adapter for Spaces {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// One request, which lists a single key. No answer says who one is, and the scopes to make, change and delete keys can
    /// only be tried by doing it.
    fn check(account: &Account) -> Result<Principal> {
        let mut principal = Principal::default();
        match refusal::granted(page::request(account, 1, 1)?.send()?, Asked::Nothing) {
            Ok(response) => {
                page::read(&response, 1, &Filter::default())?;
                principal.allowed.push(Operation::List);
            }
            Err(failure) if *failure.reason() == Reason::Forbidden => principal.refused.push(Operation::List),
            Err(failure) => return Err(failure),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        if request.expires_at.is_some() {
            return Err(no_expiry().into());
        }
        let name = name(request.attributes.get("name"), request.marker.as_deref())?;
        let shown = request.attributes.get("grants").unwrap_or(&Value::Null);
        let grants = Grants::requested(shown)?;
        let body = json!({"name": name, "grants": shown});
        let response = account.request_at(Method::Post, API, KEYS, &[])?.json(&body).send()?;
        let response = refusal::granted(response, Asked::Creation)?;
        let key = Key::read(&response)?;
        let Some(secret_key) = key.secret_key() else {
            return Err(
                response.unexpected(&["it has no secret key for ", &key.access_key, ", which was made"].concat())
            );
        };
        let mut issued =
            Issued::new(key.credential()).part("access_key", &key.access_key).part("secret_key", secret_key);
        for (pointer, message) in differences(&key, &name, &grants) {
            issued = issued.warning_at(pointer, message);
        }
        Ok(issued)
    }

    /// One request.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        Ok(found(read_key(account, id))?.map(|(key, _)| key.credential()))
    }

    /// One request. The vendor's own filter by name is not used: whether it takes the whole of it or a part is not known.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let page = page::number(cursor)?;
        let response = page::request(account, page, page::PAGE_SIZE)?.send()?;
        page::read(&refusal::granted(response, Asked::Nothing)?, page, filter)
    }

    /// One request that reads, and one that writes everything, unless nothing changes. What a `PUT` does not name would
    /// likely become empty, and what a `PATCH` leaves alone is not known.
    fn update(account: &Account, id: &str, request: &UpdateRequest) -> Result<Updated> {
        if let ExpiryChange::Set(_) = request.expiry {
            return Err(no_expiry().into());
        }
        let (mut new_name, mut new_grants) = (None, None);
        for (attribute, value) in &request.attributes {
            match attribute.as_str() {
                "name" => new_name = Some(name(Some(value), request.marker.as_deref())?),
                "grants" => new_grants = Some((Grants::requested(value)?, value.clone())),
                _ => {
                    let pointer = ["/attributes/", attribute].concat();
                    return Err(FieldProblem::new(pointer, Problem::Unknown, "is not an attribute of a key").into());
                }
            }
        }
        let (old, response) = read_key(account, id)?;
        // What is not understood is not written again: a wrong body can make a key that may do more.
        let (Some(old_name), Some(old_grants), Some(shown)) = (old.name(), old.grants(), old.shown_grants()) else {
            return Err(response.unexpected("the name or the grants of the key cannot be read, so they cannot be kept"));
        };
        let name = new_name.unwrap_or_else(|| old_name.to_owned());
        let (grants, shown) = new_grants.unwrap_or_else(|| (old_grants.clone(), shown));
        if grants.is_full_access() != old_grants.is_full_access() {
            let message =
                "cannot change from full access to limited, or the reverse: make another key and revoke this one";
            return Err(FieldProblem::new(grants::POINTER, Problem::Immutable, message).into());
        }
        let asked = Asked::Change { name: name != old_name, grants: grants != old_grants };
        if asked == (Asked::Change { name: false, grants: false }) {
            return Ok(Updated::new(old.credential()));
        }
        let body = json!({"name": name, "grants": shown});
        let response = refusal::granted(key_request(account, Method::Put, id)?.json(&body).send()?, asked)?;
        let key = Key::read_known(&response, id)?;
        if grants != old_grants && key.grants().as_ref() == Some(&old_grants) {
            return Err(kept_its_grants(&response, &key, old_name));
        }
        let mut updated = Updated::new(key.credential());
        for (pointer, message) in differences(&key, &name, &grants) {
            updated = updated.warning_at(pointer, message);
        }
        Ok(updated)
    }

    /// One request to the S3 endpoint, signed with the key itself.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        // No answer names the key that signed.
        if account.required_part("access_key")? != id {
            return Err(FieldProblem::new("/id", Problem::Constraint, "is not the key whose parts are given").into());
        }
        verification::verdict(&account.get(SPACES, &[])?.send()?)
    }

    /// One request.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        let response = key_request(account, Method::Delete, id)?.send()?;
        match found(refusal::granted(response, Asked::Nothing))? {
            // DigitalOcean answers 204, without a body. A body, such as a proxy's page, is not DigitalOcean's.
            Some(response) if !response.body().is_empty() => Err(response.unexpected("it should be empty")),
            _ => Ok(()),
        }
    }
}

fn key_request<'a>(account: &'a Account, method: Method, id: &str) -> Result<Request<'a>> {
    account.request_at(method, API, KEY, &[id])
}

/// The key, and the answer that shows it. One request.
fn read_key(account: &Account, id: &str) -> Result<(Key, Response)> {
    let response = refusal::granted(key_request(account, Method::Get, id)?.send()?, Asked::Nothing)?;
    Ok((Key::read_known(&response, id)?, response))
}

/// The name to send. Neither its length nor its characters are checked: what DigitalOcean takes is not known.
fn name(name: Option<&Value>, marker: Option<&str>) -> Result<String> {
    match name {
        Some(Value::String(name)) if !name.is_empty() => Ok(marker::join(name, marker)),
        _ => Err(FieldProblem::new("/attributes/name", Problem::Required, "must be text that is not empty").into()),
    }
}

fn no_expiry() -> FieldProblem {
    FieldProblem::new("/expires_at", Problem::Unknown, "is not known to DigitalOcean: a key lives until it is revoked")
}

/// What of an answer is not as it was asked for: the field, and a sentence.
fn differences(key: &Key, name: &str, grants: &Grants) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    if key.name() != Some(name) {
        found.push(if marker::split(name).1 != key.marker() {
            ("/marker", "DigitalOcean did not keep the marker whole: a search by marker does not find the key")
        } else {
            ("/attributes/name", "DigitalOcean shows another name than the one asked for")
        });
    }
    if key.grants().as_ref() != Some(grants) {
        let message = "DigitalOcean does not show the grants asked for: look at what the key may do before it is used";
        found.push((grants::POINTER, message));
    }
    found
}

/// The failure for a change after which the key has the grants that it had.
fn kept_its_grants(response: &Response, key: &Key, old_name: &str) -> Failure {
    let message = "did not change: DigitalOcean kept the grants that the key has";
    let problem = FieldProblem::new(grants::POINTER, Problem::Immutable, message);
    let failure = Failure::from(problem).with_status(response.status()).with_request_id(response.request_id());
    if key.name() == Some(old_name) { failure } else { failure.with_completed("the name of the key was changed") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, grants: &Value) -> Key {
        Key::try_from(json!({"access_key": "DO00", "name": name, "grants": grants})).unwrap()
    }

    #[test]
    fn a_name_is_never_empty_and_has_the_marker_at_its_end() {
        assert_eq!(name(Some(&json!("ci")), Some("g7")).as_deref(), Ok("ci [keywright:g7]"));
        for value in [None, Some(&json!("")), Some(&Value::Null), Some(&json!(7))] {
            let failure = name(value, Some("g7")).unwrap_err();
            assert!(failure.message().starts_with("/attributes/name "), "{}", failure.message());
        }
    }

    #[test]
    fn what_is_not_as_asked_is_named_by_its_field() {
        let shown = json!([{"bucket": "photos", "permission": "read"}]);
        let grants = Grants::requested(&shown).unwrap();
        let full = json!([{"bucket": "", "permission": "fullaccess"}]);
        let fields = |key: &Key| {
            let found = differences(key, "ci [keywright:g7]", &grants);
            found.into_iter().map(|(pointer, _)| pointer).collect::<Vec<_>>()
        };
        assert_eq!(fields(&key("ci [keywright:g7]", &shown)), [""; 0]);
        assert_eq!(fields(&key("ci [keywright:g", &shown)), ["/marker"]);
        assert_eq!(fields(&key("CI [keywright:g7]", &shown)), ["/attributes/name"]);
        assert_eq!(fields(&key("ci [keywright:g7]", &full)), ["/attributes/grants"]);
        assert_eq!(fields(&key("ci", &Value::Bool(true))), ["/marker", "/attributes/grants"]);
    }

    #[test]
    fn a_change_that_kept_the_grants_says_what_became_of_the_name() {
        let response = Response::made_up(false, 200, &[("x-request-id", "r-1")], "");
        let failure = |name| kept_its_grants(&response, &key(name, &json!([])), "ci");
        assert!(
            matches!(failure("ci").reason(), Reason::Invalid(problems) if problems[0].problem == Problem::Immutable)
        );
        assert_eq!((failure("ci").completed(), failure("ci").request_id()), (None, Some("r-1")));
        assert_eq!(failure("deploy").completed(), Some("the name of the key was changed"));
    }
}
