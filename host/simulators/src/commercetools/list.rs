//! The list of API clients: predicates, order, pages.

use std::{cmp::Ordering, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, Uri};
use serde::Serialize;

use super::{
    api_client::{ApiClient, Shown},
    api_clients::VIEW,
    errors::Refusal,
    predicate::Predicate,
    project::Project,
};
use crate::parameters::Parameters;

const PARAMETERS: [&str; 7] = ["expand", "sort", "limit", "offset", "withTotal", "where", "var.*"];

#[derive(Serialize)]
struct Answer<'a> {
    limit: usize,
    offset: usize,
    count: usize,
    /// Counts what the predicates let through, on all pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    results: Vec<Shown<'a>>,
}

/// `GET /{projectKey}/api-clients`.
pub(super) async fn list(
    State(project): State<Arc<Project>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Refusal> {
    project.authorize(&headers, &key, VIEW)?;
    let wanted = Wanted::read(&uri)?;
    let records = project.records();
    let mut clients: Vec<_> = records.clients.iter().filter(|client| wanted.matches(client)).collect();
    // A stable sort: what is equal, or all when no order is asked for, stays in the order of creation.
    clients.sort_by(|a, b| wanted.compare(a, b));
    let start = clients.len().min(wanted.offset);
    let end = clients.len().min(start + wanted.limit);
    let results: Vec<_> = clients[start..end].iter().map(|client| client.shown()).collect();
    let answer = Answer {
        limit: wanted.limit,
        offset: wanted.offset,
        count: results.len(),
        total: wanted.with_total.then_some(clients.len()),
        results,
    };
    Ok(Json(answer).into_response())
}

/// `HEAD /{projectKey}/api-clients`: whether there is any.
pub(super) async fn exists(
    State(project): State<Arc<Project>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<StatusCode, Refusal> {
    project.authorize(&headers, &key, VIEW)?;
    let wanted = Wanted::read(&uri)?;
    let found = project.records().clients.iter().any(|client| wanted.matches(client));
    Ok(if found { StatusCode::OK } else { StatusCode::NOT_FOUND })
}

struct Wanted {
    predicates: Vec<Predicate>,
    sort: Vec<Sort>,
    limit: usize,
    offset: usize,
    with_total: bool,
}

impl Wanted {
    fn read(uri: &Uri) -> Result<Self, Refusal> {
        let mut parameters = Parameters::read(uri, &PARAMETERS);
        let malformed = |name: &str, help: &str| Refusal::InvalidInput(format!("Malformed parameter: {name}: {help}"));
        let limit = parameters.number("limit", 0..=500).unwrap_or(20);
        let offset = parameters.number("offset", 0..=10_000).unwrap_or(0);
        let with_total = parameters.flag("withTotal").unwrap_or(true);
        let variables = parameters.prefixed("var.");
        let texts = parameters.texts("where");
        let predicates = texts.iter().map(|text| Predicate::parse(text, &variables)).collect::<Option<_>>();
        let sort = parameters.texts("sort").iter().map(|text| Sort::parse(text)).collect::<Option<_>>();
        if let Err(problems) = parameters.finish() {
            let first = problems.first();
            return Err(malformed(
                first.map_or("query", |problem| &problem.field),
                first.map_or("", |problem| &problem.help),
            ));
        }
        Ok(Self {
            predicates: predicates.ok_or_else(|| malformed("where", "Syntax error while parsing 'where'."))?,
            sort: sort.ok_or_else(|| malformed("sort", "Syntax error while parsing 'sort'."))?,
            limit,
            offset,
            with_total,
        })
    }

    fn matches(&self, client: &ApiClient) -> bool {
        self.predicates.iter().all(|predicate| predicate.matches(client))
    }

    fn compare(&self, a: &ApiClient, b: &ApiClient) -> Ordering {
        self.sort.iter().map(|sort| sort.compare(a, b)).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

struct Sort {
    by: By,
    descending: bool,
}

#[derive(Clone, Copy)]
enum By {
    Id,
    Name,
    CreatedAt,
}

impl Sort {
    /// `FIELD`, `FIELD asc` or `FIELD desc`. Which fields the real API sorts by is unknown but for the `createdAt` of its
    /// description; the others are a choice.
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let by = match words.next()? {
            "id" => By::Id,
            "name" => By::Name,
            "createdAt" => By::CreatedAt,
            _ => return None,
        };
        let descending = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return None,
        };
        words.next().is_none().then_some(Self { by, descending })
    }

    fn compare(&self, a: &ApiClient, b: &ApiClient) -> Ordering {
        let ascending = match self.by {
            By::Id => a.id.cmp(&b.id),
            By::Name => a.name.cmp(&b.name),
            By::CreatedAt => a.created_at.cmp(&b.created_at),
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}
