//! The keys of a vendor, and its answers to what is the same at most: whoever is known may see, list and end keys, and a key
//! is shown to itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keywright_tests::{Arrived, Reply};
use serde_json::{Value, json};

/// Ids, and what each is known by.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    made: usize,
    alive: BTreeMap<String, String>,
}

/// Who sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    Administrator,
    /// A key, by its id.
    Key(String),
    Nobody,
}

impl Keys {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a key, known by what is made of its id.
    pub(super) fn make(&self, known_by: impl FnOnce(&str) -> String) -> String {
        let mut state = self.state();
        state.made += 1;
        let id = format!("k{}", state.made);
        let known_by = known_by(&id);
        state.alive.insert(id.clone(), known_by);
        id
    }

    /// Keeps a key of this id.
    pub(super) fn keep(&self, id: &str, known_by: &str) {
        let mut state = self.state();
        state.made += 1;
        state.alive.insert(id.to_owned(), known_by.to_owned());
    }

    /// How many were ever made.
    pub(super) fn made(&self) -> usize {
        self.state().made
    }

    /// The ids.
    pub(super) fn ids(&self) -> Vec<String> {
        self.state().alive.keys().cloned().collect()
    }

    /// What a key is known by.
    pub(super) fn known_by(&self, id: &str) -> Option<String> {
        self.state().alive.get(id).cloned()
    }

    /// The key that is known by this.
    pub(super) fn of(&self, known_by: &str) -> Option<String> {
        self.state().alive.iter().find(|(_, known)| *known == known_by).map(|(id, _)| id.clone())
    }

    /// Ends a key, if there is one.
    pub(super) fn end(&self, id: &str) -> bool {
        self.state().alive.remove(id).is_some()
    }

    /// The body of a request to make a key, where an administrator sent one; or else the answer to what was asked.
    pub(super) fn creation(&self, request: &Arrived, caller: &Caller) -> Result<Value, Reply> {
        if *caller != Caller::Administrator || request.line() != "POST /keys" {
            return Err(self.answer(request, caller));
        }
        Ok(serde_json::from_slice(&request.body).expect("JSON"))
    }

    /// Whose request it is, of an administrator who sends `X-Token: administrator-token` and keys that send `X-Key`.
    pub(super) fn caller(&self, request: &Arrived) -> Caller {
        match (request.header("x-token"), self.of(request.header("x-key"))) {
            (ADMINISTRATOR, None) => Caller::Administrator,
            ("", Some(id)) => Caller::Key(id),
            _ => Caller::Nobody,
        }
    }

    /// The answer to everything but a creation.
    pub(super) fn answer(&self, request: &Arrived, caller: &Caller) -> Reply {
        let id = request.path.strip_prefix("/keys/");
        match (caller, request.method.as_str(), id) {
            (Caller::Key(id), "GET", None) if request.path == "/self" => Reply::json(200, &json!({"id": id})),
            (Caller::Administrator, "GET", None) if request.path == "/keys" => {
                Reply::json(200, &json!({"keys": self.ids()}))
            }
            (Caller::Administrator, "GET", Some(id)) if self.known_by(id).is_some() => {
                Reply::json(200, &json!({"id": id}))
            }
            (Caller::Administrator, "DELETE", Some(id)) if self.end(id) => Reply::empty(204),
            (Caller::Administrator, _, _) => Reply::json(404, &json!({"error": "not found"})),
            _ => Reply::json(401, &json!({"error": "not authenticated"})),
        }
    }
}

/// The token of the usual administrator.
pub(super) const ADMINISTRATOR: &str = "administrator-token";

/// The credential that has it.
pub(super) const CREDENTIAL: &[(&str, &str)] = &[("token", ADMINISTRATOR)];
