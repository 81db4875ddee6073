//! Keywright adapter: Gcore IAM API tokens.
//!
//! Facts of the vendor are from its IAM API descriptions (v1 and v2), its SDKs and its documentation;
//! `docs/vendors/gcore.md` gives the source of each, and says where a behaviour is a choice.

mod answer;
mod creation;
mod descriptor;
mod error;
mod role;
mod token;
mod tokens;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, Failure, FieldProblem, Filter, Issued, Method, Operation,
    Outcome, Page, Principal, Problem, Reason, Request, Response, Result, Verdict, cursor, found,
};
use serde_json::{Map, Value};

use answer::Answer;
use creation::Wanted;
use token::Token;
use tokens::{credential_id, positive};

struct Gcore;

#[keywright_sdk::adapter]
impl Adapter for Gcore {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// One request for the account that the token belongs to, and one that lists.
    fn check(account: &Account) -> Result<Principal> {
        let client_id = tokens::client_id(account)?;
        let mut principal = Principal::default();
        match Answer::to(me(account)?)? {
            Answer::Ok(response) => {
                let me = Me::read(&response)?;
                if me.id != client_id {
                    return Err(FieldProblem::new(
                        "/settings/client_id",
                        Problem::Constraint,
                        format!("is not the account of the token, which is {}: correct it", me.id),
                    )
                    .into());
                }
                principal.owner = me.fields.get("currentUser").and_then(positive).map(|user| user.to_string());
                principal.details = me.details();
            }
            // A role may be too low for it.
            Answer::NotPermitted(_) => {}
        }
        match Answer::to(tokens::all(account, Method::Get)?)? {
            Answer::Ok(response) => {
                read_list(&response, &mut Page::default())?;
                principal.allowed.push(Operation::List);
            }
            Answer::NotPermitted(_) => principal.refused.push(Operation::List),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let client_id = tokens::client_id(account)?;
        let wanted = Wanted::read(request)?;
        let post = tokens::all(account, Method::Post)?.json(&wanted.body());
        let response = answer::send_creation(post, wanted.role_attribute())?;
        let (answer, token) = creation::read(&response)?;
        Ok(wanted.issued(client_id, answer, &token))
    }

    /// One request.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let client_id = tokens::client_id(account)?;
        let token_id = tokens::token_id(account, id)?;
        let Some(response) = found(answer::send(tokens::one(account, Method::Get, token_id)?))? else {
            return Ok(None);
        };
        let token = Token::read_known(&response, client_id, token_id)?;
        Ok((!token.is_gone()).then(|| token.credential(id.to_owned())))
    }

    /// One request. Gcore has no pages, and what its own filters take is documented in two ways, so they are not used.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        if cursor.is_some() {
            return Err(cursor::invalid());
        }
        let client_id = tokens::client_id(account)?;
        let response = answer::send(tokens::all(account, Method::Get)?)?;
        let mut page = Page::default();
        for (id, token) in read_list(&response, &mut page)? {
            // As `get` has it.
            if let Some(other) = token.other_account(client_id)
                && !token.is_gone()
            {
                let id = credential_id(client_id, id);
                page.report(Some(&id), format!("its user is of account {other}, not of {client_id}"));
                continue;
            }
            let credential = token.credential(credential_id(client_id, id));
            let of = |name: &str| credential.attributes.get(name);
            let wanted = filter.wants(credential.marker.as_deref())
                && filter.attributes.iter().all(|(name, value)| of(name) == Some(value));
            if wanted && !token.is_gone() {
                page.credentials.push(credential);
            }
        }
        Ok(page)
    }

    /// One request, with the token itself.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        let client_id = tokens::client_id(account)?;
        tokens::token_id(account, id)?;
        Ok(match Answer::to(me(account)?) {
            Ok(Answer::Ok(response)) => match Me::read(&response)?.id {
                id if id == client_id => Verdict::new(Outcome::Active, "Gcore showed the token its account"),
                id => Verdict::new(
                    Outcome::Inconclusive,
                    format!("Gcore accepts the token, but as one of account {id}: it is not this credential's"),
                ),
            },
            Ok(Answer::NotPermitted(_)) => {
                Verdict::new(Outcome::Active, "Gcore accepts the token, whose role may not read its account")
            }
            Err(failure) => match failure.reason() {
                Reason::Unauthenticated => Verdict::new(
                    Outcome::Refused,
                    "Gcore does not accept the token: it has expired, was deleted, or is incomplete",
                ),
                Reason::Forbidden if says_why(&failure) => Verdict::new(
                    Outcome::Inconclusive,
                    format!("Gcore refuses the request, but not for the token: {}", failure.message()),
                ),
                _ => return Err(failure),
            },
        })
    }

    /// One request.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        let token_id = tokens::token_id(account, id)?;
        match found(answer::send(tokens::one(account, Method::Delete, token_id)?))? {
            // 204, or 200 with nothing in it: the v1 API description has both. A page of a proxy is no such answer.
            Some(response) if !matches!(response.status(), 200 | 204) || !response.body().is_empty() => {
                Err(response.unexpected("it should be empty"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// The endpoint of the descriptor.
const API: &str = "api";

/// Who the token is.
fn me(account: &Account) -> Result<Request<'_>> {
    account.request_at(Method::Get, API, descriptor::ME, &[])
}

/// The account that Gcore shows a token.
struct Me {
    id: u64,
    fields: Map<String, Value>,
}

impl Me {
    fn read(response: &Response) -> Result<Self> {
        let fields = match response.json()? {
            Value::Object(fields) => fields,
            _ => return Err(response.unexpected("it is not an account")),
        };
        match fields.get("id").and_then(positive) {
            Some(id) => Ok(Self { id, fields }),
            None => Err(response.unexpected("it is an account without an id")),
        }
    }

    fn details(&self) -> Map<String, Value> {
        let mut details = Map::new();
        details.insert("client_id".to_owned(), self.id.into());
        for name in ["email", "status"] {
            if let Some(Value::String(text)) = self.fields.get(name) {
                details.insert(name.to_owned(), text.as_str().into());
            }
        }
        details
    }
}

/// The tokens of a list with their ids, those that are gone included. What cannot be read is reported.
fn read_list(response: &Response, page: &mut Page) -> Result<Vec<(u64, Token)>> {
    let Value::Array(items) = response.json()? else {
        return Err(response.unexpected("it is not a list of API tokens"));
    };
    let mut tokens = Vec::with_capacity(items.len());
    for item in items {
        let Value::Object(fields) = item else {
            page.report(None, "it is not an object");
            continue;
        };
        let token = Token::new(fields);
        match token.id() {
            Some(id) => tokens.push((id, token)),
            None => page.report(None, "it has no id"),
        }
    }
    Ok(tokens)
}

/// Whether the failure quotes Gcore: a page of a gateway says nothing.
fn says_why(failure: &Failure) -> bool {
    failure.message().starts_with("Gcore answers")
}
