//! `keywright adapter explain`: which rule decides on a request.

use std::env;

use http::{Method, Uri};
use keywright_egress::{BindError, Denial, DenialReason, Explanation, Origin, Policy, RuleSet};
use keywright_runtime::{Adapter, Grant};
use keywright_settings::ExpandError;
use serde_json::{Map, Value, json};

use super::find;
use crate::account::{AccountArgs, missing_setting};
use crate::error::Error;
use crate::lock::Lock;
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::target::{self, Loaded, Target};
use crate::text::series;

/// `keywright adapter explain VENDOR|FILE METHOD URL`
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "The rules are those that are in effect: what the adapter asks for and is granted, with the account's \
    settings in their places. Nothing is sent and no credential is read.\n\nExit status: 0 when a rule allows the request \
    for an operation, 1 when none does."
)]
pub(crate) struct ExplainArgs {
    /// A vendor's name, or the file of a component
    #[arg(value_name = "VENDOR|FILE")]
    adapter: String,

    /// The method of the request
    #[arg(value_parser = method)]
    method: Method,

    /// The URL of the request
    #[arg(value_parser = url)]
    url: Uri,

    /// Only for this operation
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,

    /// For a file that is not locked: let it import files and sockets, which are then empty and refused
    #[arg(long)]
    inert_wasi: bool,

    #[command(flatten)]
    account: AccountArgs,
}

/// Methods are capitals, and a person who writes others means them.
fn method(text: &str) -> Result<Method, String> {
    text.to_ascii_uppercase().parse().map_err(|_| "write a method, such as GET".to_owned())
}

fn url(text: &str) -> Result<Uri, String> {
    let url: Option<Uri> = text.parse().ok();
    url.filter(|url| url.scheme().is_some() && url.authority().is_some())
        .ok_or_else(|| "write a whole URL, such as https://api.example.com/v1/keys".to_owned())
}

/// Explains, and fails when nothing allows the request.
pub(super) async fn run(arguments: ExplainArgs, output: Output) -> Result<(), Error> {
    let lock = Lock::beside(arguments.account.config.as_deref())?;
    let target = find(&arguments.adapter, arguments.inert_wasi, &lock)?;
    arguments.account.refuse_stray_config(&target)?;
    let loaded = target.load(&target::engine()?).await?;
    let question = Question::new(&arguments, &loaded)?;
    if output.is_json() {
        output.json(&question.to_json())?
    } else {
        output.text(&question.to_text())?
    }
    if question.explanation.allowed.is_empty() { Err(Error::told()) } else { Ok(()) }
}

/// A request and what is to be said of it.
struct Question<'q> {
    loaded: &'q Loaded,
    explanation: Explanation,
    /// The operations for which the adapter asks for the request and is not granted it.
    withheld: Vec<String>,
}

impl<'q> Question<'q> {
    fn new(arguments: &ExplainArgs, loaded: &'q Loaded) -> Result<Self, Error> {
        let adapter = &loaded.adapter;
        let (settings, endpoint) = arguments.account.surroundings(adapter.descriptor(), &|name| env::var_os(name))?;
        let endpoint: Option<Origin> = endpoint
            .map(|url| {
                let unusable = |error| Error::usage(format!("the endpoint {} is not usable: {error}", quoted(&url)));
                url.parse().map_err(unusable)
            })
            .transpose()?;
        let requested = bind(adapter, &adapter.descriptor().rules, &settings, endpoint.as_ref())?;
        let effective = bind(adapter, adapter.rules(), &settings, endpoint.as_ref())?;
        let operations = match &arguments.operation {
            None => requested.operations(),
            Some(operation) if Grant::OPERATIONS.contains(&operation.as_str()) => vec![operation.as_str()],
            Some(operation) => {
                let instead = instead(operation, Grant::OPERATIONS);
                return Err(Error::usage(format!("there is no operation {}: {instead}", quoted(operation))));
            }
        };
        let explanation = effective.explain(operations, &arguments.method, &arguments.url);
        let asked_for =
            |denial: &&Denial| requested.decide(&denial.operation, &arguments.method, &arguments.url).is_ok();
        let withheld = explanation.denied.iter().filter(asked_for).map(|denial| denial.operation.clone()).collect();
        Ok(Self { loaded, explanation, withheld })
    }

    fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.explanation);
        if let Some(what) = self.advice() {
            text.push_str(&format!("{what}\n"));
        }
        text
    }

    /// What becomes of the line of a denial, which alone does not tell whose it is to add.
    fn advice(&self) -> Option<String> {
        if !self.withheld.is_empty() {
            let operations = series(&self.withheld, "and");
            return Some(match &self.loaded.target {
                Target::Locked(locked) => format!(
                    "the adapter asks for this for {operations}, and {} does not grant it: to grant it, put the line among \
                     the rules of `keywright adapter add {} --rules FILE`",
                    locked.lock.display(),
                    locked.file.display()
                ),
                _ => format!("the adapter asks for this for {operations}, and is not granted it"),
            });
        }
        let denied = self.explanation.denied.iter().any(|denial| denial.reason == DenialReason::NoRule);
        (denied && self.explanation.allowed.is_empty()).then(|| {
            "the adapter does not ask for this, so a grant alone does not help: its author has to add the rule to what it \
             describes"
                .to_owned()
        })
    }

    fn to_json(&self) -> Value {
        let Explanation { method, url, allowed, denied, nearest } = &self.explanation;
        let allowed: Vec<Value> = allowed
            .iter()
            .map(|decision| json!({"operation": decision.operation, "rule": decision.rule + 1, "line": decision.line}))
            .collect();
        let denied: Vec<Value> = denied
            .iter()
            .map(|denial| {
                json!({
                    "operation": denial.operation,
                    "reason": denial.reason.to_string(),
                    "line": denial.line,
                    "requested": self.withheld.contains(&denial.operation),
                })
            })
            .collect();
        let nearest: Vec<Value> = nearest
            .iter()
            .map(|near| {
                let differences: Vec<String> = near.differences.iter().map(ToString::to_string).collect();
                json!({"rule": near.rule + 1, "line": near.line, "differences": differences})
            })
            .collect();
        json!({"method": method, "url": url, "allowed": allowed, "denied": denied, "nearest": nearest})
    }
}

/// The rules with the account's settings in their places; when some are missing, all of those are named.
fn bind(
    adapter: &Adapter,
    rules: &RuleSet,
    settings: &Map<String, Value>,
    endpoint: Option<&Origin>,
) -> Result<Policy, Error> {
    let mut missing = Vec::new();
    let mut filled = settings.clone();
    loop {
        match rules.bind(&filled, endpoint) {
            Err(BindError::Setting(ExpandError::MissingSetting { name })) if !filled.contains_key(&name) => {
                filled.insert(name.clone(), "x".into());
                missing.push(name);
            }
            Ok(policy) if missing.is_empty() => return Ok(policy),
            Err(error) if missing.is_empty() => {
                return Err(Error::config(error.to_string()));
            }
            _ => break,
        }
    }
    let errors: Vec<String> =
        missing.iter().map(|name| missing_setting(adapter.descriptor(), name).message().to_owned()).collect();
    Err(Error::config(errors.join("; ")))
}
