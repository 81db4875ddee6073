//! What the vendor remembers of one account.

use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    access_key::{AccessKey, Owner},
    errors::{Code, Refusal},
    lockout::Lockouts,
    quirks::{Administrator, PastExpiry, Quirks},
    users::User,
};
use crate::{Clock, random, sync::lock};

/// The one region that the fake is.
pub(super) const REGION: &str = "eu-west-2";

/// The root user's e-mail address.
pub(super) const EMAIL: &str = "root@example.com";

/// The EIM user that is there from the start.
pub(super) const DEMO_USER: &str = "keywright-demo";

/// The EIM user who administers, where root does not.
const ADMINISTRATOR: &str = "keywright-admin";

/// Secrets in the examples have 40 capitals and digits.
const SECRET_ALPHABET: &[u8] = random::UPPER_ALPHANUMERIC;

/// An account.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) password: String,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    records: Mutex<Records>,
}

/// What is in it, each list in the order of creation.
pub(super) struct Records {
    pub(super) access_keys: Vec<AccessKey>,
    pub(super) users: Vec<User>,
    pub(super) lockouts: Lockouts,
}

impl Account {
    /// An account with an administrator's key and an EIM user who has no rights.
    pub(super) fn seed(quirks: Quirks) -> Self {
        let account = Self {
            id: random::text(b"0123456789", 12),
            password: random::text(SECRET_ALPHABET, 20),
            quirks,
            clock: Clock::default(),
            records: Mutex::new(Records { access_keys: Vec::new(), users: Vec::new(), lockouts: Lockouts::default() }),
        };
        let owner = match quirks.administrator {
            Administrator::Root => Owner::Root,
            Administrator::User => {
                account.add_user(ADMINISTRATOR);
                account.set_rights(ADMINISTRATOR, true);
                Owner::User(ADMINISTRATOR.to_owned())
            }
        };
        account.add_user(DEMO_USER);
        let key = account.mint(owner);
        account.records().access_keys.push(key);
        account
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// The time at the vendor, in the milliseconds that it keeps.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(3)
    }

    /// The key that was seeded. Callers take it before anyone could have deleted it.
    pub(super) fn administrator(&self) -> AccessKey {
        self.records().access_keys[0].clone()
    }

    /// Makes a key, without adding it.
    pub(super) fn mint(&self, owner: Owner) -> AccessKey {
        let now = self.now();
        AccessKey {
            id: random::text(random::UPPER_ALPHANUMERIC, 20),
            secret_key: random::text(SECRET_ALPHABET, 40),
            owner,
            active: true,
            tag: None,
            created_at: now,
            modified_at: now,
            expires_at: None,
        }
    }

    /// Adds a key at the console. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> String {
        let mut key = self.mint(Owner::User(DEMO_USER.to_owned()));
        key.tag = Some("made by hand".to_owned());
        let id = format!("{}/{}", key.owner.of(&self.id), key.id);
        self.records().access_keys.push(key);
        id
    }

    pub(super) fn add_user(&self, name: &str) {
        let user = User::new(name.to_owned(), "/".to_owned(), None, self.now());
        self.records().users.push(user);
    }

    pub(super) fn rename_user(&self, name: &str, new: &str) -> bool {
        let records = &mut *self.records();
        let Some(user) = records.users.iter_mut().find(|user| user.name == name) else { return false };
        new.clone_into(&mut user.name);
        for key in records.access_keys.iter_mut().filter(|key| key.owner == Owner::User(name.to_owned())) {
            key.owner = Owner::User(new.to_owned());
        }
        true
    }

    pub(super) fn set_rights(&self, name: &str, granted: bool) -> bool {
        let mut records = self.records();
        let user = records.users.iter_mut().find(|user| user.name == name);
        user.map(|user| user.may_do_everything = granted).is_some()
    }

    /// Refuses an expiry that a key cannot have.
    pub(super) fn check_expiry(&self, expires_at: Option<DateTime<Utc>>) -> Result<(), Refusal> {
        let now = self.now();
        match (expires_at, self.quirks.max_key_expiration) {
            (Some(expires_at), _) if expires_at <= now && self.quirks.past_expiry == PastExpiry::Refuse => {
                Err(Code::InvalidValue.because("The value of ExpirationDate must be in the future."))
            }
            // How the policy's refusal looks is unknown; a choice.
            (Some(expires_at), Some(longest)) if expires_at - now > longest => {
                Err(Code::InvalidValue.because(format!(
                    "The value of ExpirationDate is beyond the {} seconds of the API access policy.",
                    longest.num_seconds()
                )))
            }
            (None, Some(_)) => {
                Err(Code::InvalidValue.because("The API access policy demands an ExpirationDate for every access key."))
            }
            _ => Ok(()),
        }
    }
}

impl Records {
    /// Whose keys a request is about.
    pub(super) fn owner(&self, user_name: Option<String>, caller: &Owner) -> Result<Owner, Refusal> {
        match user_name {
            None => Ok(caller.clone()),
            Some(name) if self.users.iter().any(|user| user.name == name) => Ok(Owner::User(name)),
            Some(name) => Err(Code::NoSuchUser.because(format!("The EIM user '{name}' does not exist."))),
        }
    }

    pub(super) fn find(&mut self, owner: &Owner, id: &str, quirks: &Quirks) -> Result<&mut AccessKey, Refusal> {
        let found = self.access_keys.iter_mut().find(|key| key.owner == *owner && key.id == id);
        found.ok_or_else(|| quirks.unknown_key.because(format!("The access key '{id}' does not exist.")))
    }

    pub(super) fn keys_of(&self, owner: &Owner) -> usize {
        self.access_keys.iter().filter(|key| key.owner == *owner).count()
    }
}

/// When a change made now is said to have been made: always after the last one, however fast they come.
pub(super) fn changed_at(now: DateTime<Utc>, last: DateTime<Utc>) -> DateTime<Utc> {
    now.max(last + TimeDelta::milliseconds(1))
}

/// The id of a thing that has one of its own, in the form of the examples: capitals and digits.
pub(super) fn new_id() -> String {
    Uuid::new_v4().simple().to_string().to_uppercase()
}
