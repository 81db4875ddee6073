//! `keywright adapter add`: what a third party's adapter asks for, and the consent to it.

mod candidate;

use std::fs;
use std::path::{Path, PathBuf};

use keywright_runtime::{Grant, Rule, RuleSet};
use serde_json::{Value, json};

use super::LockArgs;
use crate::confirm;
use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::lock::{Lock, LockedAdapter};
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::target::{self, Loaded, Target, quoted_line, variables};
use crate::text::series;
use candidate::Candidate;

/// `keywright adapter add FILE|DIR`
#[derive(Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// The file of a component, or a directory with some
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// Grant the rules of this file only, of all that the adapter asks for: one rule a line, as `keywright adapter inspect`
    /// shows them
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,

    /// Show the adapter the secrets that it mints. Only for vendors whose secrets an adapter has to compute with
    #[arg(long)]
    expose_secrets: bool,

    /// Give the adapter the administrator's credential, to authenticate its requests itself. Only for vendors that
    /// authenticate in a way the host does not carry out
    #[arg(long)]
    expose_administrator: bool,

    /// Allow the adapter to import files and sockets, with nothing behind them: for those of Python and JavaScript
    #[arg(long)]
    inert_wasi: bool,

    #[command(flatten)]
    lock: LockArgs,
}

/// Loads, shows, asks and locks, in this order: errors are found before the question.
pub(super) async fn run(arguments: AddArgs, output: Output) -> Result<(), Error> {
    let mut lock = arguments.lock.read()?;
    let files = components(&arguments.path)?;
    let for_one = arguments.rules.is_some() || arguments.expose_secrets || arguments.expose_administrator;
    if files.len() > 1 && for_one {
        let path = arguments.path.display();
        return Err(Error::usage(format!(
            "--rules, --expose-secrets and --expose-administrator are for one adapter, and {path} has {}: add that one by \
             its file",
            files.len()
        )));
    }
    let granted = arguments.rules.as_deref().map(read_rules).transpose()?;
    let engine = target::engine()?;
    let mut candidates: Vec<Candidate> = Vec::new();
    for file in files {
        let loaded = Target::File(file.clone(), arguments.extra()).load(&engine).await?;
        let candidate = candidate(&arguments, granted.as_ref(), &lock, loaded, file)?;
        if let Some(same) = candidates.iter().find(|other| other.entry.vendor == candidate.entry.vendor) {
            return Err(Error::new(
                "adapter",
                format!(
                    "{} and {} are both for the vendor {}: add one of them by its file",
                    same.file.display(),
                    candidate.file.display(),
                    quoted(&candidate.entry.vendor)
                ),
            ));
        }
        candidates.push(candidate);
    }
    let changes: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.is_change()).collect();
    if !changes.is_empty() {
        consent_to(&arguments, &changes, &lock, output)?;
        changes.iter().for_each(|candidate| lock.insert(candidate.entry.clone()));
        lock.write()?;
    }
    report(&candidates, &lock, output)
}

impl AddArgs {
    fn extra(&self) -> ExtraGrants {
        ExtraGrants {
            exposes_secrets: self.expose_secrets,
            exposes_administrator: self.expose_administrator,
            inert_wasi: self.inert_wasi,
        }
    }
}

/// The component files that a path leads to.
fn components(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if path.to_str().is_some_and(|text| text.contains("://")) {
        return Err(Error::usage(format!(
            "{} is a URL, and adapters are added from files: fetch it first, compare its digest with the one that its author \
             published, and give the path",
            quoted(&path.to_string_lossy())
        )));
    }
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let unreadable = |error: std::io::Error| {
        Error::new("adapter", format!("the directory {} cannot be read ({error}): name another", path.display()))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let is_component = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"));
        if is_component && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        let path = path.display();
        return Err(Error::new(
            "adapter",
            format!("the directory {path} has no .wasm file: name one that has components"),
        ));
    }
    Ok(files)
}

fn read_rules(file: &Path) -> Result<RuleSet, Error> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        Error::usage(format!("the rules {shown} cannot be read ({error}): name a file with one rule a line"))
    })?;
    text.parse().map_err(|error| Error::usage(format!("the rules {shown} cannot be read: {error}")))
}

