//! The list of API keys: filters, order, pages.

use std::{cmp::Ordering, sync::Arc};

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::Uri;
use serde::Serialize;
use uuid::Uuid;

use super::{
    api_key::{ApiKey, Bearer, Shown},
    api_keys::{LONGEST_DESCRIPTION, RESOURCE},
    authentication::Caller,
    errors::Refusal,
    organization::Organization,
    paging::Page,
    quirks::DescriptionFilter,
};
use crate::{fields::Problem, parameters::Parameters};

/// The parameters of the vendor's specification. Others are refused: unknown, a choice, so that a misspelt filter does
/// not pass for one that matches everything.
const PARAMETERS: [&str; 13] = [
    "order_by",
    "page",
    "page_size",
    "organization_id",
    "editable",
    "expired",
    "description",
    "bearer_id",
    "bearer_type",
    "access_keys",
    // Deprecated, still served.
    "access_key",
    "application_id",
    "user_id",
];

#[derive(Serialize)]
struct Answer<'a> {
    api_keys: Vec<Shown<'a>>,
    /// Counts what the filters let through, on all pages.
    total_count: usize,
}

/// `GET /iam/v1alpha1/api-keys`. Without `organization_id` it is the caller's organisation: unknown, a choice.
pub(super) async fn list(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Response, Refusal> {
    caller.may("read", RESOURCE)?;
    let wanted = Wanted::read(&uri)?;
    caller.may_in(wanted.organization, organization.id, "read", RESOURCE)?;

    let now = organization.clock.now();
    let records = organization.records();
    let mut keys: Vec<_> = records
        .api_keys
        .iter()
        .filter(|key| wanted.matches(key, organization.quirks.description_filter, now))
        .collect();
    // A stable sort: keys that are equal stay in the order of their creation.
    keys.sort_by(|a, b| wanted.order.compare(a, b));
    let page = wanted.page.of(&keys);
    let answer = Answer { api_keys: page.iter().map(|key| key.shown()).collect(), total_count: keys.len() };
    Ok(Json(answer).into_response())
}

struct Wanted {
    order: Order,
    page: Page,
    organization: Option<Uuid>,
    editable: Option<bool>,
    expired: Option<bool>,
    description: Option<String>,
    bearer: Option<Uuid>,
    bearer_type: BearerType,
    access_keys: Vec<String>,
    access_key: Option<String>,
    application: Option<Uuid>,
    user: Option<Uuid>,
}

impl Wanted {
    fn read(uri: &Uri) -> Result<Self, Vec<Problem>> {
        let mut parameters = Parameters::read(uri, &PARAMETERS);
        let wanted = Self {
            order: parameters.parsed("order_by", Order::parse).unwrap_or(Order::FIRST_CREATED),
            page: Page::read(&mut parameters),
            organization: parameters.uuid("organization_id"),
            editable: parameters.go_flag("editable"),
            expired: parameters.go_flag("expired"),
            description: parameters.text("description", LONGEST_DESCRIPTION),
            bearer: parameters.uuid("bearer_id"),
            bearer_type: parameters.parsed("bearer_type", BearerType::parse).unwrap_or(BearerType::Any),
            access_keys: parameters.texts("access_keys"),
            access_key: parameters.parsed("access_key", |text| Some(text.to_owned())),
            application: parameters.uuid("application_id"),
            user: parameters.uuid("user_id"),
        };
        parameters.finish()?;
        Ok(wanted)
    }

    fn matches(&self, key: &ApiKey, filter: DescriptionFilter, now: DateTime<Utc>) -> bool {
        let described = |wanted: &String| match filter {
            DescriptionFilter::Exact => key.description == *wanted,
            DescriptionFilter::Substring => key.description.contains(wanted),
        };
        self.editable.is_none_or(|editable| editable != key.managed)
            && self.expired.is_none_or(|expired| expired == key.expired(now))
            && self.description.as_ref().is_none_or(described)
            && self.bearer.is_none_or(|id| key.bearer.id() == id)
            && self.bearer_type.matches(key.bearer)
            && (self.access_keys.is_empty() || self.access_keys.contains(&key.access_key))
            && self.access_key.as_ref().is_none_or(|wanted| key.access_key == *wanted)
            && self.application.is_none_or(|id| key.bearer == Bearer::Application(id))
            && self.user.is_none_or(|id| key.bearer == Bearer::User(id))
    }
}

#[derive(Clone, Copy)]
enum BearerType {
    Any,
    User,
    Application,
}

impl BearerType {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "unknown_bearer_type" => Some(Self::Any),
            "user" => Some(Self::User),
            "application" => Some(Self::Application),
            _ => None,
        }
    }

    fn matches(self, bearer: Bearer) -> bool {
        match self {
            Self::Any => true,
            Self::User => matches!(bearer, Bearer::User(_)),
            Self::Application => matches!(bearer, Bearer::Application(_)),
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
    CreatedAt,
    UpdatedAt,
    ExpiresAt,
    AccessKey,
}

impl Order {
    const FIRST_CREATED: Self = Self { by: By::CreatedAt, descending: false };

    fn parse(text: &str) -> Option<Self> {
        let (by, direction) = text.rsplit_once('_')?;
        let by = match by {
            "created_at" => By::CreatedAt,
            "updated_at" => By::UpdatedAt,
            "expires_at" => By::ExpiresAt,
            "access_key" => By::AccessKey,
            _ => return None,
        };
        match direction {
            "asc" => Some(Self { by, descending: false }),
            "desc" => Some(Self { by, descending: true }),
            _ => None,
        }
    }

    fn compare(self, a: &ApiKey, b: &ApiKey) -> Ordering {
        // A key that never expires comes after all that do: unknown, a choice.
        let end = |key: &ApiKey| key.expires_at.map_or(DateTime::<Utc>::MAX_UTC, |expiry| expiry.instant);
        let ascending = match self.by {
            By::CreatedAt => a.created_at.cmp(&b.created_at),
            By::UpdatedAt => a.updated_at.cmp(&b.updated_at),
            By::ExpiresAt => end(a).cmp(&end(b)),
            By::AccessKey => a.access_key.cmp(&b.access_key),
        };
        if self.descending { ascending.reverse() } else { ascending }
    }
}
