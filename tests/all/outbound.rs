//! The outbound handler, against a hostile adapter.

use std::collections::HashSet;
use std::net::TcpListener;

use keywright_egress::{Denial, DenialReason, EndpointOverrides, EndpointUrl, Rule, RuleSet};
use keywright_runtime::{
    Account, AccountConfig, Adapter, CallError, CreateRequest, EndpointOverride, Grant, Issued, Limits, Parts, Reason,
};
use keywright_tests::{Reply, ScriptedVendor, engine, engine_with, exposed, guests, object};
use serde_json::{Map, Value, json};

use crate::outcome::{failure, found};

const SECRET: &str = "the-administrators-secret";

/// The probe, and the vendor that it was granted.
struct Probe {
    vendor: ScriptedVendor,
    account: Account,
}

impl Probe {
    async fn start() -> Self {
        Self::with_limits(None).await
    }

    async fn with_limits(limits: Option<Limits>) -> Self {
        let vendor = ScriptedVendor::start(|request| match request.method.as_str() {
            "POST" => Reply::json(200, &json!({"secret_key": "a-minted-secret"})),
            _ => Reply::json(200, &json!({})),
        })
        .await;
        let engine = limits.map_or_else(|| engine().clone(), engine_with);
        let account = vendor.account(&adapter(&engine).await, Map::new(), parts(SECRET));
        Self { vendor, account }
    }

    /// A request to the vendor itself that nothing is wrong with.
    fn proper(&self) -> Value {
        json!({"method": "GET", "authority": self.vendor.authority(), "target": "/keys/1"})
    }

    /// That request with something about it changed.
    fn but(&self, change: Value) -> Value {
        let mut request = object(self.proper());
        request.extend(object(change));
        Value::Object(request)
    }

    /// Has the probe try this.
    async fn try_to_send(&self, request: Value) -> Result<Issued, CallError> {
        self.account.create(&requests(json!([request]), false)).await
    }

    /// Nothing arrived, and the next call of the same adapter works.
    async fn is_unharmed(&self, after: &Value) {
        assert_eq!(self.vendor.lines(), [""; 0], "{after}");
        self.try_to_send(self.proper()).await.unwrap_or_else(|error| panic!("after {after}: {error}"));
        assert_eq!(self.vendor.lines(), ["GET /keys/1"], "{after}");
        self.vendor.forget();
    }

    async fn is_denied(&self, request: Value) -> Denial {
        let error = found(self.try_to_send(request.clone()).await);
        let CallError::Denied(denial) = error else { panic!("{request}: {error:?}") };
        self.is_unharmed(&request).await;
        *denial
    }
}

async fn adapter(engine: &keywright_runtime::Engine) -> Adapter {
    Adapter::load_unpinned(engine, guests::PROBE, &Grant::as_requested().exposing_secrets())
        .await
        .expect("the probe loads")
}

fn parts(secret: &str) -> Parts {
    Parts::from_iter([("access_key", "own"), ("secret_key", secret)])
}

fn requests(requests: Value, go_on: bool) -> CreateRequest {
    let attributes = object(json!({"requests": requests, "go_on": go_on}));
    CreateRequest { attributes, ..CreateRequest::default() }
}

#[tokio::test]
async fn what_the_rules_name_passes_and_is_authenticated() {
    let probe = Probe::start().await;
    probe.try_to_send(probe.proper()).await.unwrap();
    let arrived = probe.vendor.arrived();
    assert_eq!((arrived.len(), arrived[0].header("x-auth-token")), (1, SECRET));
}

#[tokio::test]
async fn what_no_rule_names_is_denied_with_the_rule_that_would_allow_it() {
    let probe = Probe::start().await;
    for change in [
        json!({"method": "POST"}),
        json!({"method": "PUT"}),
        // Another operation's.
        json!({"method": "DELETE"}),
        json!({"target": "/keys"}),
        json!({"target": "/keys/1/more"}),
        json!({"target": "/admin/1"}),
        json!({"target": "/Keys/1"}),
    ] {
        let denial = probe.is_denied(probe.but(change.clone())).await;
        assert_eq!((denial.operation.as_str(), denial.reason), ("create", DenialReason::NoRule), "{change}");
        let line = denial.line.clone().unwrap_or_else(|| panic!("{change}: no line"));
        assert!(denial.to_string().contains(&line), "{denial}");
        let rule: Rule = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
        let mut granted: RuleSet = probe.account.adapter().descriptor().rules.clone();
        granted.rules.push(rule);
        let own: EndpointUrl = probe.vendor.url().parse().unwrap();
        let url = denial.url.parse().unwrap();
        let policy = granted.bind(&Map::new(), &EndpointOverrides::all(own)).unwrap();
        let decided = policy.could_allow("create", &denial.method.parse().unwrap(), &url);
        assert!(decided.is_ok(), "{line} does not allow {url}");
    }
}

