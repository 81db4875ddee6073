//! API clients one at a time: create, get, delete.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{
    errors::{Refusal, Wrong},
    project::{NewClient, Project},
    quirks::Escalation,
    scopes,
};
use crate::fields::{Fields, ProblemKind};

pub(super) const VIEW: &str = "view_api_clients";
const MANAGE: &str = "manage_api_clients";

/// A lifetime that no calendar breaks over: a thousand years. What the real API takes is unknown, a choice.
const MOST_DAYS: u64 = 365_000;

/// `POST /{projectKey}/api-clients`: 201, with the secret in it.
pub(super) async fn create(
    State(project): State<Arc<Project>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let held = project.authorize(&headers, &key, MANAGE)?;
    let new = read_new(&project, &body)?;
    if project.quirks.escalation == Escalation::Refuse {
        check_escalation(&project, &held, &new.scopes)?;
    }
    let mut records = project.records();
    if project.quirks.unique_names && records.clients.iter().any(|client| client.name == new.name) {
        return Err(Refusal::DuplicateName(new.name));
    }
    if project.quirks.quota.is_some_and(|quota| records.clients.len() >= quota) {
        return Err(Refusal::TooManyClients);
    }
    let client = project.mint(new);
    let answer = (StatusCode::CREATED, Json(client.shown_once())).into_response();
    records.clients.push(client);
    Ok(answer)
}

fn read_new(project: &Project, body: &[u8]) -> Result<NewClient, Refusal> {
    let given: Value = match serde_json::from_slice(body) {
        Ok(given @ Value::Object(_)) => given,
        Ok(_) => return Err(Refusal::InvalidJson("Expected an object.".to_owned())),
        Err(error) => return Err(Refusal::InvalidJson(error.to_string())),
    };
    // That unknown fields are refused is a choice, so that a misspelt one does not pass unseen.
    let known =
        ["name", "scope", "deleteDaysAfterCreation", "accessTokenValiditySeconds", "refreshTokenValiditySeconds"];
    let mut fields = Fields::read(body, &known);
    fields.require("name");
    fields.require("scope");
    let name = fields.text("name", project.quirks.longest_name);
    let scopes = scope(project, &mut fields);
    let days = fields.get("deleteDaysAfterCreation", "It must be a whole number of days.", Value::as_u64);
    if days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        fields.problem("deleteDaysAfterCreation", ProblemKind::Constraint, "It must be positive.");
    }
    let access_token_validity = seconds(&mut fields, "accessTokenValiditySeconds", 3_600, 604_800);
    let refresh_token_validity = seconds(&mut fields, "refreshTokenValiditySeconds", 30, 31_536_000);
    let wrong = |problems: Vec<crate::fields::Problem>| {
        let value = |field: &str| given.get(field).cloned().unwrap_or(Value::Null);
        Refusal::InvalidDraft(
            problems
                .into_iter()
                .map(|problem| {
                    let value = value(&problem.field);
                    Wrong::new(problem, value)
                })
                .collect(),
        )
    };
    let (Some(name), Some(scopes)) = (name, scopes) else { return Err(wrong(fields.into_problems())) };
    fields.finish().map_err(wrong)?;
    Ok(NewClient {
        name,
        scopes,
        lifetime: days.and_then(|days| TimeDelta::try_days(i64::try_from(days).ok()?)),
        access_token_validity,
        refresh_token_validity,
    })
}

/// One text of scopes. How a malformed one is refused here is unknown, a choice.
fn scope(project: &Project, fields: &mut Fields) -> Option<Vec<String>> {
    let scopes = fields.get("scope", "It must be a text.", |value| value.as_str().map(scopes::read))?;
    if scopes.is_empty() {
        fields.problem("scope", ProblemKind::Required, "must be given");
        return None;
    }
    if let Some(wrong) = scopes.iter().find(|scope| !scopes::is_of(scope, &project.key)) {
        fields.problem("scope", ProblemKind::Constraint, format!("Invalid scope: {wrong}"));
        return None;
    }
    Some(scopes)
}

fn seconds(fields: &mut Fields, name: &str, least: u32, most: u32) -> Option<u32> {
    let help = "It must be a whole number of seconds.";
    let seconds = fields.get(name, help, |value| u32::try_from(value.as_u64()?).ok())?;
    if !(least..=most).contains(&seconds) {
        fields.problem(name, ProblemKind::Constraint, format!("It must be from {least} to {most}."));
        return None;
    }
    Some(seconds)
}

/// Whether a client may be made with scopes that its maker lacks is not documented, nor how that would be refused.
fn check_escalation(project: &Project, held: &[String], wanted: &[String]) -> Result<(), Refusal> {
    let everything = scopes::of("manage_project", &project.key);
    let lacks = |scope: &&String| !held.contains(scope) && !held.contains(&everything);
    let lacking: Vec<String> = wanted.iter().filter(lacks).cloned().collect();
    if lacking.is_empty() { Ok(()) } else { Err(Refusal::InsufficientScope(lacking)) }
}

/// `GET` and `HEAD /{projectKey}/api-clients/{id}`.
pub(super) async fn get(
    State(project): State<Arc<Project>>,
    Path((key, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    project.authorize(&headers, &key, VIEW)?;
    match project.records().client(&id) {
        Some(client) => Ok(Json(client.shown()).into_response()),
        None => Err(project.not_found(&id)),
    }
}

/// `DELETE /{projectKey}/api-clients/{id}`: 200, with the client that was deleted.
pub(super) async fn delete(
    State(project): State<Arc<Project>>,
    Path((key, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    project.authorize(&headers, &key, MANAGE)?;
    let mut records = project.records();
    match project.remove(&mut records, &id) {
        Some(client) => Ok(Json(client.shown()).into_response()),
        None => Err(project.not_found(&id)),
    }
}
