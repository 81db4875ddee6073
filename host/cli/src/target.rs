//! `VENDOR|FILE`: the adapter that a command is about, and under which grant it is loaded.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keywright_adapters::BuiltIn;
use keywright_runtime::{
    Adapter, Allocation, Cache, Compiler, Descriptor, Digest, Engine, EngineConfig, Grant, Limits, LoadError, Rule,
};

use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::lock::{Lock, LockedAdapter, config_flag};
use crate::suggest::{instead, quoted};
use crate::text::{one_line, series};

/// An adapter to be loaded.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// One that the program ships.
    BuiltIn(BuiltIn),
    /// One that the lock names.
    Locked(Box<Locked>),
    /// A component file that is not locked, and what it is granted in addition to the rules that it asks for.
    File(PathBuf, ExtraGrants),
}

/// An adapter that the lock names, with the paths of both.
#[derive(Clone, Debug)]
pub(crate) struct Locked {
    /// The lock.
    pub(crate) lock: PathBuf,
    /// The component file.
    pub(crate) file: PathBuf,
    /// What the lock says.
    pub(crate) entry: LockedAdapter,
}

/// An adapter that was loaded.
pub(crate) struct Loaded {
    /// The adapter.
    pub(crate) adapter: Adapter,
    /// The size of its component, in bytes.
    pub(crate) size: usize,
    /// Where it came from.
    pub(crate) target: Target,
}

impl Target {
    /// A vendor's name, or what looks like a file. A built-in adapter and a locked one never stand in for each other.
    pub(crate) fn find(text: &str, lock: &Lock) -> Result<Self, Error> {
        match (keywright_adapters::find(text), lock.find(text)) {
            (Some(_), Some(locked)) => return Err(lock.two_of_a_name(locked)),
            (Some(built_in), None) => return Ok(Self::BuiltIn(*built_in)),
            (None, Some(locked)) => return Ok(Self::locked(lock, locked)),
            (None, None) => {}
        }
        if let Some(outdated) = lock.find_outdated(text) {
            return Err(lock.refuse_outdated(outdated));
        }
        let path = Path::new(text);
        let is_component = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"));
        if text.contains('/') || is_component || path.exists() {
            return Ok(match lock.of_file(path) {
                Some(locked) => Self::locked(lock, locked),
                None => Self::File(path.to_owned(), ExtraGrants::default()),
            });
        }
        let built_in = keywright_adapters::all().iter().map(|adapter| adapter.vendor);
        let instead = instead(text, built_in.chain(lock.vendors()));
        Err(Error::new(
            "unknown-vendor",
            format!(
                "there is no adapter for the vendor {}: {instead}; lock a third party's with `keywright adapter add FILE`",
                quoted(text)
            ),
        ))
    }

    /// An adapter of the lock.
    pub(crate) fn locked(lock: &Lock, entry: &LockedAdapter) -> Self {
        let (file, entry) = (lock.component(&entry.file), entry.clone());
        Self::Locked(Box::new(Locked { lock: lock.path().to_owned(), file, entry }))
    }

    /// The file that `text`, from which this was found, is the path of.
    pub(crate) fn into_file(self, text: &str) -> Option<PathBuf> {
        match self {
            Self::File(file, _) => Some(file),
            Self::Locked(locked) if locked.entry.vendor != text => Some(PathBuf::from(text)),
            Self::Locked(_) | Self::BuiltIn(_) => None,
        }
    }

    /// Loads it: a built-in adapter with its own grant, a locked one with the lock's, a file with all that it asks for.
    pub(crate) async fn load(self, engine: &Engine) -> Result<Loaded, Error> {
        let (adapter, size) = match &self {
            Self::BuiltIn(built_in) => {
                let adapter = built_in.load(engine).await;
                let name = || format!("the built-in adapter for {}", built_in.vendor);
                (adapter.map_err(|error| unusable(&name(), &error))?, built_in.component.len())
            }
            Self::Locked(locked) => {
                let bytes = locked.read()?;
                (locked.load(engine, &bytes).await?, bytes.len())
            }
            Self::File(file, extra) => {
                let bytes = read(file)?;
                let grant = extra.apply(Grant::as_requested());
                let adapter = Adapter::load_unpinned(engine, &bytes, &grant).await;
                (adapter.map_err(|error| unusable(&the_file(file), &error))?, bytes.len())
            }
        };
        Ok(Loaded { adapter, size, target: self })
    }
}

impl Locked {
    fn read(&self) -> Result<Vec<u8>, Error> {
        fs::read(&self.file).map_err(|error| {
            let (lock, file, vendor) = (self.lock.display(), self.file.display(), &self.entry.vendor);
            Error::new(
                "lock",
                format!(
                    "{lock} locks {vendor} to the file {file}, which cannot be read ({error}): put it back, or lock \
                     another with `keywright adapter add FILE{}`",
                    config_flag(&self.lock)
                ),
            )
        })
    }

