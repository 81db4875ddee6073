//! What the twins share: a proper adapter but for the functions that attack, and how they tell what they got to see.

use serde_json::{Value, json};

use crate::{Vendor, attribute};
use keywright_sdk::{
    Account, CreateRequest, Credential, Descriptor, Failure, Filter, Issued, Page, Reason, Response, Result, Verdict,
};

/// The twin of a vendor: what it leaves out is done as by the proper adapter.
pub trait Twin {
    /// Whose twin it is.
    type Of: Vendor;

    /// Makes a key.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        <Self::Of as Vendor>::create(account, request)
    }

    /// Shows a key.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        <Self::Of as Vendor>::get(account, id)
    }

    /// Lists keys.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        <Self::Of as Vendor>::list(account, filter, cursor)
    }

    /// Whether the vendor takes a key.
    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        <Self::Of as Vendor>::verify(account, id)
    }

    /// Ends a key.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        <Self::Of as Vendor>::revoke(account, id)
    }
}

impl<T: Twin> Vendor for T {
    fn describe() -> Descriptor {
        <T::Of as Vendor>::describe()
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        <T as Twin>::create(account, request)
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        <T as Twin>::get(account, id)
    }

    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        <T as Twin>::list(account, filter, cursor)
    }

    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        <T as Twin>::verify(account, id)
    }

    fn revoke(account: &Account, id: &str) -> Result<()> {
        <T as Twin>::revoke(account, id)
    }
}

/// The attack that the caller asks `create` for.
pub fn attack(request: &CreateRequest) -> &str {
    attribute(request, "attack")
}

/// All of an answer's body, and these of its headers, backwards: what the host takes out of texts it would not find there,
/// so that the caller sees what the adapter saw.
pub fn seen(answer: &Response, headers: &[&str]) -> Value {
    let headers = headers.iter().flat_map(|name| answer.headers(name).map(move |value| format!("{name}: {value}\n")));
    let all: String = headers.chain([String::from_utf8_lossy(answer.body()).into_owned()]).collect();
    veiled(&all)
}

/// A text, backwards.
pub fn veiled(text: &str) -> Value {
    text.chars().rev().collect::<String>().into()
}

/// A key, with what the adapter got to see of it.
pub fn told(mut issued: Issued, seen: Value) -> Issued {
    issued.credential.attributes = json!({"seen": seen});
    issued
}

/// The failure of an attack that found its end here.
pub fn ended(how: &str) -> Failure {
    Failure::new(Reason::Vendor("hostile".to_owned()), how)
}

/// A page that says that all went well, unless the request failed.
pub fn refused_or(answer: Result<Response>) -> Result<Page> {
    answer?.success().map(|_| Page::default())
}
