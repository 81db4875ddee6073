//! Who calls, and what that caller may do.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use uuid::Uuid;

use super::{
    api_key::Bearer,
    errors::{Denial, Refusal},
    organization::Organization,
};
use crate::fields::hyphenated_uuid;

/// The bearer of the key that a request came with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) bearer: Bearer,
    pub(super) manages_iam: bool,
}

impl Caller {
    /// Refuses a caller without rights in IAM. Rights are checked before anything in the request is: unknown, a choice.
    pub(super) fn may(&self, action: &'static str, resource: &'static str) -> Result<(), Refusal> {
        if self.manages_iam { Ok(()) } else { Err(Refusal::PermissionsDenied { action, resource }) }
    }

    /// Refuses a request about another organisation than the caller's. The refusal's form is unknown, a choice.
    pub(super) fn may_in(
        &self,
        organization: Option<Uuid>,
        own: Uuid,
        action: &'static str,
        resource: &'static str,
    ) -> Result<(), Refusal> {
        match organization {
            Some(other) if other != own => Err(Refusal::PermissionsDenied { action, resource }),
            _ => self.may(action, resource),
        }
    }
}

/// Lets a request through when its `X-Auth-Token` is the secret of a live key. The access key is not sent (Scaleway's
/// Go SDK, `internal/auth/token.go`).
pub(super) async fn authenticate(
    State(organization): State<Arc<Organization>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let token = request.headers().get("x-auth-token");
    let secret = token
        .and_then(|token| hyphenated_uuid(token.to_str().ok()?))
        .ok_or(Refusal::DeniedAuthentication(Denial::Malformed))?;
    let caller = organization.authenticate(secret).map_err(Refusal::DeniedAuthentication)?;
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}
