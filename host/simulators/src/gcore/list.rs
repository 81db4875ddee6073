//! The list of API tokens: a bare array without pages.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::Uri;
use serde_json::Value;

use super::{
    account::GcoreAccount,
    authentication::Caller,
    errors::Refusal,
    quirks::DeletedFilter,
    roles::Role,
    token::{State as TokenState, Token},
    tokens::check_account,
};
use crate::parameters::Parameters;

/// The filters of the API description, and the two that the platform's page on pages has for every list, which this one
/// pays no attention to. Others are refused: unknown, a choice, so that a misspelt filter does not pass for one that
/// matches everything.
const PARAMETERS: [&str; 6] = ["role", "issued_by", "not_issued_by", "deleted", "limit", "offset"];

/// `GET …/tokens`.
pub(super) async fn list(
    State(account): State<Arc<GcoreAccount>>,
    Extension(caller): Extension<Caller>,
    Path(client_id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    check_account(&account, &client_id)?;
    caller.may_manage_tokens()?;
    let wanted = Wanted::read(&uri)?;
    let now = account.clock.now();
    let records = account.records();
    let tokens = records.tokens.iter().filter(|token| {
        account.shows(token) && caller.sees(token) && wanted.matches(token, account.state(token), &account)
    });
    let shown: Vec<Value> = tokens.map(|token| token.shown(account.id, now, &account.quirks)).collect();
    Ok(Json(shown).into_response())
}

struct Wanted {
    role: Option<Role>,
    issued_by: Option<u64>,
    not_issued_by: Option<u64>,
    deleted: Option<bool>,
}

impl Wanted {
    fn read(uri: &Uri) -> Result<Self, Refusal> {
        let mut parameters = Parameters::read(uri, &PARAMETERS);
        let user = |text: &str| text.parse::<u64>().ok();
        let wanted = Self {
            // Described as the group's id, with the group's name in the example.
            role: parameters
                .parsed("role", |text| Role::of_name(text).or_else(|| text.parse().ok().and_then(Role::of_id))),
            issued_by: parameters.parsed("issued_by", user),
            not_issued_by: parameters.parsed("not_issued_by", user),
            deleted: parameters.parsed("deleted", |text| text.to_ascii_lowercase().parse().ok()),
        };
        match parameters.finish() {
            Ok(()) => Ok(wanted),
            Err(problems) => {
                let texts = problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.help));
                Err(Refusal::Fields(texts.map(|text| ("non_field_errors", text)).collect()))
            }
        }
    }

    fn matches(&self, token: &Token, state: TokenState, account: &GcoreAccount) -> bool {
        let is_deleted = state == TokenState::Deleted;
        let deleted = |wanted| match account.quirks.deleted_filter {
            DeletedFilter::AsDescribed => is_deleted != wanted,
            DeletedFilter::AsNamed => is_deleted == wanted,
        };
        self.role.is_none_or(|role| token.role == role)
            && self.issued_by.is_none_or(|user| token.issuer.id == user)
            && self.not_issued_by.is_none_or(|user| token.issuer.id != user)
            && self.deleted.is_none_or(deleted)
    }
}
