//! An installation that is open: its configuration, its store, its keys, and the accounts as they are needed.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use keywright_driver::{DriveError, Driver, DriverConfig, End, InstallationError, Observer, Report, Target, Vault};
use keywright_lifecycle::{Command, OperationOutcome, Spec, State};
use keywright_runtime::{Engine, Limits, Operation, Parts};
use keywright_sealing::{KeyEncryptionKey, KeyFile, KeySource, SystemdCredential};
use keywright_sinks::{Locations, Sink};
use keywright_store::{NewCredential, Snapshot, SqliteOptions, SqliteStore, Store, Summary};
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::account::AccountArgs;
use crate::config::{Config, CredentialConfig, KeyConfig};
use crate::error::Error;
use crate::lifecycle::ConfigArgs;
use crate::lock::Lock;
use crate::output::Output;
use crate::schema::Schema;
use crate::suggest::{instead, quoted};
use crate::target;
use crate::trusted_place;

/// The name of the configuration, where none is given.
const USUAL: &str = "keywright.toml";

/// How long a command waits for what is not due yet, where it is not asked to wait longer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Credentials of a page of the store.
const PAGE: u32 = 1_000;

/// An installation that is open.
pub(crate) struct Workspace {
    path: PathBuf,
    /// What it is to be.
    pub(crate) config: Config,
    /// Where it is kept.
    pub(crate) store: Arc<dyn Store>,
    /// Its keys.
    pub(crate) vault: Vault,
    /// Set by a signal.
    pub(crate) stop: Arc<AtomicBool>,
    engine: Engine,
    lock: Lock,
    targets: Mutex<BTreeMap<String, Arc<Target>>>,
}

/// Opens the store, without its keys.
pub(crate) fn open_store(config: &Config) -> Result<Arc<dyn Store>, Error> {
    let path = config.store();
    if !path.exists() {
        return Err(nothing_here(config));
    }
    Ok(Arc::new(
        SqliteStore::open(&path, SqliteOptions::default()).map_err(|error| Error::new("store", error.to_string()))?,
    ))
}

fn nothing_here(config: &Config) -> Error {
    let store = config.store();
    Error::new("store", format!("there is no store {}: set it up with `keywright init`", store.display()))
}

/// The configuration.
pub(crate) fn read_config(arguments: &ConfigArgs) -> Result<(PathBuf, Config), Error> {
    let path = match &arguments.config {
        Some(named) => named.clone(),
        None => {
            // What somebody else left here is not read without being named.
            trusted_place::check_found(Path::new(USUAL))?;
            PathBuf::from(USUAL)
        }
    };
    let config = Config::read(&path)?;
    Ok((path, config))
}

/// Where the key file is, where the configuration names none: with the user's own settings, apart from the store.
pub(crate) fn usual_key_file() -> Result<PathBuf, Error> {
    use etcetera::BaseStrategy as _;
    let directories = etcetera::choose_base_strategy().map_err(|_| {
        Error::config("there is no home directory to keep the key in: name a file with `[key]` and `file = \"PATH\"`")
    })?;
    Ok(directories.config_dir().join("keywright").join("key"))
}

/// The key, from where the configuration says that it is.
pub(crate) async fn key(config: &Config, store: &dyn Store) -> Result<Arc<dyn KeyEncryptionKey>, Error> {
    let source = match config.key() {
        KeyConfig::Usual => KeySource::File(KeyFile::new(usual_key_file()?)),
        KeyConfig::File(file) => KeySource::File(KeyFile::new(file)),
        KeyConfig::Systemd(name) => KeySource::Systemd(SystemdCredential::new(name, &|name| env::var_os(name))),
        KeyConfig::Passphrase(source) => {
            let passphrase = passphrase(source)?;
            let parameters = keywright_driver::passphrase_parameters(store).await.map_err(installation)?;
            let parameters = parameters.ok_or_else(|| {
                Error::config("the store is not sealed under a passphrase: correct `[key]` in the configuration")
            })?;
            KeySource::Passphrase { passphrase, parameters }
        }
    };
    // A passphrase takes its time.
    let key = tokio::task::spawn_blocking(move || source.load()).await;
    let key = key.map_err(|_| Error::new("key", "the key could not be derived: try again"))?;
    Ok(Arc::new(key.map_err(|error| Error::new("key", error.to_string()))?))
}

/// A passphrase, from where it is.
pub(crate) fn passphrase(source: &crate::source::Source) -> Result<SecretString, Error> {
    source
        .read(&|name| env::var_os(name))
        .map_err(|problem| Error::config(format!("the passphrase of `[key]` cannot be read: {problem}")))
}

/// The error of an installation.
pub(crate) fn installation(error: InstallationError) -> Error {
    let kind = match error {
        InstallationError::Store(_) => "store",
        InstallationError::Missing | InstallationError::Exists => "installation",
        _ => "key",
    };
    Error::new(kind, error.to_string())
}