/// The account has an endpoint of its own, so no rule leads elsewhere.
#[tokio::test]
async fn a_request_away_from_the_accounts_endpoint_is_denied_without_a_rule() {
    let probe = Probe::start().await;
    for authority in ["api.evil.example", "127.0.0.1:1", "127.0.0.1", "[::1]:8443", "localhost:8443"] {
        let denial = probe.is_denied(probe.but(json!({"authority": authority}))).await;
        assert_eq!((denial.reason, denial.line), (DenialReason::NoRule, None), "{authority}");
    }
}

#[tokio::test]
async fn a_denial_offers_no_rule_that_cannot_be_written() {
    let probe = Probe::start().await;
    for method in ["TRACE", "CONNECT", "get", "PURGE"] {
        let denial = probe.is_denied(probe.but(json!({"method": method}))).await;
        assert_eq!(denial.line, None, "{method}");
    }
}

#[tokio::test]
async fn what_has_two_readings_is_denied_whatever_the_rules_say() {
    let probe = Probe::start().await;
    let authority = probe.vendor.authority();
    for (change, reason) in [
        (json!({"scheme": "http"}), DenialReason::NotHttps),
        (json!({"scheme": "ftp"}), DenialReason::NotHttps),
        (json!({"authority": format!("user@{authority}")}), DenialReason::Host),
        (json!({"authority": format!("user:password@{authority}")}), DenialReason::Host),
        (json!({"authority": format!("api.probe.example@{authority}")}), DenialReason::Host),
        (json!({"authority": "127.0.0.1:"}), DenialReason::Host),
        (json!({"authority": "api.probe.example."}), DenialReason::Host),
        (json!({"target": "/keys/.."}), DenialReason::Path),
        (json!({"target": "/keys/."}), DenialReason::Path),
        (json!({"target": "/keys/%2e%2e"}), DenialReason::Path),
        (json!({"target": "/keys/%2E%2e"}), DenialReason::Path),
        (json!({"target": "/keys/a%2fb"}), DenialReason::Path),
        (json!({"target": "/keys/a%5Cb"}), DenialReason::Path),
        (json!({"target": "/keys/%252e%252e"}), DenialReason::Path),
        (json!({"target": "/keys/a%00"}), DenialReason::Path),
        (json!({"target": "/keys/a;b"}), DenialReason::Path),
        (json!({"target": "/keys//"}), DenialReason::Path),
        (json!({"target": "//keys/1"}), DenialReason::Path),
    ] {
        let denial = probe.is_denied(probe.but(change.clone())).await;
        assert_eq!(denial.reason, reason, "{change}");
        assert_eq!(denial.line, None, "{change}");
    }
}

#[tokio::test]
async fn a_request_that_is_none_goes_nowhere() {
    let probe = Probe::start().await;
    for change in [
        json!({"authority": null}),
        json!({"authority": ""}),
        json!({"authority": "a b"}),
        json!({"target": "keys/1"}),
        json!({"target": "https://api.evil.example/keys/1"}),
        json!({"target": "/keys/a b"}),
        json!({"method": "GE T"}),
        json!({"scheme": "no scheme"}),
        json!({"headers": {"x-note": "a\r\nx-auth-token: b"}}),
        json!({"headers": {"content-length": "7"}}),
        json!({"headers": {"content-length": "2"}, "body": "longer"}),
    ] {
        let request = probe.but(change);
        assert!(probe.try_to_send(request.clone()).await.is_err(), "{request}");
        probe.is_unharmed(&request).await;
    }
}

#[tokio::test]
async fn a_denial_does_not_tell_the_query() {
    let probe = Probe::start().await;
    let denial = probe.is_denied(probe.but(json!({"target": "/admin?token=hunter2"}))).await;
    assert!(!format!("{denial} {denial:?}").contains("hunter2"), "{denial}");
}

