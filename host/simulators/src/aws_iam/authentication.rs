//! Who calls, and what that caller may do.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::{header, request::Parts};
use keywright_auth::signature::{Algorithm, Claim, VerifyError};
use secrecy::SecretString;

use super::{
    access_key::Owner,
    account::{Account, SESSION_NAME, Session},
    errors::{Code, Refusal},
    quirks::EndpointPolicy,
    records::Records,
    service::Service,
};
use crate::signed::received;

/// How far a clock may be off. Measured against the machine's own time and the offset of the option: a client signs by the
/// machine's, however far the vendor's clock was moved.
const SKEW: TimeDelta = TimeDelta::minutes(15);

const TOKEN: &str = "x-amz-security-token";

/// Whom a request was signed by.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) principal: Principal,
    pub(super) arn: String,
    pub(super) user_id: String,
    may_do_everything: bool,
}

/// The kinds of callers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Principal {
    Root,
    /// The user with this unique id.
    User(String),
    /// The session of a role.
    Session,
}

impl Caller {
    /// Refuses a caller without the right to a call of IAM (message as quoted in issues of clients).
    pub(super) fn may(&self, action: &str, resource: &str) -> Result<(), Refusal> {
        if self.may_do_everything {
            return Ok(());
        }
        Err(Code::AccessDenied.because(format!(
            "User: {} is not authorized to perform: iam:{action} on resource: {resource} because no identity-based policy \
             allows the iam:{action} action",
            self.arn
        )))
    }

    /// [`may`](Self::may), of a call on a user. One who is not named is `null` (issue 190 of aws-vault).
    pub(super) fn may_on_user(&self, action: &str, user_name: Option<&str>) -> Result<(), Refusal> {
        self.may(action, &format!("user {}", user_name.unwrap_or("null")))
    }

    fn of(account: &Account, records: &Records, owner: Owner) -> Option<Self> {
        Some(match owner {
            Owner::Root => Self {
                principal: Principal::Root,
                arn: account.arn("root"),
                user_id: account.id.clone(),
                may_do_everything: true,
            },
            Owner::User(id) => {
                let user = records.user(&id)?;
                Self {
                    arn: user.arn(account),
                    user_id: id.clone(),
                    may_do_everything: user.may_do_everything,
                    principal: Principal::User(id),
                }
            }
        })
    }
}

/// Finds out who signed a request with AWS Signature Version 4 for `service`, and writes the use of the key down. In which
/// order its faults are found is unknown; a choice.
pub(super) fn authenticate(account: &Account, service: Service, head: &Parts, body: &[u8]) -> Result<Caller, Refusal> {
    let claim = claim(head)?;
    check_clock(account, &claim)?;
    check_scope(account, service, &claim)?;
    let session = account.session.as_ref().filter(|session| session.access_key_id == claim.access_key);
    let caller = match session {
        Some(session) => session_holder(account, session, &claim, head, body),
        None => key_holder(account, service, &claim, head, body),
    }?;
    match account.quirks.endpoint_policy {
        EndpointPolicy::Allow => Ok(caller),
        EndpointPolicy::Deny => Err(Code::AccessDenied.because(format!(
            "User: {} is not authorized to perform this action with an explicit deny in a VPC endpoint policy",
            caller.arn
        ))),
    }
}

/// The session of the role. A token that is not signed counts as none: unknown, a choice.
fn session_holder(
    account: &Account,
    session: &Session,
    claim: &Claim,
    head: &Parts,
    body: &[u8],
) -> Result<Caller, Refusal> {
    let signed = claim.signed_headers.iter().any(|name| name == TOKEN);
    if !signed || head.headers.get(TOKEN).is_none_or(|token| token != session.token.as_str()) {
        return Err(invalid_token());
    }
    check_signature(claim, &session.secret, head, body)?;
    if account.now() >= session.expires_at {
        return Err(Code::ExpiredToken.because("The security token included in the request is expired"));
    }
    Ok(Caller {
        principal: Principal::Session,
        arn: account.session_arn(),
        user_id: format!("{}:{SESSION_NAME}", session.role_id),
        may_do_everything: true,
    })
}

