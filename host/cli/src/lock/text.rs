//! The text of a lock: TOML in one normal form, sorted, so that a diff shows what changed and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use keywright_runtime::{Rule, RuleSet};
use serde::Deserialize;

use super::LockedAdapter;
use crate::error::Error;
use crate::suggest::quoted;
use crate::text::one_line;

/// The version of the form.
const VERSION: i64 = 1;

const HEADING: &str = "\
# The third-party adapters that may be run here, and what each of them may do. Written by `keywright adapter add` and
# `keywright adapter remove`; keep it under version control, and review its changes as you would a change of code.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code, reason = "it is looked at before anything else is read")]
    version: i64,
    #[serde(default)]
    adapters: BTreeMap<String, Entry>,
}

/// Nothing has a default: what an entry does not say was not consented to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    file: PathBuf,
    digest: String,
    expose_secrets: bool,
    inert_wasi: bool,
    environment: BTreeSet<String>,
    requested: Vec<String>,
    granted: Vec<String>,
}

/// Reads a lock.
///
/// # Errors
///
/// When it is of another version, or has anything that would not be heeded.
pub(super) fn read(path: &Path, text: &str) -> Result<BTreeMap<String, LockedAdapter>, Error> {
    let unreadable = |error: &toml::de::Error| {
        let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
        let message = one_line(error.message());
        problem(path, &format!("line {line}: {message}: correct it, or take it back from version control"))
    };
    // Another version may have anything, so its version comes first.
    let table: toml::Table = toml::from_str(text).map_err(|error| unreadable(&error))?;
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(VERSION) => {}
        Some(other) => {
            return Err(problem(
                path,
                &format!("it is of version {other}, and this program knows {VERSION}: use a newer one"),
            ));
        }
        None => {
            return Err(problem(path, "it does not say its version: take it back from version control"));
        }
    }
    let file: File = toml::from_str(text).map_err(|error| unreadable(&error))?;
    let adapter = |(vendor, entry): (String, Entry)| Ok((vendor.clone(), locked(path, vendor, entry)?));
    file.adapters.into_iter().map(adapter).collect()
}

fn locked(path: &Path, vendor: String, entry: Entry) -> Result<LockedAdapter, Error> {
    let wrong = |what: String| problem(path, &format!("the adapter {}: {what}", quoted(&vendor)));
    let rules = |lines: &[String]| -> Result<RuleSet, Error> {
        let rule = |line: &String| {
            line.parse::<Rule>().map_err(|error| wrong(format!("{} is not a rule: {error}", quoted(line))))
        };
        lines.iter().map(rule).collect()
    };
    let digest =
        entry.digest.parse().map_err(|error| wrong(format!("{} is not a digest: {error}", quoted(&entry.digest))))?;
    let (requested, granted) = (rules(&entry.requested)?, rules(&entry.granted)?);
    Ok(LockedAdapter {
        file: entry.file,
        digest,
        exposes_secrets: entry.expose_secrets,
        inert_wasi: entry.inert_wasi,
        environment: entry.environment,
        requested,
        granted,
        vendor,
    })
}

fn problem(path: &Path, what: &str) -> Error {
    Error::new("lock", format!("{}: {what}", path.display()))
}

/// Writes a lock.
pub(super) fn write<'l>(adapters: impl Iterator<Item = &'l LockedAdapter>) -> String {
    let mut text = format!("{HEADING}version = {VERSION}\n");
    for locked in adapters {
        // One form of a path on every system.
        let file = locked.file.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        text.push_str(&format!(
            "\n[adapters.{}]\nfile = {}\ndigest = {}\nexpose-secrets = {}\ninert-wasi = {}\n",
            locked.vendor,
            string(&file),
            string(&locked.digest.to_string()),
            locked.exposes_secrets,
            locked.inert_wasi
        ));
        let environment = locked.environment.iter().cloned().collect();
        let lists = [
            ("environment", environment),
            ("requested", lines(&locked.requested)),
            ("granted", lines(&locked.granted)),
        ];
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
pub(super) fn lines(rules: &RuleSet) -> Vec<String> {
    let mut lines: Vec<String> = rules.rules.iter().map(Rule::to_string).collect();
    lines.sort();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use keywright_runtime::Digest;

    use super::*;

    fn initech() -> LockedAdapter {
        let rules = "revoke DELETE https://api.initech.example/keys/{id}\n\
                     create POST https://api.initech.example/keys mints token=/token after \"'\\";
        LockedAdapter {
            vendor: "initech".to_owned(),
            file: PathBuf::from("adapters/it's \"mine\".wasm"),
            digest: Digest::of(b"initech"),
            exposes_secrets: false,
            inert_wasi: true,
            environment: ["INITECH_TOKEN", "TENANT"].map(str::to_owned).into(),
            requested: rules.parse().unwrap(),
            granted: rules.lines().next().unwrap().parse().unwrap(),
        }
    }

    fn parse(text: &str) -> Result<BTreeMap<String, LockedAdapter>, String> {
        read(Path::new("conf/keywright.lock"), text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn what_is_written_is_read_and_written_again_the_same() {
        let written = write([initech()].iter());
        let read = parse(&written).unwrap();
        assert_eq!(read["initech"].file, initech().file);
        assert_eq!(read["initech"].environment, initech().environment);
        assert_eq!(lines(&read["initech"].requested), lines(&initech().requested));
        assert_eq!(write(read.values()), written);
        assert!(parse(&write([].iter())).unwrap().is_empty());
    }

    #[test]
    fn each_rule_has_a_line_and_they_are_sorted() {
        let written = write([initech()].iter());
        let create = written
            .find("\"create POST")
            .or_else(|| written.find("'create POST"))
            .or_else(|| written.find("create POST"))
            .unwrap();
        assert!(create < written.find("revoke DELETE").unwrap(), "{written}");
        assert_eq!(written.lines().filter(|line| line.contains("revoke DELETE")).count(), 2, "{written}");
    }

    #[test]
    fn what_would_not_be_heeded_is_an_error() {
        let written = write([initech()].iter());
        for (change, with, says) in [
            ("version = 1", "version = 2", "version 2"),
            ("version = 1", "", "does not say its version"),
            ("version = 1", "version = 1\nstrict = true", "unknown field `strict`"),
            ("inert-wasi = true", "inert-wasi = true\ndeny = []", "unknown field `deny`"),
            ("inert-wasi = true\n", "", "missing field `inert-wasi`"),
            ("expose-secrets = false", "expose-secrets = 'no'", "line 8: invalid type"),
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
