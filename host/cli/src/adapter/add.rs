//! `keywright adapter add`: what a third party's adapter asks for, and the consent to it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keywright_runtime::{Grant, Rule, RuleSet};
use serde_json::{Value, json};

use super::sections::{
    authentication, cannot, endpoints, imports, lay_out, operations, parts, properties, rules, secrets,
};
use super::{LockArgs, kilobytes};
use crate::consent;
use crate::error::Error;
use crate::lock::{Lock, LockedAdapter};
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::table::Table;
use crate::target::{self, FileGrant, Loaded, Target, quoted_line, variables};
use crate::text::{one_line, series};

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

    /// Let the adapter see the secrets that it mints. Only for vendors whose secrets an adapter has to work on
    #[arg(long)]
    expose_secrets: bool,

    /// Let the adapter import files and sockets, which are then empty and refused: for those of Python and JavaScript
    #[arg(long)]
    inert_wasi: bool,

    #[command(flatten)]
    lock: LockArgs,
}

/// An adapter that may be locked.
struct Candidate {
    loaded: Loaded,
    file: PathBuf,
    entry: LockedAdapter,
    /// What the lock has for the vendor now.
    present: Option<LockedAdapter>,
}

/// Loads, shows, asks and locks, in this order: whatever is wrong is found before anybody is asked.
pub(super) async fn run(arguments: AddArgs, output: Output) -> Result<(), Error> {
    let mut lock = arguments.lock.read()?;
    let files = components(&arguments.path)?;
    if files.len() > 1 && (arguments.rules.is_some() || arguments.expose_secrets) {
        let path = arguments.path.display();
        return Err(Error::usage(format!(
            "--rules and --expose-secrets are for one adapter, and {path} has {}: add that one by its file",
            files.len()
        )));
    }
    let granted = arguments.rules.as_deref().map(read_rules).transpose()?;
    let engine = target::engine()?;
    let mut candidates: Vec<Candidate> = Vec::new();
    for file in files {
        let grant = FileGrant { exposes_secrets: false, inert_wasi: arguments.inert_wasi };
        let loaded = Target::File(file.clone(), grant).load(&engine).await?;
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
    tell(&candidates, &lock, output)
}

/// The component files that a path leads to.
fn components(path: &Path) -> Result<Vec<PathBuf>, Error> {
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
        exposes_secrets: arguments.expose_secrets,
        // Of a grant that is not needed nothing is written.
        inert_wasi: arguments.inert_wasi && loaded.adapter.needs_inert_wasi(),
        environment: variables(descriptor),
        requested: requested.clone(),
        granted,
    };
    let present = lock.find(vendor).cloned();
    Ok(Candidate { file, entry, present, loaded })
}

