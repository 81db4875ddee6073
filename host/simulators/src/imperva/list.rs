//! The list of API clients, which is also how one is read.

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::Uri;
use serde_json::{Value, json};

use super::{
    api_clients::{LONGEST_TEXT, NUMBERS, missing_or},
    cloud::{Caller, Cloud},
    quirks::{Absent, Paging},
    refusal::Refusal,
};
use crate::parameters::Parameters;

/// `GET /authorization/v3/api-clients`: 200, an envelope of `meta` and `data`.
pub(super) async fn list(State(cloud): State<Arc<Cloud>>, Extension(caller): Extension<Caller>, uri: Uri) -> Response {
    read(&cloud, &caller, &uri).unwrap_or_else(|refusal| missing_or(&cloud, refusal))
}

fn read(cloud: &Cloud, caller: &Caller, uri: &Uri) -> Result<Response, Refusal> {
    let quirks = &cloud.quirks;
    let known: &[&str] = match quirks.paging {
        Paging::Refuse => &["caid", "id", "userEmail"],
        _ => &["caid", "id", "userEmail", "pageNumber", "pageSize"],
    };
    let mut parameters = Parameters::read(uri, known);
    let account = parameters.number("caid", NUMBERS).map(|account| account as u64);
    let id = parameters.number("id", NUMBERS).map(|id| id as u64);
    let email = parameters.text("userEmail", LONGEST_TEXT).filter(|_| quirks.user_filter);
    let page = parameters.number("pageNumber", quirks.first_page..=10_000).unwrap_or(quirks.first_page);
    let size = parameters.number("pageSize", 1..=100).unwrap_or(quirks.page_size);
    parameters.finish()?;
    let account = cloud.scope(caller, account)?;
    caller.may_manage(&caller.user)?;

    let now = cloud.clock.now();
    let records = cloud.records();
    let of_account = records.clients.iter().filter(|client| client.account == account);
    let visible: Vec<_> = of_account
        .clone()
        .filter(|client| caller.sees(client) && (quirks.expired_shown || !client.has_expired(now)))
        .filter(|client| email.as_ref().is_none_or(|email| client.is_of(email)))
        .filter(|client| !quirks.id_filter || id.is_none_or(|id| client.id == id))
        .collect();
    if visible.is_empty() && id.is_some() && quirks.absent != Absent::Empty {
        return Err(Refusal::NotFound);
    }
    let (page, size) = match quirks.paging {
        Paging::Ignore => (quirks.first_page, quirks.page_size),
        _ => (page, size),
    };
    let start = visible.len().min((page - quirks.first_page) * size);
    let shown = &visible[start..visible.len().min(start + size)];
    let total = if quirks.total_of_account { of_account.count() } else { visible.len() };
    let data: Vec<Value> = shown.iter().map(|client| client.listed(quirks)).collect();
    let meta = json!({"total": total, "pageNumber": page, "pageSize": size, "maxApiKeyLimit": quirks.quota});
    Ok(Json(json!({"meta": meta, "data": data})).into_response())
}