#[tokio::test]
async fn headers_that_are_the_hosts_are_not_the_adapters_to_set() {
    let probe = Probe::start().await;
    for header in [
        "Authorization",
        "Cookie",
        "X-Auth-Token",
        "x-auth-TOKEN",
        "Accept-Encoding",
        "Expect",
        "Forwarded",
        "TE",
        "Trailer",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-HTTP-Method-Override",
        "X-Original-URL",
        "X-Rewrite-URL",
    ] {
        let request = probe.but(json!({"headers": {header: "x"}}));
        let error = found(probe.try_to_send(request.clone()).await);
        let CallError::ReservedHeader { header: named, .. } = &error else { panic!("{header}: {error:?}") };
        assert_eq!(named, &header.to_ascii_lowercase());
        assert!(error.to_string().contains("leave it to the host"), "{error}");
        probe.is_unharmed(&request).await;
    }
}

/// `wasi:http` itself takes these of no component.
#[tokio::test]
async fn headers_that_govern_the_connection_cannot_even_be_made() {
    let probe = Probe::start().await;
    for header in ["Host", "Connection", "Transfer-Encoding", "Upgrade", "Proxy-Authorization", "Keep-Alive"] {
        let request = probe.but(json!({"headers": {header: "x"}}));
        let failure = failure(probe.try_to_send(request.clone()).await);
        assert!(failure.message.contains("Forbidden"), "{header}: {failure}");
        probe.is_unharmed(&request).await;
    }
}

#[tokio::test]
async fn the_vendor_sees_the_host_of_the_rule_and_no_other() {
    let probe = Probe::start().await;
    probe.try_to_send(probe.proper()).await.unwrap();
    assert_eq!(probe.vendor.arrived()[0].host, probe.vendor.authority());
}

/// The rule first, then the headers, then authentication, then the connection: what is wrong further on is not looked at.
#[tokio::test]
async fn rule_headers_authentication_and_connection_are_looked_at_in_this_order() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let adapter = adapter(engine()).await;
    // An authority that can be trusted, so that the machine's own are not asked for.
    let ca_pem = ScriptedVendor::start(|_| Reply::empty(200)).await.ca_pem().to_owned();
    let account = |secret: &str| {
        let endpoints = EndpointOverride::every(adapter.descriptor(), &format!("https://{nobody}"));
        let ca_pem = Some(ca_pem.clone());
        let config = AccountConfig { credential: parts(secret), endpoints, ca_pem, ..AccountConfig::default() };
        Account::new(&adapter, config).unwrap()
    };
    let outcome = async |account: &Account, target: &str, header: &str| {
        let request = json!({"authority": nobody.to_string(), "target": target, "headers": {header: "x"}});
        account.create(&requests(json!([request]), false)).await.unwrap_err()
    };
    let all_wrong = account("-----BEGIN WHAT NO HEADER CAN CARRY-----\n");
    assert!(matches!(outcome(&all_wrong, "/admin", "cookie").await, CallError::Denied(_)));
    assert!(matches!(outcome(&all_wrong, "/keys/1", "cookie").await, CallError::ReservedHeader { .. }));
    assert!(matches!(outcome(&all_wrong, "/keys/1", "accept").await, CallError::Unauthenticatable(_)));
    let only_unreachable = account(SECRET);
    let error = outcome(&only_unreachable, "/keys/1", "accept").await;
    assert!(error.to_string().contains("ConnectionRefused"), "{error}");
}

#[tokio::test]
async fn a_denied_request_after_a_minted_secret_is_a_warning_and_the_secret_is_kept() {
    let probe = Probe::start().await;
    let mint = probe.but(json!({"method": "POST", "target": "/keys"}));
    let beyond = probe.but(json!({"method": "DELETE"}));
    let issued = probe.account.create(&requests(json!([mint, beyond]), true)).await.unwrap();
    assert_eq!(exposed(&issued.parts, "secret_key"), "a-minted-secret");
    assert_eq!(issued.warnings.len(), 1, "{:?}", issued.warnings);
    assert!(issued.warnings[0].message.contains("may not send DELETE"), "{:?}", issued.warnings);
    assert_eq!(probe.vendor.lines(), ["POST /keys"]);
}

#[tokio::test]
async fn a_header_that_is_the_hosts_after_a_minted_secret_is_a_warning_too() {
    let probe = Probe::start().await;
    let mint = probe.but(json!({"method": "POST", "target": "/keys"}));
    let beyond = probe.but(json!({"headers": {"cookie": "x"}}));
    let issued = probe.account.create(&requests(json!([mint, beyond]), true)).await.unwrap();
    assert_eq!(exposed(&issued.parts, "secret_key"), "a-minted-secret");
    assert!(issued.warnings[0].message.contains("cookie"), "{:?}", issued.warnings);
}

