//! Who calls, and what that caller may do.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::header;

use super::{
    account::{GcoreAccount, User},
    errors::Refusal,
    roles::{ADMINISTRATORS, Role},
    token::Token,
};

/// The issuer of the token that a request came with, and the token's role.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) user: &'static User,
    pub(super) role: Role,
}

/// Why a token is not good, each with a text of its own (the documentation's page on authentication).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Denial {
    /// There is none.
    Missing,
    /// There is only what comes before the separator: a shell has taken `$…` for a variable.
    Incomplete(String),
    /// It never existed, or has expired, or was deleted.
    Invalid,
    /// It came with another scheme.
    OfAnotherKind,
}

impl Caller {
    /// Administrators see all tokens, others those that they issued (API description).
    pub(super) fn sees(&self, token: &Token) -> bool {
        self.role == ADMINISTRATORS || token.issuer == self.user
    }

    /// What roles for purging and prefetching may do in IAM is unknown; nothing, as a choice.
    pub(super) fn may_manage_tokens(&self) -> Result<(), Refusal> {
        if self.role.is_purge_only() { Err(Refusal::Forbidden) } else { Ok(()) }
    }
}

/// Lets a request through when it has `Authorization: APIKey TOKEN` with a live token. The scheme is written `APIKey` and
/// `apikey` in the API description, so its case does not matter (RFC 9110 section 11.1).
pub(super) async fn authenticate(
    State(account): State<Arc<GcoreAccount>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = given.and_then(|given| given.split_once(' ')).ok_or(Refusal::Denied(Denial::Missing))?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Err(Refusal::Denied(Denial::OfAnotherKind));
    }
    if !scheme.eq_ignore_ascii_case("apikey") {
        return Err(Refusal::Denied(Denial::Missing));
    }
    let caller = account.authenticate(token.trim()).map_err(Refusal::Denied)?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}
