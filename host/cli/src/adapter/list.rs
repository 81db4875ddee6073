//! `keywright adapter list`.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::kilobytes;
use crate::error::Error;
use crate::lock::Lock;
use crate::output::Output;
use crate::table::Table;
use crate::target::{self, Loaded, Target};

/// Lists the adapters, built-in ones first. They are loaded concurrently; one that is refused is listed as that, and the
/// command fails.
pub(super) async fn run(lock: &Lock, output: Output) -> Result<(), Error> {
    let engine = target::engine()?;
    let built_in = keywright_adapters::all().iter().map(|built_in| (built_in.vendor, Target::BuiltIn(*built_in)));
    let locked = lock.adapters().map(|locked| (locked.vendor.as_str(), Target::locked(lock, locked)));
    let mut names = Vec::new();
    let mut loading = JoinSet::new();
    for (index, (vendor, target)) in built_in.chain(locked).enumerate() {
        names.push((vendor, source(&target)));
        let engine = engine.clone();
        loading.spawn(async move { (index, target.load(&engine).await) });
    }
    let mut adapters: Vec<(usize, Result<Loaded, Error>)> = loading.join_all().await;
    adapters.sort_by_key(|(index, _)| *index);

    let mut table = Table::with_heading(["VENDOR", "TITLE", "VERSION", "SIZE", "DIGEST", "OPERATIONS", "FROM"]);
    let mut list: Vec<Value> = Vec::new();
    let mut failed: Option<Error> = None;
    for ((_, loaded), (vendor, source)) in adapters.iter().zip(&names) {
        match loaded {
            Ok(loaded) => {
                let (descriptor, digest) = (loaded.adapter.descriptor(), loaded.adapter.digest());
                let operations: Vec<&str> = descriptor.operations.iter().map(|operation| operation.name()).collect();
                table.row([
                    &descriptor.vendor,
                    &descriptor.title,
                    &descriptor.version,
                    &kilobytes(loaded.size),
                    // Enough to distinguish components; the whole digest is with `inspect`.
                    &digest.to_string().chars().take("sha256:".len() + 12).collect(),
                    &operations.join(","),
                    source,
                ]);
                list.push(json!({
                    "vendor": descriptor.vendor,
                    "title": descriptor.title,
                    "version": descriptor.version,
                    "operations": descriptor.operations,
                    "size": loaded.size,
                    "digest": digest.to_string(),
                    "from": source,
                    "exposes_secrets": loaded.adapter.exposes_secrets(),
                    "exposes_administrator": loaded.adapter.exposes_administrator(),
                }));
            }
            Err(error) => {
                table.row([*vendor, "REFUSED", "-", "-", "-", "-", source]);
                list.push(json!({ "vendor": vendor, "from": source, "error": error.to_json()["error"] }));
                failed.get_or_insert(error.clone());
            }
        }
    }
    for outdated in lock.outdated() {
        let (source, error) = (lock.component(outdated.file()).display().to_string(), lock.refuse_outdated(outdated));
        table.row([&outdated.vendor, "REFUSED", "-", "-", "-", "-", &source]);
        list.push(json!({ "vendor": outdated.vendor, "from": source, "error": error.to_json()["error"] }));
        failed.get_or_insert(error);
    }
    if output.is_json() {
        output.json(&list)?
    } else {
        output.text(&table.to_text())?
    }
    failed.map_or(Ok(()), Err)
}

fn source(target: &Target) -> String {
    match target {
        Target::BuiltIn(_) => "built in".to_owned(),
        Target::Locked(locked) => locked.file.display().to_string(),
        Target::File(file, _) => file.display().to_string(),
    }
}
