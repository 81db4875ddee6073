//! Applications: bearers of keys that are no person.

use std::sync::Arc;

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{StatusCode, Uri};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    api_key::Bearer,
    api_keys::LONGEST_DESCRIPTION,
    authentication::Caller,
    errors::Refusal,
    organization::{Organization, Records, changed_at},
    paging::Page,
    timestamp::Timestamp,
};
use crate::{
    fields::{Fields, ProblemKind, hyphenated_uuid},
    parameters::Parameters,
};

const RESOURCE: &str = "application";

/// The longest name, in characters (validation rules of Scaleway's JavaScript SDK).
const LONGEST_NAME: usize = 64;

/// An application as the vendor keeps it.
pub(super) struct Application {
    pub(super) id: Uuid,
    name: String,
    description: String,
    tags: Vec<String>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// Stands for the policies that Scaleway would have.
    pub(super) manages_iam: bool,
}

impl Application {
    pub(super) fn new(name: &str, now: DateTime<Utc>) -> Self {
        Self {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            description: String::new(),
            tags: Vec::new(),
            created_at: now,
            updated_at: now,
            manages_iam: false,
        }
    }

    fn shown(&self, organization: &Organization, records: &Records) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "created_at": Timestamp::own(self.created_at),
            "updated_at": Timestamp::own(self.updated_at),
            "organization_id": organization.id,
            "editable": true,
            "deletable": true,
            "managed": false,
            "nb_api_keys": records.keys_of(Bearer::Application(self.id)),
            "tags": self.tags,
        })
    }
}

impl Records {
    fn application(&self, id: &str) -> Result<usize, Refusal> {
        let wanted = hyphenated_uuid(id);
        let found = self.applications.iter().position(|known| Some(known.id) == wanted);
        found.ok_or_else(|| Refusal::NotFound { resource: RESOURCE, id: id.to_owned() })
    }
}

/// A name of 1 to 64 characters of `[a-zA-Z0-9()._\- ]`.
fn name(fields: &mut Fields) -> Option<String> {
    let name = fields.text("name", LONGEST_NAME)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "()._- ".contains(c);
    if name.is_empty() || !name.chars().all(allowed) {
        let help = "must be 1 to 64 characters of a-z, A-Z, 0-9, ()._- and space";
        fields.problem("name", ProblemKind::Constraint, help);
    }
    Some(name)
}

/// `POST /iam/v1alpha1/applications`: 200.
pub(super) async fn create(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may("create", RESOURCE)?;
    let mut fields = Fields::read(&body, &["name", "organization_id", "description", "tags"]);
    let name = name(&mut fields);
    let owner = fields.uuid("organization_id");
    let description = fields.text("description", LONGEST_DESCRIPTION).unwrap_or_default();
    let tags = fields.texts("tags").unwrap_or_default();
    if !fields.gave("name") {
        fields.problem("name", ProblemKind::Required, "must be given");
    }
    fields.finish()?;
    caller.may_in(owner, organization.id, "create", RESOURCE)?;

    let application =
        Application { description, tags, ..Application::new(&name.unwrap_or_default(), organization.clock.now()) };
    let mut records = organization.records();
    let answer = application.shown(&organization, &records);
    records.applications.push(application);
    Ok(Json(answer).into_response())
}

/// `GET /iam/v1alpha1/applications`: all of them, in the order of creation. Its filters are not here.
pub(super) async fn list(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Response, Refusal> {
    caller.may("read", RESOURCE)?;
    let mut parameters = Parameters::read(&uri, &["organization_id", "page", "page_size"]);
    let owner = parameters.uuid("organization_id");
    let page = Page::read(&mut parameters);
    parameters.finish()?;
    caller.may_in(owner, organization.id, "read", RESOURCE)?;

    let records = organization.records();
    let shown = page.of(&records.applications).iter();
    let shown: Vec<_> = shown.map(|known| known.shown(&organization, &records)).collect();
    Ok(Json(json!({"applications": shown, "total_count": records.applications.len()})).into_response())
}

/// `GET /iam/v1alpha1/applications/{id}`.
pub(super) async fn get(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    caller.may("read", RESOURCE)?;
    let records = organization.records();
    let application = &records.applications[records.application(&id)?];
    Ok(Json(application.shown(&organization, &records)).into_response())
}

/// `PATCH /iam/v1alpha1/applications/{id}`.
pub(super) async fn update(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    caller.may("update", RESOURCE)?;
    let mut fields = Fields::read(&body, &["name", "description", "tags"]);
    let name = name(&mut fields);
    let description = fields.text("description", LONGEST_DESCRIPTION);
    let tags = fields.texts("tags");
    fields.finish()?;

    let mut records = organization.records();
    let position = records.application(&id)?;
    let application = &mut records.applications[position];
    application.name = name.unwrap_or_else(|| application.name.clone());
    application.description = description.unwrap_or_else(|| application.description.clone());
    application.tags = tags.unwrap_or_else(|| application.tags.clone());
    application.updated_at = changed_at(&organization.clock, application.updated_at);
    Ok(Json(records.applications[position].shown(&organization, &records)).into_response())
}

/// `DELETE /iam/v1alpha1/applications/{id}`: 204, and its keys go with it (Scaleway's API documentation).
pub(super) async fn delete(
    State(organization): State<Arc<Organization>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    caller.may("delete", RESOURCE)?;
    let mut records = organization.records();
    let position = records.application(&id)?;
    let bearer = Bearer::Application(records.applications.remove(position).id);
    records.api_keys.retain(|key| key.bearer != bearer);
    Ok(StatusCode::NO_CONTENT)
}
