//! Keywright adapter: AWS IAM access keys.
//!
//! Facts of the vendor are from botocore's service models, answers of IAM recorded on AWS and AWS's documentation;
//! `docs/vendors/aws-iam.md` gives the source of each, and says where a behaviour is a choice.

mod access_key;
mod call;
mod caller;
mod descriptor;
mod key_id;
mod last_use;
mod listing;
mod refusal;
mod status;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, ExpiryChange, Failure, FieldProblem, Fields, Filter,
    Issued, Outcome, Page, Principal, Problem, Result, UpdateRequest, Updated, Verdict,
};

use access_key::{ACTIVE, AccessKey, INACTIVE};
use call::{Answer, text};
use caller::Caller;
use key_id::KeyId;
use refusal::Clock;

struct AwsIam;

#[keywright_sdk::adapter]
impl Adapter for AwsIam {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// Two requests: who signs, of STS, which takes no right; and of IAM when the signing key was last used, to which any
    /// answer but a refusal of the credential will do. Rights depend on the user that a call is about, so none is proven.
    fn check(account: &Account) -> Result<Principal> {
        let caller = Caller::read(&call::get_caller_identity(account)?.done()?)?;
        if caller.is_root() {
            let message =
                "is root's: make an IAM user or a role that administers, because root should have no access keys";
            return Err(FieldProblem::new("/authentication/access_key_id", Problem::Constraint, message).into());
        }
        let access_key = account.required_part("access_key_id")?;
        match call::get_access_key_last_used(account, access_key)? {
            Answer::Done(_) => {}
            // Of the key of a session AWS says so, too.
            Answer::Refused(refusal) if refusal.is_denial() || refusal.is_no_such_entity() => {}
            Answer::Refused(refusal) => return Err(refusal.failure),
        }
        Ok(Principal {
            credential_id: caller.user().map(|user| KeyId::join(user, access_key)),
            owner: caller.account().map(str::to_owned),
            details: caller.details(),
            ..Principal::default()
        })
    }

