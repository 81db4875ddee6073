//! What a state holds.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::address::Address;
use crate::table::ResourceType;

/// A credential in a state.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Found {
    /// Where it stands in Terraform, module path and instance keys included.
    pub address: Address,
    /// What its resource type is to Keywright.
    pub resource_type: &'static ResourceType,
    /// The vendor, by the name of its adapter.
    pub vendor: &'static str,
    /// The source address of the provider that manages it, such as `registry.terraform.io/scaleway/scaleway`; empty when the
    /// file does not say.
    pub provider: String,
    /// Which of several configurations of that provider manages it. Only state files say so.
    pub provider_alias: Option<String>,
    /// How the adapter names it.
    pub id: VendorId,
    /// The attributes that can be set, by the adapter's names. One that the state does not give is left out.
    pub attributes: Map<String, Value>,
    /// What the state says of the account's settings.
    pub settings: Map<String, Value>,
    /// When the vendor ends it.
    pub expires_at: Option<DateTime<Utc>>,
    /// The public parts, by the adapter's names.
    pub public_parts: Vec<(&'static str, String)>,
    /// The secret parts, by the adapter's names. None when the state does not hold the secret, as after `terraform import`.
    pub secrets: Vec<(&'static str, SecretString)>,
    /// What keeps it from being taken over as it is: a sentence each, without a value of the state. None stops the import.
    pub problems: Vec<String>,
}

impl Found {
    /// The settings that its account needs and that the state does not say.
    pub fn missing_settings(&self) -> impl Iterator<Item = &'static str> {
        self.resource_type.required_settings.iter().copied().filter(|name| !self.settings.contains_key(*name))
    }
}

/// How an adapter names a credential, as far as the state tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VendorId {
    /// The id.
    Whole(String),
    /// The end of the id. Before it stand the account, which no state names, and a slash: at OUTSCALE `ACCOUNT_ID/`, and where
    /// the state does not name the owner either, `ACCOUNT_ID/USER/` for a key of an EIM user.
    End(String),
}

impl VendorId {
    /// Whether this is the id, or can be: for finding a credential in the vendor's list.
    pub fn matches(&self, id: &str) -> bool {
        match self {
            Self::Whole(whole) => whole == id,
            Self::End(end) => {
                id.strip_suffix(end.as_str()).is_some_and(|account| account.len() > 1 && account.ends_with('/'))
            }
        }
    }

    /// The id; where the state has its end only, the one with this account before it.
    pub fn in_account(&self, account: &str) -> String {
        match self {
            Self::Whole(whole) => whole.clone(),
            Self::End(end) => format!("{account}/{end}"),
        }
    }

    /// The id, where the state has the whole of it.
    pub fn whole(&self) -> Option<&str> {
        match self {
            Self::Whole(whole) => Some(whole),
            Self::End(_) => None,
        }
    }

    /// As much of the id as the state has.
    pub fn known(&self) -> &str {
        let (Self::Whole(known) | Self::End(known)) = self;
        known
    }
}

/// An instance of a known resource type that is not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Where it stands in Terraform.
    pub address: String,
    /// The address of its resource, without instance keys; none when the address cannot be read.
    pub resource: Option<String>,
    /// Why it is not taken over, and what to do: a sentence that begins with a verb, its subject is the instance.
    pub reason: String,
    /// Whether it is an object that was replaced and that Terraform still has to destroy. It stands at the same address as its
    /// successor.
    pub deposed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_id_finds_it_in_a_list() {
        let end = VendorId::End("jo/ABCDEFGHIJ0123456789".to_owned());
        assert!(end.matches("123456789012/jo/ABCDEFGHIJ0123456789"));
        for other in [
            "jo/ABCDEFGHIJ0123456789",
            "/jo/ABCDEFGHIJ0123456789",
            "1/mojo/ABCDEFGHIJ0123456789",
            "1/jo/ABCDEFGHIJ012345678",
        ] {
            assert!(!end.matches(other), "{other}");
        }
        assert_eq!(end.in_account("123456789012"), "123456789012/jo/ABCDEFGHIJ0123456789");
        assert_eq!((end.whole(), end.known()), (None, "jo/ABCDEFGHIJ0123456789"));
    }

    #[test]
    fn a_whole_id_is_itself_in_any_account() {
        let whole = VendorId::Whole("jo/AKIA".to_owned());
        assert!(whole.matches("jo/AKIA") && !whole.matches("1/jo/AKIA"));
        assert_eq!((whole.in_account("1").as_str(), whole.whole()), ("jo/AKIA", Some("jo/AKIA")));
    }
}