impl Workspace {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// When the configuration, the store or the key cannot be used. Nothing was changed then.
    pub(crate) async fn open(arguments: &ConfigArgs) -> Result<Self, Error> {
        let (path, config) = read_config(arguments)?;
        let store = open_store(&config)?;
        let key = key(&config, &*store).await?;
        let vault = keywright_driver::open(&*store, key).await.map_err(installation)?;
        let lock = Lock::of_config(Some(&path))?;
        let limits = Limits { call: Duration::from_secs(config.timing().call), ..Limits::default() };
        let engine = target::engine_within(limits)?;
        Ok(Self { path, config, store, vault, stop: Arc::default(), engine, lock, targets: Mutex::default() })
    }

    /// Where the configuration is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// `--config FILE`, for a command that goes on with this installation; nothing when it is the usual one.
    pub(crate) fn config_flag(&self) -> String {
        self.lock.config_flag()
    }

    /// A driver.
    pub(crate) fn driver(&self, patience: Duration, observer: Option<Observer>) -> Driver {
        let timing = self.config.timing();
        let config = DriverConfig {
            call: Duration::from_secs(timing.call),
            settle: Duration::from_secs(timing.settle),
            patience,
            observer,
            stop: self.stop.clone(),
            ..DriverConfig::new(node(), actor())
        };
        Driver::new(self.store.clone(), self.vault.clone(), config)
    }

    /// An account of the configuration, with its adapter and all sinks. Loaded once.
    pub(crate) async fn target(&self, account: &str) -> Result<Arc<Target>, Error> {
        let mut targets = self.targets.lock().await;
        if let Some(target) = targets.get(account) {
            return Ok(target.clone());
        }
        let vendor = self.config.account(account)?.vendor.clone();
        let found = target::Target::find(&vendor, &self.lock)?;
        let loaded = found.load(&self.engine).await?;
        let arguments = AccountArgs {
            account: Some(account.to_owned()),
            config: Some(self.path.clone()),
            ..AccountArgs::default()
        };
        let adapter = &loaded.adapter;
        let resolved = arguments.resolve(adapter.descriptor(), &|name| env::var_os(name));
        let opened = resolved.and_then(|resolved| resolved.open(adapter));
        let account_at_vendor = opened.map_err(|error| error.within(&format!("the account {}", quoted(account))))?;
        let mut own_ids = std::collections::BTreeSet::new();
        if adapter.descriptor().supports(Operation::Check) {
            let principal = account_at_vendor.check().await.map_err(|error| {
                Error::from(error).within(&format!("the account {} cannot be used", quoted(account)))
            })?;
            own_ids.extend(principal.credential_id);
        }
        let consistency_delay = self.config.timing().consistency_delay;
        let target = Arc::new(Target {
            account: account_at_vendor,
            sinks: self.sinks()?,
            accounts: self.config.accounts_at(&vendor).map(str::to_owned).collect(),
            own_ids,
            consistency_delay,
        });
        targets.insert(account.to_owned(), target.clone());
        Ok(target)
    }

    /// The description of a vendor's adapter. No account is needed for it.
    pub(crate) async fn descriptor(&self, vendor: &str) -> Result<keywright_runtime::Descriptor, Error> {
        let loaded = target::Target::find(vendor, &self.lock)?.load(&self.engine).await?;
        Ok(loaded.adapter.descriptor().clone())
    }

    fn sinks(&self) -> Result<BTreeMap<String, Arc<dyn Sink>>, Error> {
        let base = if self.config.base().as_os_str().is_empty() { Path::new(".") } else { self.config.base() };
        let locations = Locations::new(base, etcetera::home_dir().ok());
        let build = |(name, config): (&String, &keywright_sinks::SinkConfig)| {
            let sink = config
                .build(&locations)
                .map_err(|error| Error::config(format!("the sink {} cannot be used: {error}", quoted(name))))?;
            Ok((name.clone(), Arc::from(sink)))
        };
        self.config.sinks().iter().map(build).collect()
    }

    /// What a configured credential shall be, fit for its vendor.
    pub(crate) fn spec(&self, credential: &CredentialConfig, target: &Target) -> Result<Spec, Error> {
        let schema = Schema::new(&target.descriptor().attributes);
        for name in credential.spec.attributes.keys() {
            let at =
                || format!("{}, line {}: the credential {}", self.path.display(), credential.line, credential.name);
            match schema.property(name) {
                None if schema.is_closed() => {
                    let names = schema.properties().map(|property| property.name).collect::<Vec<_>>();
                    let instead = instead(name, names.iter().copied());
                    return Err(Error::config(format!("{} has no attribute {}: {instead}", at(), quoted(name))));
                }
                Some(property) if property.is_secret() => {
                    return Err(Error::config(format!(
                        "{} has the secret attribute {}, which would stand in the store's journal: make it with \
                         `keywright call`",
                        at(),
                        quoted(name)
                    )));
                }
                _ => {}
            }
        }
        Ok(credential.spec.clone())
    }

    /// A credential of the store.
    pub(crate) async fn find(&self, name: &str) -> Result<Snapshot, Error> {
        match self.store.find(name).await.map_err(store)? {
            Some(snapshot) => Ok(snapshot),
            None => {
                let configured = self.config.credentials().contains_key(name);
                let advice = match configured {
                    true => format!("make it with `keywright apply {name}{}`", self.config_flag()),
                    false => instead(name, self.names().await?.iter().map(String::as_str)),
                };
                Err(Error::new("unknown-credential", format!("the store has no credential {}: {advice}", quoted(name))))
            }
        }
    }

