//! What the vendor remembers of one account.

use std::sync::{Mutex, MutexGuard};

use super::{
    authentication::{Caller, Denial},
    creation::NewToken,
    errors::Refusal,
    quirks::{AfterDelete, ForeignToken, Quirks, Separator},
    roles::{ADMINISTRATORS, Role, USERS},
    router::Version,
    token::{State, Token},
};
use crate::{Clock, random, sync::lock};

/// A user of the account.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) role: Role,
}

/// The one who has the seeded token.
pub(super) static ADMINISTRATOR: User =
    User { id: 1_023_101, name: "Jo Doe", email: "jo@example.com", role: ADMINISTRATORS };

/// The one who makes tokens by hand.
pub(super) static COLLEAGUE: User = User { id: 1_023_102, name: "Sam Roe", email: "sam@example.com", role: USERS };

/// An account.
pub(super) struct GcoreAccount {
    pub(super) id: u64,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    records: Mutex<Records>,
}

/// What is in it.
pub(super) struct Records {
    /// In the order of creation, deleted ones included.
    pub(super) tokens: Vec<Token>,
    next_id: u64,
}

const HEX: &[u8] = b"0123456789abcdef";

impl GcoreAccount {
    /// An account with its users, and the administrator's token.
    pub(super) fn seed(quirks: Quirks) -> (Self, String) {
        let records = Records { tokens: Vec::new(), next_id: rand::random_range(100_000..800_000) };
        let id = rand::random_range(1_000_000..10_000_000);
        let account = Self { id, quirks, clock: Clock::default(), records: Mutex::new(records) };
        let new = NewToken::plain("the administrator's own token", ADMINISTRATORS);
        let token = account.mint(&mut account.records(), new, &ADMINISTRATOR, Version::V2).value;
        (account, token)
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// Makes a token and adds it.
    pub(super) fn mint(&self, records: &mut Records, new: NewToken, issuer: &'static User, version: Version) -> Token {
        let id = records.next_id;
        records.next_id += rand::random_range(1..50);
        let separator = match (self.quirks.separator, version) {
            (Separator::Dollar, _) | (Separator::Documented, Version::V1) => '$',
            (Separator::Underscore, _) | (Separator::Documented, Version::V2) => '_',
        };
        let token = Token {
            id,
            value: format!("{id}{separator}{}", random::text(HEX, 64)),
            name: new.name,
            description: new.description,
            exp_date: new.exp_date,
            created: self.clock.now(),
            last_usage: None,
            role: new.role,
            issuer,
            deleted: false,
        };
        records.tokens.push(token.clone());
        token
    }

    /// Adds a token at the control panel, and answers its id. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> u64 {
        self.mint(&mut self.records(), NewToken::plain("made by hand", USERS), &COLLEAGUE, Version::V2).id
    }

    pub(super) fn state(&self, token: &Token) -> State {
        token.state(self.clock.now(), &self.quirks)
    }

    /// Whether a token is shown at all.
    pub(super) fn shows(&self, token: &Token) -> bool {
        self.state(token) != State::Deleted || self.quirks.after_delete == AfterDelete::Flagged
    }

    /// Whose token this is.
    pub(super) fn authenticate(&self, value: &str) -> Result<Caller, Denial> {
        let Some((id, _)) = value.split_once(['$', '_']) else {
            return Err(Denial::Incomplete(value.to_owned()));
        };
        let now = self.clock.now();
        let mut records = self.records();
        let token = records.tokens.iter_mut().find(|token| token.value == value);
        match token.filter(|token| token.state(now, &self.quirks) == State::Live) {
            Some(token) => {
                token.last_usage = Some(now);
                Ok(Caller { user: token.issuer, role: token.role })
            }
            None if id.is_empty() => Err(Denial::Incomplete(value.to_owned())),
            None => Err(Denial::Invalid),
        }
    }

    /// The token of this id, as far as the caller may know of it.
    pub(super) fn find<'r>(
        &self,
        records: &'r mut Records,
        caller: &Caller,
        id: &str,
    ) -> Result<&'r mut Token, Refusal> {
        let id: u64 = id.parse().map_err(|_| Refusal::NoSuchRoute(http::StatusCode::NOT_FOUND))?;
        let found = records.tokens.iter_mut().find(|token| token.id == id);
        let token = found.filter(|token| self.shows(token)).ok_or(Refusal::NoToken)?;
        if caller.sees(token) {
            return Ok(token);
        }
        Err(match self.quirks.foreign_token {
            ForeignToken::NotFound => Refusal::NoToken,
            ForeignToken::Forbidden => Refusal::Forbidden,
        })
    }

    /// How many tokens there are; those that are gone do not count.
    pub(super) fn live(&self, records: &Records) -> usize {
        records.tokens.iter().filter(|token| self.state(token) == State::Live).count()
    }
}
