//! Who calls, and what that caller may do.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::{header, request::Parts};
use keywright_auth::signature::Claim;
use secrecy::SecretString;

use super::{
    access_key::{AccessKey, Owner},
    account::{Account, EMAIL},
    errors::{Code, Refusal},
    quirks::{AccessRules, DeadKey, Lockout},
};
use crate::signed::received;

/// How far a clock may be off; unknown, what AWS allows is a choice. Measured against the machine's own time: a client signs
/// by that, however far the vendor's clock was moved.
const SKEW: TimeDelta = TimeDelta::minutes(15);

/// The longest body that is read to be verified.
const LONGEST_BODY: usize = 1024 * 1024;

/// The owner of the key that a request was signed with.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) owner: Owner,
    may_do_everything: bool,
}

impl Caller {
    /// Refuses a caller without rights. That rights are checked before anything in the request is: unknown, a choice.
    pub(super) fn may(&self, account: &Account) -> Result<(), Refusal> {
        if self.may_do_everything {
            return Ok(());
        }
        Err(account.quirks.no_right.because("You are not authorized to perform this action."))
    }
}

/// Lets a request through when it is signed with a live key, by OSC4 or AWS4, or comes with root's e-mail address and password.
pub(super) async fn authenticate(State(account): State<Arc<Account>>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_BODY).await else {
        return Code::InvalidParameter.because("The body cannot be read.").into_response();
    };
    match authenticated(&account, &head, &body) {
        Ok(caller) => {
            let mut request = Request::from_parts(head, Body::from(body));
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(refusal) => refusal.code.in_form(account.quirks.error_form, &refusal.details),
    }
}

fn authenticated(account: &Account, head: &Parts, body: &[u8]) -> Result<Caller, Refusal> {
    let basic = head
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Basic ").map(str::to_owned));
    let claim = if basic.is_some() { None } else { Some(claim(head)?) };
    // Whether one key or the whole account is locked is unknown.
    let who = match (account.quirks.lockout, &claim) {
        (Lockout::Key, Some(claim)) => claim.access_key.clone(),
        _ => EMAIL.to_owned(),
    };
    let now = account.clock.now();
    if account.records().lockouts.is_locked(&who, now) {
        return Err(Code::Locked.because("Too many failed authentications: try again later."));
    }
    let caller = match (&claim, basic) {
        (Some(claim), _) => signed(account, claim, head, body),
        (None, basic) => logged_in(account, &basic.unwrap_or_default(), head),
    };
    match &caller {
        Ok(_) => account.records().lockouts.succeeded(&who),
        Err(_) => account.records().lockouts.failed(&who, now),
    }
    let caller = caller?;
    match account.quirks.access_rules {
        AccessRules::Met => Ok(caller),
        AccessRules::Unmet => Err(Code::AccessRules.because("The API access rules of the account are not met.")),
    }
}

fn denied() -> Refusal {
    Code::Denied.because("The authentication failed.")
}

fn claim(head: &Parts) -> Result<Claim, Refusal> {
    use keywright_auth::signature::VerifyError::Unsigned;
    Claim::read(&head.headers).map_err(|error| match error {
        Unsigned if head.headers.contains_key(header::AUTHORIZATION) => {
            Code::UnknownAuthorization.because("The type of authorization is unknown.")
        }
        _ => denied(),
    })
}

/// The region and the service that were signed for are not compared with anything: OUTSCALE's own SDKs sign for different
/// ones, and all work.
fn signed(account: &Account, claim: &Claim, head: &Parts, body: &[u8]) -> Result<Caller, Refusal> {
    let unknown = || Code::UnknownAccessKey.because(format!("The access key '{}' is unknown.", claim.access_key));
    let key = account.records().access_keys.iter().find(|key| key.id == claim.access_key).cloned();
    let key: AccessKey = key.ok_or_else(unknown)?;
    claim.check(&received(head, body), &SecretString::from(key.secret_key.clone())).map_err(|_| denied())?;
    check_skew(claim.signed_at)?;
    if !key.active || key.expired(account.clock.now()) {
        return Err(match account.quirks.dead_key {
            DeadKey::Denied => denied(),
            DeadKey::Unknown => unknown(),
        });
    }
    Ok(account.caller(key.owner))
}

/// HTTP Basic with root's e-mail address and password. The Python SDK sends `X-Osc-Date` along, the Go SDK does not.
fn logged_in(account: &Account, encoded: &str, head: &Parts) -> Result<Caller, Refusal> {
    if let Some(date) = head.headers.get("x-osc-date") {
        let date = date.to_str().ok().and_then(|date| NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").ok());
        check_skew(date.ok_or_else(denied)?.and_utc())?;
    }
    let login = BASE64_STANDARD.decode(encoded).map_err(|_| denied())?;
    if login == format!("{EMAIL}:{}", account.password).as_bytes() {
        Ok(account.caller(Owner::Root))
    } else {
        Err(denied())
    }
}

fn check_skew(signed_at: DateTime<Utc>) -> Result<(), Refusal> {
    if (signed_at - Utc::now()).abs() <= SKEW { Ok(()) } else { Err(denied()) }
}

impl Account {
    fn caller(&self, owner: Owner) -> Caller {
        let may_do_everything = match &owner {
            Owner::Root => true,
            Owner::User(name) => self.records().users.iter().any(|user| user.name == *name && user.may_do_everything),
        };
        Caller { owner, may_do_everything }
    }
}
