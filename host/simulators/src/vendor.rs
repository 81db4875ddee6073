//! What a vendor's fake is, and the list of those there are.

use std::{collections::BTreeMap, fmt, sync::Arc};

use axum::{
    Json, Router,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode, Uri, header};
use serde_json::{Value, json};

use crate::{
    Clock, Error, aws_iam, commercetools, datadog, digitalocean_spaces, gcore, imperva,
    options::{OptionHelp, Options},
    outscale, scaleway,
};

/// A vendor's fake: what it remembers, and the routes that show it.
///
/// A new vendor is a module with an implementation of this trait and one line in the list of this file. Everything
/// else (TLS, connections, the record of requests, faults) is the simulator's and knows no vendor.
pub trait Vendor: Send + Sync + 'static {
    /// The vendor's short name, as used on the command line: `scaleway`.
    fn name(&self) -> &'static str;

    /// All routes of the vendor, token endpoints and authentication included.
    ///
    /// Bodies arrive whole. Where the vendor has several hosts (an API host and a token host, say), the simulator
    /// serves all of them at one origin, so their paths must not collide.
    fn router(&self) -> Router;

    /// Every word that [`operation`](Self::operation) can answer.
    fn operations(&self) -> &'static [&'static str];

    /// Which lifecycle operation a request belongs to, as far as its method and path tell: `create`, `get`, `list`,
    /// `update`, `set-enabled`, `regenerate`, `verify`, `revoke`, or `token` for a call to a token endpoint.
    /// Faults are aimed by it.
    fn operation(&self, method: &Method, path: &str) -> Option<&'static str>;

    /// [`operation`](Self::operation), for a vendor whose methods and paths tell too little: with the query and the body.
    fn operation_of(&self, method: &Method, uri: &Uri, _body: &[u8]) -> Option<&'static str> {
        self.operation(method, uri.path())
    }

    /// What a caller needs to use the vendor.
    fn account(&self) -> Account;

    /// What a demonstration can create a credential with and change on it.
    fn sample(&self) -> Sample;

    /// What else is there that the examples of the vendor's page name: a few words, and the name or number that it has here.
    fn also(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Makes a credential the way a person at the vendor's console would, and returns its import id.
    fn issue_by_hand(&self) -> String;

    /// The clock that expiry and delays at this vendor go by.
    fn clock(&self) -> &Clock;

    /// The vendor's way of saying "too many requests".
    fn rate_limited(&self) -> Response {
        let body = Json(json!({"message": "too many requests"}));
        (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], body).into_response()
    }

    /// The vendor's way of saying "we failed".
    fn server_error(&self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"message": "internal error"}))).into_response()
    }

    /// [`rate_limited`](Self::rate_limited), for a vendor whose hosts say it differently: with the path, which tells them
    /// apart.
    fn rate_limited_at(&self, _path: &str) -> Response {
        self.rate_limited()
    }

    /// [`server_error`](Self::server_error), for a vendor whose hosts say it differently.
    fn server_error_at(&self, _path: &str) -> Response {
        self.server_error()
    }
}

/// What a caller needs to use a vendor's fake.
#[derive(Clone)]
pub struct Account {
    /// The account's settings: a JSON object as the vendor's adapter takes it.
    pub settings: Value,
    /// The parts of the seeded administrator credential: name to value.
    pub credential: BTreeMap<String, String>,
}

/// Shows which parts the credential has, never what they are.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("settings", &self.settings)
            .field("credential", &self.credential.keys())
            .finish()
    }
}

/// Attributes for a demonstration.
#[derive(Debug, Clone)]
pub struct Sample {
    /// A JSON object that a credential can be created with.
    pub attributes: Value,
    /// A JSON merge patch that the vendor can make in place; `null` when it can change nothing in place.
    pub change: Value,
}

/// One line of the list.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) options: &'static [OptionHelp],
    pub(crate) make: fn(&Options<'_>) -> Result<Arc<dyn Vendor>, Error>,
}

/// The simulators there are. A new vendor adds its line here.
const LIST: &[Entry] = &[
    aws_iam::ENTRY,
    commercetools::ENTRY,
    datadog::ENTRY,
    digitalocean_spaces::ENTRY,
    gcore::ENTRY,
    imperva::ENTRY,
    outscale::ENTRY,
    scaleway::ENTRY,
];

/// The names of the simulators there are.
pub fn names() -> impl Iterator<Item = &'static str> {
    LIST.iter().map(|entry| entry.name)
}

/// The options that a vendor's simulator takes.
///
/// # Errors
///
/// [`Error::UnknownVendor`] when no simulator has that name.
pub fn options(name: &str) -> Result<&'static [OptionHelp], Error> {
    Ok(entry(name)?.options)
}

/// Makes a vendor's fake with freshly seeded state. `options` are the vendor's quirks by name (see [`options`]).
///
/// # Errors
///
/// [`Error::UnknownVendor`], [`Error::UnknownOption`] or [`Error::BadOption`], each naming what there is.
pub fn vendor(name: &str, options: &BTreeMap<String, String>) -> Result<Arc<dyn Vendor>, Error> {
    let entry = entry(name)?;
    (entry.make)(&Options::new(entry.name, entry.options, options)?)
}

fn entry(name: &str) -> Result<&'static Entry, Error> {
    LIST.iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| Error::UnknownVendor { name: name.to_owned(), known: names().collect::<Vec<_>>().join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_simulator_listed_can_be_made_and_answers_to_its_name() {
        for name in names() {
            let vendor = vendor(name, &BTreeMap::new()).unwrap();
            assert_eq!(vendor.name(), name);
            assert!(vendor.account().settings.is_object());
            assert!(!vendor.account().credential.is_empty());
            assert!(vendor.sample().attributes.is_object());
        }
    }

    #[test]
    fn an_unknown_vendor_is_refused_with_the_names_there_are() {
        let error = vendor("initech", &BTreeMap::new()).err().unwrap().to_string();
        assert!(error.contains("initech") && error.contains("scaleway"), "{error}");
    }

    fn with(name: &str, option: &str, value: &str) -> Result<Arc<dyn Vendor>, Error> {
        vendor(name, &BTreeMap::from([(option.to_owned(), value.to_owned())]))
    }

    #[test]
    fn an_unknown_option_is_refused_with_those_there_are() {
        for Entry { name, options, .. } in LIST {
            let known: Vec<&str> = options.iter().map(|option| option.name).collect();
            let error = with(name, "qouta", "3").err().unwrap().to_string();
            assert!(error.contains("\"qouta\"") && error.ends_with(&known.join(", ")), "{name}: {error}");
        }
    }

    #[test]
    fn every_option_says_what_may_be_given() {
        for Entry { name, options, .. } in LIST {
            for option in *options {
                let error = with(name, option.name, "~").err().unwrap().to_string();
                let told = [option.name, "\"~\"", option.values];
                assert!(told.iter().all(|told| error.contains(told)), "{name}: {error}");
                let value = match option.values.split([',', ' ', ';']).next().unwrap() {
                    "a" if option.values.starts_with("a status") => "404",
                    "a" => "7",
                    word => word,
                };
                assert!(with(name, option.name, value).is_ok(), "{name} {} {value}", option.name);
            }
        }
    }

    #[test]
    fn an_account_does_not_print_its_secrets() {
        let account = vendor("scaleway", &BTreeMap::new()).unwrap().account();
        let printed = format!("{account:?}");
        assert!(printed.contains("secret_key"));
        assert!(!printed.contains(&account.credential["secret_key"]));
    }
}
