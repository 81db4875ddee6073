//! A file: written whole or not at all, for its owner alone.

mod directory;
mod dotenv;
mod json;
mod layout;
mod options;
mod profile;
mod raw;
mod record;
mod template;

use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use self::directory::{Directory, Permissions};
use self::layout::{Found, Layout, Trouble};
use self::options::CREDENTIAL;
use self::record::{Ledger, Record, check};
use crate::Sink;
use crate::config::FileConfig;
use crate::delivery::{Acknowledgement, Delivery, Held, Holding, PartSpec, Subject};
use crate::error::{ConfigError, SinkError};
use crate::locations::Locations;

/// `type = "file"`.
#[derive(Debug)]
pub(crate) struct FileSink {
    /// As it is configured, with `{credential}` where that stands.
    path: String,
    locations: Locations,
    layout: Box<dyn Layout>,
    previous: bool,
    permissions: Permissions,
    create_directory: bool,
    replace_existing: bool,
    limit: Duration,
}

/// What there is of a credential in a file, and what is noted of it.
struct Current {
    /// The whole text; none if there is no file.
    text: Option<Zeroizing<String>>,
    found: Found,
    /// The records of the place: one if the file has it itself, up to two from the ledger.
    records: Vec<Record>,
    ledger: Ledger,
}

impl FileSink {
    pub(crate) fn new(config: &FileConfig, locations: &Locations) -> Result<Self, ConfigError> {
        let sink = Self {
            path: options::path(&config.path)?,
            locations: locations.clone(),
            layout: layout::of(config, locations)?,
            previous: config.previous,
            permissions: Permissions {
                mode: config.mode.bits(),
                group: config.group.as_deref().map(options::group).transpose()?,
            },
            create_directory: config.create_directory,
            replace_existing: config.replace_existing,
            limit: config.time_limit.duration(),
        };
        sink.locations.resolve(&sink.path)?;
        Ok(sink)
    }

    /// Opens the directory; none if it is missing. Gives the name of the file too.
    fn open(&self, subject: &Subject) -> Result<(PathBuf, String, Option<Directory>), SinkError> {
        let path = self.path.replace(CREDENTIAL, subject.credential());
        // The path was resolved when the sink was made.
        let path = self.locations.resolve(&path).map_err(|error| unusable(&path, &error.to_string()))?;
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| unusable(&path.display().to_string(), "does not name a file"))?.to_owned();
        let parent = parent(&path).to_owned();
        let directory = Directory::open(&parent, self.limit)?;
        Ok((parent, name, directory))
    }

    /// Reads the file, and the ledger where there is one.
    fn current(&self, directory: &Directory, name: &str, subject: &Subject) -> Result<Current, SinkError> {
        let text = directory.read(name)?;
        let found = match &text {
            Some(text) => self.layout.find(text, subject).map_err(|trouble| trouble.at(directory.shown(name)))?,
            None => Found::Nothing,
        };
        let mut ledger = Ledger::default();
        let records = match (&found, self.layout.place()) {
            (_, Some(place)) => {
                let file = Ledger::name_for(name);
                if let Some(text) = directory.read(&file)? {
                    ledger = Ledger::parse(&text).ok_or_else(|| SinkError::Malformed {
                        place: directory.shown(&file),
                        reason: format!(
                            "is not what this version of Keywright notes of {name} there: restore it, or remove it and \
                             set `replace-existing = true`"
                        ),
                    })?;
                }
                ledger.records(place).cloned().collect()
            }
            (Found::Region { record: Some(record), .. }, None) => vec![record.clone()],
            _ => Vec::new(),
        };
        Ok(Current { text, found, records, ledger })
    }

    /// Refuses what is not this credential's.
    fn check_occupied(&self, current: &Current, subject: &Subject, wanted: Option<&str>) -> Result<(), Trouble> {
        if let Some(other) = current.records.iter().find(|record| !record.is_of(subject)) {
            return Err(Trouble::Occupied(format!(
                "holds the credential {}: give {subject} a place of its own, for instance with `{CREDENTIAL}` in `path`",
                other.credential
            )));
        }
        let foreign = match &current.found {
            Found::Nothing => return Ok(()),
            Found::Region { .. } if !current.records.is_empty() => return Ok(()),
            Found::Region { text, .. } if wanted == Some(text.as_str()) => return Ok(()),
            Found::Region { .. } => self.layout.what_is_there(),
            Found::Foreign => "has content".to_owned(),
        };
        if self.replace_existing {
            return Ok(());
        }
        Err(Trouble::Occupied(format!(
            "{foreign} that Keywright did not write: move it away, or set `replace-existing = true` to have it replaced"
        )))
    }

    /// Removes what a write that was killed left behind.
    fn tidy(&self, directory: &Directory, name: &str) -> Result<(), SinkError> {
        if self.layout.place().is_some() {
            directory.tidy(&Ledger::name_for(name))?;
        }
        directory.tidy(name)
    }

    fn write_in(&self, directory: &Directory, name: &str, delivery: &Delivery) -> Result<bool, SinkError> {
        let trouble = |trouble: Trouble| trouble.at(directory.shown(name));
        let subject = &delivery.subject;
        let region = self.layout.render(delivery).map_err(trouble)?;
        self.tidy(directory, name)?;
        let mut current = self.current(directory, name, subject)?;
        self.check_occupied(&current, subject, Some(&region)).map_err(trouble)?;
        if let Some(held) = current.generation().filter(|held| *held > delivery.generation) {
            return Err(SinkError::Newer {
                place: directory.shown(name),
                subject: subject.clone(),
                held,
                offered: delivery.generation,
            });
        }
        let record = Record::of(delivery, &region);
        let same_region = matches!(&current.found, Found::Region { text, .. } if **text == *region);
        let same_record = current.holds() == Some(&record);
        if same_region && same_record {
            directory.narrow(name, self.permissions)?;
            return Ok(false);
        }
        let text =
            self.layout.put(current.text.as_ref().map(|text| text.as_str()), delivery, &record).map_err(trouble)?;
        if let Some(place) = self.layout.place() {
            // The order matters: see `record`.
            let held = current.holds().cloned().filter(|held| *held != record);
            current.ledger.set(place, held.into_iter().chain([record]));
            self.write_ledger(directory, name, &current.ledger)?;
        }
        if same_region && self.layout.place().is_some() {
            directory.narrow(name, self.permissions)?;
        } else {
            directory.replace(name, &text, self.permissions)?;
        }
        Ok(true)
    }

    fn write_ledger(&self, directory: &Directory, name: &str, ledger: &Ledger) -> Result<(), SinkError> {
        let file = Ledger::name_for(name);
        if ledger.is_empty() {
            return directory.remove(&file);
        }
        let text = ledger.text().map_err(|error| SinkError::Storage {
            place: directory.shown(&file),
            renamed: false,
            source: error.into(),
        })?;
        // It holds no secret, but nobody else has use for it.
        directory.replace(&file, &text, Permissions { mode: 0o600, group: None })
    }
}

