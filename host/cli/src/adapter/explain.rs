//! `keywright adapter explain`: which rule decides on a request.

use std::env;
use std::fs;
use std::io::Read as _;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use keywright_egress::{BindError, Denial, DenialReason, EndpointOverrides, Explanation, Policy, Question, RuleSet};
use keywright_runtime::{Adapter, Grant};
use keywright_settings::ExpandError;
use serde_json::{Map, Value, json};

use super::{FileArgs, find};
use crate::account::{AccountArgs, missing_setting};
use crate::error::Error;
use crate::lock::Lock;
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::target::{self, Loaded, Target};
use crate::text::series;

/// `keywright adapter explain VENDOR|FILE [OPERATION] METHOD URL`
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "keywright adapter explain [OPTIONS] <VENDOR|FILE> [OPERATION] <METHOD> <URL>",
    after_long_help = "The rules are those that are in effect: what the adapter asks for and is granted, with the account's \
    settings and endpoints in their places. Nothing is sent and no secret is read. What is not given of a request, its \
    headers or its body, is taken to be as the rules demand it.\n\nExamples:\n  keywright adapter explain VENDOR GET \
    https://api.example.com/v1/keys\n  keywright adapter explain VENDOR create POST https://iam.example.com/ \
    --form 'Action=CreateAccessKey&Version=2010-05-08'\n\nExit status: 0 when a rule allows the request for an operation, \
    1 when none does."
)]
pub(crate) struct ExplainArgs {
    /// A vendor's name, or the file of a component
    #[arg(value_name = "VENDOR|FILE")]
    adapter: String,

    /// The request: its method and URL, after the operation that would send it [default: all operations]
    #[arg(value_name = "[OPERATION] METHOD URL", num_args = 2..=3, required = true)]
    request: Vec<String>,

    /// A header of the request; repeatable
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,

    /// The body of the request, a form (application/x-www-form-urlencoded)
    #[arg(long, value_name = "BODY|@FILE|-", conflicts_with = "json")]
    form: Option<String>,

    /// The body of the request, JSON (application/json)
    #[arg(long, value_name = "BODY|@FILE|-")]
    json: Option<String>,

    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    account: AccountArgs,
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("write NAME: VALUE")?;
    let name = name.trim().parse().map_err(|_| "the name is not that of a header")?;
    let value = value.trim().parse().map_err(|_| "the value has characters that no header may have")?;
    Ok((name, value))
}

/// A request as the command line has it.
struct Request<'a> {
    operation: Option<&'a str>,
    method: Method,
    url: Uri,
    headers: Option<HeaderMap>,
    body: Option<Vec<u8>>,
}

impl<'a> Request<'a> {
    fn read(arguments: &'a ExplainArgs) -> Result<Self, Error> {
        let (operation, method, url) = match arguments.request.as_slice() {
            [method, url] => (None, method, url),
            [operation, method, url] => (Some(operation.as_str()), method, url),
            _ => return Err(Error::usage("write a method and a URL, such as GET https://api.example.com/v1/keys")),
        };
        if let Some(operation) = operation
            && !Grant::OPERATIONS.contains(&operation)
        {
            let instead = instead(operation, Grant::OPERATIONS);
            return Err(Error::usage(format!("there is no operation {}: {instead}", quoted(operation))));
        }
        // A method is in capitals; lower case is accepted as the same.
        let method = method.to_ascii_uppercase().parse().map_err(|_| Error::usage("write a method, such as GET"))?;
        if url.contains(['{', '}']) {
            return Err(Error::usage(
                "the URL has a placeholder of a rule, such as {id}: put a value in its place, as a request has it",
            ));
        }
        let url: Option<Uri> = url.trim().parse().ok();
        let url = url
            .filter(|url| url.scheme().is_some() && url.authority().is_some())
            .ok_or_else(|| Error::usage("write a whole URL, such as https://api.example.com/v1/keys"))?;
        let (body, content_type) = match (&arguments.form, &arguments.json) {
            (Some(form), _) => (Some(body(form)?), Some("application/x-www-form-urlencoded")),
            (None, Some(json)) => (Some(body(json)?), Some("application/json")),
            (None, None) => (None, None),
        };
        Ok(Self { operation, method, url, headers: headers(&arguments.header, content_type), body })
    }

