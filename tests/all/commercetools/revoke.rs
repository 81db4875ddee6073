//! Ending API clients.

use keywright_runtime::{CallError, Reason};
use keywright_tests::{CommercetoolsBench as Bench, Reply};
use serde_json::json;

use crate::outcome::{found, reason};

#[tokio::test]
async fn a_client_that_was_ended_is_gone_and_can_be_ended_again() {
    for body in [true, false] {
        let bench = Bench::builder().option("not-found-body", body).start().await;
        let id = bench.client("ci").await.credential.id;
        let before = bench.vendor.clients();
        bench.account.revoke(&id).await.unwrap();
        assert_eq!(bench.vendor.clients(), before - 1);
        assert_eq!(bench.account.get(&id).await.unwrap(), None);
        let mark = bench.mark();
        bench.account.revoke(&id).await.unwrap();
        // Where a 404 says nothing, the project is asked whether it is there.
        let expected: &[&str] = if body { &["DELETE"] } else { &["DELETE", "GET"] };
        assert_eq!(bench.methods_since(mark), expected);
    }
}

#[tokio::test]
async fn who_may_not_list_cannot_tell_a_404_that_says_nothing() {
    let bench = Bench::builder()
        .option("administrator-scope", "manage_api_clients")
        .option("not-found-body", false)
        .start()
        .await;
    assert_eq!(reason(bench.account.revoke("nobody").await), Reason::Forbidden);
    let told = Bench::builder().option("administrator-scope", "manage_api_clients").start().await;
    told.account.revoke("nobody").await.unwrap();
}

#[tokio::test]
async fn a_client_does_not_end_itself() {
    let bench = Bench::start().await;
    let error = found(bench.account.revoke(&bench.own("client_id")).await);
    assert!(matches!(error, CallError::SelfRevocation { .. }), "{error:?}");
    assert_eq!(bench.lines_since(0), [""; 0]);
}

#[tokio::test]
async fn a_page_that_is_no_answer_is_no_end() {
    for reply in [
        Reply::new(200, "text/html", "<html>OK</html>"),
        Reply::empty(200),
        Reply::empty(204),
        Reply::json(200, &json!({})),
        Reply::json(200, &json!([])),
    ] {
        let (vendor, account) = Bench::scripted(move |_| reply.clone()).await;
        assert_eq!(reason(account.revoke("x").await), Reason::InDoubt);
        assert_eq!(vendor.lines(), ["POST /oauth/token", "DELETE /pk/api-clients/x"]);
    }
}
