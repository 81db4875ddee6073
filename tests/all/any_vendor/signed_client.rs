//! `private_key_jwt`: clients that sign for their access tokens, with keys that the vendor makes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use keywright_egress::DenialReason;
use keywright_runtime::Outcome;
use keywright_tests::{Arrived, Reply, ScriptedVendor, exposed};
use rcgen::KeyPair;
use ring::signature::ECDSA_P256_SHA256_FIXED;
use serde_json::json;

use super::keys::{Caller, Keys};
use super::stage::{Stage, pieces};
use super::token;

const GRANT: &str = "
    create       POST   https://api.vendor.example/keys? mints private_key=/private_key
    get          GET    https://api.vendor.example/keys/{id}?
    list         GET    https://api.vendor.example/keys?
    verify       GET    https://api.vendor.example/self?
    revoke       DELETE https://api.vendor.example/keys/{id}?
    authenticate POST   https://auth.vendor.example/token?
";

/// A vendor of clients, and the public keys that it knows them by.
#[derive(Clone)]
pub(super) struct Clients {
    keys: Keys,
    public: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    /// The administrator's private key, in PEM.
    pub(super) administrator: String,
}

pub(super) const ADMINISTRATOR: &str = "administrator";

impl Clients {
    pub(super) fn new() -> Self {
        let own = KeyPair::generate().expect("a key");
        let public = BTreeMap::from([(ADMINISTRATOR.to_owned(), own.public_key_raw().to_vec())]);
        Self { keys: Keys::default(), public: Arc::new(Mutex::new(public)), administrator: own.serialize_pem() }
    }

    /// The client that an assertion proves, if there still is such a one.
    fn proven(&self, form: &str) -> Option<String> {
        let field = |name: &str| {
            let value = form.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
            Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
        };
        let assertion = token::read(&field("client_assertion")?)?;
        let client = assertion.claims["sub"].as_str()?.to_owned();
        let public = self.public.lock().unwrap_or_else(PoisonError::into_inner).get(&client)?.clone();
        let is_alive = client == ADMINISTRATOR || self.keys.known_by(&client).is_some();
        let is_for_here = assertion.claims["aud"] == "https://auth.vendor.example/token"
            && assertion.claims["iss"] == assertion.claims["sub"]
            && assertion.header["alg"] == "ES256"
            && assertion.header["kid"] == client.as_str()
            && field("grant_type")? == "client_credentials"
            && field("client_assertion_type")? == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            && field("scope")? == "keys";
        (is_alive && is_for_here && assertion.is_valid(&ECDSA_P256_SHA256_FIXED, &public)).then_some(client)
    }

    fn answer(&self, request: &Arrived) -> Reply {
        if request.line() == "POST /token" {
            let Some(client) = self.proven(&String::from_utf8_lossy(&request.body)) else {
                return Reply::json(401, &json!({"error": "invalid_client"}));
            };
            let token = format!("access-token-of-{client}");
            return Reply::json(200, &json!({"access_token": token, "token_type": "Bearer", "expires_in": 600}));
        }
        let caller = match request.header("authorization").strip_prefix("Bearer access-token-of-") {
            Some(ADMINISTRATOR) => Caller::Administrator,
            Some(id) if self.keys.known_by(id).is_some() => Caller::Key(id.to_owned()),
            _ => Caller::Nobody,
        };
        if caller != Caller::Administrator || request.line() != "POST /keys" {
            return self.keys.answer(request, &caller);
        }
        let pair = KeyPair::generate().expect("a key");
        let id = self.keys.make(str::to_owned);
        self.public.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), pair.public_key_raw().to_vec());
        let repeated = pair.serialize_pem().lines().nth(1).map(str::to_owned);
        let echo = [request.header("authorization").to_owned(), self.administrator.clone()];
        Reply::json(201, &json!({"id": id, "private_key": pair.serialize_pem(), "a line": repeated, "echo": echo}))
    }

    pub(super) async fn start(&self) -> ScriptedVendor {
        let clients = self.clone();
        ScriptedVendor::start(move |request| clients.answer(request)).await
    }

    async fn stage(&self, guest: &str) -> Stage {
        let credential = &[("client_id", ADMINISTRATOR), ("private_key", self.administrator.as_str())];
        Stage::set(self.start().await, guest, GRANT, json!({}), credential).await
    }
}

#[tokio::test]
async fn a_client_lives_its_whole_life() {
    let stage = Clients::new().stage("signed_client").await;
    let issued = stage.create(json!({})).await.unwrap();
    assert!(exposed(&issued.parts, "private_key").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn another_key_gets_no_token() {
    let stage = Clients::new().stage("signed_client").await;
    let mut issued = stage.create(json!({})).await.unwrap();
    issued.parts.insert("private_key", KeyPair::generate().unwrap().serialize_pem());
    assert_eq!(stage.outcome(&issued).await, Outcome::Refused);
}

#[tokio::test]
async fn the_private_key_is_in_no_request() {
    let clients = Clients::new();
    let stage = clients.stage("signed_client").await;
    let issued = stage.create(json!({})).await.unwrap();
    stage.lives_and_ends(&issued).await;
    for key in [clients.administrator, exposed(&issued.parts, "private_key")] {
        let line = key.lines().nth(1).unwrap().to_owned();
        assert!(stage.vendor.arrived().iter().all(|request| !format!("{request:?}").contains(&line)));
    }
}

#[tokio::test]
async fn the_twin_sees_neither_keys_nor_tokens() {
    let stage = Clients::new().stage("hostile_signed_client").await;
    let (issued, seen) = stage.sees("repeated secrets").await;
    let key = exposed(&issued.parts, "private_key");
    assert!(pieces(&key).len() > 1 && pieces(&key).iter().all(|line| !seen.contains(line)), "{seen}");
    assert!(!seen.contains("access-token-of"), "{seen}");
    stage.lives_and_ends(&issued).await;
}

#[tokio::test]
async fn the_twin_gets_no_token_of_its_own() {
    let stage = Clients::new().stage("hostile_signed_client").await;
    stage.create_is_denied("own token", DenialReason::NoRule).await;
    stage.may_not_set("own authorization", "authorization").await;
}
