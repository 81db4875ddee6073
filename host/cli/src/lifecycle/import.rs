//! `keywright import`: takes over what was made elsewhere.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use keywright_driver::{Driver, Report, Target};
use keywright_lifecycle::Command;
use keywright_model::Outcome;
use keywright_runtime::{Credential, Parts};
use keywright_terraform::{Configuration, Found, State, Taken, removed_blocks};
use serde_json::{Value, json};

use super::ConfigArgs;
use super::apply::finish;
use super::workspace::{Workspace, narrator};
use crate::error::Error;
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::text::decode_document;

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The credential's name in keywright.toml
    #[arg(value_name = "NAME", required_unless_present = "terraform")]
    name: Option<String>,

    /// Its id at the vendor, in any of the vendor's forms
    #[arg(value_name = "ID", required_unless_present = "terraform")]
    id: Option<String>,

    /// Its parts as a JSON object, to be tried at the vendor and sealed; `-` for standard input. Without it the secret
    /// stays where it is, and the first rotation replaces it
    #[arg(long, value_name = "FILE", conflicts_with = "terraform")]
    credential_file: Option<PathBuf>,

    /// Take over what `terraform show -json`, or a state file, has. What is not in keywright.toml yet is printed for it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "id"])]
    terraform: Option<PathBuf>,

    /// Take the secrets out of the state too, after trying each at its vendor
    #[arg(long, requires = "terraform")]
    with_secrets: bool,

    #[command(flatten)]
    config: ConfigArgs,
}

pub(crate) async fn run(arguments: ImportArgs, output: Output) -> Result<(), Error> {
    let workspace = Arc::new(Workspace::open(&arguments.config).await?);
    let driver = workspace.driver(Duration::from_secs(60), Some(narrator(output)));
    if let Some(file) = &arguments.terraform {
        return from_terraform(&workspace, &driver, file, arguments.with_secrets, output).await;
    }
    let (name, id) = (arguments.name.unwrap_or_default(), arguments.id.unwrap_or_default());
    let given = arguments.credential_file.as_deref().map(read_parts).transpose()?;
    let report = take_over(&workspace, &driver, &name, &id, given).await;
    finish(&workspace, output, vec![(name, report.map(Some))])
}

/// `{"PART": "VALUE"}` of a file or of standard input.
fn read_parts(path: &Path) -> Result<Parts, Error> {
    let failed = |problem: String| Error::usage(format!("the credential file {} {problem}", path.display()));
    let mut bytes = Vec::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => std::fs::read(path).map(|read| bytes = read),
    };
    read.map_err(|error| failed(format!("cannot be read ({error})")))?;
    let text = decode_document(bytes).map_err(|problem| failed(problem.to_owned()))?;
    // The message of the parser could quote a secret.
    let form = || failed("is not a JSON object of parts: write {\"PART\": \"VALUE\"}".to_owned());
    let object: BTreeMap<String, Value> = serde_json::from_str(&text).map_err(|_| form())?;
    // As `call create --secret-file` writes it.
    let parts = match object.get("parts") {
        Some(Value::Object(parts)) => parts.clone().into_iter().collect(),
        _ => object,
    };
    let mut read = Parts::new();
    for (name, value) in parts {
        let Value::String(value) = value else { return Err(form()) };
        read.insert(name, value);
    }
    Ok(read)
}

