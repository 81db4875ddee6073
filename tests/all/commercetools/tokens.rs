//! Access tokens: got by the host, kept while they live, and never a reason for doubt.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{Account, CallError, Filter, Limits, Parts, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{CommercetoolsBench as Bench, Reply, ScriptedVendor, engine, object};
use serde_json::json;

use crate::outcome::{failure, found, reason};

#[tokio::test]
async fn a_token_that_the_vendor_ended_is_thrown_away_and_the_next_call_works() {
    let bench = Bench::start().await;
    bench.account.check().await.unwrap();
    // The host's clock goes on as before, so that it takes its token for fresh.
    bench.vendor.clock().advance(Duration::from_secs(49 * 3600));
    let mark = bench.mark();
    let failure = failure(bench.account.get("nobody").await);
    assert_eq!(failure.reason, Reason::Unauthenticated);
    assert!(
        failure.message.contains("invalid_token") && failure.message.contains("the next call gets a new one"),
        "{failure}"
    );
    assert_eq!(bench.methods_since(mark), ["GET"], "nothing is sent twice");
    let mark = bench.mark();
    assert_eq!(bench.account.get("nobody").await.unwrap(), None);
    assert_eq!(bench.methods_since(mark), ["POST", "GET"]);
}

#[tokio::test]
async fn wrong_credentials_are_unauthenticated_and_reach_no_api() {
    let bench = Bench::start().await;
    for parts in [
        [("client_id", bench.own("client_id")), ("client_secret", "hush-1".to_owned())],
        [("client_id", "nobody".to_owned()), ("client_secret", bench.own("client_secret"))],
    ] {
        let account = bench.account_with(Parts::from_iter(parts));
        let mark = bench.mark();
        let error = found(account.create(&bench.creation("ci")).await);
        assert!(matches!(error, CallError::TokenRefused { .. }), "{error:?}");
        assert_eq!(error.kind(), "unauthenticated");
        assert!(error.to_string().contains("invalid_client"), "{error}");
        assert!(!format!("{error} {error:?}").contains("hush-1"));
        assert_eq!(bench.lines_since(mark), ["POST /oauth/token"]);
    }
}

#[tokio::test]
async fn no_scope_is_asked_for() {
    let bench = Bench::start().await;
    bench.account.check().await.unwrap();
    assert_eq!(bench.since(0)[0].body, "grant_type=client_credentials");
}

/// What an operator needs to wait, or to ask the vendor's support.
#[tokio::test]
async fn what_the_token_endpoint_says_of_a_refusal_is_kept() {
    let soon = (Utc::now() + TimeDelta::seconds(60)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (retry_after, least, most) in [("7", 7, 7), (soon.as_str(), 50, 61)] {
        let reply = Reply::json(429, &json!({"error": "slow_down", "error_description": "too many tokens"}))
            .header("retry-after", retry_after)
            .header("x-correlation-id", "r-429");
        let (_vendor, account) = scripted(reply).await;
        let failure = failure(account.list(&Filter::default(), None).await);
        assert_eq!((&failure.reason, failure.status), (&Reason::RateLimited, Some(429)), "{failure:?}");
        assert_eq!(failure.request_id.as_deref(), Some("r-429"));
        assert!(failure.retry_after.is_some_and(|wait| (least..=most).contains(&wait)), "{failure:?}");
        assert!(failure.message.contains("too many tokens"), "{failure}");
    }
    let reply = Reply::json(401, &json!({"error": "invalid_client"})).header("x-correlation-id", "r-401");
    let (_vendor, account) = scripted(reply).await;
    let error = found(account.list(&Filter::default(), None).await);
    let CallError::TokenRefused { status, request_id, .. } = error else { panic!("{error:?}") };
    assert_eq!((status, request_id.as_deref()), (Some(401), Some("r-401")));
}

async fn scripted(reply: Reply) -> (ScriptedVendor, Account) {
    let vendor = ScriptedVendor::start(move |_| reply.clone()).await;
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let settings = object(json!({"project_key": "pk", "region": "europe-west1.gcp"}));
    let parts = Parts::from_iter([("client_id", "administrator"), ("client_secret", "s3cr3t")]);
    let account = vendor.account(&adapter, settings, parts);
    (vendor, account)
}

/// The request that makes a client is not sent without a token, so there can be none.
#[tokio::test]
async fn a_token_that_does_not_come_leaves_no_creation_in_doubt() {
    for fault in ["lose-answer", "cut", "truncate", "html", "html-after", "server-error", "bad-gateway", "huge"] {
        let bench = Bench::start().await;
        bench.fault(&format!("{fault}@token*1"));
        let failure = failure(bench.account.create(&bench.creation("ci")).await);
        assert_eq!(failure.reason, Reason::Unavailable, "{fault}");
        assert_eq!(bench.lines_since(0), ["POST /oauth/token"], "{fault}");
        assert_eq!(bench.vendor.clients(), 1, "{fault}");
        bench.client("ci").await;
    }
}

#[tokio::test]
async fn a_token_that_comes_too_late_is_unavailable() {
    let limits = Limits { first_byte: Duration::from_millis(200), ..Limits::default() };
    let bench = Bench::builder().limits(limits).start().await;
    bench.fault("slow=3s@token*1");
    let failure = failure(bench.account.create(&bench.creation("ci")).await);
    assert_eq!(failure.reason, Reason::Unavailable);
    assert!(failure.message.starts_with("there is no access token: "), "{failure}");
    bench.client("ci").await;
}

#[tokio::test]
async fn a_revoked_administrator_works_on_while_its_token_lives_or_not_at_all() {
    for (tokens, works) in [("live", true), ("die", false)] {
        let bench = Bench::builder().option("tokens-of-deleted", tokens).start().await;
        let mut creation = bench.creation("second administrator");
        let scope = ["manage_api_clients", "view_api_clients"].map(|name| bench.scope(name));
        creation.attributes.insert("scope".to_owned(), scope.to_vec().into());
        let issued = bench.account.create(&creation).await.unwrap();
        let second = bench.account_with(issued.parts.clone());
        second.list(&Filter::default(), None).await.unwrap();
        bench.account.revoke(&issued.credential.id).await.unwrap();
        let outcome = second.list(&Filter::default(), None).await;
        match works {
            true => assert!(outcome.is_ok()),
            false => assert_eq!(reason(outcome), Reason::Unauthenticated),
        }
    }
}
