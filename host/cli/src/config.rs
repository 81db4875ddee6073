//! `keywright.toml`: accounts, credentials and sinks by name, and where the installation is.

mod credentials;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keywright_sinks::{SinkConfig, Subject};
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::error::Error;
use crate::source::Source;
use crate::suggest::{instead, quoted};
use crate::text::read_document;
use crate::values::EndpointArg;

pub(crate) use credentials::CredentialConfig;
use credentials::{CredentialTable, Seconds};

/// A configuration that was read.
#[derive(Debug)]
pub(crate) struct Config {
    path: PathBuf,
    accounts: BTreeMap<String, Account>,
    credentials: BTreeMap<String, CredentialConfig>,
    sinks: BTreeMap<String, SinkConfig>,
    store: Option<PathBuf>,
    key: KeyConfig,
    timing: Timing,
}

/// `[timing]`: how long is waited for a vendor. In whole seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// The longest time of one call.
    pub(crate) call: u64,
    /// What is waited, beyond that and the vendor's own delay, before a lost answer is looked into.
    pub(crate) settle: u64,
    /// How long the vendors may still show the old state, where that is known better than the adapters do.
    pub(crate) consistency_delay: Option<u32>,
}

/// `[key]`: where the key is that secrets are sealed under.
#[derive(Debug, Default)]
pub(crate) enum KeyConfig {
    /// The user's own key file.
    #[default]
    Usual,
    /// `file = "PATH"`
    File(PathBuf),
    /// `systemd = "NAME"`: a credential of the service manager.
    Systemd(String),
    /// `passphrase = { env = "VARIABLE" }`
    Passphrase(Source),
}

/// `[accounts.NAME]`.
#[derive(Debug)]
pub(crate) struct Account {
    /// The name.
    pub(crate) name: String,
    /// The vendor's name.
    pub(crate) vendor: String,
    /// The settings. A secret one is a table that says where it is: `{ env = "VARIABLE" }`.
    pub(crate) settings: BTreeMap<String, Located<Value>>,
    /// Endpoints that are elsewhere than at the vendor: a private installation, or a simulator.
    pub(crate) endpoints: Vec<Located<EndpointArg>>,
    /// The authority that vouches for them.
    pub(crate) ca_file: Option<PathBuf>,
    /// The proxy that its vendor is reached through.
    pub(crate) proxy: Option<Located<String>>,
    /// Where the parts of the administrator's credential are.
    pub(crate) credential: BTreeMap<String, Located<Source>>,
}