/// Where nothing was minted there is nothing to keep: what the host found goes before whatever the adapter says.
#[tokio::test]
async fn an_adapter_that_keeps_quiet_about_a_denial_does_not_pass_for_one_that_looked() {
    let probe = Probe::start().await;
    let error = found(probe.account.get("beyond").await);
    assert!(matches!(error, CallError::Denied(_)), "{error:?}");
    probe.is_unharmed(&json!("a quiet denial")).await;
}

#[tokio::test]
async fn a_rule_that_mints_may_be_used_once_in_a_call() {
    let probe = Probe::start().await;
    let mint = probe.but(json!({"method": "POST", "target": "/keys"}));
    let issued = probe.account.create(&requests(json!([mint, mint]), true)).await;
    assert_eq!(probe.vendor.lines(), ["POST /keys"]);
    assert_eq!(exposed(&issued.unwrap().parts, "secret_key"), "a-minted-secret");
}

/// Two paths to the same thing do not make two credentials.
#[tokio::test]
async fn of_several_rules_that_mint_one_may_be_used_in_a_call() {
    let probe = Probe::start().await;
    let mint = |target: &str| probe.but(json!({"method": "POST", "target": target}));
    let issued = probe.account.create(&requests(json!([mint("/other-keys"), mint("/keys")]), true)).await;
    assert_eq!(probe.vendor.lines(), ["POST /other-keys"]);
    assert_eq!(exposed(&issued.unwrap().parts, "secret_key"), "a-minted-secret");
}

#[tokio::test]
async fn a_request_that_is_too_large_ends_the_call() {
    let probe = Probe::with_limits(Some(Limits { request_body: 10_000, ..Limits::default() })).await;
    let large = |length: usize| probe.but(json!({"method": "POST", "target": "/keys", "body": "x".repeat(length)}));
    let error = found(probe.try_to_send(large(10_001)).await);
    assert!(matches!(&error, CallError::Limit { limit, .. } if limit == "10000 bytes of a request"), "{error:?}");
    probe.is_unharmed(&json!("a large request")).await;
    probe.try_to_send(large(10_000)).await.unwrap();
    assert_eq!(probe.vendor.arrived()[0].body.len(), 10_000);
}

#[tokio::test]
async fn an_adapter_sees_the_public_parts_of_its_credential_only() {
    let probe = Probe::start().await;
    let issued = probe.try_to_send(probe.proper()).await.unwrap();
    assert_eq!(issued.credential.attributes["seen"], json!({"access_key": "own", "secret_key": null}));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let vendor = ScriptedVendor::start(|_| Reply::empty(302)).await;
    let account = vendor.account(&adapter(engine()).await, Map::new(), parts(SECRET));
    let request = json!({"authority": vendor.authority(), "target": "/keys/1"});
    let issued = account.create(&requests(json!([request]), false)).await.unwrap();
    assert_eq!(issued.credential.attributes["told"], json!([{"status": 302}]));
    assert_eq!(vendor.lines(), ["GET /keys/1"]);
}

#[tokio::test]
async fn calls_at_the_same_time_do_not_mix() {
    let probe = Probe::start().await;
    let outcomes: Vec<_> = {
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..16 {
            let account = probe.account.clone();
            let target = if number % 2 == 0 { format!("/keys/{number}") } else { format!("/admin/{number}") };
            let request = probe.but(json!({"target": target}));
            calls.spawn(async move { (number, account.create(&requests(json!([request]), false)).await) });
        }
        calls.join_all().await
    };
    for (number, outcome) in outcomes {
        match outcome {
            Ok(_) => assert_eq!(number % 2, 0),
            Err(CallError::Denied(denial)) => assert!(denial.url.ends_with(&format!("/admin/{number}")), "{denial}"),
            Err(other) => panic!("{number}: {other:?}"),
        }
    }
    let lines: HashSet<String> = probe.vendor.lines().into_iter().collect();
    assert_eq!(lines, (0..16).step_by(2).map(|number| format!("GET /keys/{number}")).collect());
}

#[tokio::test]
async fn an_adapter_that_answers_beside_the_question_is_a_failure_of_its_own() {
    let probe = Probe::start().await;
    let request = probe.but(json!({"authority": "a b"}));
    let failure = failure(probe.try_to_send(request).await);
    assert_eq!(failure.reason, Reason::Vendor { code: "probe".to_owned() });
}
