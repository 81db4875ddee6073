//! What the vendor remembers of one project.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    api_client::{ApiClient, new_id, new_secret},
    errors::Refusal,
    quirks::{OtherProject, Quirks, TokensOfDeleted},
    scopes,
};
use crate::{Clock, sync::lock};

/// A project.
pub(super) struct Project {
    pub(super) key: String,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    pub(super) created_at: DateTime<Utc>,
    records: Mutex<Records>,
}

/// What is in it.
#[derive(Default)]
pub(super) struct Records {
    /// In the order of creation.
    pub(super) clients: Vec<ApiClient>,
    /// By their value.
    pub(super) tokens: HashMap<String, Token>,
}

/// An access token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    pub(super) expires_at: DateTime<Utc>,
}

/// What a new client is to be.
pub(super) struct NewClient {
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) lifetime: Option<TimeDelta>,
    pub(super) access_token_validity: Option<u32>,
    pub(super) refresh_token_validity: Option<u32>,
}

impl NewClient {
    fn plain(name: &str, scopes: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            scopes,
            lifetime: None,
            access_token_validity: None,
            refresh_token_validity: None,
        }
    }
}

impl Project {
    /// A project with the client that administers it.
    pub(super) fn seed(quirks: Quirks) -> Self {
        let clock = Clock::default();
        let key = quirks.project_key.0.clone();
        let created_at = clock.now();
        let project = Self { key, quirks, clock, created_at, records: Mutex::default() };
        let names = project.quirks.administrator_scope.0.iter();
        let scopes = names.map(|name| scopes::of(name, &project.key)).collect();
        project.seed_client(NewClient::plain("the administrator", scopes));
        for number in 1..=project.quirks.clients {
            let scopes = vec![scopes::of("view_products", &project.key)];
            project.seed_client(NewClient::plain(&format!("seeded {number}"), scopes));
        }
        project
    }

    /// Adds a client that the authorization host knows already.
    fn seed_client(&self, new: NewClient) -> String {
        let client = self.mint(new);
        let id = client.id.clone();
        self.records().clients.push(ApiClient { known_from: client.created_at, ..client });
        id
    }

    /// What there is now: clients past their end are gone.
    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        let mut records = lock(&self.records);
        let over = self.clock.now() - self.quirks.deletion_delay;
        let ended = |client: &ApiClient| client.delete_at.is_some_and(|end| end <= over);
        let gone: Vec<String> =
            records.clients.iter().filter(|client| ended(client)).map(|client| client.id.clone()).collect();
        for id in gone {
            self.remove(&mut records, &id);
        }
        records
    }

    /// Takes a client out.
    pub(super) fn remove(&self, records: &mut Records, id: &str) -> Option<ApiClient> {
        let position = records.clients.iter().position(|client| client.id == id)?;
        if self.quirks.tokens_of_deleted == TokensOfDeleted::Die {
            records.tokens.retain(|_, token| token.client != id);
        }
        Some(records.clients.remove(position))
    }

    /// The client that was seeded first. Callers take it before anyone could have deleted it.
    pub(super) fn administrator(&self) -> ApiClient {
        self.records().clients[0].clone()
    }

    /// Makes a client, without adding it.
    pub(super) fn mint(&self, new: NewClient) -> ApiClient {
        let now = self.clock.now();
        let mut scopes = if self.quirks.scope_widening { scopes::widened(&new.scopes) } else { new.scopes };
        if self.quirks.scope_reordering {
            scopes.reverse();
        }
        ApiClient {
            id: new_id(),
            secret: new_secret(),
            name: new.name,
            scopes,
            created_at: now,
            delete_at: new.lifetime.and_then(|lifetime| now.checked_add_signed(lifetime)),
            last_used: None,
            access_token_validity: new.access_token_validity,
            refresh_token_validity: new.refresh_token_validity,
            known_from: now + self.quirks.new_client_delay,
        }
    }

    /// Adds a client as in the Merchant Center. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> String {
        self.seed_client(NewClient::plain("made by hand", vec![scopes::of("view_products", &self.key)]))
    }

    /// Refuses a path of another project.
    pub(super) fn check_key(&self, key: &str, scope: &str) -> Result<(), Refusal> {
        match self.quirks.other_project {
            _ if key == self.key => Ok(()),
            OtherProject::NotFound => Err(self.not_found(key)),
            OtherProject::Forbidden => Err(Refusal::InsufficientScope(vec![scopes::of(scope, key)])),
        }
    }

    pub(super) fn not_found(&self, id: &str) -> Refusal {
        Refusal::NotFound { id: id.to_owned(), body: self.quirks.not_found_body }
    }

    /// Whether scopes allow what takes this scope, by its full name.
    pub(super) fn allow(&self, held: &[String], scope: &str) -> bool {
        let holds = |scope: &str| held.iter().any(|held| held == scope);
        let implied = || held.iter().any(|held| scopes::view_of(held).as_deref() == Some(scope));
        holds(scope) || (self.quirks.manage_implies_view && implied())
    }
}

impl Records {
    pub(super) fn client(&mut self, id: &str) -> Option<&mut ApiClient> {
        self.clients.iter_mut().find(|client| client.id == id)
    }
}
