//! The part of `keywright.toml` that manages what was found.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use toml::Table;

use crate::found::Found;
use crate::names::{Subject, unique};

/// What `keywright.toml` has already.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The accounts that credentials of a vendor belong to, by the vendor. For these no account is written.
    pub accounts: BTreeMap<String, String>,
    /// The names of all accounts.
    pub account_names: BTreeSet<String>,
    /// The names of all credentials.
    pub credential_names: BTreeSet<String>,
}

/// The part of `keywright.toml` that manages credentials of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Configuration {
    /// `[accounts.NAME]` and `[credentials.NAME]`. It can be added to the end of a file that has what was taken.
    pub toml: String,
    /// The names in it, in the order of the credentials.
    pub named: Vec<Named>,
}

/// What a credential is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its own name.
    pub credential: String,
    /// The name of its account.
    pub account: String,
}

/// An account at a vendor, as far as a state tells them apart.
struct Account {
    vendor: &'static str,
    provider_alias: Option<String>,
    settings: Map<String, Value>,
}

impl Configuration {
    /// Names the credentials after their addresses and writes the tables. The names are unique, and the same each time; they are
    /// TOML keys without quotes.
    ///
    /// Credentials of one vendor share an account unless the provider's alias or the settings tell them apart.
    pub fn of(credentials: &[&Found], taken: &Taken) -> Self {
        let (accounts, account_of) = accounts(credentials);
        let account_names = account_names(&accounts, taken);
        let subjects: Vec<Subject> = credentials.iter().map(|found| subject(found)).collect();
        let credential_names = unique(&subjects, &taken.credential_names);
        let named: Vec<Named> = credential_names
            .into_iter()
            .zip(account_of.iter().filter_map(|account| account_names.get(*account)))
            .map(|(credential, account)| Named { credential, account: account.clone() })
            .collect();

        let mut toml = String::new();
        let mut by_name: Vec<(&String, &Account)> = account_names.iter().zip(&accounts).collect();
        by_name.sort_by_key(|(name, _)| *name);
        for (name, account) in by_name {
            if !taken.accounts.contains_key(account.vendor) {
                let of_account = |found: &&&Found| found.vendor == account.vendor;
                let required =
                    credentials.iter().find(of_account).map_or(&[][..], |found| found.resource_type.required_settings);
                let missing = required.iter().copied().filter(|setting| !account.settings.contains_key(*setting));
                section(&mut toml, &missing_settings(missing), "accounts", name, account.table());
            }
        }
        for (found, named) in credentials.iter().zip(&named) {
            let mut table = Table::new();
            table.insert("account".to_owned(), named.account.clone().into());
            table.insert("attributes".to_owned(), table_of(&found.attributes).into());
            section(&mut toml, &format!("# Terraform: {}\n", found.address), "credentials", &named.credential, table);
        }
        Self { toml, named }
    }
}

impl Account {
    fn table(&self) -> Table {
        let mut table = Table::new();
        table.insert("vendor".to_owned(), self.vendor.into());
        if !self.settings.is_empty() {
            table.insert("settings".to_owned(), table_of(&self.settings).into());
        }
        table
    }
}

fn subject(found: &Found) -> Subject {
    let words = [found.vendor].into_iter().chain(found.address.words()).map(str::to_owned).collect();
    Subject { words, identity: found.address.to_string() }
}

/// The accounts, and which of them each credential belongs to.
fn accounts(credentials: &[&Found]) -> (Vec<Account>, Vec<usize>) {
    let mut accounts: Vec<Account> = Vec::new();
    let mut account_of = vec![0; credentials.len()];
    // Those that say most of their account come first: one that says nothing then belongs to the only one that there is.
    let mut order: Vec<usize> = (0..credentials.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(credentials[*at].settings.len()));
    for at in order {
        let found = credentials[at];
        let fits = |account: &Account| {
            let agrees =
                |(name, value): (&String, &Value)| account.settings.get(name).is_none_or(|known| known == value);
            let of_provider = account.vendor == found.vendor && account.provider_alias == found.provider_alias;
            of_provider && found.settings.iter().all(agrees)
        };
        let is_same = |account: &Account| fits(account) && account.settings == found.settings;
        let mut fitting = (0..accounts.len()).filter(|at| fits(&accounts[*at]));
        let only = fitting.next().filter(|_| fitting.next().is_none());
        let account = only.or_else(|| accounts.iter().position(is_same)).unwrap_or_else(|| {
            accounts.push(Account {
                vendor: found.vendor,
                provider_alias: found.provider_alias.clone(),
                settings: found.settings.clone(),
            });
            accounts.len() - 1
        });
        if let Some(account) = accounts.get_mut(account) {
            account.settings.extend(found.settings.clone());
        }
        account_of[at] = account;
    }
    (accounts, account_of)
}

/// Named after vendor and alias; where several are alike, after their settings, too.
fn account_names(accounts: &[Account], taken: &Taken) -> Vec<String> {
    let alike = |account: &Account| {
        let same = |other: &&Account| other.vendor == account.vendor && other.provider_alias == account.provider_alias;
        accounts.iter().filter(same).count() > 1
    };
    let subject = |account: &Account| {
        let settings = account.settings.values().filter(|_| alike(account)).map(|value| match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        });
        let words = [account.vendor.to_owned()].into_iter().chain(account.provider_alias.clone()).chain(settings);
        let words: Vec<String> = words.collect();
        Subject { identity: words.join("\n"), words }
    };
    let subjects: Vec<Subject> = accounts.iter().map(subject).collect();
    let names = unique(&subjects, &taken.account_names);
    names
        .into_iter()
        .zip(accounts)
        .map(|(name, account)| taken.accounts.get(account.vendor).cloned().unwrap_or(name))
        .collect()
}

fn missing_settings<'s>(missing: impl Iterator<Item = &'s str>) -> String {
    let missing: Vec<String> = missing.map(|setting| format!("`{setting}`")).collect();
    match missing.as_slice() {
        [] => String::new(),
        missing => format!("# The state does not say, and the settings need: {}\n", missing.join(", ")),
    }
}

/// A table with its header, and a comment above.
fn section(toml: &mut String, comment: &str, kind: &str, name: &str, table: Table) {
    if !toml.is_empty() {
        toml.push('\n');
    }
    let one: Table = [(name.to_owned(), table.into())].into_iter().collect();
    let document: Table = [(kind.to_owned(), one.into())].into_iter().collect();
    toml.push_str(comment);
    toml.push_str(&document.to_string());
}

fn table_of(object: &Map<String, Value>) -> Table {
    object.iter().filter_map(|(name, value)| Some((name.clone(), toml_value(value)?))).collect()
}

/// The same value in TOML, which has no null. [`Kind`](crate::value::Kind) makes no number that TOML cannot hold.
fn toml_value(value: &Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => number.as_i64()?.into(),
        Value::String(text) => text.clone().into(),
        Value::Array(items) => toml::Value::Array(items.iter().filter_map(toml_value).collect()),
        Value::Object(object) => table_of(object).into(),
    })
}
