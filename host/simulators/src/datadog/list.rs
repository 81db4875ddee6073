//! The list of API keys: filters, order, pages.

use std::{cmp::Ordering, sync::Arc};

use axum::{Extension, Json, extract::State};
use chrono::{DateTime, Utc};
use http::Uri;
use serde_json::{Value, json};

use super::{
    api_key::ApiKey,
    authentication::{Caller, Permission},
    errors::Refusal,
    included::Include,
    organization::Organization,
    quirks::FilterMatch,
    timestamp,
};
use crate::parameters::Parameters;

/// The parameters of the Python client. Others are refused: unknown, a choice, so that a misspelt filter does not pass for
/// one that matches everything.
const PARAMETERS: [&str; 11] = [
    "page[size]",
    "page[number]",
    "sort",
    "filter",
    CREATED_FROM,
    CREATED_TO,
    MODIFIED_FROM,
    MODIFIED_TO,
    "filter[remote_config_read_enabled]",
    "filter[category]",
    "include",
];

const CREATED_FROM: &str = "filter[created_at][start]";
const CREATED_TO: &str = "filter[created_at][end]";
const MODIFIED_FROM: &str = "filter[modified_at][start]";
const MODIFIED_TO: &str = "filter[modified_at][end]";

/// The most keys on a page (Python client).
const LARGEST_PAGE: usize = 100;

/// The keys on a page when no number is given; unknown for this endpoint, taken from its relatives.
const USUAL_PAGE: usize = 10;

/// `GET /api/v2/api_keys`: keys without their values; a revoked key is not there.
pub(super) async fn list(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<Value>, Refusal> {
    caller.may(Permission::Read)?;
    let wanted = Wanted::read(&uri)?;
    let (now, quirks) = (organization.clock.now(), &organization.quirks);
    let records = organization.records();
    let mut keys: Vec<_> =
        records.api_keys.iter().filter(|key| key.live() && wanted.matches(key, quirks.filter_match)).collect();
    // A stable sort: keys that are equal stay in the order of their creation.
    keys.sort_by(|a, b| wanted.order.compare(a, b));
    let start = keys.len().min(wanted.page_number.saturating_mul(wanted.page_size));
    let end = keys.len().min(start + wanted.page_size);
    let page = &keys[start..end];
    let mut answer = json!({
        "meta": {"max_allowed": quirks.quota, "page": {"total_filtered_count": keys.len()}},
        "data": page.iter().map(|key| key.shown(now, quirks)).collect::<Vec<_>>(),
    });
    if let Some(include) = wanted.include {
        answer["included"] = include.of(&organization, page.iter().copied());
    }
    Ok(Json(answer))
}

struct Wanted {
    page_size: usize,
    page_number: usize,
    order: Order,
    text: Option<String>,
    created_from: Option<DateTime<Utc>>,
    created_to: Option<DateTime<Utc>>,
    modified_from: Option<DateTime<Utc>>,
    modified_to: Option<DateTime<Utc>>,
    remote_config_read_enabled: Option<bool>,
    category: Option<String>,
    include: Option<Include>,
}

impl Wanted {
    fn read(uri: &Uri) -> Result<Self, Refusal> {
        let mut parameters = Parameters::read(uri, &PARAMETERS);
        let text = |text: &str| Some(text.to_owned());
        let wanted = Self {
            page_size: parameters.number("page[size]", 1..=LARGEST_PAGE).unwrap_or(USUAL_PAGE),
            // That the first page is number 0 is not documented for this endpoint, but for its relatives.
            page_number: parameters.number("page[number]", 0..=usize::MAX).unwrap_or(0),
            order: parameters.parsed("sort", Order::parse).unwrap_or(Order::BY_NAME),
            text: parameters.parsed("filter", text),
            created_from: parameters.parsed(CREATED_FROM, timestamp::start),
            created_to: parameters.parsed(CREATED_TO, timestamp::end),
            modified_from: parameters.parsed(MODIFIED_FROM, timestamp::start),
            modified_to: parameters.parsed(MODIFIED_TO, timestamp::end),
            remote_config_read_enabled: parameters.flag("filter[remote_config_read_enabled]"),
            category: parameters.parsed("filter[category]", text),
            include: Include::read(&mut parameters),
        };
        parameters.finish()?;
        Ok(wanted)
    }

    fn matches(&self, key: &ApiKey, filter: FilterMatch) -> bool {
        self.text.as_ref().is_none_or(|text| named(&key.name, text, filter))
            && self.created_from.is_none_or(|from| from <= key.created_at)
            && self.created_to.is_none_or(|to| key.created_at <= to)
            && self.modified_from.is_none_or(|from| from <= key.modified_at)
            && self.modified_to.is_none_or(|to| key.modified_at <= to)
            && self.remote_config_read_enabled.is_none_or(|wanted| wanted == key.remote_config_read_enabled)
            && self.category.as_ref().is_none_or(|wanted| key.category.as_ref() == Some(wanted))
    }
}

/// Whether a name passes the filter. It is no exact match (Datadog's Terraform provider compares names itself); how it
/// matches is unknown.
fn named(name: &str, wanted: &str, filter: FilterMatch) -> bool {
    let (name, wanted) = (name.to_lowercase(), wanted.to_lowercase());
    match filter {
        FilterMatch::Substring => name.contains(&wanted),
        FilterMatch::Words => {
            let separators = |c: char| !c.is_alphanumeric();
            let known: Vec<_> = name.split(separators).collect();
            wanted.split(separators).all(|word| word.is_empty() || known.contains(&word))
        }
    }
}

#[derive(Clone, Copy)]
struct Order {
    by: By,
    descending: bool,
}

#[derive(Clone, Copy)]
enum By {
    Name,
    CreatedAt,
    Last4,
    ModifiedAt,
}

impl Order {
    const BY_NAME: Self = Self { by: By::Name, descending: false };

    fn parse(text: &str) -> Option<Self> {
        let (by, descending) = text.strip_prefix('-').map_or((text, false), |by| (by, true));
        let by = match by {
            "name" => By::Name,
            "created_at" => By::CreatedAt,
            "last4" => By::Last4,
            "modified_at" => By::ModifiedAt,
            _ => return None,
        };
        Some(Self { by, descending })
    }

    fn compare(self, a: &ApiKey, b: &ApiKey) -> Ordering {
        let ascending = match self.by {
            By::Name => a.name.cmp(&b.name),
            By::CreatedAt => a.created_at.cmp(&b.created_at),
            By::Last4 => a.last4().cmp(b.last4()),
            By::ModifiedAt => a.modified_at.cmp(&b.modified_at),
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_matches_a_part_of_a_name_or_whole_words() {
        let cases = [
            ("agent web 7f3a", "Agent", true, true),
            ("agent web 7f3a", "7f", true, false),
            ("agent-web-7f3a", "web 7f3a", false, true),
            ("agent [keywright:m-1]", "keywright:m-1", true, true),
            ("agent", "agents", false, false),
        ];
        for (name, wanted, substring, words) in cases {
            assert_eq!(named(name, wanted, FilterMatch::Substring), substring, "{name} {wanted}");
            assert_eq!(named(name, wanted, FilterMatch::Words), words, "{name} {wanted}");
        }
    }
}
