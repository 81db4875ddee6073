//! `keywright doctor`: whether everything that a rotation needs is there, without changing anything.

use keywright_driver::Target;
use keywright_runtime::Operation;
use serde_json::json;

use super::ConfigArgs;
use super::workspace::{Workspace, installation, key, open_store, read_config, store};
use crate::error::Error;
use crate::output::Output;
use crate::text::{one_line, series};

/// One thing that was looked at.
struct Finding {
    what: String,
    /// What is well with it, or what is wrong.
    result: Result<String, String>,
}

pub(crate) async fn run(arguments: ConfigArgs, output: Output) -> Result<(), Error> {
    let mut findings = Vec::new();
    examine(&arguments, &mut findings).await;
    let wrong = findings.iter().filter(|finding| finding.result.is_err()).count();
    if output.is_json() {
        let finding = |finding: &Finding| {
            let (ok, detail) = match &finding.result {
                Ok(detail) => (true, detail),
                Err(detail) => (false, detail),
            };
            json!({ "what": finding.what, "ok": ok, "detail": detail })
        };
        output.json(&json!({ "ok": wrong == 0, "findings": findings.iter().map(finding).collect::<Vec<_>>() }))?;
    } else {
        let line = |finding: &Finding| match &finding.result {
            Ok(detail) => format!("ok     {}: {}\n", finding.what, one_line(detail)),
            Err(detail) => format!("WRONG  {}: {}\n", finding.what, one_line(detail)),
        };
        output.text(&findings.iter().map(line).collect::<String>())?;
    }
    if wrong == 0 { Ok(()) } else { Err(Error::reported()) }
}

async fn examine(arguments: &ConfigArgs, findings: &mut Vec<Finding>) {
    let mut note = |what: &str, result: Result<String, Error>| {
        let result = result.map_err(|error| error.message().to_owned());
        let well = result.is_ok();
        findings.push(Finding { what: what.to_owned(), result });
        well
    };
    let config = read_config(arguments);
    let described = config
        .as_ref()
        .map_err(Clone::clone)
        .map(|(path, config)| format!("{}, {} credentials", path.display(), config.credentials().len()));
    note("configuration", described);
    let Ok((_, config)) = config else { return };
    let opened = open_store(&config);
    let counted = match &opened {
        Ok(opened) => opened.counts().await.map_err(store).map(|counts| format!("{} credentials", counts.credentials)),
        Err(error) => Err(error.clone()),
    };
    note("store", counted);
    let Ok(opened) = opened else { return };
    let key = match key(&config, &*opened).await {
        Ok(key) => keywright_driver::open(&*opened, key).await.map_err(installation),
        Err(error) => Err(error),
    };
    if !note("key", key.map(|vault| format!("{} opens the store", vault.key_name()))) {
        return;
    }
    let workspace = match Workspace::open(arguments).await {
        Ok(workspace) => workspace,
        Err(error) => {
            note("adapters", Err(error));
            return;
        }
    };
    let accounts: Vec<String> = workspace.config.account_names().map(str::to_owned).collect();
    for account in accounts {
        let target = workspace.target(&account).await;
        let described = target.as_ref().map_err(Clone::clone).map(|target| describe(target));
        note(&format!("account {account}"), described);
        let Ok(target) = target else { continue };
        let of_account = workspace.config.credentials().values().filter(|credential| credential.account == account);
        for credential in of_account {
            let what = format!("credential {}", credential.name);
            let spec = workspace.spec(credential, &target);
            let well = note(&what, spec.map(|spec| format!("{} attributes are known", spec.attributes.len())));
            for sink in credential.spec.publish.iter().filter(|_| well) {
                let checked = target.check_sink(&credential.name, sink).await;
                let checked = checked.map_err(|error| Error::new("sink", error.to_string()));
                note(&format!("{what}, sink {sink}"), checked.map(|()| "can take it".to_owned()));
            }
        }
    }
}

fn describe(target: &Target) -> String {
    let descriptor = target.descriptor();
    let operations = series(descriptor.operations.iter().map(|operation| operation.name()), "and");
    match descriptor.supports(Operation::Check) {
        true => format!("{} accepts its credential; its adapter has {operations}", descriptor.vendor),
        false => format!("{} cannot be asked about its credential; its adapter has {operations}", descriptor.vendor),
    }
}
