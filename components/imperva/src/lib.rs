//! Keywright adapter: Imperva Cloud (once Incapsula) API clients.
//!
//! There is no public description of this API. Facts are from what Imperva's own Terraform provider sends and insists on
//! reading, and from Imperva's documentation; `docs/vendors/imperva.md` gives the source of each, and says where a
//! behaviour is a choice.

mod answer;
mod api_client;
mod descriptor;
mod id;
mod page;
mod refusal;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, ExpiryChange, Failure, FieldProblem, Fields, Filter,
    Issued, Operation, Outcome, Page, Principal, Problem, Reason, RegenerateRequest, Request, Result, UpdateRequest,
    Updated, Verdict, Warning,
};
use serde_json::{Map, Value};

use answer::{Aim, Kind, Refused, Success};
use api_client::ApiClient;
use id::{ClientId, in_account};
use page::Cursor;

struct Imperva;

#[keywright_sdk::adapter]
impl Adapter for Imperva {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// One request: the API client reads itself. Reading one and listing are the same request to Imperva, and need the
    /// same right.
    fn check(account: &Account) -> Result<Principal> {
        let Ok(id @ ClientId { account: None, .. }) = ClientId::read(account.required_part("api_id")?) else {
            let message = "is not the number of an API client";
            return Err(FieldProblem::new("/authentication/api_id", Problem::Format, message).into());
        };
        let mut principal = Principal { credential_id: Some(id.to_string()), ..Principal::default() };
        let readings = [Operation::Get, Operation::List];
        match answer::to(read_request(account, id)?, Aim::Read) {
            Ok(mut success) => {
                let clients = page::clients(&mut success, None)?;
                principal.allowed.extend(readings);
                if let Some(own) = clients.iter().flatten().find(|client| client.id == id) {
                    principal.owner = own.user_email().map(str::to_owned);
                    principal.expires_at = own.expires_at();
                    principal.details = own.attributes();
                }
            }
            Err(Refused { kind: Kind::Forbidden, .. }) => principal.refused.extend(readings),
            Err(refused) => return Err(refused.into()),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let attributes = &request.attributes;
        let account_id = account_id(attributes, "/attributes/account_id")?;
        let user_email = Fields::of_map(attributes).text("user_email");
        let mut body = Map::new();
        let mut set = |field: &str, value: Value| drop(body.insert(field.to_owned(), value));
        set("name", attributes.get("name").cloned().unwrap_or_default());
        let description = attributes.get("description").unwrap_or(&Value::Null);
        let description = api_client::description(description, request.marker.as_deref())?;
        if !description.is_empty() {
            set("description", description.into());
        }
        // Always said: what Imperva makes of silence is not documented.
        set("enabled", attributes.get("enabled").cloned().unwrap_or(Value::Bool(false)));
        if let Some(expires_at) = request.expires_at {
            set("expirationDate", api_client::date(expires_at));
        }
        let mut post = in_account(account.post(API, &COLLECTION)?, account_id);
        if let Some(user_email) = user_email {
            post = post.query("userEmail", user_email);
        }
        let mut success = answer::to(post.json(&body), Aim::Create)?;
        let client = ApiClient::made(&mut success, account_id)?;
        let mut warnings = success.warnings;
        client.compare(&body, &mut warnings);
        let mut warn = |pointer: &str, message: &str| warnings.push(Warning::new(Some(pointer), message));
        match (user_email, client.user_email()) {
            (Some(asked), Some(owner)) if !asked.eq_ignore_ascii_case(owner) => {
                warn(
                    "/attributes/user_email",
                    &["Imperva made the API client for ", owner, ", not for ", asked].concat(),
                );
            }
            (_, None) => warn("/attributes/user_email", "Imperva's answer does not say whose the API client is"),
            _ => {}
        }
        if request.expires_at.is_none() && client.expires_at().is_unreadable() {
            warn("/expires_at", "Imperva's answer has no readable expiry");
        }
        client.minted(warnings).ok_or_else(|| {
            let how = ["it has no API key for ", &client.id.to_string(), ", which was made"].concat();
            success.response.unexpected(&how)
        })
    }

    /// One request.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let client = read(account, ClientId::read(id)?)?;
        Ok(client.map(|client| client.credential()))
    }

