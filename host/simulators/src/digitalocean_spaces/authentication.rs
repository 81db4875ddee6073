//! Who calls the management API, and what that caller may do.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::header;

use super::{account::SpacesAccount, errors::Refusal, gateway, quirks::Scopes};

/// The token that a request came with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    scopes: Scopes,
}

impl Caller {
    /// Refuses a caller whose token lacks the scope. Scopes are checked before anything in the request is: unknown, a choice.
    pub(super) fn may(&self, scope: fn(&Scopes) -> bool) -> Result<(), Refusal> {
        if scope(&self.scopes) { Ok(()) } else { Err(Refusal::Forbidden) }
    }
}

/// Lets a request through when it comes with `Authorization: Bearer TOKEN`, and not too often. An access key is good for
/// nothing here (documentation, "manage access").
pub(super) async fn authenticate(
    State(account): State<Arc<SpacesAccount>>,
    mut request: Request,
    next: Next,
) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|given| given.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    if token != Some(account.token.as_str()) {
        return Refusal::Unauthorized.into_response();
    }
    let quirks = &account.quirks;
    let admitted = account.records().throttle.admit(account.clock.now(), quirks.hourly_limit, quirks.burst_limit);
    match admitted {
        Err(exceeded) => Refusal::Throttled(exceeded).into_response(),
        Ok(standing) => {
            request.extensions_mut().insert(Caller { scopes: quirks.scopes });
            let mut answer = next.run(request).await;
            gateway::insert_limits(standing, answer.headers_mut());
            answer
        }
    }
}