/// Takes over one credential, which is configured.
async fn take_over(
    workspace: &Workspace,
    driver: &Driver,
    name: &str,
    id: &str,
    given: Option<Parts>,
) -> Result<Report, Error> {
    let configured = workspace.config.credentials().get(name).ok_or_else(|| {
        let instead = instead(name, workspace.config.credentials().keys().map(String::as_str));
        Error::config(format!(
            "{} has no credential {}: {instead}, or add `[credentials.{name}]` with its account, so that it is not revoked \
             as one that is not wanted",
            workspace.path().display(),
            quoted(name)
        ))
    })?;
    let target = workspace.target(&configured.account).await?;
    let spec = workspace.spec(configured, &target)?;
    let credential = target.account.import(id).await.map_err(Error::from)?;
    if target.own_ids.contains(&credential.id) {
        return Err(Error::new(
            "own-credential",
            format!(
                "{} is the credential that the account {} itself works with: it cannot be managed by itself",
                quoted(&credential.id),
                quoted(&configured.account)
            ),
        ));
    }
    let secret = match given {
        Some(parts) => Some(proven(&target, &credential, parts).await?),
        None => None,
    };
    workspace.register(name, &configured.account, &target).await?;
    let (vendor_id, observation) = keywright_driver::observation(credential);
    let command = Command::Import {
        spec,
        vendor_id,
        attributes: observation.attributes,
        expiry: observation.expiry,
        has_secret: secret.is_some(),
    };
    workspace.drive(driver, name, Some(command), secret).await
}

/// The parts, completed by those that the id tells, and seen to work.
async fn proven(target: &Target, credential: &Credential, given: Parts) -> Result<Parts, Error> {
    let described = &target.descriptor().issued;
    if let Some(unknown) = given.names().find(|name| described.get(name).is_none()) {
        let instead = instead(unknown, described.iter().map(|part| part.name.as_str()));
        return Err(Error::usage(format!("the credential has no part {}: {instead}", quoted(unknown))));
    }
    let mut parts = given;
    for part in target.descriptor().issued.iter().filter(|part| part.identifies && !part.secret) {
        if parts.get(&part.name).is_none() {
            parts.insert(&part.name, credential.id.rsplit('/').next().unwrap_or(&credential.id));
        }
    }
    let verdict = target.account.verify(&credential.id, &parts).await.map_err(Error::from)?;
    match verdict.outcome {
        Outcome::Active => Ok(parts),
        _ => Err(Error::new(
            "not-proven",
            format!(
                "the secret that was given is not proven to be that of {}: {}: take it over without a secret, or correct it",
                quoted(&credential.id),
                verdict.explanation
            ),
        )),
    }
}