/// An operator's rules must be ones that do something: each is for operations that there are, and for what is asked for.
fn check_granted(granted: &RuleSet, requested: &RuleSet, file: &Path, vendor: &str) -> Result<(), Error> {
    let (file, mut useless) = (file.display(), Vec::new());
    for rule in &granted.rules {
        for operation in &rule.operations {
            if !Grant::OPERATIONS.contains(&operation.as_str()) {
                return Err(Error::usage(format!(
                    "the rules {file} have a rule for {}, which is no operation: {}",
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

impl Candidate {
    fn is_change(&self) -> bool {
        self.present.as_ref().is_none_or(|present| !present.says_the_same(&self.entry))
    }

    fn change(&self) -> &'static str {
        match &self.present {
            None => "added",
            Some(_) if self.is_change() => "replaced",
            Some(_) => "unchanged",
        }
    }

    /// What is asked for and not granted.
    fn withheld(&self) -> Vec<String> {
        let missing = self.entry.granted.missing(&self.entry.requested);
        missing.iter().map(|rule| one_line(&rule.to_string())).collect()
    }

    /// How this differs from what is locked now.
    fn differences(&self, present: &LockedAdapter) -> Vec<String> {
        let (old, new) = (present, &self.entry);
        let mut differences = Vec::new();
        if old.file != new.file {
            differences.push(format!("the file is {}, and was {}", new.file.display(), old.file.display()));
        }
        if old.digest != new.digest {
            differences.push(format!("the digest is {}, and was {}", new.digest, old.digest));
        }
        let mut rules = |what: &str, one: &RuleSet, other: &RuleSet| {
            let missing = one.missing(other);
            differences.extend(missing.iter().map(|rule| format!("{what} {}", one_line(&rule.to_string()))));
        };
        rules("asks for more:    ", &old.requested, &new.requested);
        rules("asks no longer:   ", &new.requested, &old.requested);
        rules("is granted more:  ", &old.granted, &new.granted);
        rules("granted no longer:", &new.granted, &old.granted);
        let mut wants = |what: &str, one: &BTreeSet<String>, other: &BTreeSet<String>| {
            differences.extend(other.difference(one).map(|variable| format!("{what} {}", quoted(variable))));
        };
        wants("wants the environment variable", &old.environment, &new.environment);
        wants("no longer wants the environment variable", &new.environment, &old.environment);
        let mut flag = |old: bool, new: bool, gained: &str, lost: &str| {
            if old != new {
                differences.push(if new { gained } else { lost }.to_owned());
            }
        };
        flag(
            old.exposes_secrets,
            new.exposes_secrets,
            "SEES THE SECRETS THAT IT MINTS from now on (expose-secrets)",
            "no longer sees the secrets that it mints",
        );
        flag(old.inert_wasi, new.inert_wasi, "imports files and sockets (inert-wasi)", "no longer has inert WASI");
        if differences.is_empty() {
            differences.push("the rules are written otherwise, and come to the same".to_owned());
        }
        differences
    }

    /// All that a person needs to know before saying yes.
    fn to_text(&self) -> String {
        let (adapter, exposes) = (&self.loaded.adapter, self.entry.exposes_secrets);
        let descriptor = adapter.descriptor();
        let mut head = Table::default();
        head.row(["adapter", &format!("{} {}", descriptor.vendor, descriptor.version)]);
        head.row(["file", &format!("{}, {}", self.file.display(), kilobytes(self.loaded.size))]);
        head.row(["digest", &self.entry.digest.to_string()]);
        let mut sections: Vec<(&str, String)> = Vec::new();
        if let Some(present) = &self.present {
            let lines = self.differences(present).iter().map(|line| format!("{}\n", one_line(line))).collect();
            sections.push(("CHANGES WHAT IS LOCKED", lines));
        }
        sections.push(("IMPORTS", imports(adapter)));
        sections
            .push(("ASKS TO SEND (operations, method, URL; what mints a secret says where)", rules(&descriptor.rules)));
        let withheld = self.withheld();
        if !withheld.is_empty() {
            sections.push(("OF WHICH IS REFUSED", withheld.iter().map(|line| format!("{line}\n")).collect()));
            sections.push(("AND IS GRANTED", rules(&self.entry.granted.effective(&self.entry.requested))));
        }
        let environment = self.entry.environment.iter().map(|variable| format!("{}\n", one_line(variable))).collect();
        sections.push(("WANTS FROM THE ENVIRONMENT (for its settings, and for its vendor to see)", environment));
        sections.push(("CAN DO", operations(descriptor)));
        sections.push(("ENDPOINTS", endpoints(descriptor)));
        sections.push(("ACCOUNT SETTINGS", properties(&descriptor.settings)));
        sections.push(("ADMINISTRATOR CREDENTIAL", parts(descriptor)));
        sections.push(("SECRETS", secrets(exposes)));
        sections.push(("CANNOT", cannot(adapter, exposes)));
        format!("{}\n{}{}", one_line(&descriptor.title), head.to_text(), lay_out(&sections))
    }

    fn to_json(&self) -> Value {
        let (entry, lines) =
            (&self.entry, |rules: &RuleSet| -> Vec<String> { rules.rules.iter().map(Rule::to_string).collect() });
        json!({
            "vendor": entry.vendor,
            "change": self.change(),
            "differences": self.present.as_ref().filter(|_| self.is_change()).map(|present| self.differences(present)),
            "file": entry.file,
            "digest": entry.digest.to_string(),
            "imports": self.loaded.adapter.imports(),
            "authentication": authentication(&self.loaded.adapter.descriptor().scheme),
            "environment": entry.environment,
            "requested": lines(&entry.requested),
            "granted": lines(&entry.granted),
            "withheld": self.withheld(),
            "expose_secrets": entry.exposes_secrets,
            "inert_wasi": entry.inert_wasi,
        })
    }
}

/// Asks once, for all of them.
fn consent_to(arguments: &AddArgs, changes: &[&Candidate], lock: &Lock, output: Output) -> Result<(), Error> {
    let names = series(changes.iter().map(|candidate| candidate.entry.vendor.as_str()), "and");
    if !arguments.yes && !consent::is_attended() {
        return Err(unattended(arguments, changes, &names, lock));
    }
    if !output.is_json() || !arguments.yes {
        for candidate in changes {
            output.talk(&candidate.to_text());
        }
    }
    if arguments.yes {
        return Ok(());
    }
    let exposed = changes.iter().any(|candidate| candidate.entry.exposes_secrets);
    let loudly = if exposed { " and SEE THE SECRETS THAT IT MINTS" } else { "" };
    consent::ask(&format!("let {names} do this{loudly}?"))
}

/// The sentence on a consent that nobody is there to give, with what it would be to.
fn unattended(arguments: &AddArgs, changes: &[&Candidate], names: &str, lock: &Lock) -> Error {
    let (path, lock) = (arguments.path.display(), lock.path().display());
    let replaced: String = changes
        .iter()
        .filter_map(|candidate| Some((candidate, candidate.present.as_ref()?)))
        .map(|(candidate, present)| {
            let differences = candidate.differences(present).join("; ");
            format!("; it changes what is locked for {}: {differences}", candidate.entry.vendor)
        })
        .collect();
    Error::usage(format!(
        "this writes into {lock} that {names} may be used{replaced}: look with `keywright adapter inspect` at what {path} \
         asks for, then give --yes, or do it on a terminal"
    ))
}

fn tell(candidates: &[Candidate], lock: &Lock, output: Output) -> Result<(), Error> {
    if output.is_json() {
        let adapters: Vec<Value> = candidates.iter().map(Candidate::to_json).collect();
        return output.json(&json!({ "lock": lock.path(), "adapters": adapters }));
    }
    let path = lock.path().display();
    let line = |candidate: &Candidate| {
        let (vendor, file) = (&candidate.entry.vendor, candidate.file.display());
        let exposes = if candidate.entry.exposes_secrets { "; it SEES THE SECRETS THAT IT MINTS" } else { "" };
        match candidate.change() {
            "added" => format!("added {vendor}, {file}, to {path}{exposes}\n"),
            "replaced" => format!("replaced {vendor} in {path}, now {file}{exposes}\n"),
            _ => format!("{vendor}, {file}, is in {path} as it is\n"),
        }
    };
    output.text(&candidates.iter().map(line).collect::<String>())
}
