//! Effects at the vendor.

use std::time::Duration;

use keywright_lifecycle::{
    Certainty, Created, Expiry, Failure, FailureClass, Found, Observation, Regenerated, Verification, Warning,
};
use keywright_model::Outcome;
use keywright_runtime::{
    CallError, CreateRequest, Credential, Date, ExpiryChange, Failure as CallFailure, Filter, Parts, Reason,
    RegenerateRequest, UpdateRequest,
};
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep, timeout_at};

use crate::failure::{of_call, plain};
use crate::target::Target;

/// How long an asynchronous creation is followed before it counts as in doubt.
const FOLLOWED: Duration = Duration::from_secs(600);

/// The wait between two questions about it, where the vendor says nothing.
const BETWEEN: Duration = Duration::from_secs(2);

/// What a list has, for the engine to look through.
pub(crate) async fn seek(
    target: &Target,
    attributes: &Map<String, Value>,
    marker: Option<&str>,
) -> Result<Vec<Found>, Failure> {
    let filterable = target.descriptor().traits.marker.as_ref().is_some_and(|marker| marker.filterable);
    let filter =
        Filter { marker: marker.filter(|_| filterable).map(str::to_owned), attributes: target.demanded(attributes) };
    let page = target.account.list_pages(&filter).await.map_err(|error| of_call(&error))?;
    if let Some(unreadable) = page.unreadable.first() {
        // One of those may be the one that is looked for.
        let message = format!(
            "{} of the vendor's credentials cannot be read, so that none can be ruled out: {}",
            page.unreadable.len(),
            unreadable.message
        );
        return Err(plain(FailureClass::Internal, message));
    }
    let found = |credential: Credential| Found {
        vendor_id: credential.id,
        marker: credential.marker,
        created_at: credential.created_at.instant(),
    };
    Ok(page.credentials.into_iter().map(found).collect())
}

/// Makes a credential. Nothing is sent after the deadline.
pub(crate) async fn create(
    target: &Target,
    mut request: CreateRequest,
    deadline: Instant,
) -> Result<(Created, Parts), Failure> {
    let mut ends = deadline;
    let started = Instant::now();
    loop {
        let error = match timeout_at(ends, target.account.create(&request)).await {
            Err(_) => return Err(lost("the vendor did not answer within the time there is for it")),
            Ok(Ok(issued)) => {
                let created = Created {
                    vendor_id: issued.credential.id,
                    attributes: issued.credential.attributes,
                    expiry: expiry(issued.credential.expires_at),
                    warnings: warnings(issued.warnings),
                };
                return Ok((created, issued.parts));
            }
            Ok(Err(error)) => error,
        };
        match error {
            // It goes on at the vendor: it is asked for, and nothing is made again.
            CallError::Failed(CallFailure { reason: Reason::Pending(pending), retry_after, .. })
                if started.elapsed() < FOLLOWED =>
            {
                sleep(retry_after.map_or(BETWEEN, |seconds| Duration::from_secs(seconds.into()).min(FOLLOWED))).await;
                request.continuation = Some(pending);
                ends = Instant::now() + FOLLOWED;
            }
            error => return Err(of_call(&error)),
        }
    }
}

/// What is not done by then is in doubt.
pub(crate) async fn in_time<T>(
    deadline: Instant,
    call: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match timeout_at(deadline, call).await {
        Ok(done) => done,
        Err(_) => Err(lost("the vendor did not answer within the time there is for it")),
    }
}

fn lost(message: &str) -> Failure {
    Failure { certainty: Certainty::InDoubt, ..plain(FailureClass::Transient, message) }
}

/// Replaces a secret in place. Nothing is sent after the deadline.
pub(crate) async fn regenerate(
    target: &Target,
    vendor_id: &str,
    request: &RegenerateRequest,
    deadline: Instant,
) -> Result<(Regenerated, Parts), Failure> {
    match timeout_at(deadline, target.account.regenerate(vendor_id, request)).await {
        Err(_) => Err(lost("the vendor did not answer within the time there is for it")),
        Ok(Err(error)) => Err(of_call(&error)),
        Ok(Ok(issued)) => {
            let regenerated = Regenerated {
                attributes: issued.credential.attributes,
                expiry: expiry(issued.credential.expires_at),
                has_secret: true,
                warnings: warnings(issued.warnings),
            };
            Ok((regenerated, issued.parts))
        }
    }
}

/// Tries a secret.
pub(crate) async fn verify(target: &Target, vendor_id: &str, parts: &Parts) -> Result<Verification, Failure> {
    let verdict = target.account.verify(vendor_id, parts).await.map_err(|error| of_call(&error))?;
    Ok(match verdict.outcome {
        Outcome::Active => Verification::Works,
        Outcome::Refused => Verification::Refused(verdict.explanation),
        Outcome::Inconclusive => Verification::Inconclusive(verdict.explanation),
    })
}

/// Reads a credential.
pub(crate) async fn inspect(target: &Target, vendor_id: &str) -> Result<Option<Observation>, Failure> {
    let found = target.account.get(vendor_id).await.map_err(|error| of_call(&error))?;
    Ok(found.map(|credential| observation(credential).1))
}

/// The id of a credential, and the rest as the engine knows it.
pub fn observation(credential: Credential) -> (String, Observation) {
    let observation = Observation {
        enabled: credential.enabled,
        last_used_at: credential.last_used_at.instant(),
        last_used_unreadable: credential.last_used_at.unreadable().is_some(),
        attributes: credential.attributes,
        expiry: expiry(credential.expires_at),
    };
    (credential.id, observation)
}

/// Changes attributes.
pub(crate) async fn update(
    target: &Target,
    vendor_id: &str,
    patch: Map<String, Value>,
    marker: Option<String>,
) -> Result<(Regenerated, Option<Parts>), Failure> {
    let request = UpdateRequest { attributes: patch, marker, expiry: ExpiryChange::Keep, idempotency_key: None };
    let updated = target.account.update(vendor_id, &request).await.map_err(|error| of_call(&error))?;
    let regenerated = Regenerated {
        attributes: updated.credential.attributes,
        expiry: expiry(updated.credential.expires_at),
        has_secret: updated.parts.is_some(),
        warnings: warnings(updated.warnings),
    };
    Ok((regenerated, updated.parts))
}

/// Enables or disables.
pub(crate) async fn set_enabled(target: &Target, vendor_id: &str, enabled: bool) -> Result<bool, Failure> {
    let changed = target.account.set_enabled(vendor_id, enabled).await.map_err(|error| of_call(&error))?;
    Ok(changed.enabled)
}

/// Ends a credential.
pub(crate) async fn revoke(target: &Target, vendor_id: &str) -> Result<(), Failure> {
    target.account.revoke(vendor_id).await.map_err(|error| of_call(&error))
}

/// A date of the vendor, as the engine knows it.
pub(crate) fn expiry(date: Date) -> Expiry {
    match date {
        Date::None => Expiry::Never,
        Date::At(at) => Expiry::At(at),
        Date::Unreadable(text) => Expiry::Unreadable(text),
    }
}

fn warnings(warnings: Vec<keywright_runtime::Warning>) -> Vec<Warning> {
    let warning = |it: keywright_runtime::Warning| Warning { pointer: it.pointer, message: it.message };
    warnings.into_iter().map(warning).collect()
}
