//! `raw`: the value of one part is the whole file.

use zeroize::Zeroizing;

use super::layout::{Found, Layout, Trouble};
use super::record::Record;
use crate::delivery::{Delivery, PartSpec, Subject};
use crate::error::ConfigError;

const ADVICE: &str = "correct `part`";

/// The value of one part, without a line break after it.
#[derive(Debug)]
pub(super) struct Raw {
    part: String,
}

impl Raw {
    pub(super) fn new(part: Option<&str>) -> Result<Self, ConfigError> {
        match part {
            Some(part) => Ok(Self { part: part.to_owned() }),
            None => {
                Err(ConfigError::new("the format raw needs `part`: add the name of the part that is to be the file"))
            }
        }
    }

    fn missing(&self) -> Trouble {
        Trouble::MissingPart { part: self.part.clone(), advice: ADVICE }
    }
}

impl Layout for Raw {
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble> {
        if parts.iter().any(|part| part.name == self.part) { Ok(()) } else { Err(self.missing()) }
    }

    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble> {
        let value = delivery.part(&self.part).ok_or_else(|| self.missing())?;
        Ok(Zeroizing::new(value.to_owned()))
    }

    fn find(&self, text: &str, _subject: &Subject) -> Result<Found, Trouble> {
        Ok(whole(text))
    }

    fn put(&self, _text: Option<&str>, delivery: &Delivery, _record: &Record) -> Result<Zeroizing<String>, Trouble> {
        self.render(delivery)
    }

    fn take(&self, _text: &str, _subject: &Subject) -> Result<Option<Zeroizing<String>>, Trouble> {
        Ok(None)
    }

    fn place(&self) -> Option<&str> {
        Some("")
    }
}

/// A file that is one region. An empty one is as good as none.
pub(super) fn whole(text: &str) -> Found {
    if text.is_empty() {
        return Found::Nothing;
    }
    Found::Region { text: Zeroizing::new(text.to_owned()), record: None }
}
