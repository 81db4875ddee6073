//! Keywright adapter: Scaleway IAM API keys.
//!
//! Facts of the vendor are from its API description (IAM v1alpha1), its Go SDK and recorded answers of the live API;
//! `docs/vendors/scaleway.md` gives the source of each, and says where a behaviour is a choice.

mod answer;
mod api_key;
mod descriptor;
mod page;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, ExpiryChange, Failure, FieldProblem, Filter, Issued,
    Operation, Outcome, Page, Principal, Problem, Reason, Request, Result, Timestamp, UpdateRequest, Updated, Verdict,
    rfc3339,
};
use serde_json::{Map, Value};

use answer::Answer;
use api_key::ApiKey;
use page::{Cursor, PAGE_SIZE};

struct Scaleway;

#[keywright_sdk::adapter]
impl Adapter for Scaleway {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// One request that reads the key itself, when its access key is known, and one that lists a single key. There is no
    /// other way to ask who one is, and no way to ask what one may do but doing it.
    fn check(account: &Account) -> Result<Principal> {
        let mut principal = Principal::default();
        if let Some(access_key) = account.part("access_key") {
            match Answer::to(api_key_request(account, access_key)?)? {
                Answer::Ok(response) => {
                    let key = ApiKey::read_known(&response, access_key)?;
                    principal.credential_id = Some(key.access_key.clone());
                    principal.owner = key.bearer().map(str::to_owned);
                    principal.expires_at = key.expires_at();
                    principal.allowed.push(Operation::Get);
                    if let Value::Object(attributes) = key.attributes() {
                        principal.details = attributes;
                    }
                }
                Answer::Forbidden(_) => principal.refused.push(Operation::Get),
                // Authenticated, so the secret key is valid; the access key given with it belongs to another.
                Answer::NotFound(failure) => {
                    return Err(Failure::new(
                        failure.reason().clone(),
                        format!(
                            "the secret key works, but {access_key} is not its access key: correct the account's access_key"
                        ),
                    ));
                }
                Answer::Failed(failure) => return Err(failure),
            }
        }
        let filter = Filter::default();
        match Answer::to(list_request(account, &filter, 1, 1)?)? {
            Answer::Ok(response) => {
                page::read(&response, &Cursor::read(None)?, &filter)?;
                principal.allowed.push(Operation::List);
            }
            Answer::Forbidden(_) => principal.refused.push(Operation::List),
            Answer::NotFound(failure) | Answer::Failed(failure) => return Err(failure),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let mut body = request.attributes.clone();
        body.insert(
            "description".to_owned(),
            api_key::description(&request.attributes, request.marker.as_deref())?.into(),
        );
        if let Some(expires_at) = &request.expires_at {
            body.insert("expires_at".to_owned(), rfc3339(expires_at).into());
        }
        let response = Answer::to(account.post(API, &COLLECTION)?.json(&body))?.ok()?;
        let key = ApiKey::read(&response)?;
        let Some(secret_key) = key.secret_key() else {
            return Err(response.unexpected(&format!("it has no secret key for {}, which was made", key.access_key)));
        };
        let mut issued =
            Issued::new(key.credential()).part("access_key", &key.access_key).part("secret_key", secret_key);
        if let Some(asked) = request.expires_at
            && key.expires_at().instant() != Some(asked)
        {
            issued = issued.warning_at("/expires_at", expiry_not_taken(&asked));
        }
        for field in key.unreadable() {
            issued = issued.warning(format!("Scaleway's answer had no readable {field}"));
        }
        Ok(issued)
    }

    /// One request.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        match Answer::to(api_key_request(account, id)?)? {
            Answer::Ok(response) => ApiKey::read_known(&response, id).map(|key| Some(key.credential())),
            Answer::NotFound(_) => Ok(None),
            Answer::Forbidden(failure) | Answer::Failed(failure) => Err(failure),
        }
    }

    /// One request. The vendor's own filter by description is not used: whether it takes the whole text or a part of it
    /// is not documented.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let cursor = Cursor::read(cursor)?;
        let response = Answer::to(list_request(account, filter, cursor.page, PAGE_SIZE)?)?.ok()?;
        page::read(&response, &cursor, filter)
    }

    /// One request, which changes all or nothing; one before it that reads, when the expiry is to change or nothing is.
    fn update(account: &Account, id: &str, request: &UpdateRequest) -> Result<Updated> {
        let mut body = Map::new();
        for (name, value) in &request.attributes {
            let value = match (name.as_str(), value) {
                ("description", value) => api_key::description_of(value, request.marker.as_deref())?.into(),
                ("default_project_id", Value::String(_)) => value.clone(),
                // Absent and null are the same to Scaleway: the old value would stay.
                ("default_project_id", _) => return Err(immutable(name, "cannot be removed: name another project")),
                _ => return Err(immutable(name, "cannot change on a key that exists: make a new one in its place")),
            };
            body.insert(name.clone(), value);
        }
        let asked = match request.expiry {
            ExpiryChange::Keep => None,
            ExpiryChange::Set(expires_at) => Some(Some(expires_at)),
            ExpiryChange::Clear => Some(None),
        };
        if asked.is_some() || body.is_empty() {
            let key = ApiKey::read_known(&Answer::to(api_key_request(account, id)?)?.ok()?, id)?;
            match asked {
                // Scaleway sets an expiry once and never changes it: its guide says so, and the form of its refusal is
                // not known, so the refusal is ours, before anything is changed.
                Some(asked)
                    if key.expires_at().is_unreadable()
                        || (!key.expires_at().is_none() && key.expires_at().instant() != asked) =>
                {
                    let message = "is set already, and Scaleway never changes it on a key that exists: make a new one in its place";
                    return Err(FieldProblem::new("/expires_at", Problem::Immutable, message).into());
                }
                Some(Some(asked)) if key.expires_at().is_none() => {
                    body.insert("expires_at".to_owned(), rfc3339(&asked).into());
                }
                _ => {}
            }
            if body.is_empty() {
                return Ok(Updated::new(key.credential()));
            }
        }
        let response = Answer::to(account.patch(API, &api_key_path(id))?.json(&body))?.ok()?;
        let key = ApiKey::read_known(&response, id)?;
        let mut updated = Updated::new(key.credential());
        if let Some(Some(asked)) = asked
            && key.expires_at().instant() != Some(asked)
        {
            updated = updated.warning_at("/expires_at", expiry_not_taken(&asked));
        }
        Ok(updated)
    }

    /// One request, with the key's own secret.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        Ok(match Answer::to(api_key_request(account, id)?)? {
            Answer::Ok(response) => {
                ApiKey::read_known(&response, id)?;
                Verdict::new(Outcome::Active, "Scaleway showed the key to itself")
            }
            // The usual answer to a key of a well-confined application: it has no right to read IAM.
            Answer::Forbidden(failure) if *failure.reason() == Reason::Forbidden => {
                Verdict::new(Outcome::Active, "Scaleway accepts the key, which may not read itself")
            }
            Answer::NotFound(_) => Verdict::new(
                Outcome::Inconclusive,
                "Scaleway accepts the secret, but shows it no key with this access key: they may not belong together",
            ),
            Answer::Failed(failure) if *failure.reason() == Reason::Unauthenticated => Verdict::new(
                Outcome::Refused,
                "Scaleway does not accept the key: it is not known yet, or has expired, or was deleted",
            ),
            Answer::Forbidden(failure) | Answer::Failed(failure) => return Err(failure),
        })
    }

    /// One request.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        match Answer::to(account.delete(API, &api_key_path(id))?)? {
            // Scaleway answers 204. A page of a proxy is not that, even with a status of success.
            Answer::Ok(response) if response.body().is_empty() => Ok(()),
            Answer::Ok(response) => Err(response.unexpected("it should be empty")),
            Answer::NotFound(_) => Ok(()),
            Answer::Forbidden(failure) | Answer::Failed(failure) => Err(failure),
        }
    }
}

