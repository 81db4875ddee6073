//! Nothing of an API client changes in place: each change is refused by the field that was to change, before anything is
//! sent, and says what to do.

use chrono::{TimeDelta, Utc};
use keywright_runtime::{ExpiryChange, Problem, Reason, RegenerateRequest, UpdateRequest};
use keywright_tests::{CommercetoolsBench as Bench, object};
use serde_json::json;

use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn every_attribute_is_refused_as_one_that_cannot_change() {
    let bench = Bench::start().await;
    let id = bench.client("ci").await.credential.id;
    let mark = bench.mark();
    for attributes in [
        json!({"name": "new"}),
        json!({"scope": [bench.scope("view_orders")]}),
        json!({"access_token_validity_seconds": 7200}),
        json!({"refresh_token_validity_seconds": null}),
    ] {
        let name = attributes.as_object().unwrap().keys().next().unwrap().clone();
        let change = UpdateRequest { attributes: object(attributes), ..UpdateRequest::default() };
        let failure = failure(bench.account.update(&id, &change).await);
        assert!(failure.message.contains("make a new one in its place"), "{failure}");
        assert_eq!(
            problem(bench.account.update(&id, &change).await),
            (format!("/attributes/{name}"), Problem::Immutable)
        );
    }
    assert_eq!(bench.lines_since(mark), [""; 0]);
}

#[tokio::test]
async fn an_expiry_is_refused_as_one_that_cannot_change() {
    let bench = Bench::start().await;
    for expiry in [ExpiryChange::Set(Utc::now() + TimeDelta::days(1)), ExpiryChange::Clear] {
        let change = UpdateRequest { expiry, ..UpdateRequest::default() };
        assert_eq!(problem(bench.account.update("x", &change).await), ("/expires_at".to_owned(), Problem::Immutable));
    }
    assert_eq!(bench.lines_since(0), [""; 0]);
}

#[tokio::test]
async fn a_change_of_nothing_is_an_operation_that_the_vendor_lacks() {
    let bench = Bench::start().await;
    assert_eq!(reason(bench.account.update("x", &UpdateRequest::default()).await), Reason::Unsupported);
    let unknown = UpdateRequest { attributes: object(json!({"colour": "red"})), ..UpdateRequest::default() };
    assert_eq!(problem(bench.account.update("x", &unknown).await).1, Problem::Unknown);
    assert_eq!(reason(bench.account.set_enabled("x", false).await), Reason::Unsupported);
    assert_eq!(reason(bench.account.regenerate("x", &RegenerateRequest::default()).await), Reason::Unsupported);
    assert_eq!(bench.lines_since(0), [""; 0]);
}
