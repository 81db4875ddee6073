//! `keywright simulate`: vendors' simulators, until stopped.

mod ready;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use keywright_runtime::{Descriptor, Engine};
use keywright_simulators::{Fault, FaultRule, Simulator, Vendor};
use tempfile::TempDir;

use crate::error::Error;
use crate::output::Output;
use crate::suggest::{instead, quoted};
use crate::target;
use crate::values::Pair;

/// `keywright simulate VENDOR...`
#[derive(Debug, clap::Args)]
#[command(after_long_help = after_help())]
pub(crate) struct SimulateArgs {
    /// The vendors to simulate
    #[arg(value_name = "VENDOR", required = true)]
    vendors: Vec<String>,

    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Serve without TLS, for clients that cannot take a certificate authority
    #[arg(long)]
    plain_http: bool,

    /// Make something go wrong: NAME[@OPERATION][*TIMES], for example lose-answer@create*1; repeatable
    #[arg(long, value_name = "RULE")]
    fault: Vec<FaultRule>,

    /// A quirk that the vendor may or may not have; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    option: Vec<Pair>,
}

fn after_help() -> String {
    let mut text = "Faults:\n".to_owned();
    for (name, about) in Fault::all() {
        text.push_str(&format!("  {name}\n      {about}\n"));
    }
    for vendor in keywright_simulators::names() {
        text.push_str(&format!("\nOptions of {vendor}:\n"));
        for option in keywright_simulators::options(vendor).unwrap_or_default() {
            text.push_str(&format!("  {}={}\n      {}\n", option.name, option.values, option.about));
        }
    }
    text.push_str("\nExamples:\n");
    for vendor in keywright_simulators::names().take(1) {
        text.push_str(&format!(
            "  keywright simulate {vendor}\n  keywright simulate {vendor} --fault rate-limit@list*2 -o json\n"
        ));
    }
    text
}

/// A simulator that runs, with the file of its authority.
struct Running {
    simulator: Simulator,
    ca: Option<CaFile>,
}

/// In a private directory that is removed with it.
struct CaFile {
    path: PathBuf,
    _directory: TempDir,
}

/// Runs the simulators until the process is stopped.
pub(crate) async fn run(arguments: SimulateArgs, output: Output) -> anyhow::Result<()> {
    if arguments.vendors.len() > 1 && arguments.listen.port() != 0 {
        return Err(Error::usage(format!(
            "{} simulators cannot share the port {}: give --listen an address with port 0, or simulate one vendor",
            arguments.vendors.len(),
            arguments.listen.port()
        ))
        .into());
    }
    let stop = Stop::new()?;
    let vendors: Vec<_> =
        arguments.vendors.iter().map(|name| vendor(name, &arguments.option)).collect::<Result<_, Error>>()?;
    let mut running = Vec::new();
    for vendor in vendors {
        let mut builder = Simulator::builder(vendor).listen(arguments.listen).plain_http(arguments.plain_http);
        for fault in &arguments.fault {
            builder = builder.fault(fault.clone());
        }
        let simulator = builder.start().await.map_err(Error::from)?;
        let ca = simulator.ca_pem().map(CaFile::write).transpose()?;
        running.push(Running { simulator, ca });
    }
    if output.is_json() {
        for one in &running {
            output.json_line(&ready::to_json(one))?;
        }
    } else {
        let engine = target::engine()?;
        for one in &running {
            let descriptor = descriptor(&engine, one.simulator.vendor().name()).await?;
            output.text(&ready::to_text(one, descriptor.as_ref()))?;
        }
        output.note("running; stop with Ctrl-C");
    }
    stop.wait().await;
    for one in running {
        one.simulator.stop().await;
    }
    Ok(())
}

/// A vendor's fake by its name.
pub(crate) fn vendor(name: &str, options: &[Pair]) -> Result<std::sync::Arc<dyn Vendor>, Error> {
    if !keywright_simulators::names().any(|known| known == name) {
        let instead = instead(name, keywright_simulators::names());
        return Err(Error::new(
            "unknown-vendor",
            format!("there is no simulator of the vendor {}: {instead}", quoted(name)),
        ));
    }
    let options: BTreeMap<String, String> =
        options.iter().map(|option| (option.name.clone(), option.value.clone())).collect();
    Ok(keywright_simulators::vendor(name, &options)?)
}

/// The descriptor of the vendor's adapter, when the program has one.
async fn descriptor(engine: &Engine, vendor: &str) -> Result<Option<Descriptor>, Error> {
    match keywright_adapters::find(vendor) {
        None => Ok(None),
        Some(built_in) => {
            let loaded = target::load_built_in(engine, built_in).await?;
            Ok(Some(loaded.adapter.descriptor().clone()))
        }
    }
}

impl CaFile {
    fn write(pem: &str) -> anyhow::Result<Self> {
        let write = || {
            let directory = private_directory()?;
            let path = directory.path().join("ca.pem");
            std::fs::File::create_new(&path)?.write_all(pem.as_bytes())?;
            Ok::<_, std::io::Error>(Self { path, _directory: directory })
        };
        write().context("the CA file cannot be written: set TMPDIR to a directory that can be")
    }
}

/// A temporary directory that only its owner may enter.
fn private_directory() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("keywright-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

/// SIGINT or SIGTERM, caught from the moment that this is made.
struct Stop {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Stop {
    #[cfg(unix)]
    fn new() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let catch = |kind| signal(kind).context("signals cannot be caught");
        Ok(Self { signals: [catch(SignalKind::interrupt())?, catch(SignalKind::terminate())?] })
    }

    #[cfg(unix)]
    async fn wait(self) {
        let [mut interrupt, mut terminate] = self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> anyhow::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn wait(self) {
        // When Ctrl-C cannot be caught, stopping at once is better than never.
        let _caught = tokio::signal::ctrl_c().await;
    }
}
