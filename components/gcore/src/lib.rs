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
    Account, Adapter, Creation, Credential, Descriptor, Failure, FieldProblem, Filter, Issued, Method, Operation,
    Outcome, Page, Principal, Problem, Reason, Request, Response, Result, Verdict,
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
            Answer::NoToken(failure) | Answer::Failed(failure) => return Err(failure),
        }
        match Answer::to(tokens::request(account, Method::Get, None)?)? {
            Answer::Ok(response) => {
                read_list(&response)?;
                principal.allowed.push(Operation::List);
            }
            Answer::NotPermitted(_) => principal.refused.push(Operation::List),
            Answer::NoToken(failure) | Answer::Failed(failure) => return Err(failure),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &Creation) -> Result<Issued> {
        let client_id = tokens::client_id(account)?;
        let wanted = Wanted::read(request)?;
        let post = tokens::request(account, Method::Post, None)?.json(&wanted.body());
        let response = Answer::to_creation(post, wanted.role_attribute())?.ok()?;
        let (answer, token) = creation::read(&response)?;
        Ok(wanted.issued(client_id, answer, &token))
    }

    /// One request.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let client_id = tokens::client_id(account)?;
        let token_id = tokens::token_id(account, id)?;
        match Answer::to(tokens::request(account, Method::Get, Some(token_id))?)? {
            Answer::Ok(response) => {
                let token = Token::read_known(&response, client_id, token_id)?;
                Ok((!token.is_gone()).then(|| token.credential(id.to_owned())))
            }
            Answer::NoToken(_) => Ok(None),
            Answer::NotPermitted(failure) | Answer::Failed(failure) => Err(failure),
        }
    }

    /// One request. Gcore has no pages, and what its own filters take is documented in two ways, so they are not used.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        if cursor.is_some() {
            return Err(
                FieldProblem::new("/cursor", Problem::Format, "is not a cursor of this list, which has none").into()
            );
        }
        let client_id = tokens::client_id(account)?;
        let response = Answer::to(tokens::request(account, Method::Get, None)?)?.ok()?;
        let wanted = |credential: &Credential| {
            let of = |name: &str| credential.attributes.get(name);
            (filter.marker.is_none() || credential.marker == filter.marker)
                && filter.attributes.iter().all(|(name, value)| of(name) == Some(value))
        };
        let live = read_list(&response)?.into_iter().filter(|(_, token)| !token.is_gone());
        let credentials =
            live.map(|(id, token)| token.credential(credential_id(client_id, id))).filter(wanted).collect();
        Ok(Page { credentials, ..Page::default() })
    }

    /// One request, with the token itself.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        let client_id = tokens::client_id(account)?;
        tokens::token_id(account, id)?;
        Ok(match Answer::to(me(account)?)? {
            Answer::Ok(response) => match Me::read(&response)?.id {
                id if id == client_id => Verdict::new(Outcome::Live, "Gcore showed the token its account"),
                id => Verdict::new(
                    Outcome::Inconclusive,
                    format!("Gcore accepts the token, but as one of account {id}: it is not this credential's"),
                ),
            },
            Answer::NotPermitted(_) => {
                Verdict::new(Outcome::Live, "Gcore accepts the token, whose role may not read its account")
            }
            Answer::Failed(failure) if *failure.reason() == Reason::Unauthenticated => Verdict::new(
                Outcome::Refused,
                "Gcore does not accept the token: it has expired, or was deleted, or is not whole",
            ),
            Answer::Failed(failure) if *failure.reason() == Reason::Forbidden && says_why(&failure) => Verdict::new(
                Outcome::Inconclusive,
                format!("Gcore refuses the request, but not for the token: {}", failure.message()),
            ),
            Answer::NoToken(failure) | Answer::Failed(failure) => return Err(failure),
        })
    }

    /// One request.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        let token_id = tokens::token_id(account, id)?;
        match Answer::to(tokens::request(account, Method::Delete, Some(token_id))?)? {
            // 204, or 200 with nothing in it: the v1 API description has both. A page of a proxy is no such answer.
            Answer::Ok(response) if matches!(response.status(), 200 | 204) && response.body().is_empty() => Ok(()),
            Answer::Ok(response) => Err(response.unexpected("it should be empty")),
            Answer::NoToken(_) => Ok(()),
            Answer::NotPermitted(failure) | Answer::Failed(failure) => Err(failure),
        }
    }
}

/// The endpoint of the descriptor.
const API: &str = "api";

/// Who the token is; the path is the same in both versions.
fn me(account: &Account) -> Result<Request<'_>> {
    account.get(API, &["iam", "clients", "me"])
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
            _ => return Err(response.unexpected("it is no account")),
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

/// Tokens of a list with their ids, those that are gone included.
fn read_list(response: &Response) -> Result<Vec<(u64, Token)>> {
    let Value::Array(items) = response.json()? else { return Err(response.unexpected("it is no list of API tokens")) };
    let mut tokens = Vec::with_capacity(items.len());
    for item in items {
        let Value::Object(fields) = item else { return Err(response.unexpected("an API token in it is no object")) };
        let token = Token::new(fields);
        let Some(id) = token.id() else { return Err(response.unexpected("an API token in it has no id")) };
        tokens.push((id, token));
    }
    Ok(tokens)
}

/// Whether the failure quotes Gcore: a page of a gateway tells nothing.
fn says_why(failure: &Failure) -> bool {
    failure.message().starts_with("Gcore answers")
}