    /// The names of all credentials of the store.
    pub(crate) async fn names(&self) -> Result<Vec<String>, Error> {
        Ok(self.summaries().await?.into_iter().map(|summary| summary.name).collect())
    }

    /// All credentials of the store.
    pub(crate) async fn summaries(&self) -> Result<Vec<Summary>, Error> {
        let mut all = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = self.store.page(after.as_deref(), PAGE).await.map_err(store)?;
            all.extend(page.credentials);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Makes a credential known to the store.
    pub(crate) async fn register(&self, name: &str, account: &str, target: &Target) -> Result<Snapshot, Error> {
        let credential = NewCredential {
            name: name.to_owned(),
            id: uuid::Uuid::new_v4().to_string(),
            account: account.to_owned(),
            vendor: target.descriptor().vendor.clone(),
        };
        self.store.register(credential).await.map_err(store)
    }

    /// An account that is at another vendor by now is not asked about a credential: what that vendor does not know would
    /// count as ended.
    pub(crate) fn check_vendor(&self, snapshot: &Snapshot, target: &Target) -> Result<(), Error> {
        let (is, was) = (&target.descriptor().vendor, &snapshot.vendor);
        if is == was {
            return Ok(());
        }
        let (name, account) = (&snapshot.state.name, &snapshot.state.account);
        Err(Error::config(format!(
            "the account {} is at {is} by now, and the credential {} was made at {was}: put the account back, and give the \
             new one another name",
            quoted(account),
            quoted(name)
        )))
    }

    /// Goes on with a credential, and then does what is asked.
    pub(crate) async fn drive(
        &self,
        driver: &Driver,
        name: &str,
        command: Option<Command>,
        secret: Option<Parts>,
    ) -> Result<Report, Error> {
        let snapshot = self.find(name).await?;
        let target = self.target(&snapshot.state.account).await?;
        self.check_vendor(&snapshot, &target)?;
        driver.run(&target, name, command, secret).await.map_err(|error| self.explain(error))
    }

    /// The error of a run.
    pub(crate) fn explain(&self, error: DriveError) -> Error {
        match error {
            DriveError::Store(error) => store(error),
            DriveError::Refused { .. } => Error::new("refused", error.to_string()),
            DriveError::Sink { .. } => Error::new("sink", error.to_string()),
            DriveError::Vault(_) | DriveError::KeyReplaced => Error::new("key", error.to_string()),
            _ => Error::new("lifecycle", error.to_string()),
        }
    }

    /// What is to be said of a run that did not end as asked.
    pub(crate) fn judge(&self, name: &str, report: &Report) -> Result<(), Error> {
        let state = &report.state;
        let flag = self.config_flag();
        let unfinished = |why: &str| {
            Error::new(
                "unfinished",
                format!("{}: not finished: {why}: go on with `keywright recover {name}{flag}`", quoted(name)),
            )
        };
        match &report.end {
            End::Held { reason } => Err(Error::new("held", format!("{}: {reason}", quoted(name)))),
            End::Stopped => Err(unfinished("a signal ended it")),
            End::Waiting { until, reason } if state.operation.is_some() || state.pending().is_some() => {
                Err(unfinished(&format!("it waits until {}: {reason}", moment(*until))))
            }
            // How an operation of an earlier run ended was said then.
            End::Waiting { .. } | End::Done if !report.ended_operation => Ok(()),
            End::Waiting { .. } | End::Done => failed(name, state),
        }
    }
}

/// The error of an operation that ended as failed.
fn failed(name: &str, state: &State) -> Result<(), Error> {
    match &state.last_outcome {
        Some((kind, OperationOutcome::Failed, message)) => {
            let message = message.as_deref().unwrap_or("look at `keywright history`");
            Err(Error::new("failed", format!("{}: the operation `{}` failed: {message}", quoted(name), kind.name())))
        }
        _ => Ok(()),
    }
}

/// The error of a store.
pub(crate) fn store(error: keywright_store::StoreError) -> Error {
    let kind = match error {
        keywright_store::StoreError::Busy { .. } | keywright_store::StoreError::LeaseLost(_) => "busy",
        _ => "store",
    };
    Error::new(kind, error.to_string())
}

/// A time as it is shown.
pub(crate) fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// This process among those that work on the store.
fn node() -> String {
    format!("{}/{}", host(), std::process::id())
}

/// Who asks: the user of the operating system.
fn actor() -> String {
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(|name| env::var(name).ok());
    let user = user.filter(|user| !user.is_empty()).unwrap_or_else(|| "unknown".to_owned());
    format!("user:{user}@{}", host())
}

fn host() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}

/// A driver's observer that prints a line for each record that a person wants to see.
pub(crate) fn narrator(output: Output) -> Observer {
    Arc::new(move |name, record| {
        if let Some(line) = super::history::sentence(record) {
            output.note(&format!("{name}: {line}"));
        }
    })
}
