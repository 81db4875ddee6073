//! The users and the keys of an account, each list in the order of creation.

use chrono::{DateTime, Utc};

use super::{
    access_key::{AccessKey, Owner},
    authentication::{Caller, Principal},
    errors::{Code, Refusal},
    quirks::UserLookup,
    user::{User, new_unique_id},
};

/// What is in an account.
pub(super) struct Records {
    pub(super) keys: Vec<AccessKey>,
    pub(super) users: Vec<User>,
    /// Keys that were deleted, and may still sign for a while.
    deleted: Vec<AccessKey>,
    lookup: UserLookup,
    last_number: u64,
}

impl Records {
    pub(super) fn new(lookup: UserLookup) -> Self {
        Self { keys: Vec::new(), users: Vec::new(), deleted: Vec::new(), lookup, last_number: 0 }
    }

    /// The number of what is added next.
    pub(super) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Adds a user without rights.
    pub(super) fn add_user(&mut self, name: &str, path: &str, created_at: DateTime<Utc>) -> &User {
        let user = User {
            id: new_unique_id("AIDA"),
            name: name.to_owned(),
            path: path.to_owned(),
            created_at,
            may_do_everything: false,
            number: self.next_number(),
        };
        self.users.push_mut(user)
    }

    /// The user who is found by this name. Names are unique without regard to case; whether that is looked at when one is
    /// looked up is unknown.
    pub(super) fn user_called(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| match self.lookup {
            UserLookup::Exact => user.name == name,
            UserLookup::AnyCase => user.name.eq_ignore_ascii_case(name),
        })
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn user_mut(&mut self, id: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// Whether a name is taken by another than the user with this unique id.
    pub(super) fn is_taken(&self, name: &str, by_other_than: Option<&str>) -> bool {
        self.users.iter().any(|user| user.name.eq_ignore_ascii_case(name) && Some(user.id.as_str()) != by_other_than)
    }

    pub(super) fn set_rights(&mut self, user_name: &str, granted: bool) -> bool {
        let user = self.users.iter_mut().find(|user| user.name == user_name);
        user.map(|user| user.may_do_everything = granted).is_some()
    }

    /// The user with this name (message as recorded).
    pub(super) fn find_user(&self, name: &str) -> Result<&User, Refusal> {
        self.user_called(name)
            .ok_or_else(|| Code::NoSuchEntity.because(format!("The user with name {name} cannot be found.")))
    }

    /// Whose keys a request is about: the caller's own when it does not say. The session of a role is not a user and has to say
    /// (message as recorded).
    pub(super) fn owner(&self, user_name: Option<&str>, caller: &Caller) -> Result<Owner, Refusal> {
        match (user_name, &caller.principal) {
            (Some(name), _) => Ok(Owner::User(self.find_user(name)?.id.clone())),
            (None, Principal::Root) => Ok(Owner::Root),
            (None, Principal::User(id)) => Ok(Owner::User(id.clone())),
            (None, Principal::Session) => Err(must_specify_user_name()),
        }
    }

    /// The user name in answers about an owner's keys. What it is for root's own keys is unknown; that there is none is a choice.
    pub(super) fn name_of(&self, owner: &Owner) -> Option<&str> {
        match owner {
            Owner::Root => None,
            Owner::User(id) => self.user(id).map(|user| user.name.as_str()),
        }
    }

    pub(super) fn keys_of<'a>(&'a self, owner: &'a Owner) -> impl Iterator<Item = &'a AccessKey> {
        self.keys.iter().filter(move |key| key.owner == *owner)
    }

    /// A key of this owner's; that of another's is not found (message as recorded).
    pub(super) fn find_key(&mut self, owner: &Owner, id: &str) -> Result<&mut AccessKey, Refusal> {
        let key = self.keys.iter_mut().find(|key| key.owner == *owner && key.id == id);
        key.ok_or_else(|| Code::NoSuchEntity.because(format!("The Access Key with id {id} cannot be found.")))
    }

    /// Deletes a key that was just changed so that it is about to sign no more.
    pub(super) fn delete_key(&mut self, id: &str, now: DateTime<Utc>) {
        self.deleted.retain(|key| key.is_unsettled(now));
        self.deleted.extend(self.keys.extract_if(.., |key| key.id == id));
    }

    /// The key with this id that signs now.
    pub(super) fn signer(&mut self, id: &str, now: DateTime<Utc>) -> Option<&mut AccessKey> {
        self.keys.iter_mut().chain(&mut self.deleted).find(|key| key.id == id && key.signs(now))
    }
}

/// The refusal of a caller who is not a user and does not name one.
pub(super) fn must_specify_user_name() -> Refusal {
    Code::ValidationError.because("Must specify userName when calling with non-User credentials")
}
