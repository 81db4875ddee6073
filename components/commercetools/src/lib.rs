//! Keywright adapter: commercetools API clients.
//!
//! Facts of the vendor are from its API description and documentation, its SDKs and its Terraform provider's source;
//! `docs/vendors/commercetools.md` gives the source of each, and says where a behaviour is a choice.

mod answer;
mod api_client;
mod descriptor;
mod draft;
mod lifetime;
mod page;
mod scope;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, Failure, FieldProblem, Filter, Issued, Operation, Outcome,
    Page, Principal, Problem, Reason, Request, Result, Verdict, now,
};

use answer::{Answer, Missing};
use api_client::ApiClient;
use descriptor::{CLIENT_ID, CLIENT_SECRET};
use draft::Draft;
use page::{Cursor, PAGE_SIZE};

struct Commercetools;

#[keywright_sdk::adapter]
impl Adapter for Commercetools {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// One request, which reads the client itself. Its scopes say what it may do: every token has them all.
    fn check(account: &Account) -> Result<Principal> {
        let own = account.required_part(CLIENT_ID)?;
        let mut principal = Principal::default();
        match Answer::to(client_request(account, own)?)? {
            Answer::Ok(response) => {
                let client = ApiClient::read_known(&response, own)?;
                // Listing takes the same scope as reading one.
                principal.allowed.extend([Operation::Get, Operation::List]);
                let manage = ["manage_api_clients:", project_key(account)?].concat();
                let managed = [Operation::Create, Operation::Revoke];
                match client.scopes().contains(&manage) {
                    true => principal.allowed.extend(managed),
                    false => principal.refused.extend(managed),
                }
                principal.expires_at = client.expires_at();
                principal.details = client.attributes();
                principal.credential_id = Some(client.id);
            }
            Answer::Forbidden(_) => principal.refused.extend([Operation::Get, Operation::List]),
            // Its token is good, so there is or was such a client.
            Answer::Missing(missing) if missing.names(own) => {
                return Err(Failure::new(
                    Reason::NotFound,
                    format!(
                        "the client {own} is not of the project {}, or was deleted: correct the setting project_key, or \
                         use another client",
                        project_key(account)?
                    ),
                ));
            }
            Answer::Missing(_) => return Err(no_project(account)?),
            Answer::Failed(failure) => return Err(failure),
        }
        Ok(principal)
    }

    /// One request.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let draft = Draft::of(account, request, now())?;
        let response = match Answer::to(account.post(API, &collection(account)?)?.json(draft.body()))? {
            Answer::Ok(response) => response,
            // There is nothing but the project that could be missing.
            Answer::Missing(_) => return Err(no_project(account)?),
            Answer::Forbidden(failure) | Answer::Failed(failure) => return Err(failure),
        };
        let client = ApiClient::read(&response)?;
        let Some(secret) = client.secret() else {
            return Err(response.unexpected(&format!("it has no secret for {}, which was made", client.id)));
        };
        let mut issued = Issued::new(client.credential()).part(CLIENT_ID, &client.id).part(CLIENT_SECRET, secret);
        issued.warnings = draft.differences(&client);
        Ok(issued)
    }

    /// One request, and one more when a 404 does not say what is missing.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        match Answer::to(client_request(account, id)?)? {
            Answer::Ok(response) => ApiClient::read_known(&response, id).map(|client| Some(client.credential())),
            Answer::Missing(missing) => check_gone(account, id, &missing).map(|()| None),
            Answer::Forbidden(failure) | Answer::Failed(failure) => Err(failure),
        }
    }

    /// One request. A query by name is not used: that the vendor can query names is likely, and not documented.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        let cursor = Cursor::read(cursor)?;
        match Answer::to(page::request(account, &cursor, PAGE_SIZE)?)? {
            Answer::Ok(response) => page::read(&response, &cursor, filter),
            Answer::Missing(_) => Err(no_project(account)?),
            Answer::Forbidden(failure) | Answer::Failed(failure) => Err(failure),
        }
    }

    /// One request, with a token that the client got for itself: that it gets one is the proof, and the request shows
    /// that the API takes it.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        let answer = match Answer::to(client_request(account, id)?) {
            // Where this component asks for the token itself.
            Err(failure) if *failure.reason() == Reason::Unauthenticated => {
                return Ok(Verdict::new(Outcome::Refused, "commercetools gives the client no access token"));
            }
            answer => answer?,
        };
        Ok(match answer {
            Answer::Ok(response) => {
                ApiClient::read_known(&response, id)?;
                Verdict::new(Outcome::Active, "commercetools gave the client an access token and showed it to itself")
            }
            // The usual answer to a well-confined client.
            Answer::Forbidden(_) => Verdict::new(
                Outcome::Active,
                "commercetools gave the client an access token and takes it; the client may not read itself",
            ),
            Answer::Missing(_) => Verdict::new(
                Outcome::Inconclusive,
                "commercetools gave the client an access token, but knows no such client in the project of the settings",
            ),
            Answer::Failed(failure) if *failure.reason() == Reason::Unauthenticated => Verdict::new(
                Outcome::Refused,
                "commercetools gave the client an access token, but does not take it: the client is not known yet, or \
                 was deleted",
            ),
            Answer::Failed(failure) => return Err(failure),
        })
    }

    /// One request, and one more when a 404 does not say what is missing.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        match Answer::to(account.delete(API, &client(account, id)?)?)? {
            // The answer is the client that was deleted. A page of a proxy is no such answer, whatever its status.
            Answer::Ok(response) => ApiClient::read_known(&response, id).map(|_| ()),
            Answer::Missing(missing) => check_gone(account, id, &missing),
            Answer::Forbidden(failure) | Answer::Failed(failure) => Err(failure),
        }
    }
}

/// The endpoint of the descriptor.
const API: &str = "api";

fn project_key(account: &Account) -> Result<&str> {
    account.setting("project_key")
}

fn collection(account: &Account) -> Result<[&str; 2]> {
    Ok([project_key(account)?, "api-clients"])
}

fn client<'a>(account: &'a Account, id: &'a str) -> Result<[&'a str; 3]> {
    let [project_key, api_clients] = collection(account)?;
    Ok([project_key, api_clients, id])
}

fn client_request<'a>(account: &'a Account, id: &str) -> Result<Request<'a>> {
    account.get(API, &client(account, id)?)
}

/// Whether a 404 is the client's. One that does not name it may be the project's, so the project is asked for its list
/// then: a credential is never taken for gone because the account's settings are wrong.
fn check_gone(account: &Account, id: &str, missing: &Missing) -> Result<()> {
    if missing.names(id) {
        return Ok(());
    }
    let first = Cursor::read(None)?;
    match Answer::to(page::request(account, &first, 1)?)? {
        Answer::Ok(response) => page::read(&response, &first, &Filter::default()).map(|_| ()),
        Answer::Missing(_) => Err(no_project(account)?),
        Answer::Forbidden(failure) | Answer::Failed(failure) => Err(failure),
    }
}

fn no_project(account: &Account) -> Result<Failure> {
    let message = format!(
        "names no project that commercetools shows to this client in the region {}: correct it, or the region",
        account.setting("region")?
    );
    Ok(FieldProblem::new("/settings/project_key", Problem::Constraint, message).into())
}
