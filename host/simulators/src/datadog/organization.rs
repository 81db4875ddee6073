//! What the vendor remembers of one organization.

use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    api_key::{ApiKey, Leak, Usage},
    authentication::{Caller, Permission},
    errors::Refusal,
    quirks::{DuplicateName, Quirks, RemoteConfig, RevokedName},
    rate::{Allowance, Window},
    users::User,
};
use crate::{Clock, fields::hyphenated_uuid, random, sync::lock};

const HEX: &[u8] = b"0123456789abcdef";

/// How long a revoked key can be restored at the console (Datadog's documentation). The simulator forgets it then.
const RESTORABLE: TimeDelta = TimeDelta::days(7);

/// An organization.
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) administrator_key: Uuid,
    pub(super) administrator: User,
    pub(super) colleague: User,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    records: Mutex<Records>,
}

/// What is in it.
#[derive(Default)]
pub(super) struct Records {
    /// In the order of creation, revoked ones included.
    pub(super) api_keys: Vec<ApiKey>,
    application_keys: Vec<ApplicationKey>,
    window: Window,
}

struct ApplicationKey {
    value: String,
    caller: Caller,
}

/// What a new key is to be.
pub(super) struct NewKey {
    pub(super) name: String,
    pub(super) category: Option<String>,
    pub(super) remote_config_read_enabled: bool,
    pub(super) user: Uuid,
}

impl Organization {
    /// An organization with its users, and the values of the administrator's API key and application key.
    pub(super) fn seed(quirks: Quirks) -> (Self, String, String) {
        let clock = Clock::default();
        let now = clock.now();
        let mut organization = Self {
            id: Uuid::new_v4(),
            administrator_key: Uuid::nil(),
            administrator: User::new("Keywright", "keywright@example.com", true, now),
            colleague: User::new("Sam Roe", "sam@example.com", false, now),
            quirks,
            clock,
            records: Mutex::default(),
        };
        let user = organization.administrator.id;
        let own = organization.seed_key("the administrator's own key", user, |_| {});
        organization.administrator_key = own.id;
        let permissions: Vec<_> =
            Permission::ALL.into_iter().filter(|one| quirks.missing_permission.permission() != Some(*one)).collect();
        let application_key = organization.issue_application_key(user, &permissions);
        if quirks.managed_key {
            // Who a managed key was changed by is unknown; that it is nobody is a choice.
            organization.seed_key("made by an integration", user, |key| {
                key.managed = true;
                key.modified_by = None;
            });
        }
        if quirks.leaked_key {
            let leak = Leak { id: Uuid::new_v4(), date: now, source: "https://github.com/example/example" };
            organization.seed_key("found in public", user, |key| key.leak = Some(leak));
        }
        (organization, own.key, application_key)
    }

    /// Adds a key that all gateways accept already.
    fn seed_key(&self, name: &str, user: Uuid, change: impl FnOnce(&mut ApiKey)) -> ApiKey {
        let mut records = self.records();
        let mut key = self.make(NewKey::plain(name, user));
        key.accepted_from = key.created_at;
        change(&mut key);
        records.api_keys.push(key.clone());
        key
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    fn make(&self, new: NewKey) -> ApiKey {
        let now = self.clock.now();
        ApiKey {
            id: Uuid::new_v4(),
            key: random::text(HEX, 32),
            name: new.name,
            category: new.category,
            remote_config_read_enabled: self.reads_remote_config(new.remote_config_read_enabled),
            created_at: now,
            modified_at: now,
            created_by: new.user,
            modified_by: Some(new.user),
            usage: Usage::default(),
            leak: None,
            managed: false,
            accepted_from: now + self.quirks.acceptance_delay,
            revoked_at: None,
        }
    }

    /// Makes a key and adds it.
    pub(super) fn mint(&self, records: &mut Records, new: NewKey) -> ApiKey {
        let key = self.make(new);
        let forgotten = key.created_at - RESTORABLE;
        records.api_keys.retain(|known| known.revoked_at.is_none_or(|revoked_at| revoked_at > forgotten));
        records.api_keys.push(key.clone());
        key
    }

    /// Adds a key at the console. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> Uuid {
        let mut records = self.records();
        let names = std::iter::once("made by hand".to_owned()).chain((2_u64..).map(|n| format!("made by hand {n}")));
        let mut free = names.filter(|name| records.api_keys.iter().all(|key| key.name != *name));
        let name = free.next().unwrap_or_default();
        self.mint(&mut records, NewKey::plain(&name, self.colleague.id)).id
    }

