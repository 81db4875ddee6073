//! The parts of a credential.

use std::{fmt, mem};

use secrecy::SecretString;

/// The named parts of a credential's material, such as `access_key` and `secret_key`.
///
/// All parts are held as secrets; `Debug` prints their names only, and they are wiped on drop.
#[derive(Clone, Default)]
pub struct Parts(Vec<(String, SecretString)>);

impl Parts {
    /// No parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The part of this name.
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Adds a part, and gives back the one of the same name that it replaces.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Option<SecretString> {
        let (name, value) = (name.into(), value.into());
        let at = self.0.iter().position(|(known, _)| *known >= name).unwrap_or(self.0.len());
        match self.0.get_mut(at) {
            Some((known, old)) if *known == name => Some(mem::replace(old, value)),
            _ => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// The parts, by name in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &SecretString)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>, V: Into<SecretString>> FromIterator<(N, V)> for Parts {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(parts: I) -> Self {
        // One by one, where collecting would sort them first: they are few, and components carry this code.
        let mut named = Self::new();
        for (name, value) in parts {
            named.insert(name, value);
        }
        named
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
