//! The text of a lock: TOML in one normal form, sorted, so that a diff shows what changed and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keywright_runtime::{CONTRACT_VERSION, Digest, Rule, RuleSet};
use serde::Deserialize;

use super::{LockedAdapter, OutdatedAdapter};
use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::suggest::quoted;
use crate::text::one_line;

/// The version of the format.
const VERSION: i64 = 1;

const HEADING: &str = "\
# The third-party adapters that may be run here, and what each of them may do. Written by `keywright adapter add` and
# `keywright adapter remove`; keep it under version control, and review its changes as you would a change of code.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code, reason = "it is checked before anything else is read")]
    version: i64,
    #[serde(default)]
    adapters: BTreeMap<String, Entry>,
}

/// An entry, word for word. Nothing has a default: what an entry does not say was not consented to. The members that
/// older entries lack are optional here, so that such an entry is recognised and kept until it is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Entry {
    file: PathBuf,
    contract: Option<String>,
    digest: String,
    descriptor: Option<String>,
    expose_secrets: bool,
    expose_administrator: Option<bool>,
    inert_wasi: bool,
    environment: BTreeSet<String>,
    requested: Vec<String>,
    granted: Vec<String>,
}

impl Entry {
    /// The component file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// The contract that the adapter was locked for; none for one that is older than this member.
    pub(super) fn contract(&self) -> Option<&str> {
        self.contract.as_deref()
    }
}

impl From<&LockedAdapter> for Entry {
    fn from(locked: &LockedAdapter) -> Self {
        Self {
            file: locked.file.clone(),
            contract: Some(CONTRACT_VERSION.to_owned()),
            digest: locked.digest.to_string(),
            descriptor: Some(locked.descriptor.to_string()),
            expose_secrets: locked.extra.exposes_secrets,
            expose_administrator: Some(locked.extra.exposes_administrator),
            inert_wasi: locked.extra.inert_wasi,
            environment: locked.environment.clone(),
            requested: lines(&locked.requested),
            granted: lines(&locked.granted),
        }
    }
}

/// What a lock file has.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) locked: BTreeMap<String, LockedAdapter>,
    pub(super) outdated: BTreeMap<String, OutdatedAdapter>,
}

/// Reads a lock file.
///
/// # Errors
///
/// When it is of another version, or has anything that would be ignored.
pub(super) fn read(path: &Path, text: &str) -> Result<Content, Error> {
    let unreadable = |error: &toml::de::Error| {
        let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        let message = one_line(error.message());
        problem(path, &format!("line {line}: {message}: correct it, or restore the file from version control"))
    };
    // Another version may have anything, so its version comes first.
    let table: toml::Table = toml::from_str(text).map_err(|error| unreadable(&error))?;
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(VERSION) => {}
        Some(other) => {
            return Err(problem(
                path,
                &format!("its version is {other}, and this program reads version {VERSION}: use a newer program"),
            ));
        }
        None => {
            return Err(problem(path, "it has no version: restore the file from version control"));
        }
    }
    let file: File = toml::from_str(text).map_err(|error| unreadable(&error))?;
    let mut content = Content::default();
    for (vendor, entry) in file.adapters {
        match entry.descriptor.clone().filter(|_| entry.contract.as_deref().is_some_and(is_current)) {
            Some(descriptor) => {
                content.locked.insert(vendor.clone(), locked(path, vendor, entry, &descriptor)?);
            }
            None => {
                content.outdated.insert(vendor.clone(), OutdatedAdapter { vendor, entry });
            }
        }
    }
    Ok(content)
}

/// Whether a contract is the host's: from 0.2 on, only its second number says what is incompatible.
pub(super) fn is_current(contract: &str) -> bool {
    let compatible = |version: &str| version.splitn(3, '.').take(2).map(str::to_owned).collect::<Vec<_>>();
    compatible(contract) == compatible(CONTRACT_VERSION)
}

