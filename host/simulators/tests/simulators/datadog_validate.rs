//! The ways to ask Datadog whether keys are valid, and its limits of requests.

use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::client::Answer;
use crate::datadog::{Datadog, KEYS, VALIDATE, VALIDATE_KEYS, VALIDATE_V2, told, value};

#[tokio::test]
async fn a_made_key_is_valid_until_it_is_deleted() {
    let datadog = Datadog::start(&[]).await;
    let made = datadog.named("one").await;
    assert_eq!(told(&datadog.validate(VALIDATE, value(&made)).await), (200, json!({"valid": true})));
    datadog.delete(&made["id"]).await;
    let refused = (403, json!({"errors": ["Forbidden"]}));
    assert_eq!(told(&datadog.validate(VALIDATE, value(&made)).await), refused);
    assert_eq!(told(&datadog.validate(VALIDATE, "0123456789abcdef0123456789abcdef").await), refused);
    let none = datadog.send_with(&[], Method::GET, VALIDATE, None).await;
    assert_eq!(told(&none), (403, json!({"errors": ["API key required"]})));
}

#[tokio::test]
async fn validating_an_api_key_does_not_look_at_an_application_key() {
    let datadog = Datadog::start(&[]).await;
    for path in [VALIDATE, VALIDATE_V2] {
        let answer = datadog.send_as((&datadog.api_key, "wrong"), Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[tokio::test]
async fn the_newer_validation_tells_which_key_it_is() {
    let datadog = Datadog::start(&[]).await;
    let made = datadog.create(json!({"name": "one", "remote_config_read_enabled": true})).await;
    let of = |id: &str, scopes: &[&str]| {
        let attributes = json!({"api_key_id": id, "api_key_scopes": scopes, "valid": true});
        let data = json!({"type": "validate_v2", "id": datadog.vendor.organization_id(), "attributes": attributes});
        (200, json!({"data": data}))
    };
    let expected = of(made["id"].as_str().unwrap(), &["remote_config_read"]);
    assert_eq!(told(&datadog.validate(VALIDATE_V2, value(&made)).await), expected);
    let own = of(&datadog.vendor.administrator_key_id(), &[]);
    assert_eq!(told(&datadog.validate(VALIDATE_V2, &datadog.api_key).await), own);
    let refused = json!({"errors": [{"status": "403", "title": "Forbidden", "detail": "Forbidden"}]});
    for headers in [vec![], vec![("DD-API-KEY", "wrong")]] {
        let answer = datadog.send_with(&headers, Method::GET, VALIDATE_V2, None).await;
        assert_eq!(told(&answer), (403, refused.clone()));
    }
}

#[tokio::test]
async fn a_preview_that_is_withdrawn_is_an_unknown_path() {
    let datadog = Datadog::start(&[("preview", "gone")]).await;
    let gone = (404, json!({"errors": ["Not Found"]}));
    assert_eq!(told(&datadog.validate(VALIDATE_V2, &datadog.api_key).await), gone);
    assert_eq!(datadog.validate(VALIDATE, &datadog.api_key).await.status, 200);
}

#[tokio::test]
async fn a_pair_of_keys_is_validated_without_a_permission() {
    for (option, refused) in [("401", (401, "Unauthorized")), ("403", (403, "Forbidden"))] {
        let datadog = Datadog::start(&[("validate-keys-refusal", option)]).await;
        let powerless = datadog.vendor.issue_application_key(&[]);
        let keys = async |api_key: &str, application_key: &str| {
            told(&datadog.send_as((api_key, application_key), Method::GET, VALIDATE_KEYS, None).await)
        };
        assert_eq!(keys(&datadog.api_key, &powerless).await, (200, json!({"status": "ok"})));
        let refused = (refused.0, json!({"errors": [refused.1]}));
        assert_eq!(keys(&datadog.api_key, "wrong").await, refused);
        assert_eq!(keys("wrong", &datadog.application_key).await, refused);
        assert_eq!(told(&datadog.validate(VALIDATE_KEYS, &datadog.api_key).await), refused);
    }
}

#[tokio::test]
async fn acceptance_and_refusal_may_come_late() {
    let datadog = Datadog::start(&[("acceptance-delay", "30000"), ("revocation-delay", "60000")]).await;
    let clock = datadog.simulator.vendor().clock().clone();
    let made = datadog.named("one").await;
    let status = async || datadog.validate(VALIDATE, value(&made)).await.status.as_u16();
    assert_eq!(status().await, 403);
    assert_eq!(datadog.read(&made["id"]).await.status, 200, "it is told of at once");
    clock.advance(Duration::from_secs(30));
    assert_eq!(status().await, 200);
    datadog.delete(&made["id"]).await;
    assert_eq!(datadog.read(&made["id"]).await.status, 404);
    assert_eq!((status().await, datadog.validate(VALIDATE_V2, value(&made)).await.status.as_u16()), (200, 200));
    clock.advance(Duration::from_secs(60));
    assert_eq!(status().await, 403);
}

/// Limit, period, remaining, and whether there is a time to wait and a name.
fn limits(answer: &Answer) -> [Option<&str>; 3] {
    ["x-ratelimit-limit", "x-ratelimit-period", "x-ratelimit-remaining"].map(|name| answer.header(name))
}

#[tokio::test]
async fn a_limit_is_told_with_every_answer() {
    let datadog = Datadog::start(&[("rate-limit", "2"), ("rate-limit-period", "1000000000")]).await;
    let first = datadog.get(KEYS).await;
    assert_eq!((first.status.as_u16(), limits(&first)), (200, [Some("2"), Some("1000000000"), Some("1")]));
    // A refused request counts too.
    let second = datadog.validate(VALIDATE, "wrong").await;
    assert_eq!((second.status.as_u16(), limits(&second)), (403, [Some("2"), Some("1000000000"), Some("0")]));
    let third = datadog.try_create(json!({"name": "one"})).await;
    let text = "Rate limit of 2 requests in 1000000000 seconds reached. Please try again later.";
    assert_eq!(told(&third), (429, json!({"errors": [text]})));
    let reset: u64 = third.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((1..=1_000_000_000).contains(&reset), "{reset}");
    assert!(third.header("x-ratelimit-name").is_some() && third.header("retry-after").is_none());

    datadog.simulator.vendor().clock().advance(Duration::from_secs(reset));
    assert_eq!(datadog.list("?filter=one").await, Vec::<String>::new(), "nothing was made");
}

#[tokio::test]
async fn a_429_says_how_long_to_wait_or_does_not() {
    for (option, header) in [("0", None), ("7", Some("7"))] {
        let datadog = Datadog::start(&[("rate-limit-reset", option)]).await;
        datadog.fault("rate-limit@verify*1");
        let answer = datadog.validate(VALIDATE, &datadog.api_key).await;
        assert_eq!((answer.status.as_u16(), answer.header("x-ratelimit-reset")), (429, header));
        assert_eq!(answer.header("x-ratelimit-remaining"), header.map(|_| "0"));
        assert!(answer.json()["errors"][0].as_str().unwrap().contains("100 requests in 60 seconds"));
        assert_eq!(datadog.validate(VALIDATE, &datadog.api_key).await.status, 200);
    }
}