    /// One request.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let cursor = Cursor::read(cursor)?;
        let account_id = account_id(&filter.attributes, "/filter/attributes/account_id")?;
        let mut request = in_account(account.get(API, &COLLECTION)?, account_id);
        if let Some(user_email) = Fields::of_map(&filter.attributes).text("user_email") {
            request = request.query("userEmail", user_email);
        }
        if let Some(cursor) = &cursor {
            request = cursor.ask(request);
        }
        let success = answer::to(request, Aim::Read)?;
        page::read(success, account_id, cursor.as_ref(), filter)
    }

    /// One request, which changes all or nothing; one before it that reads, when the expiry is to change or nothing is.
    fn update(account: &Account, id: &str, request: &UpdateRequest) -> Result<Updated> {
        let id = ClientId::read(id)?;
        let mut body = Map::new();
        for (name, value) in &request.attributes {
            let value = match (name.as_str(), value) {
                ("name", Value::String(text)) if !text.is_empty() => value.clone(),
                ("name", _) => return Err(problem(name, Problem::Required, "cannot be removed: give another name")),
                ("description", value) => api_client::description(value, request.marker.as_deref())?.into(),
                ("enabled", Value::Bool(_)) => value.clone(),
                // What an API client is unless it is said to be enabled.
                ("enabled", Value::Null) => Value::Bool(false),
                ("enabled", _) => return Err(problem(name, Problem::Format, "must be true or false")),
                _ => {
                    let message = "cannot change on an API client that exists: make another";
                    return Err(problem(name, Problem::Immutable, message));
                }
            };
            body.insert(name.clone(), value);
        }
        if request.expiry != ExpiryChange::Keep || body.is_empty() {
            let Some(current) = read(account, id)? else {
                let message = ["Imperva knows no API client ", &id.to_string(), ": it may have been deleted"].concat();
                return Err(Failure::new(Reason::NotFound, message));
            };
            match request.expiry {
                // The same date again is not sent: it might make a new secret.
                ExpiryChange::Set(expires_at)
                    if current.expires_at().instant() != Some(api_client::whole_seconds(expires_at)) =>
                {
                    body.insert("expirationDate".to_owned(), api_client::date(expires_at));
                }
                ExpiryChange::Clear if !current.expires_at().is_none() => {
                    let message = "cannot be removed: no way to is known at Imperva. Set a later one, or make another \
                                   API client without one";
                    return Err(FieldProblem::new("/expires_at", Problem::Immutable, message).into());
                }
                _ => {}
            }
            if body.is_empty() {
                return Ok(Updated::new(current.credential()));
            }
        }
        let (client, success) = send_change(account, id, &body)?;
        let mut updated = Updated::new(client.credential());
        updated.warnings = success.warnings;
        if let Some(issued) = client.minted(Vec::new()) {
            updated.parts = issued.parts;
            updated = updated.warning("the change also made a new API key: the old one does not work any more");
        }
        Ok(updated)
    }

    /// One request.
    fn set_enabled(account: &Account, id: &str, enabled: bool) -> Result<Credential> {
        let (client, success) = send_change(account, ClientId::read(id)?, &single("enabled", enabled))?;
        let how = match (client.secret(), client.enabled()) {
            (Some(_), _) => "it brings a new API key, which this operation cannot hand over: regenerate the API client",
            (None, Some(now)) if now == enabled => return Ok(client.credential()),
            (None, Some(true)) => "the API client is still enabled in it",
            (None, Some(false)) => "the API client is still disabled in it",
            (None, None) => "it does not say whether the API client is enabled",
        };
        Err(success.response.unexpected(how))
    }

    /// One request. The API client keeps its id; the old API key stops at once.
    fn regenerate(account: &Account, id: &str, request: &RegenerateRequest) -> Result<Issued> {
        let mut body = single("regenerate", true);
        if let Some(expires_at) = request.expires_at {
            body.insert("expirationDate".to_owned(), api_client::date(expires_at));
        }
        let (client, success) = send_change(account, ClientId::read(id)?, &body)?;
        client.minted(success.warnings).ok_or_else(|| success.response.unexpected("it has no new API key"))
    }

    /// One request, with the API client's own key.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        let id = ClientId::read(id)?;
        let (outcome, explanation) = match answer::to(read_request(account, id)?, Aim::Read) {
            Ok(mut success) => {
                let clients = page::clients(&mut success, id.account)?;
                match clients.iter().flatten().find(|client| client.id == id).map(ApiClient::enabled) {
                    Some(Some(false)) => {
                        (Outcome::Inconclusive, "Imperva answered the API client, and yet shows it as disabled")
                    }
                    Some(_) => (Outcome::Active, "Imperva showed the API client to itself"),
                    None => (Outcome::Inconclusive, "Imperva answered, but does not show the API client to itself"),
                }
            }
            Err(refused) => match refused.kind {
                Kind::Forbidden => (Outcome::Active, "Imperva accepts the API key, which may not read API clients"),
                Kind::Disabled => (
                    Outcome::Refused,
                    "Imperva does not accept the API key, because the API client is disabled: enable it first",
                ),
                Kind::Unauthenticated => (
                    Outcome::Refused,
                    "Imperva does not accept the API key: it is not known yet, or is disabled, has expired, or was \
                     replaced",
                ),
                Kind::NotFound => (Outcome::Inconclusive, "Imperva answered, but knows no API client with this id"),
                Kind::Unclear404 | Kind::Other => return Err(refused.failure),
            },
        };
        Ok(Verdict::new(outcome, explanation))
    }

    /// One request; and one that looks, when the answer is a 404 of which it is not clear whose it is.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        let id = ClientId::read(id)?;
        let request = id.at(account.delete(API, &client_path(&id.number.to_string()))?);
        match answer::to(request, Aim::End) {
            // 204, or a zero in the form of Imperva's older APIs. A page of a proxy is no such answer.
            Ok(success) if success.response.body().is_empty() || success.body.get("res").is_some() => Ok(()),
            Ok(success) => Err(success.response.unexpected("it should be empty")),
            Err(Refused { kind: Kind::NotFound, .. }) => Ok(()),
            Err(Refused { kind: Kind::Unclear404, failure }) if read(account, id)?.is_some() => Err(failure),
            Err(Refused { kind: Kind::Unclear404, .. }) => Ok(()),
            Err(refused) => Err(refused.into()),
        }
    }
}