fn locked(path: &Path, vendor: String, entry: Entry, descriptor: &str) -> Result<LockedAdapter, Error> {
    let wrong = |what: String| problem(path, &format!("the adapter {}: {what}", quoted(&vendor)));
    let rules = |lines: &[String]| -> Result<RuleSet, Error> {
        let rule = |line: &String| {
            line.parse::<Rule>().map_err(|error| {
                wrong(format!(
                    "{} is not a rule: {error}: correct it, or lock the adapter again with `keywright adapter add {}`",
                    quoted(line),
                    entry.file.display()
                ))
            })
        };
        lines.iter().map(rule).collect()
    };
    let digest = |text: &str| -> Result<Digest, Error> {
        text.parse().map_err(|error| wrong(format!("{} is not a digest: {error}", quoted(text))))
    };
    let (digest, descriptor) = (digest(&entry.digest)?, digest(descriptor)?);
    let exposes_administrator =
        entry.expose_administrator.ok_or_else(|| wrong("missing field `expose-administrator`".to_owned()))?;
    let (requested, granted) = (rules(&entry.requested)?, rules(&entry.granted)?);
    Ok(LockedAdapter {
        file: entry.file,
        digest,
        descriptor,
        extra: ExtraGrants {
            exposes_secrets: entry.expose_secrets,
            exposes_administrator,
            inert_wasi: entry.inert_wasi,
        },
        environment: entry.environment,
        requested,
        granted,
        vendor,
    })
}

fn problem(path: &Path, what: &str) -> Error {
    Error::new("lock", format!("{}: {what}", path.display()))
}

/// Writes a lock file: its entries by vendor.
pub(super) fn write<'e>(entries: impl IntoIterator<Item = (&'e str, Entry)>) -> String {
    let entries: BTreeMap<&str, Entry> = entries.into_iter().collect();
    let mut text = format!("{HEADING}version = {VERSION}\n");
    for (vendor, entry) in entries {
        // One form of a path on every system.
        let file = entry.file.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        text.push_str(&format!("\n[adapters.{vendor}]\nfile = {}\n", string(&file)));
        if let Some(contract) = &entry.contract {
            text.push_str(&format!("contract = {}\n", string(contract)));
        }
        text.push_str(&format!("digest = {}\n", string(&entry.digest)));
        if let Some(descriptor) = &entry.descriptor {
            text.push_str(&format!("descriptor = {}\n", string(descriptor)));
        }
        text.push_str(&format!("expose-secrets = {}\n", entry.expose_secrets));
        if let Some(exposes) = entry.expose_administrator {
            text.push_str(&format!("expose-administrator = {exposes}\n"));
        }
        text.push_str(&format!("inert-wasi = {}\n", entry.inert_wasi));
        let environment = entry.environment.into_iter().collect();
        let lists = [("environment", environment), ("requested", entry.requested), ("granted", entry.granted)];
        for (name, lines) in lists {
            text.push_str(&format!("{name} = [\n"));
            for line in lines {
                text.push_str(&format!("    {},\n", string(&line)));
            }
            text.push_str("]\n");
        }
    }
    text
}

