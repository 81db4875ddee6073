//! Makes an API key at Scaleway, has the vendor confirm that it works, and ends it.
//!
//! ```sh
//! SCW_SECRET_KEY=... embed scaleway.wasm ORGANIZATION_ID APPLICATION_ID [URL CA_FILE]
//! ```

#![allow(clippy::print_stdout, reason = "this is what a program says")]

use std::error::Error;
use std::{env, fs};

use keywright_runtime::{
    Account, AccountConfig, Adapter, CreateRequest, EndpointOverride, Engine, EngineConfig, Grant, Parts,
};
use serde_json::{Map, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [component, organization, application, elsewhere @ ..] = arguments.as_slice() else {
        return Err("usage: embed COMPONENT ORGANIZATION_ID APPLICATION_ID [URL CA_FILE]".into());
    };

    // The grant is what the operator lets the adapter send: here all that it asks for, if you trust it that far. Keep the
    // digest of what you saw: from then on the adapter says the same of itself, or it is not loaded.
    let engine = Engine::new(EngineConfig::default())?;
    let component = fs::read(component)?;
    let seen = Adapter::load_unpinned(&engine, &component, &Grant::as_requested()).await?.descriptor_digest();
    let adapter = Adapter::load(&engine, &component, &Grant::as_requested().pinned(seen)).await?;

    let mut config = AccountConfig {
        settings: Map::from_iter([("organization_id".to_owned(), json!(organization))]),
        credential: Parts::from_iter([("secret_key", env::var("SCW_SECRET_KEY")?)]),
        ..AccountConfig::default()
    };
    // A simulator, say. Left out, requests go to the vendor itself.
    if let [url, ca_file] = elsewhere {
        config.endpoints = EndpointOverride::every(adapter.descriptor(), url);
        config.ca_pem = Some(fs::read_to_string(ca_file)?);
    }
    let account = Account::new(&adapter, config)?;

    let attributes = Map::from_iter([
        ("application_id".to_owned(), json!(application)),
        ("description".to_owned(), json!("ci deploy")),
    ]);
    let issued = account.create(&CreateRequest { attributes, ..CreateRequest::default() }).await?;
    let id = &issued.credential.id;

    // The secret is in `issued.parts`, and nowhere else: keep it before anything else can go wrong.
    let verdict = account.verify(id, &issued.parts).await?;
    println!("{id}: {}", verdict.explanation);

    account.revoke(id).await?;
    println!("{id}: revoked");
    Ok(())
}