    /// Adds an application key, and returns its value: 40 hexadecimal digits, which is a choice.
    pub(super) fn issue_application_key(&self, user: Uuid, permissions: &[Permission]) -> String {
        let value = random::text(HEX, 40);
        let caller = Caller { user, permissions: permissions.to_vec() };
        self.records().application_keys.push(ApplicationKey { value: value.clone(), caller });
        value
    }

    /// The id of the API key that has this value, if it is accepted. That asking whether a key is valid counts as its use
    /// is a choice.
    pub(super) fn authenticate(&self, value: &str) -> Option<Uuid> {
        let now = self.clock.now();
        let mut records = self.records();
        let known = records.api_keys.iter_mut().find(|key| key.key == value);
        let key = known.filter(|key| key.accepted(now, &self.quirks))?;
        key.usage.record(now, &self.quirks);
        Some(key.id)
    }

    /// Whose application key this is.
    pub(super) fn caller(&self, value: &str) -> Option<Caller> {
        let records = self.records();
        records.application_keys.iter().find(|key| key.value == value).map(|key| key.caller.clone())
    }

    pub(super) fn user(&self, id: Uuid) -> Option<&User> {
        [&self.administrator, &self.colleague].into_iter().find(|user| user.id == id)
    }

    /// Refuses a name that another key than `own` has. Whether a revoked key still holds its name is unknown.
    pub(super) fn check_name(&self, records: &Records, name: &str, own: Option<Uuid>) -> Result<(), Refusal> {
        let holds = |key: &&ApiKey| key.live() || self.quirks.revoked_name == RevokedName::Held;
        let mut others = records.api_keys.iter().filter(holds).filter(|key| Some(key.id) != own);
        if self.quirks.duplicate_name != DuplicateName::Accept && others.any(|key| key.name == name) {
            return Err(Refusal::Duplicate(name.to_owned()));
        }
        Ok(())
    }

    /// What a key is told to be when remote configuration is asked for: false while the organization has it off
    /// (Datadog's Terraform provider).
    pub(super) fn reads_remote_config(&self, wanted: bool) -> bool {
        wanted && self.quirks.remote_config == RemoteConfig::On
    }

    /// When a change made now is said to have been made: always after the last one, however fast they come.
    pub(super) fn changed_at(&self, last: DateTime<Utc>) -> DateTime<Utc> {
        self.clock.now().max(last + TimeDelta::microseconds(1))
    }

    /// Counts a request, where there is a limit.
    pub(super) fn allow(&self) -> Option<Allowance> {
        let limit = self.quirks.limit()?;
        Some(self.records().window.count(limit, self.clock.now()))
    }
}

impl NewKey {
    fn plain(name: &str, user: Uuid) -> Self {
        Self { name: name.to_owned(), category: None, remote_config_read_enabled: false, user }
    }
}

impl Records {
    /// The live key of this id.
    pub(super) fn find(&mut self, id: &str) -> Result<&mut ApiKey, Refusal> {
        let id = hyphenated_uuid(id).ok_or(Refusal::NotFound)?;
        self.api_keys.iter_mut().find(|key| key.id == id && key.live()).ok_or(Refusal::NotFound)
    }

    /// How many keys count against the quota.
    pub(super) fn counted(&self) -> usize {
        self.api_keys.iter().filter(|key| key.live() && !key.managed).count()
    }
}
