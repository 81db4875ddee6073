//! The order of the steps of a life, and which of them a vendor has.

use keywright_adapters::BuiltIn;
use keywright_runtime::{AccountConfig, EndpointOverride, Engine, Operation};
use keywright_simulators::{FaultRule, Simulator};
use serde_json::Value;

use super::report::{Done, Log, Report, Stopped};
use super::steps::{Life, Made};
use crate::error::Error;
use crate::target::{self, Loaded};

/// Lives it: starts the vendor's simulator, loads its adapter, and takes the steps until one fails.
pub(super) async fn live(engine: Engine, built_in: &'static BuiltIn, faults: Vec<FaultRule>, mut log: Log) -> Report {
    if let Ok(simulator) = log.step("simulate", simulate(built_in, faults)).await {
        // What a failed step leaves behind ends with the simulator.
        let _told_in_the_log = steps(&engine, built_in, &simulator, &mut log).await;
        simulator.stop().await;
    }
    log.into_report()
}

async fn steps(engine: &Engine, built_in: &BuiltIn, simulator: &Simulator, log: &mut Log) -> Result<(), Stopped> {
    let loaded = log.step("load", load(engine, built_in)).await?;
    let account = match account(&loaded, simulator) {
        Ok(account) => account,
        Err(error) => return log.step::<()>("account", async { Err(error) }).await,
    };
    let life = Life { account: &account, descriptor: loaded.adapter.descriptor(), vendor: simulator.vendor().as_ref() };

    if life.has(Operation::Check, "check", log) {
        log.step("check", life.check()).await?;
    }
    if !life.has(Operation::Create, "create", log) {
        return Ok(());
    }
    let mut first = log.step("create", life.create(1)).await?;
    if life.has(Operation::Verify, "verify", log) {
        log.step("verify", life.verify(&first)).await?;
    }
    if life.has(Operation::Get, "get", log) {
        log.step("get", life.get(&first)).await?;
    }
    if life.has(Operation::List, "list", log) {
        log.step("list", life.list(&first)).await?;
    }
    if life.has(Operation::Update, "update", log) {
        match simulator.vendor().sample().change {
            Value::Object(change) => first = log.step("update", life.update(first, change)).await?,
            _ => log.skip("update", "there is no attribute to change in place"),
        }
    }
    if life.has(Operation::SetEnabled, "suspend", log) {
        log.step("suspend", life.suspend(&first)).await?;
    }
    if life.has(Operation::Regenerate, "regenerate", log) {
        first = log.step("regenerate", life.regenerate(first)).await?;
    }
    let mut remaining: Vec<String> = Vec::new();
    if life.descriptor.max_live_per_owner == Some(1) {
        log.skip("rotate", "only one credential may live at a time");
        remaining.push(first.id().to_owned());
    } else if life.has(Operation::Revoke, "rotate", log) {
        let second: Made = log.step("rotate", life.rotate(&first)).await?;
        remaining.push(second.id().to_owned());
    }
    if life.has(Operation::Get, "import", log) {
        remaining.push(log.step("import", life.import()).await?);
    }
    if life.has(Operation::Revoke, "revoke", log) {
        log.step("revoke", life.revoke(&remaining)).await?;
    }
    Ok(())
}

async fn simulate(built_in: &BuiltIn, faults: Vec<FaultRule>) -> Result<Done<Simulator>, Error> {
    let simulator = super::simulator(built_in.vendor, faults).await?;
    let words = simulator.base_url().to_owned();
    Ok(Done { value: simulator, words })
}

async fn load(engine: &Engine, built_in: &BuiltIn) -> Result<Done<Loaded>, Error> {
    let loaded = target::load_built_in(engine, built_in).await?;
    let descriptor = loaded.adapter.descriptor();
    let words = format!("adapter {}, confined to {} rules", descriptor.version, descriptor.rules.rules.len());
    Ok(Done { value: loaded, words })
}

fn account(loaded: &Loaded, simulator: &Simulator) -> Result<keywright_runtime::Account, Error> {
    let seeded = simulator.vendor().account();
    let config = AccountConfig {
        settings: seeded.settings.as_object().cloned().unwrap_or_default(),
        credential: seeded.credential.into_iter().collect(),
        endpoint: Some(EndpointOverride {
            url: simulator.base_url().to_owned(),
            ca_pem: simulator.ca_pem().map(str::to_owned),
        }),
    };
    loaded.adapter.account(config).map_err(|error| Error::from(&error))
}
