//! `keywright adapter remove`.

use serde_json::json;

use super::LockArgs;
use crate::consent;
use crate::error::Error;
use crate::output::Output;
use crate::suggest::{instead, quoted};

/// `keywright adapter remove VENDOR`
#[derive(Debug, clap::Args)]
pub(crate) struct RemoveArgs {
    /// The vendor whose adapter is locked
    vendor: String,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    lock: LockArgs,
}

/// Takes the entry out. The component file is its owner's, and stays.
pub(super) fn run(arguments: &RemoveArgs, output: Output) -> Result<(), Error> {
    let mut lock = arguments.lock.read()?;
    let (vendor, path) = (&arguments.vendor, lock.path().to_owned());
    let path = path.display();
    let Some(locked) = lock.remove(vendor) else {
        if keywright_adapters::find(vendor).is_some() {
            return Err(Error::usage(format!("{} is built in: there is nothing in {path} to remove", quoted(vendor))));
        }
        let instead = instead(vendor, lock.adapters().map(|locked| locked.vendor.as_str()));
        return Err(Error::new("unknown-vendor", format!("{path} locks no adapter {}: {instead}", quoted(vendor))));
    };
    let file = lock.component(&locked);
    if !arguments.yes {
        let effect = format!("this takes {vendor} out of {path}, after which it is refused");
        if !consent::is_attended() {
            return Err(Error::usage(format!("{effect}: give --yes to do it")));
        }
        consent::ask(&format!("{effect}; go on?"))?;
    }
    lock.write()?;
    if output.is_json() {
        return output.json(&json!({ "removed": vendor, "lock": path.to_string(), "file": file }));
    }
    output.text(&format!("removed {vendor} from {path}; its component {} stays where it is\n", file.display()))
}
