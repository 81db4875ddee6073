//! An adapter that may be locked: all that a person needs to know before consenting.

use std::collections::BTreeSet;
use std::path::PathBuf;

use keywright_runtime::{Rule, RuleSet};
use serde_json::{Value, json};

use crate::adapter::sections::{endpoints, ignored, imports, lay_out, operations, parts, properties, rules};
use crate::adapter::{authentication, kilobytes, visibility};
use crate::lock::{LockedAdapter, OutdatedAdapter};
use crate::suggest::quoted;
use crate::table::Table;
use crate::target::Loaded;
use crate::text::one_line;

/// An adapter that may be locked.
pub(super) struct Candidate {
    pub(super) loaded: Loaded,
    pub(super) file: PathBuf,
    pub(super) entry: LockedAdapter,
    /// What the lock has for the vendor now.
    pub(super) present: Option<LockedAdapter>,
    /// What the lock has for the vendor of another contract.
    pub(super) outdated: Option<OutdatedAdapter>,
}

impl Candidate {
    /// Whether the lock would change.
    pub(super) fn is_change(&self) -> bool {
        self.present.as_ref().is_none_or(|present| !present.reads_like(&self.entry))
    }

    /// What becomes of the lock's entry, in a word.
    pub(super) fn change(&self) -> &'static str {
        match (&self.present, &self.outdated) {
            (None, None) => "added",
            _ if self.is_change() => "replaced",
            _ => "unchanged",
        }
    }

    /// What is asked for and not granted.
    fn withheld(&self) -> Vec<String> {
        let missing = self.entry.granted.missing(&self.entry.requested);
        missing.iter().map(|rule| one_line(&rule.to_string())).collect()
    }

    /// How this differs from what is locked now; none where nothing is.
    pub(super) fn differences(&self) -> Option<Vec<String>> {
        match (&self.present, &self.outdated) {
            (Some(present), _) => Some(differences(present, &self.entry)),
            (None, Some(outdated)) => {
                let contract = outdated.contract();
                Some(vec![format!("it was locked for {contract}, and what it asked for then cannot be compared")])
            }
            (None, None) => None,
        }
    }

    /// The text to read before consenting.
    pub(super) fn to_text(&self) -> String {
        let (adapter, extra) = (&self.loaded.adapter, self.entry.extra);
        let descriptor = adapter.descriptor();
        let mut head = Table::default();
        head.row(["adapter", &format!("{} {}", descriptor.vendor, descriptor.version)]);
        head.row(["file", &format!("{}, {}", self.file.display(), kilobytes(self.loaded.size))]);
        head.row(["digest", &self.entry.digest.to_string()]);
        head.row(["description", &self.entry.descriptor.to_string()]);
        let mut sections: Vec<(&str, String)> = Vec::new();
        if let Some(differences) = self.differences() {
            let lines = differences.iter().map(|line| format!("{}\n", one_line(line))).collect();
            sections.push(("CHANGES WHAT IS LOCKED", lines));
        }
        sections.push(("IMPORTS", imports(adapter)));
        let environment = self.entry.environment.iter().map(|variable| format!("{}\n", one_line(variable))).collect();
        sections.extend([
            ("CAN DO", operations(descriptor)),
            ("ENDPOINTS", endpoints(descriptor)),
            ("ACCOUNT SETTINGS", properties(&descriptor.settings)),
            ("ADMINISTRATOR'S CREDENTIAL", parts(&descriptor.administrator)),
            ("ISSUED CREDENTIAL", parts(&descriptor.issued)),
            ("AUTHENTICATION", authentication::schemes(descriptor)),
        ]);
        if !descriptor.ignored_extensions.is_empty() {
            sections.push(("IGNORED EXTENSIONS (this version does not know them)", ignored(descriptor)));
        }
        sections.push(("SECRETS", visibility::secrets(descriptor, extra)));
        // What matters most stands last, next to the question, where nothing that the adapter says of itself follows.
        sections.push(("WANTS FROM THE ENVIRONMENT (public parts and settings are shown to it)", environment));
        sections.push(("CANNOT", visibility::cannot(adapter, extra)));
        sections.push(("ASKS TO SEND (what mints a secret says where)", rules(&descriptor.rules)));
        let withheld = self.withheld();
        if !withheld.is_empty() {
            sections.push(("OF WHICH IS REFUSED", withheld.iter().map(|line| format!("{line}\n")).collect()));
            sections.push(("AND IS GRANTED", rules(&self.entry.granted.effective(&self.entry.requested))));
        }
        format!("{}\n{}{}", one_line(&descriptor.title), head.to_text(), lay_out(&sections))
    }

    /// The same for programs.
    pub(super) fn to_json(&self) -> Value {
        let (entry, descriptor) = (&self.entry, self.loaded.adapter.descriptor());
        let lines = |rules: &RuleSet| -> Vec<String> { rules.rules.iter().map(Rule::to_string).collect() };
        json!({
            "vendor": entry.vendor,
            "change": self.change(),
            "differences": self.differences().filter(|_| self.is_change()),
            "file": entry.file,
            "digest": entry.digest.to_string(),
            "descriptor": entry.descriptor.to_string(),
            "imports": self.loaded.adapter.imports(),
            "administrator": descriptor.administrator,
            "issued": descriptor.issued,
            "schemes": authentication::to_json(&descriptor.schemes),
            "environment": entry.environment,
            "requested": lines(&entry.requested),
            "granted": lines(&entry.granted),
            "withheld": self.withheld(),
            "expose_secrets": entry.extra.exposes_secrets,
            "expose_administrator": entry.extra.exposes_administrator,
            "inert_wasi": entry.extra.inert_wasi,
        })
    }
}

