//! Keywright adapter: OUTSCALE access keys.
//!
//! Facts of the vendor are from its API description (1.40.1), its SDKs and its user guide; `docs/vendors/outscale.md` gives
//! the source of each, and says where a behaviour is a choice.

mod access_key;
mod administrator;
mod answer;
mod calls;
mod descriptor;
mod key_id;
mod list;
mod revoke;
mod update;
mod users;

use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Date, Descriptor, Failure, FieldProblem, Fields, Filter, Issued,
    Operation, Outcome, Page, Principal, Problem, Reason, Result, Timestamp, UpdateRequest, Updated, Verdict,
    rfc3339_millis,
};

use access_key::{ACTIVE, AccessKey, INACTIVE, tag_of};
use administrator::{OWNER, reachable};
use answer::code;
use calls::Wanted;
use key_id::{KeyId, Owner};

struct Outscale;

#[keywright_sdk::adapter]
impl Adapter for Outscale {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// Two requests: the key itself, and the account that it is of. Neither is one of the calls that answer to anybody. Of
    /// an EIM user the name is proven too, because the key is asked for as one of that user's.
    fn check(account: &Account) -> Result<Principal> {
        let wrong = |message: &[&str]| FieldProblem::new(OWNER, Problem::Constraint, message.concat()).into();
        let mut principal = Principal::default();
        let access_key = account.required_part("access_key")?;
        let owner = administrator::owner(account);
        let user_name = owner.map_or("", |owner| owner.user_name);
        let key = match calls::read_access_key(account, user_name, access_key)? {
            Ok(response) => {
                principal.allowed.extend([Operation::Get, Operation::List]);
                let key = AccessKey::one_of(&response, access_key)?;
                if key.is_none() && !user_name.is_empty() {
                    return Err(wrong(&["names the EIM user ", user_name, ", who does not have this access key"]));
                }
                key
            }
            Err(refusal) if refusal.is_missing_user() && !user_name.is_empty() => {
                return Err(wrong(&["names the EIM user ", user_name, ", who does not exist"]));
            }
            Err(refusal) if refusal.is_missing_right() => {
                principal.refused.extend([Operation::Get, Operation::List]);
                None
            }
            Err(refusal) => return Err(refusal.into()),
        };
        if let Some(key) = key {
            principal.expires_at = key.expires_at();
            principal.details = key.attributes();
        }
        match (calls::read_account_id(account)?, owner) {
            (Ok(account_id), Some(owner)) if account_id != owner.account_id => {
                let message = ["names the account ", owner.account_id, ", but the access key is of the account "];
                return Err(wrong(&[&message.concat(), &account_id, ": correct it"]));
            }
            (Ok(_), Some(owner)) => {
                principal.credential_id = Some(owner.id_of(access_key));
                principal.owner = account.part("owner").map(str::to_owned);
            }
            (Ok(account_id), None) => principal.owner = Some(account_id),
            // The key may be that of an EIM user who may read keys only.
            (Err(refusal), _) if refusal.is_missing_right() => {}
            (Err(refusal), _) => return Err(refusal.into()),
        }
        Ok(principal)
    }

