//! The list of access keys: filters, order, pages.

use std::{cmp::Ordering, sync::Arc};

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    account::SpacesAccount,
    authentication::Caller,
    errors::Refusal,
    grants::Permission,
    key::{Key, Shown},
    quirks::NameFilter,
    router::KEYS,
};
use crate::{
    fields::{Problem, ProblemKind},
    parameters::Parameters,
};

/// The parameters of the API description. Others are refused: unknown, a choice, so that a misspelt filter does not pass for
/// one that matches everything.
const PARAMETERS: [&str; 7] = ["per_page", "page", "sort", "sort_direction", "name", "bucket", "permission"];

/// The origin of the links, which are absolute, as in the API description: the real API's, not the fake's. To follow them a
/// client needs that origin relocated; godo counts pages instead.
const ORIGIN: &str = "https://api.digitalocean.com";

/// All but the unreserved characters of RFC 3986 section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `GET /v2/spaces/keys`.
pub(super) async fn list(
    State(account): State<Arc<SpacesAccount>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Response, Refusal> {
    caller.may(|scopes| scopes.read)?;
    let wanted = Wanted::read(&uri)?;
    let now = account.clock.now();
    let records = account.records();
    let mut keys: Vec<&Key> = records
        .existing()
        .filter(|key| key.listed_from <= now && wanted.matches(key, account.quirks.name_filter))
        .collect();
    // A stable sort: keys that are equal stay in the order of their creation, or in its reverse.
    keys.sort_by(|a, b| wanted.sort.compare(a, b));
    if wanted.descending {
        keys.reverse();
    }
    let start = keys.len().min((wanted.page - 1).saturating_mul(wanted.per_page));
    let end = keys.len().min(start + wanted.per_page);
    let shown: Vec<Shown<'_>> = keys[start..end].iter().map(|key| key.shown()).collect();
    let answer = json!({"keys": shown, "links": wanted.links(keys.len()), "meta": {"total": keys.len()}});
    Ok(Json(answer).into_response())
}

struct Wanted {
    per_page: usize,
    page: usize,
    sort: Sort,
    descending: bool,
    name: Option<String>,
    bucket: Option<String>,
    /// An empty one does not filter. It is described as a value of its own; what it would select is unknown, a choice.
    permission: Option<Permission>,
    /// The parameters that the links repeat.
    rest: String,
}

impl Wanted {
    fn read(uri: &Uri) -> Result<Self, Vec<Problem>> {
        let mut parameters = Parameters::read(uri, &PARAMETERS);
        let mut rest = String::new();
        for name in &PARAMETERS[2..] {
            for value in parameters.texts(name) {
                rest.push_str(&format!("&{name}={}", utf8_percent_encode(&value, ENCODED)));
            }
        }
        let per_page = parameters.number("per_page", 1..=200).unwrap_or(20);
        let page = parameters.number("page", 1..=usize::MAX).unwrap_or(1);
        let sort = parameters.parsed("sort", Sort::parse);
        let descending = parameters.parsed("sort_direction", |text| match text {
            "asc" => Some(false),
            "desc" => Some(true),
            _ => None,
        });
        let name = parameters.parsed("name", |text| Some(text.to_owned()));
        let bucket = parameters.parsed("bucket", |text| Some(text.to_owned()));
        let permission = parameters.parsed("permission", Permission::parse);
        parameters.finish()?;
        // "Sort parameter must be used with Sort Direction": how it is refused is unknown, a choice.
        if sort.is_some() && descending.is_none() {
            let help = "must be given when sort is";
            return Err(vec![Problem::new("sort_direction", ProblemKind::Required, help)]);
        }
        let sort = sort.unwrap_or(Sort::CreatedAt);
        Ok(Self { per_page, page, sort, descending: descending.unwrap_or(true), name, bucket, permission, rest })
    }

    fn matches(&self, key: &Key, filter: NameFilter) -> bool {
        let grants = key.access.grants();
        let named = |wanted: &String| match filter {
            NameFilter::Exact => key.name == *wanted,
            NameFilter::Substring => key.name.contains(wanted),
        };
        self.name.as_ref().is_none_or(named)
            && self.bucket.as_ref().is_none_or(|wanted| grants.iter().any(|grant| grant.bucket == *wanted))
            && self.permission.is_none_or(|wanted| grants.iter().any(|grant| grant.permission == wanted))
    }

    /// The other pages: `first` and `prev` where there are earlier ones, `next` and `last` where there are later ones, and
    /// nothing at all when there is one page (API description).
    fn links(&self, total: usize) -> Value {
        let last = total.div_ceil(self.per_page).max(1);
        let link = |page: usize| json!(format!("{ORIGIN}{KEYS}?page={page}&per_page={}{}", self.per_page, self.rest));
        let mut pages = serde_json::Map::new();
        if self.page > 1 {
            pages.insert("first".to_owned(), link(1));
            pages.insert("prev".to_owned(), link((self.page - 1).min(last)));
        }
        if self.page < last {
            pages.insert("next".to_owned(), link(self.page + 1));
            pages.insert("last".to_owned(), link(last));
        }
        if pages.is_empty() { json!({}) } else { json!({"pages": pages}) }
    }
}

/// By what a list can be sorted. The description names `created_at` only; the others are a choice.
#[derive(Clone, Copy)]
enum Sort {
    CreatedAt,
    Name,
    AccessKey,
}

impl Sort {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "created_at" => Some(Self::CreatedAt),
            "name" => Some(Self::Name),
            "access_key" => Some(Self::AccessKey),
            _ => None,
        }
    }

    fn compare(self, a: &Key, b: &Key) -> Ordering {
        match self {
            Self::CreatedAt => a.created_at.cmp(&b.created_at),
            Self::Name => a.name.cmp(&b.name),
            Self::AccessKey => a.access_key.cmp(&b.access_key),
        }
    }
}