/// The endpoint of the descriptor.
const API: &str = "api";

const COLLECTION: [&str; 3] = ["iam", "v1alpha1", "api-keys"];

fn api_key_path(access_key: &str) -> [&str; 4] {
    let [iam, version, api_keys] = COLLECTION;
    [iam, version, api_keys, access_key]
}

fn api_key_request<'a>(account: &'a Account, access_key: &str) -> Result<Request<'a>> {
    account.get(API, &api_key_path(access_key))
}

fn list_request<'a>(account: &'a Account, filter: &Filter, page: u64, page_size: u32) -> Result<Request<'a>> {
    let mut request = account
        .get(API, &COLLECTION)?
        .query("organization_id", account.setting("organization_id")?)
        .query("order_by", "created_at_asc")
        .query("page", &page.to_string())
        .query("page_size", &page_size.to_string());
    for (attribute, bearer_type) in [("application_id", "application"), ("user_id", "user")] {
        if let Some(bearer) = filter.attributes.get(attribute).and_then(Value::as_str) {
            request = request.query("bearer_id", bearer).query("bearer_type", bearer_type);
        }
    }
    Ok(request)
}

fn immutable(attribute: &str, message: &str) -> Failure {
    FieldProblem::new(format!("/attributes/{attribute}"), Problem::Immutable, message).into()
}

fn expiry_not_taken(asked: &Timestamp) -> String {
    format!("Scaleway did not set the expiry that was asked for, {}", rfc3339(asked))
}
