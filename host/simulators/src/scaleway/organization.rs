//! What the vendor remembers of one organisation.

use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    api_key::{ApiKey, Bearer},
    applications::Application,
    authentication::Caller,
    errors::{Denial, Refusal},
    quirks::Quirks,
    timestamp::Timestamp,
    users::User,
};
use crate::{Clock, random, sync::lock};

/// An organisation.
pub(super) struct Organization {
    pub(super) id: Uuid,
    pub(super) demo_application: Uuid,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    records: Mutex<Records>,
}

/// What is in it, each list in the order of creation.
pub(super) struct Records {
    pub(super) api_keys: Vec<ApiKey>,
    pub(super) applications: Vec<Application>,
    pub(super) users: Vec<User>,
}

/// What a new key is to be.
pub(super) struct NewKey {
    pub(super) bearer: Bearer,
    pub(super) description: String,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) default_project_id: Option<Uuid>,
}

impl Organization {
    /// An organisation with its owner, the owner's key, and one application.
    pub(super) fn seed(quirks: Quirks) -> Self {
        let clock = Clock::default();
        let (id, now) = (Uuid::new_v4(), clock.now());
        let owner = User::owner(now);
        let application = Application::new("keywright-demo", now);
        let (owner_id, demo_application) = (owner.id, application.id);
        let organization = Self {
            id,
            demo_application,
            quirks,
            clock,
            records: Mutex::new(Records { api_keys: Vec::new(), applications: vec![application], users: vec![owner] }),
        };
        organization.seed_key(Bearer::User(owner_id), "the owner's own key", false);
        if quirks.managed_key {
            organization.seed_key(Bearer::Application(demo_application), "made by Scaleway", true);
        }
        organization
    }

    /// Adds a key that all gateways know already.
    fn seed_key(&self, bearer: Bearer, description: &str, managed: bool) {
        let key = self.mint(NewKey::plain(bearer, description));
        self.records().api_keys.push(ApiKey { managed, known_from: key.created_at, ..key });
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// The key that was seeded first. Callers take it before anyone could have deleted it.
    pub(super) fn administrator(&self) -> ApiKey {
        self.records().api_keys[0].clone()
    }

    /// Makes a key, without adding it.
    pub(super) fn mint(&self, new: NewKey) -> ApiKey {
        let now = self.clock.now();
        ApiKey {
            access_key: format!("SCW{}", random::text(random::UPPER_ALPHANUMERIC, 17)),
            secret_key: Uuid::new_v4(),
            bearer: new.bearer,
            description: new.description,
            created_at: now,
            updated_at: now,
            expires_at: new.expires_at,
            // The organisation's default project has the organisation's id (recorded answers of the live API).
            default_project_id: new.default_project_id.unwrap_or(self.id),
            managed: false,
            known_from: now + self.quirks.consistency_delay,
        }
    }

    /// Adds a key at the console. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> String {
        let bearer = Bearer::Application(self.demo_application);
        let key = self.mint(NewKey::plain(bearer, "made by hand"));
        let access_key = key.access_key.clone();
        self.records().api_keys.push(key);
        access_key
    }

    pub(super) fn set_iam_rights(&self, application: Uuid, granted: bool) -> bool {
        let mut records = self.records();
        let application = records.applications.iter_mut().find(|known| known.id == application);
        application.map(|application| application.manages_iam = granted).is_some()
    }

    /// Whose secret this is.
    pub(super) fn authenticate(&self, secret: Uuid) -> Result<Caller, Denial> {
        let now = self.clock.now();
        let records = self.records();
        let key = records
            .api_keys
            .iter()
            .find(|key| key.secret_key == secret && key.known_from <= now)
            .ok_or(Denial::Unknown)?;
        if key.expired(now) {
            return Err(Denial::Expired);
        }
        let manages_iam = match key.bearer {
            Bearer::Application(id) => records.applications.iter().any(|known| known.id == id && known.manages_iam),
            Bearer::User(id) => records.users.iter().any(|known| known.id == id && known.owner),
        };
        Ok(Caller { bearer: key.bearer, manages_iam })
    }

    /// Refuses an expiry that a new key, or a key without one, cannot have.
    pub(super) fn check_expiry(&self, expiry: Option<Timestamp>) -> Result<(), Refusal> {
        // The help text was measured on the live API.
        const REQUIRED: &str = "organization security settings require an expiration date for API keys";
        let now = self.clock.now();
        match (expiry, self.quirks.max_key_duration) {
            // What a date in the past does is unknown; refusing it is a choice.
            (Some(expiry), _) if expiry.instant <= now => {
                Err(Refusal::constraint("expires_at", "expiration date must be in the future"))
            }
            // The text for a date that is too late is unknown; this one is a choice.
            (Some(expiry), Some(longest)) if expiry.instant - now > longest => {
                let help = format!("{REQUIRED} within {} seconds", longest.num_seconds());
                Err(Refusal::constraint("expires_at", help))
            }
            (None, Some(_)) => Err(Refusal::constraint("expires_at", REQUIRED)),
            _ => Ok(()),
        }
    }
}

impl NewKey {
    fn plain(bearer: Bearer, description: &str) -> Self {
        Self { bearer, description: description.to_owned(), expires_at: None, default_project_id: None }
    }
}

impl Records {
    pub(super) fn find(&mut self, access_key: &str) -> Result<&mut ApiKey, Refusal> {
        let found = self.api_keys.iter_mut().find(|key| key.access_key == access_key);
        found.ok_or_else(|| Refusal::no_access_key(access_key))
    }

    pub(super) fn keys_of(&self, bearer: Bearer) -> usize {
        self.api_keys.iter().filter(|key| key.bearer == bearer).count()
    }
}

/// When a change made now is said to have been made: always after the last one, however fast they come.
pub(super) fn changed_at(clock: &Clock, last: DateTime<Utc>) -> DateTime<Utc> {
    clock.now().max(last + TimeDelta::microseconds(1))
}
