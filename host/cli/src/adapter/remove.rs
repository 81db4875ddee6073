//! `keywright adapter remove`.

use serde_json::json;

use super::LockArgs;
use crate::confirm;
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

/// Removes the entry. The component file stays.
pub(super) fn run(arguments: &RemoveArgs, output: Output) -> Result<(), Error> {
    let mut lock = arguments.lock.read()?;
    let (vendor, path) = (&arguments.vendor, lock.path().to_owned());
    let path = path.display();
    let Some(file) = lock.remove(vendor) else {
        if keywright_adapters::find(vendor).is_some() {
            return Err(Error::usage(format!("{} is built in: there is nothing in {path} to remove", quoted(vendor))));
        }
        let instead = instead(vendor, lock.vendors());
        return Err(Error::new("unknown-vendor", format!("{path} has no adapter {}: {instead}", quoted(vendor))));
    };
    if !arguments.yes {
        let effect = format!("this removes {vendor} from {path}, after which it is refused");
        if !confirm::is_interactive() {
            return Err(Error::usage(format!("{effect}: give --yes to do it")));
        }
        confirm::ask(&format!("{effect}; go on?"))?;
    }
    lock.write()?;
    if output.is_json() {
        return output.json(&json!({ "removed": vendor, "lock": path.to_string(), "file": file }));
    }
    output.text(&format!("removed {vendor} from {path}; its component {} is kept\n", file.display()))
}