/// Takes over what a state has, as far as it is configured; prints what is to be configured of the rest.
async fn from_terraform(
    workspace: &Workspace,
    driver: &Driver,
    file: &Path,
    with_secrets: bool,
    output: Output,
) -> Result<(), Error> {
    let failed = |problem: String| Error::usage(format!("the state {} {problem}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| failed(format!("cannot be read ({error})")))?;
    let state = State::read(&bytes).map_err(|error| failed(format!("cannot be used: {error}")))?;
    for skipped in &state.skipped {
        output.warn(&format!("{} {}", skipped.address, skipped.reason));
    }
    if state.found.is_empty() {
        return Err(failed("has no credential of a vendor that there is an adapter for".to_owned()));
    }
    let found: Vec<&Found> = state.found.iter().collect();
    let taken = Taken { accounts: accounts(workspace, &found), ..Taken::default() };
    let configuration = Configuration::of(&found, &taken);
    let configured = workspace.config.credentials();
    let pairs: Vec<(&Found, &str)> =
        found.iter().zip(&configuration.named).map(|(found, named)| (*found, named.credential.as_str())).collect();
    let (there, missing): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(_, name)| configured.contains_key(*name));
    for (found, name) in &there {
        for problem in &found.problems {
            output.warn(&format!("{name}: {problem}"));
        }
    }
    if !missing.is_empty() {
        let missing: Vec<&Found> = missing.into_iter().map(|(found, _)| found).collect();
        let fragment = Configuration::of(&missing, &taken);
        if output.is_json() {
            let named: Vec<_> = fragment.named.iter().map(|named| &named.credential).collect();
            output.json(&json!({ "configure": named, "toml": fragment.toml }))?;
        } else {
            output.text(&fragment.toml)?;
        }
        output.note(&format!(
            "Nothing was taken over. Add the lines above to {}, with where each account's credential is, and run this again.",
            workspace.path().display()
        ));
        return Err(Error::reported().with_exit_status(2));
    }
    let mut results = Vec::new();
    for (found, name) in &there {
        let report = take_over_found(workspace, driver, found, name, with_secrets).await;
        results.push(((*name).to_owned(), report));
    }
    let well = |(name, result): &(String, Result<Option<Report>, Error>)| match result {
        Ok(Some(report)) => workspace.judge(name, report).is_ok(),
        Ok(None) => true,
        Err(_) => false,
    };
    let all_well = results.iter().all(well);
    if all_well && !output.is_json() {
        let taken: Vec<&Found> = there.iter().map(|(found, _)| *found).collect();
        output.text(&removed_blocks(&state, &taken))?;
        output.note("Put the lines above into the Terraform configuration in place of the resources, and apply it.");
    }
    finish(workspace, output, results)
}

async fn take_over_found(
    workspace: &Workspace,
    driver: &Driver,
    found: &Found,
    name: &str,
    with_secrets: bool,
) -> Result<Option<Report>, Error> {
    let there = workspace.store.find(name).await.map_err(super::workspace::store)?;
    if let Some(there) = there.filter(|it| it.state.is_active()) {
        let id = there.state.current().and_then(|current| current.vendor_id.as_deref()).unwrap_or_default();
        if found.id.matches(id) {
            // An earlier run has taken it over.
            return Ok(None);
        }
        return Err(Error::new(
            "exists",
            format!(
                "{} is {} already, and not {}: give one of them another name",
                quoted(name),
                quoted(id),
                quoted(found.id.known())
            ),
        ));
    }
    let account = workspace.config.credentials().get(name).map(|it| it.account.clone()).unwrap_or_default();
    let id = match found.id.whole() {
        Some(whole) => whole.to_owned(),
        None => whole_id(workspace, &account, found).await?,
    };
    let mut parts = Parts::new();
    for (part, value) in &found.public_parts {
        parts.insert(*part, value.clone());
    }
    for (part, value) in &found.secrets {
        parts.insert(*part, value.clone());
    }
    let given = (with_secrets && !found.secrets.is_empty()).then_some(parts);
    take_over(workspace, driver, name, &id, given).await.map(Some)
}

/// The id that ends as the state says, from the vendor's list.
async fn whole_id(workspace: &Workspace, account: &str, found: &Found) -> Result<String, Error> {
    let target = workspace.target(account).await?;
    let mut listed = Vec::new();
    for filter in target.list_filters([&found.attributes]) {
        listed.extend(target.account.list_all(&filter).await.map_err(Error::from)?);
    }
    let mut ids = listed.into_iter().map(|credential| credential.id).filter(|id| found.id.matches(id));
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(id),
        (None, _) => {
            Err(Error::new("not-found", format!("the vendor knows no credential {}", quoted(found.id.known()))))
        }
        (Some(_), Some(_)) => {
            Err(Error::new("ambiguous", format!("several credentials end in {}: import it by hand", found.id.known())))
        }
    }
}

/// The accounts of the configuration that the credentials of a vendor are in: the only one of it that there is.
fn accounts(workspace: &Workspace, found: &[&Found]) -> BTreeMap<String, String> {
    let mut accounts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in workspace.config.account_names() {
        if let Ok(account) = workspace.config.account(name) {
            accounts.entry(account.vendor.clone()).or_default().push(name.to_owned());
        }
    }
    let wanted = |vendor: &str| found.iter().any(|it| it.vendor == vendor);
    accounts
        .into_iter()
        .filter(|(vendor, _)| wanted(vendor))
        .filter_map(|(vendor, names)| match names.as_slice() {
            [only] => Some((vendor, only.clone())),
            _ => None,
        })
        .collect()
}
