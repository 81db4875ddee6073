//! Access tokens: got by the host, kept while they live, and never a reason for doubt.

use std::time::Duration;

use keywright_runtime::{CallError, Filter, Limits, Parts, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::CommercetoolsBench as Bench;

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