/// The holder of a key. One that is unknown, too new, inactive or deleted is refused in the same way (of inactive ones unknown,
/// a choice). A token with such a key is a wrong one.
fn key_holder(
    account: &Account,
    service: Service,
    claim: &Claim,
    head: &Parts,
    body: &[u8],
) -> Result<Caller, Refusal> {
    let (mut records, now) = (account.records(), account.now());
    let key = records.signer(&claim.access_key, now).filter(|_| !head.headers.contains_key(TOKEN));
    let key = key.ok_or_else(invalid_token)?;
    check_signature(claim, &key.secret, head, body)?;
    // That failed calls count when they are authenticated is unknown; a choice.
    key.used(now, service, &claim.region);
    let owner = key.owner.clone();
    Caller::of(account, &records, owner).ok_or_else(invalid_token)
}

fn invalid_token() -> Refusal {
    Code::InvalidClientTokenId.because("The security token included in the request is invalid")
}

/// Reads the signature. A header of another scheme counts as none.
fn claim(head: &Parts) -> Result<Claim, Refusal> {
    let authorization = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if authorization.is_none_or(|value| value.split(' ').next() != Some(Algorithm::Aws4.name())) {
        return Err(missing_token());
    }
    let claim = Claim::read(&head.headers).map_err(|error| match error {
        VerifyError::Date => bad_date(head),
        _ => incomplete(),
    })?;
    let is_plain = claim.access_key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain { Ok(claim) } else { Err(incomplete()) }
}

/// What is wrong with the date: absent, unreadable, or of another day than the scope.
fn bad_date(head: &Parts) -> Refusal {
    match head.headers.get("x-amz-date").and_then(|value| value.to_str().ok()) {
        None => Code::IncompleteSignature
            .because("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
        Some(date) if NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").is_err() => {
            Code::IncompleteSignature.because(format!("Date must be in ISO-8601 'basic format'. Got '{date}'."))
        }
        Some(_) => Code::SignatureDoesNotMatch
            .because("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP."),
    }
}

fn missing_token() -> Refusal {
    Code::MissingAuthenticationToken.because("Request is missing Authentication Token")
}

/// For a stray space in the access key id too.
fn incomplete() -> Refusal {
    Code::IncompleteSignature
        .because("Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters. ")
}

/// A clock that is off has no code of its own. That IAM answers as STS was seen to is a choice.
fn check_clock(account: &Account, claim: &Claim) -> Result<(), Refusal> {
    let (signed_at, now) = (claim.signed_at, Utc::now() + account.quirks.clock_offset);
    let write = |time: DateTime<Utc>| time.format("%Y%m%dT%H%M%SZ").to_string();
    let message = if signed_at < now - SKEW {
        let [signed_at, bound, now] = [signed_at, now - SKEW, now].map(write);
        format!("Signature expired: {signed_at} is now earlier than {bound} ({now} - 15 min.)")
    } else if signed_at > now + SKEW {
        let [signed_at, bound, now] = [signed_at, now + SKEW, now].map(write);
        format!("Signature not yet current: {signed_at} is still later than {bound} ({now} + 15 min.)")
    } else {
        return Ok(());
    };
    Err(Code::SignatureDoesNotMatch.because(message))
}

/// IAM has one region for its partition; STS has one everywhere, and any is right here, where all are at one origin.
fn check_scope(account: &Account, service: Service, claim: &Claim) -> Result<(), Refusal> {
    if claim.service != service.name() {
        let message = format!("Credential should be scoped to correct service: '{}'. ", service.name());
        return Err(Code::SignatureDoesNotMatch.because(message));
    }
    if service == Service::Iam && claim.region != account.quirks.region.name() {
        let message = format!("Credential should be scoped to a valid region, not '{}'. ", claim.region);
        return Err(Code::SignatureDoesNotMatch.because(message));
    }
    Ok(())
}

fn check_signature(claim: &Claim, secret: &str, head: &Parts, body: &[u8]) -> Result<(), Refusal> {
    claim.check(&received(head, body), &SecretString::from(secret)).map_err(|_| {
        Code::SignatureDoesNotMatch.because(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key \
             and signing method. Consult the service documentation for details.",
        )
    })
}
