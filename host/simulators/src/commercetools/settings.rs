//! The project itself.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::HeaderMap;
use serde_json::json;

use super::{errors::Refusal, project::Project, timestamp};

/// `GET` and `HEAD /{projectKey}`: a project of no countries yet, as a new one is (commercetools' own mock for tests).
pub(super) async fn get(
    State(project): State<Arc<Project>>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    // `manage_project` is all of a project but its API clients, so that it shows the project too.
    if project.authorize(&headers, &key, "manage_project").is_err() {
        project.authorize(&headers, &key, "view_project_settings")?;
    }
    let answer = json!({
        "version": 1,
        "key": project.key,
        "name": "Keywright demo",
        "countries": [],
        "currencies": [],
        "languages": [],
        "createdAt": timestamp::text(project.created_at),
        "messages": {"enabled": false, "deleteDaysAfterCreation": 15},
        "carts": {"countryTaxRateFallbackEnabled": false, "deleteDaysAfterLastModification": 90},
    });
    Ok(Json(answer).into_response())
}