    /// One request; a second one when the key is to be inactive, because a new key is always active.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        refuse_what_there_is_no_field_for(request.marker.is_some(), request.expires_at.is_some())?;
        let attributes = Fields::of_map(&request.attributes);
        let Some(user) = attributes.text("user_name") else {
            return Err(at_user(Problem::Required, "is missing: every access key is a user's"));
        };
        let wanted = attributes.text("status").unwrap_or(ACTIVE);
        let answer = match call::create_access_key(account, user)? {
            Answer::Done(answer) => answer,
            // Only the user can be what was not found.
            Answer::Refused(refusal) if refusal.is_no_such_entity() => {
                return Err(at_user(Problem::Constraint, ["names no IAM user: ", refusal.failure.message()].concat()));
            }
            Answer::Refused(refusal) => return Err(refusal.failure),
        };
        let element = answer.result.child("AccessKey");
        let key =
            element.and_then(|element| Some((AccessKey::read(element, user)?, text(element, "SecretAccessKey")?)));
        let Some((mut key, secret)) = key else {
            return Err(answer.unexpected("it has no access key with its id and its secret"));
        };
        let made_inactive = match wanted == INACTIVE && key.is_enabled() {
            true => disable_new(account, KeyId { user, access_key: &key.id }),
            false => Ok(()),
        };
        if wanted == INACTIVE && made_inactive.is_ok() {
            INACTIVE.clone_into(&mut key.status);
        }
        let mut issued = Issued::new(key.credential()).part("access_key_id", &key.id).part("secret_access_key", secret);
        if let Err(failure) = made_inactive {
            // The secret is worth more than the status: it is returned, and the key is reported as it was made.
            issued = issued.warning_at("/attributes/status", not_disabled(&failure));
        }
        if wanted == ACTIVE && !key.is_enabled() {
            issued = issued.warning_at("/attributes/status", "AWS made the key Inactive");
        }
        if key.user != user {
            let message = ["AWS writes the user's name as ", &key.user, ", and so does the id"].concat();
            issued = issued.warning_at("/attributes/user_name", message);
        }
        Ok(issued)
    }

    /// One request for each page of the user's keys, of which two are more than ever needed; and one for the last use, if the
    /// key is there. One for whose key it is, if the user is not.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let key = KeyId::parse(id)?;
        let Some(found) = listing::find(account, key)? else { return Ok(None) };
        let mut credential = found.credential();
        last_use::add(account, key.access_key, &mut credential)?;
        Ok(Some(credential))
    }

    /// One request. The last use is left out.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        refuse_what_there_is_no_field_for(filter.marker.is_some(), false)?;
        listing::list(account, filter, cursor)
    }

    /// One request that reads, and one that changes the status, unless it is as asked already.
    fn update(account: &Account, id: &str, request: &UpdateRequest) -> Result<Updated> {
        let expires = matches!(request.expiry, ExpiryChange::Set(_));
        refuse_what_there_is_no_field_for(request.marker.is_some(), expires)?;
        let key = KeyId::parse(id)?;
        let mut wanted = None;
        for (name, value) in &request.attributes {
            match (name.as_str(), value.as_str()) {
                ("status", Some(status @ (ACTIVE | INACTIVE))) => wanted = Some(status),
                ("status", _) => {
                    let message = "must be Active or Inactive";
                    return Err(FieldProblem::new("/attributes/status", Problem::Constraint, message).into());
                }
                _ => {
                    let message = "cannot change on a key that exists: make a new one in its place";
                    return Err(FieldProblem::new(["/attributes/", name].concat(), Problem::Immutable, message).into());
                }
            }
        }
        status::set(account, key, wanted).map(|key| Updated::new(key.credential()))
    }

    /// One request that reads, and one that changes the status, unless it is as asked already.
    fn set_enabled(account: &Account, id: &str, enabled: bool) -> Result<Credential> {
        let wanted = if enabled { ACTIVE } else { INACTIVE };
        status::set(account, KeyId::parse(id)?, Some(wanted)).map(|key| key.credential())
    }

    /// One request, signed with the key's own secret. It takes no right, and counts as a use of the key.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        let key = KeyId::parse(id)?;
        let refusal = match call::get_caller_identity(account)? {
            Answer::Done(answer) => {
                let caller = Caller::read(&answer)?;
                return Ok(match caller.user() {
                    Some(user) if user == key.user => {
                        Verdict::new(Outcome::Active, "AWS accepts the key as this user's")
                    }
                    _ => Verdict::new(
                        Outcome::Inconclusive,
                        ["AWS accepts the key, and says that it is not this user's but of ", &caller.arn].concat(),
                    ),
                });
            }
            Answer::Refused(refusal) => refusal,
        };
        match (refusal.code.as_str(), refusal.clock) {
            ("InvalidClientTokenId", _) => Ok(Verdict::new(
                Outcome::Refused,
                "AWS does not accept the key: it is not known everywhere yet, is inactive, or was deleted",
            )),
            ("SignatureDoesNotMatch", Clock::Right) => {
                Ok(Verdict::new(Outcome::Refused, "AWS knows the key, and this is not its secret"))
            }
            // A wrong clock has no code of its own. Every key has the right to this call, so a denial comes from a policy of
            // the endpoint or the organization.
            ("SignatureDoesNotMatch" | "AccessDenied", _) => {
                Ok(Verdict::new(Outcome::Inconclusive, refusal.failure.message()))
            }
            _ => Err(refusal.failure),
        }
    }

    /// One request; a second one when AWS says that the key does not exist.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        let key = KeyId::parse(id)?;
        key.refuse_own(account)?;
        match call::delete_access_key(account, key)? {
            Answer::Done(_) => Ok(()),
            Answer::Refused(refusal) if refusal.is_no_such_entity() => last_use::confirm_absence(account, key),
            Answer::Refused(refusal) => Err(refusal.failure),
        }
    }
}

/// The host looks before it calls; other runtimes may not. What is not kept must not seem so.
fn refuse_what_there_is_no_field_for(marker: bool, expiry: bool) -> Result<()> {
    let pointer = match (marker, expiry) {
        (true, _) => "/marker",
        (_, true) => "/expires_at",
        _ => return Ok(()),
    };
    Err(FieldProblem::new(pointer, Problem::Unknown, "is not kept by AWS: leave it out").into())
}

fn at_user(problem: Problem, message: impl AsRef<str>) -> Failure {
    FieldProblem::new("/attributes/user_name", problem, message).into()
}

/// Nothing that can go wrong with this ends the creation.
fn disable_new(account: &Account, key: KeyId<'_>) -> Result<()> {
    call::update_access_key(account, key, INACTIVE)?.done().map(drop)
}

fn not_disabled(failure: &Failure) -> String {
    [
        "the key was made and is still Active, because disabling it failed: disable or revoke it (",
        failure.message(),
        ")",
    ]
    .concat()
}
