//! Gcore's answers, told apart.

use keywright_sdk::{Failure, FieldProblem, Problem, Quota, Reason, Request, Response, Result};

use crate::error::Error;

/// An answer that says whether the credential may do this.
pub(crate) enum Answer {
    /// 2xx.
    Ok(Response),
    /// A 403 that says that a permission is missing: Gcore knows who asks.
    NotPermitted(Failure),
}

impl Answer {
    pub(crate) fn to(request: Request<'_>) -> Result<Self> {
        Self::sorted(request, None)
    }

    /// Every other answer is a failure. One for [`Reason::NotFound`] is a 404 that says itself that the token does not
    /// exist: any other 404 is of the account, of the API's version or of a proxy, and says nothing of the token.
    fn sorted(request: Request<'_>, creation: Option<&'static str>) -> Result<Self> {
        let response = request.send()?;
        if response.is_success() {
            return Ok(Self::Ok(response));
        }
        let error = Error::read(response.error());
        let failure = failure(&response, &error, creation)
            .with_status(response.status())
            .with_request_id(error.request_id().or_else(|| response.request_id()));
        match response.status() {
            403 if error.is_about_permission() && *failure.reason() == Reason::Forbidden => {
                Ok(Self::NotPermitted(failure))
            }
            _ => Err(failure),
        }
    }

    fn ok(self) -> Result<Response> {
        match self {
            Self::Ok(response) => Ok(response),
            Self::NotPermitted(failure) => Err(failure),
        }
    }
}

/// The answer to a request, if it is one to work with.
pub(crate) fn send(request: Request<'_>) -> Result<Response> {
    Answer::to(request)?.ok()
}

/// [`send`] for a creation. `role` is the attribute that is to blame when Gcore refuses the role.
pub(crate) fn send_creation(request: Request<'_>, role: &'static str) -> Result<Response> {
    Answer::sorted(request, Some(role))?.ok()
}

fn failure(response: &Response, error: &Error, creation: Option<&'static str>) -> Failure {
    let usual = response.failure();
    let status = response.status();
    let reason = match status {
        400..=499 if status != 429 && creation.is_some() && error.is_about_the_cap() => Reason::Quota(Quota::default()),
        403 if error.is_about_authentication() => Reason::Unauthenticated,
        400 | 422 => match error.problems(creation.unwrap_or(crate::role::NAME)) {
            problems if problems.is_empty() => Reason::Vendor(error.code().unwrap_or("bad-request").to_owned()),
            problems => return Failure::invalid(problems),
        },
        404 if error.says_no_token() => Reason::NotFound,
        404 if error.says_no_account() => {
            let message =
                "is not an account that this credential knows (Gcore answers: Account not found.): correct it";
            return FieldProblem::new("/settings/client_id", Problem::Constraint, message).into();
        }
        404 | 410 => {
            let message = "Gcore answers that there is no such thing, but not that the token does not exist: check the \
                           account's client_id and api_version";
            return response.because(Reason::Vendor("not-found".to_owned()), message);
        }
        _ => match (usual.reason(), error.code()) {
            (Reason::Vendor(_), Some(code)) => Reason::Vendor(code.to_owned()),
            (reason, _) => reason.clone(),
        },
    };
    match error.sentence() {
        Some(sentence) => response.because(reason, sentence),
        None if reason == *usual.reason() => usual,
        None => response.because(reason, "Gcore refused the request and does not say why"),
    }
}
