//! `keywright.toml`: accounts by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use crate::error::Error;
use crate::source::Source;
use crate::suggest::{instead, quoted};
use crate::text::read_document;
use crate::values::EndpointArg;

/// A configuration that was read.
#[derive(Debug)]
pub(crate) struct Config {
    path: PathBuf,
    accounts: BTreeMap<String, Account>,
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
        Ok(Self { path: path.to_owned(), accounts })
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
            "\n[credentials.a]\naccount = 'v'",
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
    fn an_unknown_account_is_refused_with_those_there_are() {
        let config = parse("[accounts.production]\nvendor = 'v'").unwrap();
        let message = config.account("prodution").unwrap_err().message().to_owned();
        assert_eq!(message, "conf/keywright.toml has no account `prodution`: did you mean `production`?");
    }
}
