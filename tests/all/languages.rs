//! Adapters in other languages than Rust: what their own tools make of the contract runs here like any other.
//!
//! Their tools are not Rust's, so the build does not bring them along: `.ci/run` installs them, builds the components and
//! names the directory of them in `KEYWRIGHT_LANGUAGES`. The tests run with `--ignored`.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::sync::{Arc, Mutex};

use keywright_runtime::{
    Account, AccountConfig, Adapter, CreateRequest, EndpointOverride, Filter, Grant, LoadError, Outcome, Parts, Reason,
};
use keywright_tests::{Arrived, Reply, ScriptedVendor, engine, exposed, object};
use serde_json::json;

use crate::outcome::reason;

const ADMINISTRATOR: &str = "the-administrators-own-secret";

/// A vendor that keeps keys by their ids: their names and secrets.
#[derive(Default)]
struct Keys(BTreeMap<String, (String, String)>);

impl Keys {
    fn answer(&mut self, arrived: &Arrived) -> Reply {
        let key = arrived.header("x-key");
        if key != ADMINISTRATOR && !self.0.values().any(|(_, secret)| secret == key) {
            return Reply::json(401, &json!({}));
        }
        let id = arrived.path.strip_prefix("/v1/keys/").unwrap_or_default();
        let shown = |id: &str, name: &str| json!({"id": id, "name": name});
        match (arrived.method.as_str(), id) {
            ("POST", "") => {
                let body: serde_json::Value = serde_json::from_slice(&arrived.body).unwrap();
                let (id, name) = (format!("key-{}", self.0.len() + 1), body["name"].as_str().unwrap().to_owned());
                let secret = format!("a-secret-that-nobody-else-has-{id}");
                self.0.insert(id.clone(), (name.clone(), secret.clone()));
                Reply::json(201, &json!({"id": id, "name": name, "secret": secret}))
            }
            ("GET", "") => {
                let page: usize = arrived.query.as_deref().unwrap().strip_prefix("page=").unwrap().parse().unwrap();
                let keys: Vec<_> =
                    self.0.iter().map(|(id, (name, _))| shown(id, name)).skip(page - 1).take(1).collect();
                let next = (page < self.0.len()).then(|| (page + 1).to_string());
                Reply::json(200, &json!({"keys": keys, "next": next}))
            }
            ("GET", id) => match self.0.get(id) {
                Some((name, _)) => Reply::json(200, &shown(id, name)),
                None => Reply::json(404, &json!({})),
            },
            ("DELETE", id) => Reply::json(if self.0.remove(id).is_some() { 200 } else { 404 }, &json!({})),
            other => panic!("{other:?}"),
        }
    }
}

fn component(language: &str) -> Vec<u8> {
    let directory =
        env::var_os("KEYWRIGHT_LANGUAGES").expect("KEYWRIGHT_LANGUAGES names the directory of the components");
    std::fs::read(Path::new(&directory).join(format!("{language}.wasm"))).expect("a component")
}

async fn whole_life(language: &str) {
    let bytes = component(language);
    let plain = Adapter::load_unpinned(engine(), &bytes, &Grant::as_requested()).await;
    assert!(matches!(plain, Err(LoadError::Import { .. })), "its runtime imports files, used or not");
    let adapter = Adapter::load_unpinned(engine(), &bytes, &Grant::as_requested().with_inert_wasi()).await.unwrap();
    assert_eq!(adapter.descriptor().vendor, language);

    let keys = Arc::new(Mutex::new(Keys::default()));
    let vendor = ScriptedVendor::start(move |arrived| keys.lock().unwrap().answer(arrived)).await;
    let parts = Parts::from_iter([("access_key", "own"), ("secret_key", ADMINISTRATOR)]);
    let account = vendor.account(&adapter, Default::default(), parts);

    let request = |name: &str, marker: &str| CreateRequest {
        attributes: object(json!({"name": name})),
        marker: Some(marker.to_owned()),
        ..CreateRequest::default()
    };
    let first = account.create(&request("first", "g1")).await.unwrap();
    let second = account.create(&request("second", "g2")).await.unwrap();
    assert_eq!(exposed(&first.parts, "secret_key"), "a-secret-that-nobody-else-has-key-1");
    assert_eq!(account.get("key-1").await.unwrap(), Some(first.credential.clone()));
    assert_eq!(account.verify("key-1", &first.parts).await.unwrap().outcome, Outcome::Active);
    assert_eq!(account.list_all(&Filter::default()).await.unwrap().len(), 2);
    let marked = Filter { marker: Some("g2".to_owned()), ..Filter::default() };
    assert_eq!(account.list_all(&marked).await.unwrap(), [second.credential]);
    account.revoke("key-1").await.unwrap();
    account.revoke("key-1").await.unwrap();
    assert_eq!(account.get("key-1").await.unwrap(), None);
    assert_eq!(account.verify("key-1", &first.parts).await.unwrap().outcome, Outcome::Refused);
    assert_eq!(reason(account.check().await), Reason::Unsupported);

    let config = AccountConfig {
        credential: Parts::from_iter([("access_key", "own"), ("secret_key", "a-secret-that-is-wrong")]),
        endpoints: EndpointOverride::every(adapter.descriptor(), &vendor.url()),
        ca_pem: Some(vendor.ca_pem().to_owned()),
        ..AccountConfig::default()
    };
    let stranger = Account::new(&adapter, config).unwrap();
    assert_eq!(reason(stranger.create(&request("third", "g3")).await), Reason::Unauthenticated);
}

#[tokio::test]
#[ignore = "needs the component that .ci/run builds"]
async fn an_adapter_in_python_lives_a_whole_life() {
    whole_life("python").await;
}

#[tokio::test]
#[ignore = "needs the component that .ci/run builds"]
async fn an_adapter_in_javascript_lives_a_whole_life() {
    whole_life("javascript").await;
}
