//! Authentication by the host, scheme by scheme, at a vendor that checks it. Adapters see public parts only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{TimeDelta, Utc};
use keywright_auth::signature::{Algorithm, ReceivedRequest, verify};
use keywright_runtime::{
    Account, AccountConfig, AccountError, Adapter, CallError, CreateRequest, Grant, Parts, Reason,
};
use keywright_tests::{Arrived, Reply, ScriptedVendor, engine, exposed, guests, object};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::outcome::{failure, found, reason};

/// What the vendor of all three answers to whom it accepts.
fn accepted(request: &Arrived) -> Reply {
    match request.method.as_str() {
        "POST" => Reply::json(200, &json!({"id": "k1", "secret": "a-minted-secret"})),
        "GET" => Reply::json(200, &json!({"id": "k1"})),
        _ => Reply::empty(204),
    }
}

async fn adapter(bytes: &[u8]) -> Adapter {
    Adapter::load_unpinned(engine(), bytes, &Grant::as_requested()).await.expect("it loads")
}

fn creation() -> CreateRequest {
    CreateRequest { attributes: object(json!({"name": "grün", "list": [1, 2]})), ..CreateRequest::default() }
}

/// Makes, shows and ends a key; what the adapter could see of the credential it worked with.
async fn whole_life(account: &Account) -> Value {
    let issued = account.create(&creation()).await.unwrap();
    let minted: Vec<String> = issued.parts.names().map(|name| exposed(&issued.parts, name)).collect();
    assert!(minted.contains(&"a-minted-secret".to_owned()));
    assert!(account.get("k1").await.unwrap().is_some());
    account.revoke("k1").await.unwrap();
    issued.credential.attributes["seen"].clone()
}

mod basic {
    use super::*;

    async fn vendor() -> ScriptedVendor {
        ScriptedVendor::start(|request| match request.header("authorization") {
            // jo:pä:sswörd
            "Basic am86cMOkOnNzd8O2cmQ=" => accepted(request),
            _ => Reply::empty(401),
        })
        .await
    }

    #[tokio::test]
    async fn a_user_name_and_a_password_are_sent_with_each_request() {
        let vendor = vendor().await;
        let parts = Parts::from_iter([("user", "jo"), ("password", "pä:sswörd")]);
        let account = vendor.account(&adapter(guests::BASIC).await, Map::new(), parts);
        assert_eq!(whole_life(&account).await, json!({"user": "jo"}));
    }

    #[tokio::test]
    async fn a_wrong_password_is_not_authenticated() {
        let vendor = vendor().await;
        let parts = Parts::from_iter([("user", "jo"), ("password", "wrong")]);
        let account = vendor.account(&adapter(guests::BASIC).await, Map::new(), parts);
        assert_eq!(reason(account.get("k1").await), Reason::Unauthenticated);
    }

    #[tokio::test]
    async fn a_user_name_that_would_hide_in_the_password_is_not_sent() {
        let vendor = vendor().await;
        let parts = Parts::from_iter([("user", "jo:pä"), ("password", "sswörd")]);
        let account = vendor.account(&adapter(guests::BASIC).await, Map::new(), parts);
        assert!(matches!(found(account.get("k1").await), CallError::Unauthenticatable(_)));
        assert_eq!(vendor.lines(), [""; 0]);
    }
}

mod oauth2 {
    use super::*;

    /// Gives tokens `t1`, `t2`, and so on, and takes only the latest.
    struct Tokens {
        vendor: ScriptedVendor,
        latest: Arc<AtomicU32>,
    }

    const CLIENT_SECRET: &str = "client secret/+ä";