impl Current {
    /// The record that the content of the file agrees with, the latest if there are several.
    fn holds(&self) -> Option<&Record> {
        let Found::Region { text, .. } = &self.found else { return None };
        let check = check(text);
        self.records.iter().rev().find(|record| record.check == check)
    }

    /// The generation that it holds or, where someone has changed or removed that, is known to have held.
    fn generation(&self) -> Option<u64> {
        let known = || self.records.iter().map(|record| record.generation).max();
        self.holds().map(|record| record.generation).or_else(known)
    }

    /// What the file holds.
    fn held(&self) -> Option<Held> {
        let Found::Region { .. } = &self.found else { return None };
        Some(Held { generation: self.generation()?, digest: self.holds().map(|record| record.digest) })
    }
}

impl Sink for FileSink {
    fn check(&self, subject: &Subject, parts: &[PartSpec]) -> Result<(), SinkError> {
        let (parent, name, directory) = self.open(subject)?;
        let shown = || parent.join(&name).display().to_string();
        self.layout.check(parts).map_err(|trouble| trouble.at(shown()))?;
        match directory {
            Some(directory) => {
                let current = self.current(&directory, &name, subject)?;
                let text = current.text.as_ref().map(|text| text.as_str());
                let free = self.check_occupied(&current, subject, None);
                free.and_then(|()| self.layout.check_room(text, subject, parts)).map_err(|trouble| trouble.at(shown()))
            }
            None if self.create_directory => Ok(()),
            None => Err(no_directory(&parent)),
        }
    }

    fn write(&self, delivery: &Delivery) -> Result<Acknowledgement, SinkError> {
        let delivery = delivery.with_previous_if(self.previous);
        let (parent, name, directory) = self.open(&delivery.subject)?;
        let directory = match directory {
            Some(directory) => directory,
            None if self.create_directory => {
                Directory::create(&parent)?;
                Directory::open(&parent, self.limit)?.ok_or_else(|| no_directory(&parent))?
            }
            None => return Err(no_directory(&parent)),
        };
        let written = self.write_in(&directory, &name, &delivery)?;
        Ok(Acknowledgement { generation: delivery.generation, digest: delivery.digest(), written })
    }

    fn read_back(&self, subject: &Subject) -> Result<Holding, SinkError> {
        let (_, name, Some(directory)) = self.open(subject)? else { return Ok(Holding::Nothing) };
        let current = self.current(&directory, &name, subject)?;
        if current.records.iter().any(|record| !record.is_of(subject)) {
            return Ok(Holding::Nothing);
        }
        Ok(current.held().map_or(Holding::Nothing, Holding::Held))
    }

    fn withdraw(&self, subject: &Subject) -> Result<(), SinkError> {
        let (_, name, Some(directory)) = self.open(subject)? else { return Ok(()) };
        self.tidy(&directory, &name)?;
        let mut current = self.current(&directory, &name, subject)?;
        if current.records.is_empty() || current.records.iter().any(|record| !record.is_of(subject)) {
            return Ok(());
        }
        // With the record in the file, what is next to it is ours; without, what agrees with a record is.
        let ours = self.layout.place().is_none() || current.holds().is_some();
        if let (true, Some(text)) = (ours, &current.text) {
            match self.layout.take(text, subject).map_err(|trouble| trouble.at(directory.shown(&name)))? {
                Some(rest) => directory.replace(&name, &rest, self.permissions)?,
                None => directory.remove(&name)?,
            }
        }
        if let Some(place) = self.layout.place() {
            current.ledger.set(place, None);
            self.write_ledger(&directory, &name, &current.ledger)?;
        }
        Ok(())
    }

    fn wants_previous(&self) -> bool {
        self.previous
    }

    fn time_limit(&self) -> Duration {
        self.limit
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn no_directory(path: &Path) -> SinkError {
    SinkError::Storage {
        place: path.display().to_string(),
        renamed: false,
        source: std::io::Error::new(
            std::io::ErrorKind::NotFound,
            "there is no such directory, and `create-directory = true` is not set",
        ),
    }
}

fn unusable(place: &str, reason: &str) -> SinkError {
    SinkError::Unsafe { place: place.to_owned(), reason: format!("cannot be used: {reason}") }
}
