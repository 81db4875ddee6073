//! Reading a vendor's options: quirks that the real vendor may or may not have.

use std::{collections::BTreeMap, str::FromStr};

use crate::Error;

/// One option of a vendor's simulator, for help texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionHelp {
    /// The option's name.
    pub name: &'static str,
    /// What may be given, in words.
    pub values: &'static str,
    /// What it does, and what holds without it.
    pub about: &'static str,
}

/// Options as given, checked against those that the vendor has.
pub(crate) struct Options<'a> {
    vendor: &'static str,
    known: &'static [OptionHelp],
    given: &'a BTreeMap<String, String>,
}

impl<'a> Options<'a> {
    pub(crate) fn new(
        vendor: &'static str,
        known: &'static [OptionHelp],
        given: &'a BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let options = Self { vendor, known, given };
        match given.keys().find(|name| known.iter().all(|option| option.name != *name)) {
            None => Ok(options),
            Some(unknown) => Err(Error::UnknownOption {
                vendor: vendor.to_owned(),
                option: unknown.clone(),
                known: known.iter().map(|option| option.name).collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// The option's value, or nothing when it was not given.
    pub(crate) fn get<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.given.get(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| self.bad(name))
    }

    /// That the value given to an option is none that it can have.
    pub(crate) fn bad(&self, name: &str) -> Error {
        let known = self.known.iter().find(|option| option.name == name);
        Error::BadOption {
            vendor: self.vendor.to_owned(),
            option: name.to_owned(),
            value: self.given.get(name).cloned().unwrap_or_default(),
            expected: known.map_or_else(String::new, |option| option.values.to_owned()),
        }
    }
}

/// An option that is one of a few words, each a variant: `Name { "word" => Variant }`. The variant gives its word back.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name {
            $($variant),+
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(()),
                }
            }
        }

        impl From<$name> for &'static str {
            fn from(value: $name) -> Self {
                match value {
                    $($name::$variant => $word),+
                }
            }
        }
    };
}

pub(crate) use words;