/// Something of the configuration, and where it is written.
#[derive(Debug)]
pub(crate) struct Located<T> {
    /// What is written there.
    pub(crate) value: T,
    /// The line of the configuration.
    pub(crate) line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    accounts: BTreeMap<String, AccountTable>,
    #[serde(default)]
    credentials: BTreeMap<String, Spanned<CredentialTable>>,
    #[serde(default)]
    sinks: BTreeMap<String, SinkConfig>,
    #[serde(default)]
    store: StoreTable,
    #[serde(default)]
    key: KeyTable,
    #[serde(default)]
    timing: TimingTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TimingTable {
    call: Option<Seconds>,
    settle: Option<Seconds>,
    consistency_delay: Option<Seconds>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct StoreTable {
    path: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct KeyTable {
    file: Option<Spanned<String>>,
    systemd: Option<Spanned<String>>,
    passphrase: Option<Spanned<Source>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AccountTable {
    vendor: String,
    #[serde(default)]
    settings: BTreeMap<String, Spanned<Value>>,
    endpoint: Option<Spanned<String>>,
    #[serde(default)]
    endpoints: BTreeMap<String, Spanned<String>>,
    ca_file: Option<PathBuf>,
    proxy: Option<Spanned<String>>,
    #[serde(default)]
    credential: BTreeMap<String, Spanned<Source>>,
}

impl Config {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = read_document(path).map_err(|problem| {
            let shown = path.display();
            let advice = if path.exists() { "" } else { ": write it, or name another with --config" };
            Error::config(format!("the configuration {shown} {problem}{advice}"))
        })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or_else(String::new, |span| format!(", line {}", line(text, span.start)));
            let message = without_values(error.message());
            Error::config(format!("{}{at}: {message}: correct it", path.display()))
        })?;
        let base = base(path);
        let mut accounts = BTreeMap::new();
        for (name, table) in file.accounts {
            let account = Account {
                name: name.clone(),
                endpoints: endpoints(path, text, table.endpoint, table.endpoints)?,
                vendor: table.vendor,
                settings: each_located(text, table.settings, |setting| setting),
                ca_file: table.ca_file.map(|file| base.join(file)),
                proxy: table.proxy.map(|proxy| located(text, proxy)),
                credential: each_located(text, table.credential, |source| source.relative_to(base)),
            };
            accounts.insert(name, account);
        }
        let credentials = credentials(path, text, file.credentials, &accounts, &file.sinks)?;
        Ok(Self {
            path: path.to_owned(),
            credentials,
            sinks: file.sinks,
            store: file.store.path.map(|store| base.join(store)),
            key: key(path, text, file.key)?,
            timing: Timing {
                call: file.timing.call.map_or(60, |call| call.0.max(1)),
                settle: file.timing.settle.map_or(30, |settle| settle.0),
                consistency_delay: file.timing.consistency_delay.map(|it| u32::try_from(it.0).unwrap_or(u32::MAX)),
            },
            accounts,
        })
    }

    /// The credentials, by name.
    pub(crate) fn credentials(&self) -> &BTreeMap<String, CredentialConfig> {
        &self.credentials
    }

    /// The sinks, by name.
    pub(crate) fn sinks(&self) -> &BTreeMap<String, SinkConfig> {
        &self.sinks
    }

    /// The file of the store: `.keywright/store.db` in the same directory, unless it says otherwise.
    pub(crate) fn store(&self) -> PathBuf {
        self.store.clone().unwrap_or_else(|| self.base().join(".keywright").join("store.db"))
    }

    /// Where the key is.
    pub(crate) fn key(&self) -> &KeyConfig {
        &self.key
    }

    /// How long is waited for a vendor.
    pub(crate) fn timing(&self) -> Timing {
        self.timing
    }

    /// The environment variables that the configuration reads secrets from: parts, secret settings, the passphrase.
    pub(crate) fn secret_variables(&self) -> impl Iterator<Item = &str> {
        let of_parts = self.accounts.values().flat_map(|account| account.credential.values()).map(|it| &it.value);
        let of_key = match &self.key {
            KeyConfig::Passphrase(source) => Some(source),
            _ => None,
        };
        let sources = of_parts.chain(of_key).filter_map(|source| match source {
            Source::Env(variable) => Some(variable.as_str()),
            _ => None,
        });
        let settings = self.accounts.values().flat_map(|account| account.settings.values());
        sources.chain(settings.filter_map(|setting| setting.value["env"].as_str()))
    }

    /// The names of the accounts at this vendor.
    pub(crate) fn accounts_at<'c>(&'c self, vendor: &'c str) -> impl Iterator<Item = &'c str> {
        self.accounts.values().filter(move |account| account.vendor == vendor).map(|account| account.name.as_str())
    }

    /// The vendors of all accounts.
    pub(crate) fn vendors(&self) -> BTreeSet<&str> {
        self.accounts.values().map(|account| account.vendor.as_str()).collect()
    }

    /// The names of the accounts.
    pub(crate) fn account_names(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().map(String::as_str)
    }

    /// The directory that relative paths are relative to.
    pub(crate) fn base(&self) -> &Path {
        base(&self.path)
    }

    /// The words that locate something, for the beginning of a sentence.
    pub(crate) fn at<T>(&self, located: &Located<T>) -> String {
        format!("{}, line {}", self.path.display(), located.line)
    }

    /// Where it was read.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The account of this name.
    pub(crate) fn account(&self, name: &str) -> Result<&Account, Error> {
        self.accounts.get(name).ok_or_else(|| {
            let instead = instead(name, self.accounts.keys().map(String::as_str));
            Error::config(format!("{} has no account {}: {instead}", self.path.display(), quoted(name)))
        })
    }
}

fn base(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
}

fn located<T>(text: &str, spanned: Spanned<T>) -> Located<T> {
    let line = line(text, spanned.span().start);
    Located { value: spanned.into_inner(), line }
}

fn each_located<T>(
    text: &str,
    spanned: BTreeMap<String, Spanned<T>>,
    change: impl Fn(T) -> T,
) -> BTreeMap<String, Located<T>> {
    let each = |(name, spanned)| {
        let Located { value, line } = located(text, spanned);
        (name, Located { value: change(value), line })
    };
    spanned.into_iter().map(each).collect()
}

/// `endpoint = "URL"` or `[accounts.NAME.endpoints]`.
fn endpoints(
    path: &Path,
    text: &str,
    endpoint: Option<Spanned<String>>,
    endpoints: BTreeMap<String, Spanned<String>>,
) -> Result<Vec<Located<EndpointArg>>, Error> {
    let wrong = |line: usize, what: String| Error::config(format!("{}, line {line}: {what}", path.display()));
    if let (Some(endpoint), false) = (&endpoint, endpoints.is_empty()) {
        let line = line(text, endpoint.span().start);
        return Err(wrong(line, "the account has both `endpoint` and `endpoints`: leave one of them out".to_owned()));
    }
    let unnamed = endpoint.into_iter().map(|url| (None, url));
    let named = endpoints.into_iter().map(|(name, url)| (Some(name), url));
    let read = |(name, url): (Option<String>, Spanned<String>)| {
        let Located { value, line } = located(text, url);
        let url = value.parse().map_err(|error| wrong(line, format!("the endpoint is not usable: {error}")))?;
        Ok(Located { value: EndpointArg { name, url }, line })
    };
    unnamed.chain(named).map(read).collect()
}

/// `[credentials.NAME]`, each with an account and sinks that there are.
fn credentials(
    path: &Path,
    text: &str,
    tables: BTreeMap<String, Spanned<CredentialTable>>,
    accounts: &BTreeMap<String, Account>,
    sinks: &BTreeMap<String, SinkConfig>,
) -> Result<BTreeMap<String, CredentialConfig>, Error> {
    let wrong = |at: usize, what: String| Error::config(format!("{}, line {}: {what}", path.display(), line(text, at)));
    let mut credentials = BTreeMap::new();
    for (name, table) in tables {
        let at = table.span().start;
        let table = table.into_inner();
        Subject::new(name.as_str()).map_err(|error| wrong(at, error.to_string()))?;
        let account = table.account.get_ref();
        if !accounts.contains_key(account) {
            let instead = instead(account, accounts.keys().map(String::as_str));
            return Err(wrong(
                table.account.span().start,
                format!("there is no account {}: {instead}", quoted(account)),
            ));
        }
        for sink in &table.publish {
            if !sinks.contains_key(sink.get_ref()) {
                let instead = instead(sink.get_ref(), sinks.keys().map(String::as_str));
                let what = format!("there is no sink {}: {instead}", quoted(sink.get_ref()));
                return Err(wrong(sink.span().start, what));
            }
        }
        let credential = table.into_config(name.clone(), line(text, at));
        let credential = credential.map_err(|error| wrong(at, format!("the credential {name}: {error}")))?;
        credentials.insert(name, credential);
    }
    Ok(credentials)
}

/// `[key]`: one source at most.
fn key(path: &Path, text: &str, table: KeyTable) -> Result<KeyConfig, Error> {
    let base = base(path);
    let KeyTable { file, systemd, passphrase } = table;
    match (file, systemd, passphrase) {
        (None, None, None) => Ok(KeyConfig::Usual),
        (Some(file), None, None) => Ok(KeyConfig::File(base.join(home(&file.into_inner())))),
        (None, Some(name), None) => Ok(KeyConfig::Systemd(name.into_inner())),
        (None, None, Some(source)) => match source.into_inner() {
            Source::Plain(_) => Err(Error::config(format!(
                "{}: a passphrase is never written in the configuration: say where it is, for example {{ env = \
                 \"KEYWRIGHT_PASSPHRASE\" }}",
                path.display()
            ))),
            source => Ok(KeyConfig::Passphrase(source.relative_to(base))),
        },
        (file, systemd, _) => {
            let at = file.or(systemd).map_or(0, |first| first.span().start);
            Err(Error::config(format!(
                "{}, line {}: the key has several sources: leave one of `file`, `systemd` and `passphrase`",
                path.display(),
                line(text, at)
            )))
        }
    }
}

/// A path, with the user's home directory in the place of `~/`.
fn home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), etcetera::home_dir()) {
        (Some(rest), Ok(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn line(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// A message of serde without the value that it quotes, which may be a secret in a wrong place:
/// `invalid type: string "…", expected a map`.
pub(crate) fn without_values(message: &str) -> String {
    let is_about_value = message.starts_with("invalid type: ") || message.starts_with("invalid value: ");
    match (message.find(['"', '`']), message.rfind(", expected")) {
        (Some(start), Some(end)) if is_about_value && start < end => {
            format!("{}{}", message[..start].trim_end(), &message[end..])
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, Error> {
        Config::parse(Path::new("conf/keywright.toml"), text)
    }

    fn problem(text: &str) -> String {
        let error = parse(text).unwrap_err();
        assert_eq!(error.kind(), "config");
        error.message().to_owned()
    }

    #[test]
    fn the_example_is_a_configuration() {
        let config = parse(include_str!("../examples/keywright.toml")).unwrap();
        let account = config.account("production").unwrap();
        assert_eq!(account.vendor, "scaleway");
        assert!(account.settings.contains_key("organization_id"));
        assert!(matches!(account.credential["secret_key"].value, Source::Env(_)));
        assert_eq!(config.account("lab").unwrap().endpoints.len(), 1);
    }

    #[test]
    fn endpoints_have_names_or_there_is_one() {
        let config = parse(
            "[accounts.one]\nvendor = 'v'\nendpoint = 'http://127.0.0.1:1'\n\
             [accounts.two]\nvendor = 'v'\n[accounts.two.endpoints]\napi = 'https://a.intern'\ns3 = 'https://b.intern/s3'",
        )
        .unwrap();
        let endpoints = |account: &str| -> Vec<(Option<String>, String, usize)> {
            let endpoints = &config.account(account).unwrap().endpoints;
            endpoints.iter().map(|it| (it.value.name.clone(), it.value.url.to_string(), it.line)).collect()
        };
        assert_eq!(endpoints("one"), [(None, "http://127.0.0.1:1".to_owned(), 3)]);
        let named = |name: &str, url: &str, line| (Some(name.to_owned()), url.to_owned(), line);
        assert_eq!(endpoints("two"), [named("api", "https://a.intern", 7), named("s3", "https://b.intern/s3", 8)]);
        for (text, says) in [
            ("endpoint = 'http://hush-1234.example'", "conf/keywright.toml, line 3: the endpoint is not usable: "),
            (
                "endpoint = 'https://a.intern'\nendpoints = { api = 'https://b.intern' }",
                "both `endpoint` and `endpoints`",
            ),
        ] {
            let problem = problem(&format!("[accounts.a]\nvendor = 'v'\n{text}"));
            assert!(problem.contains(says) && !problem.contains("1234"), "{problem}");
        }
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        let config = parse(
            "[accounts.a]\nvendor = 'v'\nca-file = 'ca.pem'\n\
             credential = { x = { file = 'x.txt' }, y = { file = '/etc/y' } }",
        )
        .unwrap();
        let account = config.account("a").unwrap();
        assert_eq!(account.ca_file.as_deref(), Some(Path::new("conf/ca.pem")));
        assert!(matches!(&account.credential["x"].value, Source::File(file, _) if file == Path::new("conf/x.txt")));
        assert!(matches!(&account.credential["y"].value, Source::File(file, _) if file == Path::new("/etc/y")));
        assert_eq!(account.credential["x"].line, 4);
    }

    #[test]
    fn what_is_unknown_is_refused_with_its_line() {
        for text in [
            "\n[acounts.a]\nvendor = 'v'",
            "\n[credential.a]\naccount = 'v'",
            "[accounts.v]\nvendor = 'v'\n[credentials.a]\naccount = 'v'\nrotate-afer = '30d'",
            "[sinks.a]\ntype = 'file'\npath = 'x'\nformat = 'dotenv'\nmod = '0600'",
            "[key]\nfil = 'x'",
            "[store]\nfile = 'x'",
            "[accounts.a]\nvendors = 'v'",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = { environment = 'X' }",
        ] {
            let problem = problem(text);
            assert!(problem.starts_with("conf/keywright.toml, line "), "{problem}");
            assert!(problem.contains("unknown"), "{problem}");
        }
    }

    #[test]
    fn no_message_quotes_a_value() {
        for text in [
            "[accounts.a]\nvendor = 'v'\ncredential = 'hush-1234'",
            "[accounts.a]\nvendor = 'v'\nsettings = 'hush-1234'",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = hush-1234",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = 'hush-1234",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = ['hush-1234']",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = { env = ['hush-1234'] }",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = { env = 1234 }",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = 1234",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = { env = 'X', file = 'hush-1234' }",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = { command = 'hush-1234' }",
            "[accounts.a]\nvendor = 'v'\n[accounts.a.credential]\nx = { command = [] }",
        ] {
            let problem = problem(text);
            assert!(problem.contains(", line "), "{text}: {problem}");
            assert!(!problem.contains("1234"), "{problem}");
        }
    }

    #[test]
    fn a_credential_names_an_account_and_sinks_that_there_are() {
        let account = "[accounts.prod]\nvendor = 'v'\n[sinks.env]\ntype = 'file'\npath = 'x'\nformat = 'dotenv'\n";
        let good = format!(
            "{account}[credentials.ci]\naccount = 'prod'\nrotate-after = '30d'\ngrace = '0'\npublish = ['env']\n\
             attributes = {{ name = 'ci' }}\nlabels = {{ team = 'web' }}"
        );
        let config = parse(&good).unwrap();
        let credential = &config.credentials()["ci"];
        assert_eq!((credential.account.as_str(), credential.line), ("prod", 7));
        assert_eq!((credential.spec.policy.rotate_after, credential.spec.policy.grace), (Some(30 * 86_400), 0));
        assert_eq!(
            (credential.spec.publish.as_slice(), credential.labels["team"].as_str()),
            (&["env".to_owned()][..], "web")
        );
        assert_eq!(config.store(), Path::new("conf/.keywright/store.db"));
        for (text, says) in [
            ("[credentials.ci]\naccount = 'prd'", "line 8: there is no account `prd`: did you mean `prod`?"),
            ("[credentials.ci]\naccount = 'prod'\npublish = ['evn']", "line 9: there is no sink `evn`: there is env"),
            ("[credentials.\"c i\"]\naccount = 'prod'", "line 7: the name of the credential is not"),
            ("[credentials.ci]\naccount = 'prod'\ngrace = '1 fortnight'", "line 9: write a number with a unit"),
            ("[key]\nfile = 'a'\nsystemd = 'b'", "line 8: the key has several sources"),
        ] {
            let problem = problem(&format!("{account}{text}"));
            assert!(problem.contains(says), "{problem}");
        }
    }

    #[test]
    fn an_unknown_account_is_refused_with_those_there_are() {
        let config = parse("[accounts.production]\nvendor = 'v'").unwrap();
        let message = config.account("prodution").unwrap_err().message().to_owned();
        assert_eq!(message, "conf/keywright.toml has no account `prodution`: did you mean `production`?");
    }
}
