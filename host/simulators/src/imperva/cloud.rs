//! What Imperva remembers: accounts, users, API clients.

use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{client::Client, quirks::Quirks, refusal::Refusal};
use crate::{Clock, sync::lock};

/// The user who administers.
pub(super) const ADMINISTRATOR: &str = "admin@example.com";

/// The user of the Terraform page's examples, who may do nothing, in the account and in its sub-account.
pub(super) const EXAMPLE: &str = "example@terraform.com";

/// A user who may manage API clients of their own, and of nobody else.
const SELF_SERVICE: &str = "jo@example.com";

/// An account with a sub-account, and another customer's.
pub(super) struct Cloud {
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    /// The account; the number of its sub-account is the next one, and the stranger's the one after.
    pub(super) account: u64,
    records: Mutex<Records>,
}

/// What changes.
pub(super) struct Records {
    pub(super) clients: Vec<Client>,
    users: Vec<User>,
    last_id: u64,
}

struct User {
    email: String,
    account: u64,
    rights: Rights,
}

/// What a user may do (the documentation's "Manage API keys" and "Manage users and permissions").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Rights {
    pub(super) manage_api_keys: bool,
    pub(super) manage_users: bool,
}

/// Whose API client a request came with.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) account: u64,
    pub(super) user: String,
    pub(super) rights: Rights,
}

/// What a new API client is to be.
pub(super) struct NewClient {
    pub(super) account: u64,
    pub(super) user: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) enabled: bool,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl Cloud {
    pub(super) fn seed(quirks: Quirks) -> Self {
        let account = rand::random_range(1_000_000..9_000_000);
        let user = |email: &str, account, manage_api_keys, manage_users| User {
            email: email.to_owned(),
            account,
            rights: Rights { manage_api_keys, manage_users },
        };
        let users = vec![
            user(ADMINISTRATOR, account, true, true),
            user(SELF_SERVICE, account, true, false),
            user(EXAMPLE, account, false, false),
            user(EXAMPLE, account + 1, false, false),
            user("someone@example.net", account + 2, true, true),
        ];
        let last_id = rand::random_range(100_000..900_000);
        let records = Mutex::new(Records { clients: Vec::new(), users, last_id });
        let cloud = Self { quirks, clock: Clock::default(), account, records };
        cloud.issue("the administrator's own");
        cloud
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// The API client that was seeded first. Callers take it before anyone could have deleted it.
    pub(super) fn administrator(&self) -> Client {
        self.records().clients[0].clone()
    }

    /// Makes an enabled API client for the administrator at the console, where no quota is asked, and whose API key all
    /// gateways know at once.
    pub(super) fn issue(&self, name: &str) -> u64 {
        let mut records = self.records();
        let client = NewClient {
            account: self.account,
            user: ADMINISTRATOR.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            enabled: true,
            expires_at: None,
        };
        let client = Client { known_from: self.clock.now(), ..self.mint(&mut records, client) };
        let id = client.id;
        records.clients.push(client);
        id
    }

    /// Makes an API client, without adding it.
    pub(super) fn mint(&self, records: &mut Records, new: NewClient) -> Client {
        // Other customers make some in between.
        records.last_id += rand::random_range(1..20);
        let now = self.clock.now();
        Client {
            id: records.last_id,
            account: new.account,
            user: new.user,
            name: new.name,
            description: new.description,
            api_key: Uuid::new_v4(),
            enabled: new.enabled,
            expires_at: new.expires_at.or_else(|| Some(now + self.quirks.default_lifetime?)),
            last_used_at: None,
            known_from: now + self.quirks.consistency_delay,
        }
    }

    /// Who calls with this API ID and API key. Remembers the use.
    pub(super) fn authenticate(&self, id: &str, api_key: &str) -> Result<Caller, Refusal> {
        let now = self.clock.now();
        let mut records = self.records();
        let client = records.clients.iter_mut().find(|client| client.id.to_string() == id);
        let client = client
            .filter(|client| client.api_key.to_string() == api_key && client.known_from <= now)
            .ok_or(Refusal::Unauthenticated)?;
        if client.has_expired(now) {
            return Err(Refusal::Unauthenticated);
        }
        if !client.enabled {
            return Err(Refusal::Disabled);
        }
        client.last_used_at = Some(now);
        let (account, user) = (client.account, client.user.clone());
        let rights = self.user(&records, account, &user).map(|user| user.rights).unwrap_or_default();
        Ok(Caller { account, user, rights })
    }

    pub(super) fn parent(&self, account: u64) -> Option<u64> {
        (account == self.account + 1).then_some(self.account)
    }

    /// The account that a request is about: the one it names, which must be the caller's or a sub-account of it.
    pub(super) fn scope(&self, caller: &Caller, named: Option<u64>) -> Result<u64, Refusal> {
        let account = named.unwrap_or(caller.account);
        if account == caller.account || self.parent(account) == Some(caller.account) {
            return Ok(account);
        }
        Err(Refusal::Account)
    }

    /// A user of the account, or of the account that it is part of.
    fn user<'r>(&self, records: &'r Records, account: u64, email: &str) -> Option<&'r User> {
        let of = |account| {
            let mut users = records.users.iter();
            users.find(|user| user.account == account && user.email.eq_ignore_ascii_case(email))
        };
        of(account).or_else(|| of(self.parent(account)?))
    }

    /// The user's email as Imperva writes it.
    pub(super) fn known_user(&self, records: &Records, account: u64, email: &str) -> Result<String, Refusal> {
        let user = self.user(records, account, email);
        user.map(|user| user.email.clone()).ok_or_else(|| Refusal::UnknownUser(email.to_owned()))
    }

    pub(super) fn set_rights(&self, email: &str, rights: Rights) -> bool {
        let mut records = self.records();
        let mut known = false;
        for user in records.users.iter_mut().filter(|user| user.email == email) {
            user.rights = rights;
            known = true;
        }
        known
    }
}

impl Caller {
    /// Whether the caller may manage API clients of this user; own ones take one permission, others' two.
    pub(super) fn may_manage(&self, user: &str) -> Result<(), Refusal> {
        if !self.rights.manage_api_keys {
            return Err(Refusal::Forbidden("Missing permission: Manage API keys"));
        }
        if !self.rights.manage_users && !self.user.eq_ignore_ascii_case(user) {
            return Err(Refusal::Forbidden("Missing permission: Manage users and permissions"));
        }
        Ok(())
    }

    pub(super) fn sees(&self, client: &Client) -> bool {
        self.rights.manage_users || client.is_of(&self.user)
    }
}

impl Records {
    /// An API client of the account.
    pub(super) fn find(&mut self, account: u64, id: &str) -> Result<&mut Client, Refusal> {
        let found = self.clients.iter_mut().find(|client| client.account == account && client.id.to_string() == id);
        found.ok_or(Refusal::NotFound)
    }
}
