//! Who calls, and what that caller may do.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use uuid::Uuid;

use super::{errors::Refusal, organization::Organization};

const API_KEY: &str = "dd-api-key";
const APPLICATION_KEY: &str = "dd-application-key";

/// What an application key lets its caller do with API keys (Datadog's API reference and its roles).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// `api_keys_read`: list and get.
    Read,
    /// `api_keys_write`: create and update.
    Write,
    /// `api_keys_delete`: delete.
    Delete,
}

impl Permission {
    pub(super) const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Delete];
}

/// The owner of the application key that a request came with, and its permissions.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) user: Uuid,
    pub(super) permissions: Vec<Permission>,
}

impl Caller {
    /// Permissions are checked before anything in the request is: unknown, a choice.
    pub(super) fn may(&self, permission: Permission) -> Result<(), Refusal> {
        if self.permissions.contains(&permission) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// The value of the header with the API key.
pub(super) fn api_key(headers: &HeaderMap) -> Option<&str> {
    text(headers, API_KEY)
}

/// Whose keys a request came with, if both are good. Why one is not is not told apart: the answer is the same 403 for a
/// wrong API key, a wrong application key and a missing permission.
pub(super) fn caller(organization: &Organization, headers: &HeaderMap) -> Option<Caller> {
    organization.authenticate(api_key(headers)?)?;
    organization.caller(text(headers, APPLICATION_KEY)?)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
}

/// Lets a request through when its `DD-API-KEY` and its `DD-APPLICATION-KEY` are good.
pub(super) async fn authenticate(
    State(organization): State<Arc<Organization>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let caller = caller(&organization, request.headers()).ok_or(Refusal::Forbidden)?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}
