//! The authorization host: access tokens, and what is known of them.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, Uri, header};
use serde_json::json;

use super::{
    api_client::{ApiClient, new_secret},
    authentication::Form,
    errors::Refusal,
    project::{Project, Token},
    scopes,
};

/// `POST /oauth/token`, the client credentials flow. Of the other flows the simulator has none.
pub(super) async fn token(
    State(project): State<Arc<Project>>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = Form::read(&headers, &uri, &body);
    let client = project.client_of(&headers, &form)?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => return Err(Refusal::UnsupportedGrantType),
        None => return Err(Refusal::InvalidRequest("Missing required parameter: grant_type.")),
    }
    let scopes = granted(&project, &client, form.get("scope"))?;
    let now = project.clock.now();
    let life = client.access_token_life();
    let value = new_secret();
    let answer = json!({
        "access_token": value,
        "token_type": "Bearer",
        "expires_in": life.num_seconds(),
        "scope": scopes.join(" "),
    });
    let mut records = project.records();
    if let Some(client) = records.client(&client.id) {
        client.last_used = Some(now.date_naive());
    }
    records.tokens.insert(value, Token { client: client.id, scopes, expires_at: now + life });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// What a client gets: without a wish (an empty one is none) all that it has, else what it wishes for, which it must
/// have.
fn granted(project: &Project, client: &ApiClient, wish: Option<&str>) -> Result<Vec<String>, Refusal> {
    let Some(wish) = wish else { return Ok(client.scopes.clone()) };
    let wished = scopes::read(wish);
    if wished.is_empty() || wished.iter().any(|scope| !scope.contains(':')) {
        return Err(Refusal::InvalidScope("Malformed parameter: scope: Invalid scope.".to_owned()));
    }
    if !wished.iter().all(|scope| project.allow(&client.scopes, scope)) {
        let may = client.scopes.join(" ");
        let message = format!("Permissions exceeded. Only the following permissions can be requested: {may}");
        return Err(Refusal::InvalidScope(message));
    }
    // Seen of the real service: who asks to manage is told of the view that comes with it.
    Ok(if project.quirks.manage_implies_view { scopes::widened(&wished) } else { wished })
}

/// `POST /oauth/introspect`, for clients with the scope for it. How it is refused to others is unknown, a choice.
pub(super) async fn introspect(
    State(project): State<Arc<Project>>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = Form::read(&headers, &uri, &body);
    let client = project.client_of(&headers, &form)?;
    let needed = scopes::of("introspect_oauth_tokens", &project.key);
    if !client.scopes.contains(&needed) {
        return Err(Refusal::InsufficientScope(vec![needed]));
    }
    let value = form.get("token").ok_or(Refusal::InvalidRequest("Missing required parameter: token."))?;
    let now = project.clock.now();
    let records = project.records();
    let answer = match records.tokens.get(value).filter(|token| now < token.expires_at) {
        Some(token) => json!({
            "active": true,
            "scope": token.scopes.join(" "),
            "exp": token.expires_at.timestamp_millis(),
        }),
        None => json!({"active": false}),
    };
    Ok(Json(answer).into_response())
}
