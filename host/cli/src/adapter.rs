//! `keywright adapter`: which adapters there are, and what each says of itself.

mod inspect;

use serde_json::json;

use crate::error::Error;
use crate::output::Output;
use crate::table::Table;
use crate::target::{self, Target};

/// `keywright adapter …`
#[derive(Debug, clap::Subcommand)]
pub(crate) enum AdapterCommand {
    /// List the adapters that this program has
    List,
    /// Show everything that an adapter says of itself
    #[command(
        long_about = "Show everything that an adapter says of itself: its operations, the settings of an account, \
        the attributes of a credential, what a credential is made of, and the rules of what it may send. Nothing is sent."
    )]
    Inspect {
        /// A vendor's name, or the file of a component
        #[arg(value_name = "VENDOR|FILE")]
        adapter: String,
    },
}

/// Runs it.
pub(crate) async fn run(command: AdapterCommand, output: Output) -> Result<(), Error> {
    match command {
        AdapterCommand::List => list(output).await,
        AdapterCommand::Inspect { adapter } => {
            let loaded = Target::find(&adapter)?.load(&target::engine()?).await?;
            inspect::show(&loaded, output)
        }
    }
}

async fn list(output: Output) -> Result<(), Error> {
    let engine = target::engine()?;
    let mut table = Table::with_heading(["VENDOR", "TITLE", "VERSION", "SIZE", "DIGEST", "OPERATIONS"]);
    let mut adapters = Vec::new();
    for built_in in keywright_adapters::all() {
        let loaded = target::load_built_in(&engine, built_in).await?;
        let (descriptor, digest) = (loaded.adapter.descriptor(), loaded.adapter.digest());
        let operations: Vec<&str> = descriptor.operations.iter().map(|operation| operation.name()).collect();
        table.row([
            &descriptor.vendor,
            &descriptor.title,
            &descriptor.version,
            &kilobytes(loaded.size),
            // Enough to tell components apart; the whole digest is with `inspect`.
            &digest.to_string().chars().take("sha256:".len() + 12).collect(),
            &operations.join(","),
        ]);
        adapters.push(json!({
            "vendor": descriptor.vendor,
            "title": descriptor.title,
            "version": descriptor.version,
            "operations": descriptor.operations,
            "size": loaded.size,
            "digest": digest.to_string(),
        }));
    }
    if output.is_json() { output.json(&adapters) } else { output.text(&table.to_text()) }
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}