fn string(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The rules as lines, sorted: in which order an adapter asks changes nothing.
fn lines(rules: &RuleSet) -> Vec<String> {
    let mut lines: Vec<String> = rules.rules.iter().map(Rule::to_string).collect();
    lines.sort();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn initech() -> LockedAdapter {
        let rules = "revoke DELETE https://api.initech.example/keys/{id}\n\
                     create POST https://api.initech.example/keys mints token=/token after \"$_\"";
        LockedAdapter {
            vendor: "initech".to_owned(),
            file: PathBuf::from("adapters/it's \"mine\".wasm"),
            digest: Digest::of(b"initech"),
            descriptor: Digest::of(b"what it says"),
            extra: ExtraGrants { exposes_secrets: false, exposes_administrator: true, inert_wasi: true },
            environment: ["INITECH_TOKEN secret part token", "TENANT setting tenant"].map(str::to_owned).into(),
            requested: rules.parse().unwrap(),
            granted: rules.lines().next().unwrap().parse().unwrap(),
        }
    }

    fn written() -> String {
        write([("initech", Entry::from(&initech()))])
    }

    fn parse(text: &str) -> Result<Content, String> {
        read(Path::new("conf/keywright.lock"), text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn what_is_written_is_read_and_written_again_the_same() {
        let content = parse(&written()).unwrap();
        assert!(content.outdated.is_empty());
        let read = &content.locked["initech"];
        assert_eq!((&read.file, read.extra), (&initech().file, initech().extra));
        assert_eq!(read.environment, initech().environment);
        assert_eq!(lines(&read.requested), lines(&initech().requested));
        assert_eq!(write([("initech", Entry::from(read))]), written());
        assert!(parse(&write([])).unwrap().locked.is_empty());
    }

    #[test]
    fn each_rule_has_a_line_and_they_are_sorted() {
        let written = written();
        let create = written.find("create POST").unwrap();
        assert!(create < written.find("revoke DELETE").unwrap(), "{written}");
        assert_eq!(written.lines().filter(|line| line.contains("revoke DELETE")).count(), 2, "{written}");
    }

    #[test]
    fn an_entry_of_another_contract_is_recognised_and_kept_as_it_is() {
        let written = written();
        let of_0_1 = written.replace(&format!("contract = \"{CONTRACT_VERSION}\"\n"), "");
        let of_0_1 = of_0_1.replace("expose-administrator = true\n", "");
        // What a rule of that contract could say means nothing now.
        let of_0_1 = of_0_1.replace("mints token=/token", "minting token=/token");
        let of_0_3 = written.replace(&format!("contract = \"{CONTRACT_VERSION}\""), "contract = \"0.3.0\"");
        let digest = format!("descriptor = \"{}\"\n", Digest::of(b"what it says"));
        // Locked when only rules and variables were compared.
        let unpinned = written.replace(&digest, "");
        for (text, contract) in [(of_0_1, None), (of_0_3, Some("0.3.0")), (unpinned, Some(CONTRACT_VERSION))] {
            let content = parse(&text).unwrap();
            assert!(content.locked.is_empty());
            let outdated = &content.outdated["initech"];
            assert_eq!(outdated.entry.contract(), contract);
            assert_eq!(write([("initech", outdated.entry.clone())]), text);
        }
        assert!(parse(&written.replace(CONTRACT_VERSION, "0.2.9")).unwrap().outdated.is_empty());
    }

    #[test]
    fn what_would_be_ignored_is_an_error() {
        let written = written();
        for (change, with, says) in [
            ("version = 1", "version = 2", "version is 2"),
            ("version = 1", "", "has no version"),
            ("version = 1", "version = 1\nstrict = true", "unknown field `strict`"),
            ("inert-wasi = true", "inert-wasi = true\ndeny = []", "unknown field `deny`"),
            ("inert-wasi = true\n", "", "missing field `inert-wasi`"),
            ("expose-administrator = true\n", "", "missing field `expose-administrator`"),
            ("expose-secrets = false", "expose-secrets = 'no'", "line 10: invalid type"),
            ("descriptor = \"sha256:", "descriptor = \"sha256:0", "is not a digest"),
            ("digest = \"sha256:", "digest = \"md5:", "is not a digest"),
            ("revoke DELETE", "revoke ANY", "is not a rule: `ANY` is not a method"),
            ("[adapters.initech]", "<<<<<<< HEAD\n[adapters.initech]", "line 5"),
        ] {
            assert!(written.contains(change), "{change}: {written}");
            let error = parse(&written.replace(change, with)).unwrap_err();
            assert!(error.starts_with("conf/keywright.lock: ") && error.contains(says), "{with}: {error}");
        }
    }
}