    /// One request, if the administrator's credential says which account it is of; else one before it that asks. One more
    /// when the key is to be inactive, because a new key is always active.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let attributes = Fields::of_map(&request.attributes);
        let user_name = attributes.text("user_name").unwrap_or_default();
        if user_name.is_empty() {
            administrator::is_root(account, "/attributes/user_name")?;
        }
        let tag = tag_of(attributes.get("tag"), request.marker.as_deref())?;
        let account_id = administrator::account_id(account)?;
        let owner = Owner { account_id: &account_id, user_name };
        let mut body = calls::of_user(user_name);
        if !tag.is_empty() {
            body.insert("Tag".to_owned(), tag.into());
        }
        if let Some(expires_at) = &request.expires_at {
            body.insert("ExpirationDate".to_owned(), rfc3339_millis(expires_at).into());
        }
        let response = calls::acting(account, "CreateAccessKey", &body)?.map_err(|refusal| refusal.of_the_user())?;
        let key = AccessKey::read(&response)?;
        let Some(secret_key) = key.secret_key() else {
            return Err(response.unexpected(&["it has no secret key for ", &key.id, ", which was made"].concat()));
        };
        let mut issued = Issued::new(key.credential(owner)).part("access_key", &key.id).part("secret_key", secret_key);
        if expiry_differs(request.expires_at, &key) {
            issued = issued.warning_at("/expires_at", expiry_not_taken(request.expires_at));
        }
        if attributes.text("state") == Some(INACTIVE) {
            let id = KeyId { owner, access_key: &key.id };
            let wanted = Wanted { state: INACTIVE, expires_at: request.expires_at, tag: None };
            match update::send(account, id, &wanted).and_then(|answer| Ok(answer?)) {
                Ok(updated) => {
                    issued.credential = updated.credential;
                    issued.warnings.extend(updated.warnings);
                }
                // The secret is worth more than the state: it is returned, and the key is shown as it was made.
                Err(failure) => issued = issued.warning_at("/attributes/state", not_disabled(&failure)),
            }
        }
        Ok(issued)
    }

    /// One request; one more before a key is said not to exist.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let key = reachable(account, id)?;
        Ok(calls::find(account, key)?.map(|found| found.credential(key.owner)))
    }

    /// One request for one owner. For all of them, one for the root user's keys if it administers, and then one for each EIM
    /// user and one for each five of them. One more before the first, unless the administrator's credential says which
    /// account it is of.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        list::list(account, filter, cursor)
    }

    /// One request that reads, unless both the state and the expiry are given, and one that changes all or nothing, unless
    /// all is as asked already.
    fn update(account: &Account, id: &str, request: &UpdateRequest) -> Result<Updated> {
        update::update(account, reachable(account, id)?, request)
    }

    /// One request that reads, and one that changes the state, unless it is as asked already.
    fn set_enabled(account: &Account, id: &str, enabled: bool) -> Result<Credential> {
        update::set_enabled(account, reachable(account, id)?, if enabled { ACTIVE } else { INACTIVE })
    }

    /// One request, signed with the key's own secret. Never a second: four failures lock the key.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        // Without a user's name: to the key that signs, its own keys are the caller's.
        let access_key = KeyId::parse(id)?.access_key;
        let refusal = match calls::read_access_key(account, "", access_key)? {
            Ok(response) => {
                // Signed well, whether or not the list shows it already.
                return Ok(match AccessKey::one_of(&response, access_key)? {
                    Some(_) => Verdict::new(Outcome::Active, "OUTSCALE showed the key to itself"),
                    None => Verdict::new(Outcome::Active, "OUTSCALE accepts the key, and does not list it yet"),
                });
            }
            Err(refusal) => refusal,
        };
        match refusal.code {
            // The usual answer to a key of a well-confined EIM user.
            _ if refusal.is_missing_right() => {
                Ok(Verdict::new(Outcome::Active, "OUTSCALE accepts the key, which may not read itself"))
            }
            Some(code::DENIED | code::UNKNOWN_ACCESS_KEY | code::ACCESS_KEYS_NOT_FOUND) => Ok(Verdict::new(
                Outcome::Refused,
                "OUTSCALE does not accept the key: it is not known yet or in this region, is inactive or expired, or was \
                 deleted; four failures in a row lock it, so do not try again at once",
            )),
            Some(code::ACCESS_RULES | code::LOCKED) => {
                Ok(Verdict::new(Outcome::Inconclusive, refusal.failure.message()))
            }
            // OUTSCALE says with a 401 that a key is bad and that it has no right: without a code it is not known which.
            None if *refusal.failure.reason() == Reason::Unauthenticated => Ok(Verdict::new(
                Outcome::Inconclusive,
                "a gateway refused the request without saying whether the key is bad or has no right",
            )),
            _ => Err(refusal.into()),
        }
    }

    /// One request for a key of the root user; for an EIM user's, which OUTSCALE deletes only when it is inactive, one that
    /// reads it, one that disables it if need be, one that deletes it. Where an answer does not say whether the key exists,
    /// one that reads it; before it is said not to exist, one more.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        revoke::revoke(account, reachable(account, id)?)
    }
}

/// Whether the expiry is another than was asked for; OUTSCALE may keep whole seconds only.
fn expiry_differs(asked: Option<Timestamp>, key: &AccessKey) -> bool {
    match (asked, key.expires_at()) {
        (None, Date::None) => false,
        (Some(asked), Date::At(shown)) => (asked - shown).num_milliseconds().abs() >= 1000,
        _ => true,
    }
}

fn expiry_not_taken(asked: Option<Timestamp>) -> String {
    match asked {
        Some(asked) => ["OUTSCALE did not set the expiry that was asked for, ", &rfc3339_millis(&asked)].concat(),
        None => "OUTSCALE set an expiry that was not asked for, or one that cannot be read".to_owned(),
    }
}

fn not_disabled(failure: &Failure) -> String {
    [
        "the key was made and is still ACTIVE, for OUTSCALE makes no other and disabling it failed: disable or revoke it (",
        failure.message(),
        ")",
    ]
    .concat()
}
