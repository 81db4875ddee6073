//! What the vendor remembers of one account.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use chrono::{DateTime, SubsecRound as _, Utc};

use super::{
    access_key::{AccessKey, Owner, Status},
    quirks::{Administrator, Quirks},
    records::Records,
    user::new_unique_id,
};
use crate::{Clock, random, sync::lock};

/// The IAM user that is there from the start. It has a path, which no call on keys takes.
pub(super) const DEMO_USER: &str = "keywright-demo";
const DEMO_PATH: &str = "/keywright/";

/// The IAM user, or the role, who administers, where root does not.
const ADMINISTRATOR: &str = "keywright-admin";

/// What the session of the role is called.
pub(super) const SESSION_NAME: &str = "keywright";

/// Secrets in the documentation have 40 characters of base64.
const SECRET_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// An account.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    pub(super) created_at: DateTime<Utc>,
    /// The session of a role, where that administers.
    pub(super) session: Option<Session>,
    records: Mutex<Records>,
}

/// Temporary credentials of a role.
pub(super) struct Session {
    pub(super) access_key_id: String,
    pub(super) secret: String,
    pub(super) token: String,
    pub(super) role_id: String,
    pub(super) expires_at: DateTime<Utc>,
}

impl Account {
    /// An account with users, and the parts of the credential that administers it.
    pub(super) fn seed(quirks: Quirks) -> (Self, BTreeMap<String, String>) {
        let (clock, created_at) = (Clock::default(), Utc::now().trunc_subsecs(6));
        let session = (quirks.administrator == Administrator::Session).then(|| Session {
            access_key_id: new_access_key_id("ASIA"),
            secret: new_secret(),
            token: format!("{}==", random::text(SECRET_ALPHABET, 354)),
            role_id: new_unique_id("AROA"),
            expires_at: created_at + quirks.clock_offset + quirks.session_lifetime,
        });
        let records = Mutex::new(Records::new(quirks.user_lookup));
        let account = Self { id: random::text(b"0123456789", 12), quirks, clock, created_at, session, records };

        let owner = match account.quirks.administrator {
            Administrator::Root => Some(Owner::Root),
            Administrator::User => {
                let id = account.add_user(ADMINISTRATOR, "/");
                account.records().set_rights(ADMINISTRATOR, true);
                Some(Owner::User(id))
            }
            Administrator::Session => None,
        };
        let key = owner.map(|owner| account.mint(&mut account.records(), owner)).map(|mut key| {
            (key.signs_from, key.listed_from) = (key.created_at, key.created_at);
            key
        });
        let parts = [
            ("access_key_id", account.session.as_ref().map(|session| &session.access_key_id)),
            ("secret_access_key", account.session.as_ref().map(|session| &session.secret)),
            ("session_token", account.session.as_ref().map(|session| &session.token)),
            ("access_key_id", key.as_ref().map(|key| &key.id)),
            ("secret_access_key", key.as_ref().map(|key| &key.secret)),
        ];
        let credential = parts.into_iter().filter_map(|(name, part)| Some((name.to_owned(), part?.clone()))).collect();
        account.records().keys.extend(key);
        account.add_user(DEMO_USER, DEMO_PATH);
        for number in 1..=account.quirks.users {
            account.add_user(&format!("user-{number}"), "/");
        }
        (account, credential)
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// The time at the vendor.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now() + self.quirks.clock_offset
    }

    /// The ARN of something of IAM's.
    pub(super) fn arn(&self, resource: &str) -> String {
        format!("arn:{}:iam::{}:{resource}", self.quirks.region.partition(), self.id)
    }

    /// The ARN of the session.
    pub(super) fn session_arn(&self) -> String {
        let partition = self.quirks.region.partition();
        format!("arn:{partition}:sts::{}:assumed-role/{ADMINISTRATOR}/{SESSION_NAME}", self.id)
    }

    /// Makes a key, without adding it.
    pub(super) fn mint(&self, records: &mut Records, owner: Owner) -> AccessKey {
        let now = self.now();
        let mut key = AccessKey::new(new_access_key_id("AKIA"), new_secret(), owner, now, records.next_number());
        key.signs_from = now + self.quirks.consistency_delay;
        key.listed_from = now + self.quirks.listing_delay;
        key
    }

    /// Adds a key at the console. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> String {
        let owner = self.records().user_called(DEMO_USER).map(|user| user.id.clone());
        let owner = Owner::User(owner.unwrap_or_else(|| self.add_user(DEMO_USER, DEMO_PATH)));
        let mut records = self.records();
        let key = self.mint(&mut records, owner);
        let id = format!("{DEMO_USER}/{}", key.id);
        records.keys.push(key);
        id
    }

    /// Adds a user and answers its unique id.
    pub(super) fn add_user(&self, name: &str, path: &str) -> String {
        self.records().add_user(name, path, self.now()).id.clone()
    }

    pub(super) fn expire(&self, access_key_id: &str) -> bool {
        let now = self.now();
        let mut records = self.records();
        let key = records.keys.iter_mut().find(|key| key.id == access_key_id);
        key.map(|key| key.change(Status::Expired, now, self.quirks.change_delay)).is_some()
    }
}

fn new_access_key_id(prefix: &str) -> String {
    format!("{prefix}{}", random::text(random::UPPER_ALPHANUMERIC, 16))
}

fn new_secret() -> String {
    random::text(SECRET_ALPHABET, 40)
}