    fn question(&self) -> Question<'_> {
        Question { method: &self.method, uri: &self.url, headers: self.headers.as_ref(), body: self.body.as_deref() }
    }
}

/// The headers, if any is known. A content type that is given goes before that of the flag.
fn headers(given: &[(HeaderName, HeaderValue)], content_type: Option<&'static str>) -> Option<HeaderMap> {
    if given.is_empty() && content_type.is_none() {
        return None;
    }
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        headers.append(name.clone(), value.clone());
    }
    if let Some(content_type) = content_type {
        headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(content_type));
    }
    Some(headers)
}

/// `BODY`, `@FILE` or `-`.
fn body(argument: &str) -> Result<Vec<u8>, Error> {
    if argument == "-" {
        let mut body = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut body)
            .map_err(|error| Error::usage(format!("the body cannot be read from standard input: {error}")))?;
        return Ok(body);
    }
    match argument.strip_prefix('@') {
        Some(file) => fs::read(file).map_err(|error| {
            Error::usage(format!("the body cannot be read from the file {file} ({error}): name another"))
        }),
        None => Ok(argument.as_bytes().to_vec()),
    }
}

/// Explains, and fails when nothing allows the request.
pub(super) async fn run(arguments: ExplainArgs, output: Output) -> Result<(), Error> {
    let request = Request::read(&arguments)?;
    let lock = Lock::of_config(arguments.account.config.as_deref())?;
    let target = find(&arguments.adapter, arguments.file, &lock)?;
    arguments.account.check_config_is_used(&target)?;
    let loaded = target.load(&target::engine()?).await?;
    let decision = Decision::new(&arguments, &request, &loaded)?;
    if output.is_json() {
        output.json(&decision.to_json())?
    } else {
        output.text(&decision.to_text())?
    }
    if decision.explanation.allowed.is_empty() { Err(Error::reported()) } else { Ok(()) }
}

/// What the rules say of a request.
struct Decision<'d> {
    loaded: &'d Loaded,
    explanation: Explanation,
    /// The operations for which the adapter asks for the request and is not granted it.
    withheld: Vec<String>,
}

impl<'d> Decision<'d> {
    fn new(arguments: &ExplainArgs, request: &Request<'_>, loaded: &'d Loaded) -> Result<Self, Error> {
        let adapter = &loaded.adapter;
        let binding = arguments.account.binding(adapter.descriptor(), &|name| env::var_os(name))?;
        let requested = bind(adapter, &adapter.descriptor().rules, &binding.settings, &binding.endpoints)?;
        let effective = bind(adapter, adapter.rules(), &binding.settings, &binding.endpoints)?;
        let operations = match request.operation {
            None => requested.operations(),
            Some(operation) => vec![operation],
        };
        let question = request.question();
        let explanation = effective.explain(operations, &question);
        let is_requested =
            |denial: &&Denial| !requested.explain([denial.operation.as_str()], &question).allowed.is_empty();
        let withheld = explanation.denied.iter().filter(is_requested).map(|denial| denial.operation.clone()).collect();
        Ok(Self { loaded, explanation, withheld })
    }

    fn to_text(&self) -> String {
        let mut text = format!("{}\n", self.explanation);
        if let Some(advice) = self.advice() {
            text.push_str(&format!("{advice}\n"));
        }
        text
    }

    /// What to do with the line of a denial, which alone does not say who has to add it.
    fn advice(&self) -> Option<String> {
        if !self.withheld.is_empty() {
            let operations = series(&self.withheld, "and");
            return Some(match &self.loaded.target {
                Target::Locked(locked) => format!(
                    "the adapter asks for this for {operations}, and {} does not grant it: to grant it, add the line to \
                     the rules of `keywright adapter add {} --rules FILE`",
                    locked.lock.display(),
                    locked.file.display()
                ),
                _ => format!("the adapter asks for this for {operations}, and is not granted it"),
            });
        }
        let denied = self.explanation.denied.iter().any(|denial| denial.reason == DenialReason::NoRule);
        (denied && self.explanation.allowed.is_empty()).then(|| {
            "the adapter does not ask for this, so a grant alone does not help: its author has to add the rule to its \
             description"
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
    endpoints: &EndpointOverrides,
) -> Result<Policy, Error> {
    let mut missing = Vec::new();
    let mut filled = settings.clone();
    loop {
        match rules.bind(&filled, endpoints) {
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
