//! `keywright demo`: the whole life of a credential at each vendor, against the built-in simulators.

mod installation;
mod lifecycle;
mod managed;
mod report;
mod steps;

use std::time::Instant;

use keywright_adapters::BuiltIn;
use keywright_simulators::FaultRule;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::error::Error;
use crate::output::Output;
use crate::simulate;
use crate::suggest::{instead, quoted};
use crate::target;
use crate::text::series;
use report::{Lines, Log, summary};

/// `keywright demo [VENDOR...]`
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Show the whole life of a credential at each vendor, against the built-in simulators: it is made, \
    verified, shown, listed, changed, rotated and revoked, through the same adapter, sandbox and TLS as at the vendor \
    itself. Then a credential with a name is planned, applied, delivered to a file and rotated, its rotation is killed and \
    recovered, and it is revoked. Needs no account, and sends nothing beyond this machine."
)]
pub(crate) struct DemoArgs {
    /// Only these vendors [default: all]
    #[arg(value_name = "VENDOR")]
    vendors: Vec<String>,

    /// Make something go wrong, as with `keywright simulate`
    #[arg(long, value_name = "RULE", hide = true)]
    fault: Vec<FaultRule>,
}

/// Runs it.
pub(crate) async fn run(arguments: DemoArgs, output: Output) -> Result<(), Error> {
    let began = Instant::now();
    let vendors = vendors(&arguments.vendors)?;
    let engine = target::engine()?;
    let (sender, mut events) = mpsc::unbounded_channel();
    let mut lifecycles = JoinSet::new();
    for built_in in &vendors {
        let log = Log::new(built_in.vendor, sender.clone());
        lifecycles.spawn(lifecycle::run(engine.clone(), built_in, arguments.fault.clone(), log));
    }
    drop(sender);
    let names: Vec<&'static str> = vendors.iter().map(|built_in| built_in.vendor).collect();
    let mut lines = Lines::new(output, &names);
    while let Some(event) = events.recv().await {
        lines.show(&event)?;
    }
    let mut reports = lifecycles.join_all().await;
    reports.sort_by_key(|report| vendors.iter().position(|built_in| built_in.vendor == report.vendor));
    if output.is_json() {
        output.json(&summary(&reports))?;
    }
    let failed: Vec<String> = reports.iter().filter_map(report::Report::failure).collect();
    if failed.is_empty() {
        if !output.is_json() {
            let seconds = began.elapsed().as_secs_f64();
            output.note(&format!(
                "all steps succeeded at {} ({seconds:.1} s)",
                series(reports.iter().map(|it| it.vendor), "and")
            ));
        }
        Ok(())
    } else {
        Err(Error::new("demo", series(failed, "and")))
    }
}

/// Those asked for, or all that have both a simulator and an adapter.
fn vendors(asked: &[String]) -> Result<Vec<&'static BuiltIn>, Error> {
    let simulated: Vec<&str> = keywright_simulators::names().collect();
    let all: Vec<&'static BuiltIn> =
        keywright_adapters::all().iter().filter(|built_in| simulated.contains(&built_in.vendor)).collect();
    if asked.is_empty() {
        return Ok(all);
    }
    let mut chosen: Vec<&'static BuiltIn> = Vec::new();
    for name in asked {
        let Some(built_in) = all.iter().find(|built_in| built_in.vendor == name) else {
            let instead = instead(name, all.iter().map(|built_in| built_in.vendor));
            return Err(Error::new(
                "unknown-vendor",
                format!("there is no demo of the vendor {}: {instead}", quoted(name)),
            ));
        };
        if !chosen.iter().any(|known| known.vendor == built_in.vendor) {
            chosen.push(built_in);
        }
    }
    Ok(chosen)
}

/// A fresh simulator of the vendor. A fault of an operation that this vendor lacks is for others.
async fn simulator(vendor: &str, faults: Vec<FaultRule>) -> Result<keywright_simulators::Simulator, Error> {
    let vendor = simulate::vendor(vendor, &[])?;
    let operations = vendor.operations();
    let mut builder = keywright_simulators::Simulator::builder(vendor);
    for fault in faults {
        if fault.operation.as_deref().is_none_or(|operation| operations.contains(&operation)) {
            builder = builder.fault(fault);
        }
    }
    Ok(builder.start().await?)
}