    impl Tokens {
        async fn start() -> Self {
            let latest = Arc::new(AtomicU32::new(0));
            let seen = latest.clone();
            let vendor = ScriptedVendor::start(move |request| {
                let latest = seen.load(Ordering::SeqCst);
                if request.path == "/acme/token" {
                    // client-1:client+secret%2F%2B%C3%A4, each form-encoded before they are joined (RFC 6749, 2.3.1).
                    if request.header("authorization") != "Basic Y2xpZW50LTE6Y2xpZW50K3NlY3JldCUyRiUyQiVDMyVBNA==" {
                        return Reply::json(401, &json!({"error": "invalid_client"}));
                    }
                    assert_eq!(request.body, "grant_type=client_credentials&scope=keys%3Aacme");
                    assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
                    seen.store(latest + 1, Ordering::SeqCst);
                    let token = format!("t{}", latest + 1);
                    let answer = json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600});
                    return Reply::json(200, &answer);
                }
                if request.header("authorization") == format!("Bearer t{latest}") && latest > 0 {
                    accepted(request)
                } else {
                    Reply::empty(401)
                }
            })
            .await;
            Self { vendor, latest }
        }

        async fn account(&self, tenant: &str, client_secret: &str) -> Account {
            let parts = Parts::from_iter([("client_id", "client-1"), ("client_secret", client_secret)]);
            self.vendor.account(&adapter(guests::OAUTH2).await, object(json!({"tenant": tenant})), parts)
        }

        fn tokens_fetched(&self) -> usize {
            self.vendor.lines().iter().filter(|line| *line == "POST /acme/token").count()
        }
    }

    #[tokio::test]
    async fn a_token_is_fetched_once_for_many_calls() {
        let tokens = Tokens::start().await;
        let account = tokens.account("acme", CLIENT_SECRET).await;
        assert_eq!(whole_life(&account).await, json!({"client_id": "client-1"}));
        assert_eq!(tokens.tokens_fetched(), 1);
        assert_eq!(tokens.vendor.lines()[0], "POST /acme/token");
    }

    #[tokio::test]
    async fn calls_at_the_same_time_wait_for_the_same_token() {
        let tokens = Tokens::start().await;
        let account = tokens.account("acme", CLIENT_SECRET).await;
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let account = account.clone();
            calls.spawn(async move { account.get("k1").await.unwrap().is_some() });
        }
        assert!(calls.join_all().await.into_iter().all(|found| found));
        assert_eq!(tokens.tokens_fetched(), 1);
    }

    #[tokio::test]
    async fn a_token_that_the_vendor_ended_is_replaced_in_the_next_call() {
        let tokens = Tokens::start().await;
        let account = tokens.account("acme", CLIENT_SECRET).await;
        account.get("k1").await.unwrap();
        tokens.latest.fetch_add(1, Ordering::SeqCst);
        let failure = failure(account.get("k1").await);
        assert_eq!(failure.reason, Reason::Unauthenticated);
        assert!(failure.message.contains("the next call gets a new one"), "{failure}");
        assert!(account.get("k1").await.unwrap().is_some());
        assert_eq!(tokens.tokens_fetched(), 2);
    }

    /// What happens to the token request is never said of the request that it was for.
    #[tokio::test]
    async fn a_token_endpoint_that_cannot_answer_leaves_nothing_in_doubt() {
        for (status, body, expected) in [
            (500, "{}", Reason::Unavailable),
            (502, "<html>", Reason::Unavailable),
            (503, r#"{"error":"temporarily_unavailable"}"#, Reason::Unavailable),
            (200, "<html>", Reason::Unavailable),
            (429, "", Reason::RateLimited),
        ] {
            let reply = Reply::new(status, "application/json", body);
            let vendor = ScriptedVendor::start(move |_| reply.clone()).await;
            let parts = Parts::from_iter([("client_id", "client-1"), ("client_secret", CLIENT_SECRET)]);
            let account = vendor.account(&adapter(guests::OAUTH2).await, object(json!({"tenant": "acme"})), parts);
            assert_eq!(reason(account.create(&creation()).await), expected, "{status} {body}");
            assert_eq!(vendor.lines(), ["POST /acme/token"]);
        }
    }

    #[tokio::test]
    async fn a_refused_client_is_said_to_be_refused_and_no_request_follows() {
        let tokens = Tokens::start().await;
        let account = tokens.account("acme", "wrong").await;
        let error = found(account.get("k1").await);
        assert!(matches!(error, CallError::TokenRefused { .. }), "{error:?}");
        assert!(error.to_string().contains("invalid_client"), "{error}");
        assert!(!format!("{error} {error:?}").contains("wrong"));
        assert_eq!(tokens.vendor.lines(), ["POST /acme/token"]);
    }

    #[tokio::test]
    async fn a_setting_cannot_lead_the_token_request_elsewhere() {
        let tokens = Tokens::start().await;
        for tenant in ["acme/../admin", "..", "acme%2f..", "acme/x"] {
            let config = AccountConfig {
                settings: object(json!({"tenant": tenant})),
                credential: Parts::from_iter([("client_id", "client-1"), ("client_secret", CLIENT_SECRET)]),
                ..AccountConfig::default()
            };
            let error = Account::new(&adapter(guests::OAUTH2).await, config).err().expect("no such account");
            assert!(matches!(error, AccountError::Bind(_)), "{tenant}: {error:?}");
        }
        assert_eq!(tokens.vendor.lines(), [""; 0]);
    }

    #[tokio::test]
    async fn accounts_share_no_token() {
        let tokens = Tokens::start().await;
        tokens.account("acme", CLIENT_SECRET).await.get("k1").await.unwrap();
        tokens.account("acme", CLIENT_SECRET).await.get("k1").await.unwrap();
        assert_eq!(tokens.tokens_fetched(), 2);
    }

    #[tokio::test]
    async fn the_client_secret_goes_to_the_token_endpoint_only() {
        let tokens = Tokens::start().await;
        whole_life(&tokens.account("acme", CLIENT_SECRET).await).await;
        let arrived = tokens.vendor.arrived();
        let others: Vec<_> = arrived.iter().filter(|request| request.path != "/acme/token").collect();
        assert!(!others.is_empty() && others.len() < arrived.len());
        for request in others {
            assert_eq!(request.header("authorization"), "Bearer t1", "{}", request.line());
            assert!(!format!("{request:?}").contains(CLIENT_SECRET), "{}", request.line());
            assert!(!String::from_utf8_lossy(&request.body).contains(CLIENT_SECRET), "{}", request.line());
        }
    }
}

