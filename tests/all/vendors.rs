//! What holds for every vendor that is built in.

use keywright_runtime::{CreateRequest, Credential, Filter, Outcome, Reason};
use keywright_simulators::Vendor;
use keywright_tests::{Bench, DOUBTFUL};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value};

fn vendors() -> impl Iterator<Item = &'static str> {
    keywright_adapters::all().iter().map(|built_in| built_in.vendor)
}

/// A creation that is found again by its marker, where the vendor has a field for one.
fn marked(bench: &Bench<dyn Vendor>, marker: &str) -> CreateRequest {
    let has_markers = bench.account.adapter().descriptor().traits.marker.is_some();
    CreateRequest { marker: has_markers.then(|| marker.to_owned()), ..bench.sample() }
}

/// What may have been made of a creation: what has its marker, where the vendor lists those of its owner. Without markers
/// it is what was not there before.
async fn found(bench: &Bench<dyn Vendor>, creation: &CreateRequest, before: &[Credential]) -> Vec<Credential> {
    let known: Vec<&str> = before.iter().map(|credential| credential.id.as_str()).collect();
    let all = listed(bench, creation).await;
    all.into_iter().filter(|credential| !known.contains(&credential.id.as_str())).collect()
}

async fn listed(bench: &Bench<dyn Vendor>, creation: &CreateRequest) -> Vec<Credential> {
    let schema = &bench.account.adapter().descriptor().attributes;
    let filters = |name: &str| {
        let filter = &schema["properties"][name]["x-keywright-filter"];
        filter == true || filter == "required"
    };
    let owner: Map<String, Value> = creation.attributes.clone().into_iter().filter(|(name, _)| filters(name)).collect();
    let filter = Filter { marker: creation.marker.clone(), attributes: owner };
    bench.account.list_all(&filter).await.expect("a list")
}

#[tokio::test]
async fn each_has_a_simulator() {
    let simulated: Vec<&str> = keywright_simulators::names().collect();
    for vendor in vendors() {
        assert!(simulated.contains(&vendor), "{vendor}");
    }
}

#[tokio::test]
async fn a_creation_in_doubt_was_sent_once_and_what_it_made_is_found_and_ended() {
    for vendor in vendors() {
        for (fault, performed) in DOUBTFUL {
            let bench = Bench::of(vendor).start().await;
            let creation = marked(&bench, "g1");
            bench.account.check().await.expect("a token and a connection, where they are needed");
            let before = listed(&bench, &creation).await;
            bench.fault(&format!("{fault}@create*1"));
            let mark = bench.mark();
            let error = bench.account.create(&creation).await.expect_err("no success");
            assert_eq!(error.kind(), Reason::InDoubt.name(), "{vendor}, {fault}: {error}");
            assert_eq!(bench.since(mark).len(), 1, "{vendor}, {fault}");
            let made = found(&bench, &creation, &before).await;
            assert_eq!(made.len(), usize::from(performed), "{vendor}, {fault}");
            for credential in made {
                bench.account.revoke(&credential.id).await.expect("an end");
            }
            assert_eq!(found(&bench, &creation, &before).await, [], "{vendor}, {fault}");
            bench.account.create(&creation).await.expect("a second try");
        }
    }
}

/// The adapter is blind, and the secret that the caller gets is the one that the vendor issued.
#[tokio::test]
async fn the_secret_reaches_the_caller_and_nothing_else_tells_it() {
    for vendor in vendors() {
        let bench = Bench::of(vendor).start().await;
        let account = &bench.account;
        assert!(!account.adapter().exposes_secrets(), "{vendor}");
        let creation = marked(&bench, "g1");
        let issued = account.create(&creation).await.expect("a credential");
        let id = issued.credential.id.as_str();
        let verdict = account.verify_although_disabled(id, &issued.parts).await.expect("a verdict");
        assert_eq!(
            (verdict.outcome, verdict.warnings.len()),
            (Outcome::Active, 0),
            "{vendor}: {}",
            verdict.explanation
        );
        let told = format!(
            "{issued:?} {verdict:?} {:?} {:?} {:?} {account:?}",
            account.check().await.expect("an answer"),
            account.get(id).await.expect("an answer"),
            listed(&bench, &creation).await,
            account = account.adapter().descriptor(),
        );
        let descriptor = account.adapter().descriptor();
        for part in descriptor.issued.iter().filter(|part| part.secret) {
            let minted = issued.parts.get(&part.name).expect("it was issued").expose_secret();
            assert!(!told.contains(minted), "{vendor}: {}", part.name);
        }
        for part in descriptor.administrator.iter().filter(|part| part.secret && part.required) {
            assert!(!told.contains(&bench.own(&part.name)), "{vendor}: {}", part.name);
        }
    }
}

#[tokio::test]
async fn a_credential_without_a_marker_is_not_found_by_one() {
    for vendor in vendors() {
        let bench = Bench::of(vendor).start().await;
        bench.account.create(&bench.sample()).await.expect("a credential");
        let sought = marked(&bench, "g1");
        if sought.marker.is_some() {
            assert_eq!(listed(&bench, &sought).await, [], "{vendor}");
        }
    }
}
