//! Keywright adapter: OUTSCALE access keys.
//!
//! Facts of the vendor are from its API description (1.40.1), its SDKs and its user guide; `docs/vendors/outscale.md` gives
//! the source of each, and says where a behaviour is a choice.

mod access_key;
mod answer;
mod calls;
mod descriptor;
mod key_id;
mod list;
mod revoke;
mod update;

use keywright_sdk::{
    Account, Adapter, Change, Creation, Credential, Descriptor, Failure, Filter, Issued, Operation, Outcome, Page,
    Principal, Reason, Result, Timestamp, Updated, Verdict, rfc3339_millis,
};
use serde_json::{Map, Value};

use access_key::{ACTIVE, AccessKey, INACTIVE, tag_of};
use answer::{Answer, Refusal, code};
use calls::Wanted;
use key_id::{KeyId, Owner};

struct Outscale;

#[keywright_sdk::adapter]
impl Adapter for Outscale {
    fn describe() -> Descriptor {
        descriptor::descriptor()
    }

    /// Two requests: the key itself, and the account that it is of. Neither is one of the calls that answer to anybody.
    fn check(account: &Account) -> Result<Principal> {
        let mut principal = Principal::default();
        let access_key = account.part("access_key").unwrap_or_default();
        match calls::read_access_key(account, KeyId::parse(access_key))? {
            Answer::Ok(response) => {
                principal.allowed.extend([Operation::Get, Operation::List]);
                if let Some(key) = AccessKey::one_of(&response, access_key)? {
                    principal.expires_at = key.expires_at();
                    principal.details = key.attributes(None);
                    principal.credential_id = Some(key.id);
                }
            }
            Answer::Refused(refusal) if refusal.is_missing_right() => {
                principal.refused.extend([Operation::Get, Operation::List]);
            }
            Answer::Refused(refusal) => return Err(refusal.failure),
        }
        match calls::reading(account, "ReadAccounts", &Map::new())? {
            Answer::Ok(response) => {
                let answer: Value = response.json()?;
                let id = answer.get("Accounts").and_then(|accounts| accounts.get(0)?.get("AccountId")?.as_str());
                principal.owner = id.map(str::to_owned);
            }
            // The key may be that of an EIM user who may read keys only.
            Answer::Refused(refusal) if refusal.is_missing_right() => {}
            Answer::Refused(refusal) => return Err(refusal.failure),
        }
        Ok(principal)
    }

    /// One request; a second one when the key is to be inactive, because a new key is always active.
    fn create(account: &Account, request: &Creation) -> Result<Issued> {
        let of_request = |name| request.attributes.get(name).and_then(Value::as_str);
        let owner = Owner(of_request("user_name").unwrap_or_default());
        let tag = tag_of(request.attributes.get("tag"), request.marker.as_deref())?;
        let mut body = owner.request();
        if !tag.is_empty() {
            body.insert("Tag".to_owned(), tag.into());
        }
        if let Some(expires_at) = &request.expires_at {
            body.insert("ExpirationDate".to_owned(), rfc3339_millis(expires_at).into());
        }
        let response = match Answer::to(calls::call(account, "CreateAccessKey", &body)?)? {
            Answer::Refused(refusal) => return Err(refusal.of_the_user()),
            Answer::Ok(response) => response,
        };
        let key = AccessKey::read(&response)?;
        let Some(secret_key) = key.secret_key() else {
            return Err(response.unexpected(&["it has no secret key for ", &key.id, ", which was made"].concat()));
        };
        let mut issued = Issued::new(key.credential(owner)).part("access_key", &key.id).part("secret_key", secret_key);
        if expiry_differs(request.expires_at, &key) {
            issued.warnings.push(expiry_not_taken(request.expires_at));
        }
        if of_request("state") == Some(INACTIVE) {
            let id = KeyId { owner, access_key: &key.id };
            let wanted = Wanted { state: INACTIVE, expires_at: request.expires_at, tag: None };
            match update::send(account, id, &wanted) {
                Ok(updated) => {
                    issued.credential = updated.credential;
                    issued.warnings.extend(updated.warnings);
                }
                // The secret is worth more than the state: it is returned, and the key is told of as it was made.
                Err(failure) => issued.warnings.push(not_disabled(&failure)),
            }
        }
        Ok(issued)
    }

    /// One request.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let key = KeyId::parse(id);
        Ok(calls::find(account, key)?.map(|found| found.credential(key.owner)))
    }

    /// One request for one owner. For all of them, one for the caller's own keys, and then one for each EIM user and one for
    /// each five of them.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        list::list(account, filter, cursor)
    }

    /// One request that reads, unless both the state and the expiry are given, and one that changes all or nothing, unless
    /// all is as asked already.
    fn update(account: &Account, id: &str, change: &Change) -> Result<Updated> {
        update::update(account, KeyId::parse(id), change)
    }

    /// One request that reads, and one that changes the state, unless it is as asked already.
    fn set_enabled(account: &Account, id: &str, enabled: bool) -> Result<Credential> {
        update::set_enabled(account, KeyId::parse(id), if enabled { ACTIVE } else { INACTIVE })
    }

    /// One request, signed with the key's own secret. Never a second: four failures lock the key.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        // Without a user's name: to the key that signs, its own keys are the caller's.
        let key = KeyId { owner: Owner(""), ..KeyId::parse(id) };
        let refusal = match calls::read_access_key(account, key)? {
            Answer::Ok(response) => {
                // Signed well, whether or not the list shows it already.
                return Ok(match AccessKey::one_of(&response, key.access_key)? {
                    Some(_) => Verdict::new(Outcome::Live, "OUTSCALE showed the key to itself"),
                    None => Verdict::new(Outcome::Live, "OUTSCALE accepts the key, and does not list it yet"),
                });
            }
            Answer::Refused(refusal) => refusal,
        };
        match refusal.code {
            // The usual answer to a key of a well-confined EIM user.
            _ if refusal.is_missing_right() => {
                Ok(Verdict::new(Outcome::Live, "OUTSCALE accepts the key, which may not read itself"))
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
            _ => Err(refusal.failure),
        }
    }

    /// One request for a key of one's own; for an EIM user's, which OUTSCALE deletes only when it is inactive, one that reads
    /// it, one that disables it if need be, one that deletes it. One more each where an answer does not say whether the key
    /// exists.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        revoke::revoke(account, KeyId::parse(id))
    }
}

impl Refusal {
    /// Signed well, but without the right: not so when the account's access rules refused it.
    fn is_missing_right(&self) -> bool {
        *self.failure.reason() == Reason::Forbidden && self.code != Some(code::ACCESS_RULES)
    }
}

/// Whether the expiry is another than was asked for; OUTSCALE may keep whole seconds only.
fn expiry_differs(asked: Option<Timestamp>, key: &AccessKey) -> bool {
    match (asked, key.expires_at()) {
        (None, None) => key.expiry().is_none(),
        (Some(asked), Some(told)) => (asked - told).num_milliseconds().abs() >= 1000,
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