mod osc4 {
    use super::*;

    const ACCESS_KEY: &str = "ABCDEFGHIJ0123456789";
    const SECRET_KEY: &str = "0123456789ABCDEFGHIJ0123456789ABCDEFGHIJ";

    fn check(request: &Arrived) -> Reply {
        let received = ReceivedRequest {
            method: request.method.as_str(),
            host: &request.host,
            path: &request.path,
            query: request.query.as_deref(),
            headers: &request.headers,
            body: &request.body,
        };
        let known = |access_key: &str| (access_key == ACCESS_KEY).then(|| SecretString::from(SECRET_KEY));
        match verify(&received, known) {
            Ok(claim) => {
                assert_eq!(claim.algorithm, Algorithm::Osc4);
                assert_eq!((claim.region.as_str(), claim.service.as_str()), ("eu-west-2", "api"));
                assert!((claim.signed_at - Utc::now()).abs() < TimeDelta::minutes(1));
                accepted(request)
            }
            Err(_) => Reply::empty(401),
        }
    }

    async fn account(vendor: &ScriptedVendor, secret_key: &str) -> Account {
        let parts = Parts::from_iter([("access_key", ACCESS_KEY), ("secret_key", secret_key)]);
        vendor.account(&adapter(guests::OSC4).await, object(json!({"region": "eu-west-2"})), parts)
    }

    #[tokio::test]
    async fn each_request_is_signed_over_http1() {
        let vendor = ScriptedVendor::start(check).await;
        assert_eq!(whole_life(&account(&vendor, SECRET_KEY).await).await, json!({"access_key": ACCESS_KEY}));
    }

    #[tokio::test]
    async fn each_request_is_signed_over_http2() {
        let vendor = ScriptedVendor::speaking_http2(check).await;
        assert_eq!(whole_life(&account(&vendor, SECRET_KEY).await).await, json!({"access_key": ACCESS_KEY}));
    }

    #[tokio::test]
    async fn a_signature_with_another_key_is_not_authenticated() {
        let vendor = ScriptedVendor::start(check).await;
        let other = SECRET_KEY.to_ascii_lowercase();
        assert_eq!(reason(account(&vendor, &other).await.get("k1").await), Reason::Unauthenticated);
    }

    #[tokio::test]
    async fn the_secret_key_is_in_no_request() {
        let vendor = ScriptedVendor::start(check).await;
        whole_life(&account(&vendor, SECRET_KEY).await).await;
        for request in vendor.arrived() {
            assert!(!format!("{request:?}").contains(SECRET_KEY), "{}", request.line());
        }
    }
}