    /// Loads what was consented to, and nothing else.
    async fn load(&self, engine: &Engine, bytes: &[u8]) -> Result<Adapter, Error> {
        let digest = Digest::of(bytes);
        if digest != self.entry.digest {
            let difference = self.describe_difference(engine, bytes).await;
            let what = format!(
                "its digest is {digest}, and {} is locked for {}; {difference}",
                self.entry.digest, self.entry.vendor
            );
            return Err(self.refused(&what));
        }
        let adapter = match Adapter::load(engine, bytes, &self.entry.grant()).await {
            Ok(adapter) => adapter,
            Err(LoadError::OtherDescriptor { found, .. }) => {
                let difference = self.describe_difference(engine, bytes).await;
                let what = format!(
                    "what it says of itself has the digest {found}, and {} is locked for {}; {difference}",
                    self.entry.vendor, self.entry.descriptor
                );
                return Err(self.refused(&what));
            }
            Err(error) => {
                let what = format!("{}, as locked in {},", the_file(&self.file), self.lock.display());
                return Err(unusable(&what, &error));
            }
        };
        match self.difference(&adapter) {
            None => Ok(adapter),
            Some(difference) => Err(self.refused(&difference)),
        }
    }

    /// What has become of the adapter, which is loaded to be described, and not run.
    async fn describe_difference(&self, engine: &Engine, bytes: &[u8]) -> String {
        let grant = self.entry.extra.apply(Grant::as_requested());
        match Adapter::load_unpinned(engine, bytes, &grant).await {
            Ok(adapter) => self.difference(&adapter).unwrap_or_else(|| "it asks for the same".to_owned()),
            Err(error) => format!("it cannot be loaded: {error}"),
        }
    }

    /// How an adapter's description differs from the lock, if it does.
    fn difference(&self, adapter: &Adapter) -> Option<String> {
        let descriptor = adapter.descriptor();
        let mut differences = Vec::new();
        if descriptor.vendor != self.entry.vendor {
            differences.push(format!("it is for the vendor {}", quoted(&descriptor.vendor)));
        }
        let quote = |rules: &[Rule]| series(rules.iter().map(quoted_line), "and");
        let more = self.entry.requested.missing(&descriptor.rules);
        if !more.is_empty() {
            differences.push(format!("it asks for more: {}", quote(&more)));
        }
        let less = descriptor.rules.missing(&self.entry.requested);
        if !less.is_empty() {
            differences.push(format!("it no longer asks for {}", quote(&less)));
        }
        let (old, new) = (&self.entry.environment, variables(descriptor));
        let more: Vec<String> = new.difference(old).map(|variable| quoted(variable)).collect();
        if !more.is_empty() {
            differences.push(format!("it wants the environment variables {}", series(more, "and")));
        }
        let less: Vec<String> = old.difference(&new).map(|variable| quoted(variable)).collect();
        if !less.is_empty() {
            differences.push(format!("it no longer wants the environment variables {}", series(less, "and")));
        }
        (!differences.is_empty()).then(|| differences.join("; "))
    }

    fn refused(&self, what: &str) -> Error {
        let (lock, file) = (self.lock.display(), self.file.display());
        Error::new(
            "lock",
            format!(
                "{} is not what {lock} locks: {what}: put the locked file back, or look at this one and accept it with \
                 `keywright adapter add {file}{}`",
                the_file(&self.file),
                config_flag(&self.lock)
            ),
        )
    }
}

/// The environment variables that an adapter names for its settings and for parts of the administrator's credential, each
/// with what its value is used for, as the lock has them.
pub(crate) fn variables(descriptor: &Descriptor) -> BTreeSet<String> {
    descriptor.variables().into_iter().map(|(variable, role)| format!("{variable} {role}")).collect()
}

/// A rule as a sentence quotes it: never shortened.
pub(crate) fn quoted_line(rule: &Rule) -> String {
    format!("`{}`", one_line(&rule.to_string()))
}

/// A component file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Error> {
    fs::read(file).map_err(|error| {
        Error::new("adapter", format!("{} cannot be read ({error}): name a component file", the_file(file)))
    })
}

fn the_file(file: &Path) -> String {
    format!("the file {}", file.display())
}

/// Loads an adapter that the program ships.
pub(crate) async fn load_built_in(engine: &Engine, built_in: &BuiltIn) -> Result<Loaded, Error> {
    Target::BuiltIn(*built_in).load(engine).await
}

/// The argument with which this program starts itself to compile a component.
pub(crate) const COMPILE: &str = "--compile-component-for-parent";

/// The one engine of a command that makes a few calls.
pub(crate) fn engine() -> Result<Engine, Error> {
    engine_within(Limits::default())
}

/// The one engine of a command, with other limits.
pub(crate) fn engine_within(limits: Limits) -> Result<Engine, Error> {
    // The program of unit tests is another.
    let compiler = match cfg!(test) {
        true => Compiler::InProcess,
        false => Compiler::this_program(COMPILE).map_err(|error| {
            Error::new("engine", format!("the system does not say where this program is ({error})"))
        })?,
    };
    let config = EngineConfig {
        allocation: Allocation::OnDemand,
        cache: Cache::User,
        compiler,
        limits,
        ..EngineConfig::default()
    };
    Engine::new(config).map_err(|error| Error::new("engine", error.to_string()))
}

fn unusable(what: &str, error: &LoadError) -> Error {
    Error::new("adapter", format!("{what} cannot be used as an adapter: {error}"))
}