/// How a new entry differs from the present one.
fn differences(old: &LockedAdapter, new: &LockedAdapter) -> Vec<String> {
    let mut differences = Vec::new();
    if old.file != new.file {
        differences.push(format!("the file is {}, and was {}", new.file.display(), old.file.display()));
    }
    if old.digest != new.digest {
        differences.push(format!("the digest is {}, and was {}", new.digest, old.digest));
    }
    if old.descriptor != new.descriptor {
        differences
            .push(format!("its description of itself has the digest {}, and had {}", new.descriptor, old.descriptor));
    }
    let mut rules = |what: &str, one: &RuleSet, other: &RuleSet| {
        let missing = one.missing(other);
        differences.extend(missing.iter().map(|rule| format!("{what} {}", one_line(&rule.to_string()))));
    };
    rules("asks for more:    ", &old.requested, &new.requested);
    rules("asks no longer:   ", &new.requested, &old.requested);
    rules("is granted more:  ", &old.granted, &new.granted);
    rules("granted no longer:", &new.granted, &old.granted);
    let mut variables = |what: &str, one: &BTreeSet<String>, other: &BTreeSet<String>| {
        differences.extend(other.difference(one).map(|variable| format!("{what} {}", quoted(variable))));
    };
    variables("wants the environment variable", &old.environment, &new.environment);
    variables("no longer wants the environment variable", &new.environment, &old.environment);
    let mut flag = |old: bool, new: bool, gained: &str, lost: &str| {
        if old != new {
            differences.push(if new { gained } else { lost }.to_owned());
        }
    };
    let (old, new) = (old.extra, new.extra);
    flag(
        old.exposes_secrets,
        new.exposes_secrets,
        "SEES THE SECRETS THAT IT MINTS from now on (expose-secrets)",
        "no longer sees the secrets that it mints",
    );
    flag(
        old.exposes_administrator,
        new.exposes_administrator,
        "SEES THE ADMINISTRATOR'S CREDENTIAL from now on (expose-administrator)",
        "no longer sees the administrator's credential",
    );
    flag(old.inert_wasi, new.inert_wasi, "imports files and sockets (inert-wasi)", "no longer has inert WASI");
    if differences.is_empty() {
        differences.push("the rules are written in another way, and allow the same".to_owned());
    }
    differences
}
