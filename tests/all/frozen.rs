//! Adapters that were compiled against a published version of the contract are loaded and run by every later host.

use std::fs;
use std::path::{Path, PathBuf};

use keywright_adapters::BuiltIn;
use keywright_egress::RuleSet;
use keywright_runtime::{Adapter, Digest, Grant, Outcome};
use keywright_tests::{AwsIamBench, ScalewayBench, engine, exposed};
use serde_json::Value;

const SCALEWAY: BuiltIn = BuiltIn {
    vendor: "scaleway",
    component: include_bytes!("../data/contract-0.2.0/components/scaleway.wasm"),
    rules: include_str!("../data/contract-0.2.0/components/scaleway.rules"),
    endpoint_variables: &[],
};

const AWS_IAM: BuiltIn = BuiltIn {
    vendor: "aws-iam",
    component: include_bytes!("../data/contract-0.2.0/components/aws-iam.wasm"),
    rules: include_str!("../data/contract-0.2.0/components/aws-iam.rules"),
    endpoint_variables: &[],
};

/// An adapter of a vendor that lets its callers choose passwords.
pub(crate) const CHOSEN_PASSWORD: BuiltIn = BuiltIn {
    vendor: "chosen-password",
    component: include_bytes!("../data/contract-0.2.0/components/chosen-password.wasm"),
    rules: include_str!("../data/contract-0.2.0/components/chosen-password.rules"),
    endpoint_variables: &[],
};

const ALL: [BuiltIn; 3] = [AWS_IAM, CHOSEN_PASSWORD, SCALEWAY];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/contract-0.2.0/components")
}

/// Whether all that was said is still said; more may have come.
fn still_said(said: &Value, now: &Value) -> bool {
    match (said, now) {
        (Value::Object(said), Value::Object(now)) => {
            said.iter().all(|(name, said)| now.get(name).is_some_and(|now| still_said(said, now)))
        }
        (Value::Array(said), Value::Array(now)) => {
            said.len() == now.len() && said.iter().zip(now).all(|(said, now)| still_said(said, now))
        }
        _ => said == now,
    }
}

#[test]
fn the_components_are_those_that_were_published() {
    let sums = fs::read_to_string(directory().join("SHA256SUMS")).unwrap();
    let sums: Vec<&str> = sums.lines().collect();
    let found = ALL.map(|frozen| {
        let digest = Digest::of(frozen.component).to_string();
        format!("{}  {}.wasm", digest.trim_start_matches("sha256:"), frozen.vendor)
    });
    assert_eq!(sums, found);
}

#[tokio::test]
async fn each_is_loaded_with_the_grant_of_its_time_and_describes_itself_as_then() {
    for frozen in ALL {
        let adapter = frozen.load(engine()).await.unwrap_or_else(|error| panic!("{}: {error}", frozen.vendor));
        let requested: RuleSet = frozen.rules.parse().unwrap();
        assert_eq!(requested.missing(&adapter.descriptor().rules), [], "{}", frozen.vendor);
        assert_eq!(adapter.descriptor().rules.missing(&requested), [], "{}", frozen.vendor);

        let said = fs::read(directory().join(frozen.vendor).with_extension("json")).unwrap();
        let said: Value = serde_json::from_slice(&said).unwrap();
        let now = serde_json::to_value(adapter.descriptor()).unwrap();
        assert!(said.as_object().is_some_and(|said| said.len() > 10), "{}", frozen.vendor);
        assert!(still_said(&said, &now), "{}: {now:#}\nwas\n{said:#}", frozen.vendor);
    }
}

/// The check above finds what it is there to find.
#[tokio::test]
async fn a_narrower_grant_of_that_time_still_refuses_it() {
    let narrower: Vec<&str> = SCALEWAY.rules.lines().filter(|line| !line.starts_with("revoke")).collect();
    let grant = Grant::rules(narrower.join("\n").parse().unwrap());
    let outcome = Adapter::load_unpinned(engine(), SCALEWAY.component, &grant).await.map(|_| ());
    assert!(outcome.unwrap_err().to_string().contains("revoke DELETE"));
}

#[tokio::test]
async fn scaleways_makes_verifies_changes_and_ends_a_key() {
    let bench = ScalewayBench::builder().adapter(SCALEWAY).start().await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!(principal.credential_id, Some(bench.own("access_key")));
    let issued = bench.account.create(&bench.creation("frozen")).await.unwrap();
    let id = issued.credential.id.as_str();
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
    assert_eq!(bench.stored(id).await.attributes["description"], "frozen");
    bench.account.revoke(id).await.unwrap();
    assert_eq!(bench.account.get(id).await.unwrap(), None);
}

#[tokio::test]
async fn aws_iams_makes_disables_and_ends_a_key() {
    let bench = AwsIamBench::builder().adapter(AWS_IAM).start().await;
    bench.account.check().await.unwrap();
    let issued = bench.key().await;
    let id = issued.credential.id.as_str();
    assert_eq!(exposed(&issued.parts, "secret_access_key").len(), 40);
    assert_eq!(bench.account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
    assert!(!bench.account.set_enabled(id, false).await.unwrap().enabled);
    assert_eq!(bench.keys().await.len(), 1);
    bench.account.revoke(id).await.unwrap();
    assert_eq!(bench.keys().await, []);
}
