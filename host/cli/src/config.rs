//! `keywright.toml`: accounts by name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use crate::error::Error;
use crate::part_source::PartSource;
use crate::suggest::{instead, quoted};

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
    /// The settings.
    pub(crate) settings: Map<String, Value>,
    /// The line where they begin.
    pub(crate) settings_line: usize,
    /// The private installation of the vendor, or a simulator.
    pub(crate) endpoint: Option<String>,
    /// The authority that vouches for it.
    pub(crate) ca_file: Option<PathBuf>,
    /// Where the parts of the administrator credential are.
    pub(crate) credential: BTreeMap<String, Place>,
}

/// Where a part is, and where that is written.
#[derive(Debug)]
pub(crate) struct Place {
    /// Where the part is.
    pub(crate) source: PartSource,
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
    settings: Option<Spanned<Map<String, Value>>>,
    endpoint: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(default)]
    credential: BTreeMap<String, Spanned<PartSource>>,
}

impl Config {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|error| {
            let shown = path.display();
            let advice = "write it, or name another with --config";
            Error::config(format!("the configuration {shown} cannot be read ({error}): {advice}"))
        })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or_else(String::new, |span| format!(", line {}", line(text, span.start)));
            let message = without_values(error.message());
            Error::config(format!("{}{at}: {message}: correct it", path.display()))
        })?;
        let base = path.parent().unwrap_or_else(|| Path::new(""));
        let account = |(name, table): (String, AccountTable)| {
            let place = |(part, source): (String, Spanned<PartSource>)| {
                let line = line(text, source.span().start);
                (part, Place { source: source.into_inner().relative_to(base), line })
            };
            let settings_line = table.settings.as_ref().map_or(1, |settings| line(text, settings.span().start));
            let account = Account {
                name: name.clone(),
                vendor: table.vendor,
                settings: table.settings.map(Spanned::into_inner).unwrap_or_default(),
                settings_line,
                endpoint: table.endpoint,
                ca_file: table.ca_file.map(|file| base.join(file)),
                credential: table.credential.into_iter().map(place).collect(),
            };
            (name, account)
        };
        Ok(Self { path: path.to_owned(), accounts: file.accounts.into_iter().map(account).collect() })
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

fn line(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// A message of serde without the value that it quotes, which may be a secret in a wrong place:
/// `invalid type: string "…", expected a map`.
fn without_values(message: &str) -> String {
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
        assert!(matches!(account.credential["secret_key"].source, PartSource::Env(_)));
        assert!(config.account("lab").unwrap().endpoint.is_some());
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
        assert!(matches!(&account.credential["x"].source, PartSource::File(file) if file == Path::new("conf/x.txt")));
        assert!(matches!(&account.credential["y"].source, PartSource::File(file) if file == Path::new("/etc/y")));
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
