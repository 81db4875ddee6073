//! The vendors' own profile files: one profile gets the keys, and all else in the file stays as it is.
//!
//! Each format is edited as text, so that comments, order and layout stay. YAML and JSON are then parsed as data, and an
//! edit that changed anything but the keys of this profile is refused.

mod aws;
mod osc;
mod scw;

use zeroize::Zeroizing;

use super::layout::{Found, Layout, Trouble};
use super::record::Record;
use crate::config::{FileConfig, Format};
use crate::delivery::{Delivery, PartSpec, Subject};
use crate::error::ConfigError;

/// The profile that vendors' tools use when none is chosen.
const DEFAULT: &str = "default";

const ADVICE: &str = "the format is of another vendor's files; correct `format`";

/// Keys and values.
type Entries = Vec<(&'static str, Zeroizing<String>)>;

/// How a format of profiles is edited. A profile that is missing is made.
trait Editor: std::fmt::Debug + Send + Sync {
    /// The keys that the profile has, of those that the editor knows.
    fn get(&self, text: &str, profile: &str) -> Result<Entries, Trouble>;

    /// The text with these keys in the profile.
    fn set(&self, text: &str, profile: &str, entries: &Entries) -> Result<Zeroizing<String>, Trouble>;

    /// The text without the keys, and without the profile if it has nothing else.
    fn unset(&self, text: &str, profile: &str) -> Result<Zeroizing<String>, Trouble>;

    /// The keys, each with the names that its part can have.
    fn keys(&self) -> &'static [(&'static str, &'static [&'static str])];

    /// What is to be said of the profile if the keys that are there are not ours.
    fn what(&self) -> &'static str;
}

/// One profile of a file.
#[derive(Debug)]
pub(super) struct Profile {
    editor: Box<dyn Editor>,
    profile: String,
    place: String,
}

impl Profile {
    pub(super) fn new(config: &FileConfig) -> Result<Self, ConfigError> {
        let editor: Box<dyn Editor> = match config.format {
            Format::OscConfig => Box::new(osc::Osc),
            Format::AwsCredentials => Box::new(aws::Aws),
            _ => Box::new(scw::Scw),
        };
        let profile = config.profile.clone().unwrap_or_else(|| DEFAULT.to_owned());
        // What none of the formats reads as something else than a name.
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if !profile.starts_with(|first: char| first.is_ascii_alphabetic()) || !profile.bytes().all(allowed) {
            return Err(ConfigError::new(format!(
                "the profile `{profile}` is not letters, digits, `.`, `_` and `-`, the first a letter: name another"
            )));
        }
        Ok(Self { editor, place: format!("profile {profile}"), profile })
    }

    fn entries(&self, delivery: &Delivery) -> Result<Entries, Trouble> {
        let entry = |(key, names): &(&'static str, &'static [&'static str])| {
            let found = names.iter().find_map(|name| Some((*name, delivery.part(name)?)));
            let (part, value) = found.ok_or_else(|| missing(names))?;
            if value.is_empty() || value.chars().any(|character| character.is_control() || character.is_whitespace()) {
                let reason =
                    "it is empty or has a space or control character, which such a key never has: use another \
                              format"
                        .to_owned();
                return Err(Trouble::Unrepresentable { part: part.to_owned(), reason });
            }
            Ok((*key, Zeroizing::new(value.to_owned())))
        };
        self.editor.keys().iter().map(entry).collect()
    }
}

impl Layout for Profile {
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble> {
        let has = |names: &[&str]| parts.iter().any(|part| names.contains(&part.name.as_str()));
        match self.editor.keys().iter().find(|(_, names)| !has(names)) {
            Some((_, names)) => Err(missing(names)),
            None => Ok(()),
        }
    }

    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble> {
        Ok(region(&self.entries(delivery)?))
    }

    fn find(&self, text: &str, _subject: &Subject) -> Result<Found, Trouble> {
        let entries = self.editor.get(text, &self.profile)?;
        if entries.is_empty() {
            return Ok(Found::Nothing);
        }
        Ok(Found::Region { text: region(&entries), record: None })
    }

    fn put(&self, text: Option<&str>, delivery: &Delivery, _record: &Record) -> Result<Zeroizing<String>, Trouble> {
        let entries = self.entries(delivery)?;
        let text = self.editor.set(text.unwrap_or_default(), &self.profile, &entries)?;
        let written = self.editor.get(&text, &self.profile)?;
        if written == entries { Ok(text) } else { Err(unexpected()) }
    }

    fn take(&self, text: &str, _subject: &Subject) -> Result<Option<Zeroizing<String>>, Trouble> {
        let text = self.editor.unset(text, &self.profile)?;
        // An empty file says nothing to anyone.
        Ok(if text.trim().is_empty() { None } else { Some(text) })
    }

    fn place(&self) -> Option<&str> {
        Some(&self.place)
    }

    fn what_is_there(&self) -> String {
        format!("has {} in the profile {}", self.editor.what(), self.profile)
    }
}

/// The lines by which what is in the file is compared with what was delivered.
fn region(entries: &Entries) -> Zeroizing<String> {
    let lines: Zeroizing<Vec<String>> =
        Zeroizing::new(entries.iter().map(|(key, value)| format!("{key}={}\n", value.as_str())).collect());
    Zeroizing::new(lines.concat())
}

fn missing(names: &[&str]) -> Trouble {
    let part = names.first().copied().unwrap_or_default().to_owned();
    Trouble::MissingPart { part, advice: ADVICE }
}

/// What an editor says when its result is not what it should be: of a file that it misunderstands.
fn unexpected() -> Trouble {
    Trouble::Malformed(
        "is laid out in a way that Keywright cannot edit without changing more than the keys: write it as the vendor's \
         own tool does, or use another file"
            .to_owned(),
    )
}
