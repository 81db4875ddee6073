//! The order of the steps, and which of them a vendor has.

use keywright_adapters::BuiltIn;
use keywright_runtime::{Account, AccountConfig, EndpointOverride, Engine, Operation};
use keywright_simulators::{FaultRule, Simulator};
use serde_json::Value;

use super::installation::Installation;
use super::managed::{CALL, Managed};
use super::report::{Done, Log, Report, Stopped};
use super::steps::{Made, Steps};
use crate::error::Error;
use crate::target::{self, Loaded};

/// Starts the vendor's simulator, loads its adapter, and takes the steps until one fails.
pub(super) async fn run(engine: Engine, built_in: &'static BuiltIn, faults: Vec<FaultRule>, mut log: Log) -> Report {
    if let Ok(simulator) = log.step("simulate", simulate(built_in, faults)).await {
        // What a failed step leaves behind ends with the simulator, and the log has the error.
        let _logged = steps(&engine, built_in, &simulator, &mut log).await;
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
    let take =
        Steps { account: &account, descriptor: loaded.adapter.descriptor(), vendor: simulator.vendor().as_ref() };

    calls(&take, simulator, log).await?;
    if take.descriptor.supports(Operation::Create) && take.descriptor.supports(Operation::Revoke) {
        let installation = match Installation::write(simulator, take.descriptor, CALL) {
            Ok(installation) => installation,
            Err(error) => return log.step::<()>("init", async { Err(error) }).await,
        };
        let named = Managed { account: &account, descriptor: take.descriptor, simulator, installation };
        managed(&named, log).await?;
    }
    Ok(())
}

/// Single calls, without a store.
async fn calls(take: &Steps<'_>, simulator: &Simulator, log: &mut Log) -> Result<(), Stopped> {
    if take.has(Operation::Check, "check", log) {
        log.step("check", take.check()).await?;
    }
    if !take.has(Operation::Create, "create", log) {
        return Ok(());
    }
    let mut first = log.step("create", take.create(1)).await?;
    if take.has(Operation::Verify, "verify", log) {
        log.step("verify", take.verify(&first)).await?;
    }
    if take.has(Operation::Get, "get", log) {
        log.step("get", take.get(&first)).await?;
    }
    if take.has(Operation::List, "list", log) {
        log.step("list", take.list(&first)).await?;
    }
    if take.has(Operation::Update, "update", log) {
        match simulator.vendor().sample().change {
            Value::Object(change) => first = log.step("update", take.update(first, change)).await?,
            _ => log.skip("update", "there is no attribute to change in place"),
        }
    }
    if take.has(Operation::SetEnabled, "suspend", log) {
        log.step("suspend", take.suspend(&first)).await?;
    }
    if take.has(Operation::Regenerate, "regenerate", log) {
        first = log.step("regenerate", take.regenerate(first)).await?;
    }
    let mut remaining: Vec<String> = Vec::new();
    if take.most_at_once() == Some(1) {
        log.skip("rotate", "there may be only one credential at a time");
        remaining.push(first.id().to_owned());
    } else if take.has(Operation::Revoke, "rotate", log) {
        let second: Made = log.step("rotate", take.rotate(&first)).await?;
        remaining.push(second.id().to_owned());
    }
    if take.has(Operation::Get, "import", log) {
        remaining.push(log.step("import", take.import()).await?);
    }
    if take.has(Operation::Revoke, "revoke", log) {
        log.step("revoke", take.revoke(&remaining)).await?;
    }
    Ok(())
}

/// A credential with a name, by the program's own commands.
async fn managed(take: &Managed<'_>, log: &mut Log) -> Result<(), Stopped> {
    log.step("init", take.init()).await?;
    log.step("plan", take.plan()).await?;
    let id = log.step("apply", take.apply()).await?;
    let first = log.step("deliver", take.deliver(id)).await?;
    let mut in_use = log.step("overlap", take.rotate(&first)).await?;
    match take.cannot_be_killed() {
        Some(why) => ["kill", "recover", "foreign"].into_iter().for_each(|step| log.skip(step, why)),
        None => {
            let left = log.step("kill", take.kill(&in_use)).await?;
            in_use = log.step("recover", take.recover(&in_use, &left)).await?;
            log.step("foreign", take.foreign(&left)).await?;
        }
    }
    log.step("end", take.revoke(&in_use)).await?;
    log.step("status", take.status()).await
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

fn account(loaded: &Loaded, simulator: &Simulator) -> Result<Account, Error> {
    let seeded = simulator.vendor().account();
    let config = AccountConfig {
        settings: seeded.settings.as_object().cloned().unwrap_or_default(),
        credential: seeded.credential.into_iter().collect(),
        // The simulator serves every endpoint at one URL.
        endpoints: EndpointOverride::every(loaded.adapter.descriptor(), simulator.base_url()),
        ca_pem: simulator.ca_pem().map(str::to_owned),
        proxy: None,
    };
    Account::new(&loaded.adapter, config).map_err(|error| Error::from(&error))
}