/// The endpoint of the descriptor.
const API: &str = "api";

const COLLECTION: [&str; 3] = ["authorization", "v3", "api-clients"];

fn client_path(number: &str) -> [&str; 4] {
    let [authorization, version, api_clients] = COLLECTION;
    [authorization, version, api_clients, number]
}

/// The collection, narrowed to one: there is no other way to read one.
fn read_request(account: &Account, id: ClientId) -> Result<Request<'_>> {
    Ok(id.at(account.get(API, &COLLECTION)?).query("id", &id.number.to_string()))
}

/// Sends a change, and reads the API client that it was made to.
fn send_change(account: &Account, id: ClientId, body: &Map<String, Value>) -> Result<(ApiClient, Success)> {
    let request = id.at(account.patch(API, &client_path(&id.number.to_string()))?).json(body);
    let mut success = answer::to(request, Aim::Change)?;
    let client = ApiClient::changed(&mut success, id)?;
    client.compare(body, &mut success.warnings);
    Ok((client, success))
}

fn single(field: &str, value: bool) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert(field.to_owned(), Value::Bool(value));
    body
}

/// The API client, or nothing when Imperva says that there is none: by an empty list, or in words.
fn read(account: &Account, id: ClientId) -> Result<Option<ApiClient>> {
    let mut success = match answer::to(read_request(account, id)?, Aim::Read) {
        Err(Refused { kind: Kind::NotFound, .. }) => return Ok(None),
        answer => answer?,
    };
    let clients = page::clients(&mut success, id.account)?;
    if clients.is_empty() {
        return Ok(None);
    }
    match clients.into_iter().flatten().find(|client| client.id == id) {
        // Others instead: Imperva ignored what it was asked, and this one may be on another page.
        None => Err(success.response.unexpected("it shows other API clients than the one that was asked for")),
        found => Ok(found),
    }
}

/// The account that attributes name.
fn account_id(attributes: &Map<String, Value>, pointer: &str) -> Result<Option<u64>> {
    match attributes.get("account_id") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => id::number(value)
            .map(Some)
            .ok_or_else(|| FieldProblem::new(pointer, Problem::Format, "must be the number of an account").into()),
    }
}

fn problem(attribute: &str, problem: Problem, message: &str) -> Failure {
    FieldProblem::new(["/attributes/", attribute].concat(), problem, message).into()
}
