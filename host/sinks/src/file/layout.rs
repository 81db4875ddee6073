//! How a delivery is laid out in a file: one implementation for each format.

use std::fmt;

use zeroize::Zeroizing;

use super::dotenv::Dotenv;
use super::json::Json;
use super::profile::Profile;
use super::raw::Raw;
use super::record::Record;
use super::template::Template;
use crate::config::{FileConfig, Format};
use crate::delivery::{Delivery, PartSpec, Subject};
use crate::error::{ConfigError, SinkError};
use crate::locations::Locations;

/// How a delivery is laid out in the text of a file. No I/O.
///
/// The *region* is the text that stands for a delivery: all of it, or the lines of one credential, or the values of one
/// profile. What is around it belongs to others and is not touched.
pub(super) trait Layout: fmt::Debug + Send + Sync {
    /// Whether these parts can be delivered, as far as their names tell.
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble>;

    /// Whether there is room for these parts among what others have in the file.
    fn check_room(&self, _text: Option<&str>, _subject: &Subject, _parts: &[PartSpec]) -> Result<(), Trouble> {
        Ok(())
    }

    /// The region of a delivery.
    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble>;

    /// The region in a file. Unless a layout says otherwise, here and below, the whole file is the region; an empty one is
    /// as good as none.
    fn find(&self, text: &str, _subject: &Subject) -> Result<Found, Trouble> {
        Ok(match text.is_empty() {
            true => Found::Nothing,
            false => Found::Region { text: Zeroizing::new(text.to_owned()), record: None },
        })
    }

    /// The whole text with the region of the delivery in it, and the record if that has its place there.
    fn put(&self, _text: Option<&str>, delivery: &Delivery, _record: &Record) -> Result<Zeroizing<String>, Trouble> {
        self.render(delivery)
    }

    /// The whole text without the region; none if nothing is left.
    fn take(&self, _text: &str, _subject: &Subject) -> Result<Option<Zeroizing<String>>, Trouble> {
        Ok(None)
    }

    /// The place in the file that a ledger knows the region by; none if the file has the record itself.
    fn place(&self) -> Option<&str> {
        Some("")
    }

    /// What a region is that Keywright did not write, after the name of the file.
    fn what_is_there(&self) -> String {
        "has content".to_owned()
    }
}

/// What there is in a file.
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A region, and its record if that is in the file.
    Region {
        /// The region, in the form in which it is rendered.
        text: Zeroizing<String>,
        /// The record.
        record: Option<Record>,
    },
    /// Something that Keywright did not write, and that cannot stay.
    Foreign,
}

/// An error before it is known which file it is about.
#[derive(Debug)]
pub(super) enum Trouble {
    /// See [`SinkError::Occupied`].
    Occupied(String),
    /// See [`SinkError::Malformed`].
    Malformed(String),
    /// See [`SinkError::MissingPart`].
    MissingPart {
        /// The part.
        part: String,
        /// What to do.
        advice: &'static str,
    },
    /// See [`SinkError::Unrepresentable`].
    Unrepresentable {
        /// The part.
        part: String,
        /// Why, and what to do.
        reason: String,
    },
}

impl Trouble {
    pub(super) fn at(self, place: String) -> SinkError {
        match self {
            Self::Occupied(reason) => SinkError::Occupied { place, reason },
            Self::Malformed(reason) => SinkError::Malformed { place, reason },
            Self::MissingPart { part, advice } => SinkError::MissingPart { place, part, advice: advice.to_owned() },
            Self::Unrepresentable { part, reason } => SinkError::Unrepresentable { place, part, reason },
        }
    }
}

/// The layout that is configured.
pub(super) fn of(config: &FileConfig, locations: &Locations) -> Result<Box<dyn Layout>, ConfigError> {
    check_options(config)?;
    Ok(match config.format {
        Format::Dotenv => Box::new(Dotenv::new(&config.variables)?),
        Format::Json => Box::new(Json),
        Format::Raw => Box::new(Raw::new(config.part.as_deref())?),
        Format::Template => Box::new(Template::new(config, locations)?),
        Format::ScwConfig | Format::OscConfig | Format::AwsCredentials => Box::new(Profile::new(config)?),
    })
}

/// Refuses an option that the format has no use for: it would be a mistake, or do nothing.
fn check_options(config: &FileConfig) -> Result<(), ConfigError> {
    let format = config.format;
    let profiles = [Format::ScwConfig, Format::OscConfig, Format::AwsCredentials];
    let options: [(&str, bool, &[Format]); 5] = [
        ("part", config.part.is_some(), &[Format::Raw]),
        ("template", config.template.is_some(), &[Format::Template]),
        ("template-file", config.template_file.is_some(), &[Format::Template]),
        ("profile", config.profile.is_some(), &profiles),
        ("variables", !config.variables.is_empty(), &[Format::Dotenv]),
    ];
    for (option, given, of) in options {
        if given && !of.contains(&format) {
            let names: Vec<&str> = of.iter().map(|format| format.name()).collect();
            let formats = if names.len() == 1 { "format" } else { "formats" };
            return Err(ConfigError::new(format!(
                "`{option}` is an option of the {formats} {}, not of {}: leave it out, or change `format`",
                names.join(", "),
                format.name()
            )));
        }
    }
    if config.previous && !matches!(format, Format::Dotenv | Format::Json | Format::Template) {
        return Err(ConfigError::new(format!(
            "the format {} has no place for the previous generation: leave `previous` out, or use dotenv, json or template",
            format.name()
        )));
    }
    Ok(())
}