fn candidate(
    arguments: &AddArgs,
    granted: Option<&RuleSet>,
    lock: &Lock,
    loaded: Loaded,
    file: PathBuf,
) -> Result<Candidate, Error> {
    let descriptor = loaded.adapter.descriptor();
    let vendor = &descriptor.vendor;
    if keywright_adapters::find(vendor).is_some() {
        return Err(Error::new(
            "adapter",
            format!(
                "{} is for the vendor {vendor}, whose adapter is built in, and a locked one never takes its place: give \
                 the adapter another vendor name, or run the file as it is with `keywright call FILE … --grant-requested`",
                file.display()
            ),
        ));
    }
    if let Some(other) = lock.of_file(&file).filter(|other| other.vendor != *vendor) {
        return Err(Error::new(
            "adapter",
            format!(
                "{} is locked for the vendor {}, and is now for {vendor}: take the old one out first, with `keywright \
                 adapter remove {}`",
                file.display(),
                quoted(&other.vendor),
                other.vendor
            ),
        ));
    }
    let requested = &descriptor.rules;
    let granted = match granted {
        None => requested.clone(),
        Some(granted) => {
            check_granted(granted, requested, arguments.rules.as_deref().unwrap_or(Path::new("")), vendor)?;
            granted.clone()
        }
    };
    let entry = LockedAdapter {
        vendor: vendor.clone(),
        file: lock.relative(&file)?,
        digest: loaded.adapter.digest(),
        descriptor: loaded.adapter.descriptor_digest(),
        extra: ExtraGrants {
            // A grant that is not needed is not written.
            inert_wasi: arguments.inert_wasi && loaded.adapter.needs_inert_wasi(),
            ..arguments.extra()
        },
        environment: variables(descriptor),
        requested: requested.clone(),
        granted,
    };
    let (present, outdated) = (lock.find(vendor).cloned(), lock.find_outdated(vendor).cloned());
    Ok(Candidate { file, entry, present, outdated, loaded })
}

/// Each rule of an operator must have an effect: it is for an operation of the contract, and for what is asked for.
fn check_granted(granted: &RuleSet, requested: &RuleSet, file: &Path, vendor: &str) -> Result<(), Error> {
    let (file, mut useless) = (file.display(), Vec::new());
    for rule in &granted.rules {
        for operation in &rule.operations {
            if !Grant::OPERATIONS.contains(&operation.as_str()) {
                return Err(Error::usage(format!(
                    "the rules {file} have a rule for {}, which is not an operation: {}",
                    quoted(operation),
                    instead(operation, Grant::OPERATIONS)
                )));
            }
            let alone = Rule { operations: vec![operation.clone()], ..rule.clone() };
            if RuleSet::from_iter([alone.clone()]).effective(requested).rules.is_empty() {
                useless.push(alone);
            }
        }
    }
    if !useless.is_empty() {
        let useless = series(useless.iter().map(quoted_line), "and");
        return Err(Error::usage(format!(
            "the rules {file} grant what the adapter for {vendor} does not ask for: leave out {useless}"
        )));
    }
    if granted.rules.is_empty() {
        return Err(Error::usage(format!("the rules {file} grant nothing: write the rules that {vendor} may use")));
    }
    Ok(())
}

/// Asks once, for all of them.
fn consent_to(arguments: &AddArgs, changes: &[&Candidate], lock: &Lock, output: Output) -> Result<(), Error> {
    let names = series(changes.iter().map(|candidate| candidate.entry.vendor.as_str()), "and");
    if !arguments.yes && !confirm::is_interactive() {
        return Err(unattended(arguments, changes, &names, lock));
    }
    if !output.is_json() || !arguments.yes {
        for candidate in changes {
            output.note(&candidate.to_text());
        }
    }
    if arguments.yes {
        return Ok(());
    }
    let alarm = changes.iter().find_map(|candidate| candidate.entry.extra.alarm());
    let question = match alarm {
        Some(alarm) => format!("allow {names} to do this? It {alarm}"),
        None => format!("allow {names} to do this?"),
    };
    confirm::ask(&question)
}

/// The error where there is no person to ask: the names, and what changes for those that are locked already.
fn unattended(arguments: &AddArgs, changes: &[&Candidate], names: &str, lock: &Lock) -> Error {
    let (path, lock) = (arguments.path.display(), lock.path().display());
    let replaced: String = changes
        .iter()
        .filter_map(|candidate| Some((candidate, candidate.differences()?)))
        .map(|(candidate, differences)| {
            format!("; it changes what is locked for {}: {}", candidate.entry.vendor, differences.join("; "))
        })
        .collect();
    Error::usage(format!(
        "this writes to {lock} that {names} may be used{replaced}: look with `keywright adapter inspect` at what {path} \
         asks for, then give --yes, or run this on a terminal"
    ))
}

fn report(candidates: &[Candidate], lock: &Lock, output: Output) -> Result<(), Error> {
    if output.is_json() {
        let adapters: Vec<Value> = candidates.iter().map(Candidate::to_json).collect();
        return output.json(&json!({ "lock": lock.path(), "adapters": adapters }));
    }
    let path = lock.path().display();
    let line = |candidate: &Candidate| {
        let (vendor, file) = (&candidate.entry.vendor, candidate.file.display());
        let alarm = candidate.entry.extra.alarm().map_or_else(String::new, |alarm| format!("; it {alarm}"));
        match candidate.change() {
            "added" => format!("added {vendor}, {file}, to {path}{alarm}\n"),
            "replaced" => format!("replaced {vendor} in {path}, now {file}{alarm}\n"),
            _ => format!("{vendor}, {file}, is in {path} already\n"),
        }
    };
    output.text(&candidates.iter().map(line).collect::<String>())
}
