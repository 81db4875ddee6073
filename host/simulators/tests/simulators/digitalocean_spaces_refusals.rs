//! Every error of the management API, in the form in which it comes.

use std::time::Duration;

use http::Method;
use keywright_simulators::Vendor as _;
use serde_json::{Value, json};

use crate::{
    client::Answer,
    digitalocean_spaces_client::{KEYS, Spaces, full, path_of, reading},
};

/// The status, the id and the message of an error.
fn error(answer: &Answer) -> (u16, String, String) {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), text("id"), text("message"))
}

#[tokio::test]
async fn a_request_without_the_token_is_not_authenticated() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("a", full()).await;
    let basic = format!("Basic {}", spaces.token);
    let cut = format!("Bearer {}", &spaces.token[..spaces.token.len() - 1]);
    let access_key = format!("Bearer {}", key["access_key"].as_str().unwrap());
    let secret_key = format!("Bearer {}", key["secret_key"].as_str().unwrap());
    let bad = ["", "Bearer", "Bearer ", &spaces.token, &basic, &cut, &access_key, &secret_key];
    let headers = bad.iter().map(|value| vec![("authorization", *value)]).chain([vec![]]);
    for headers in headers {
        let answer = spaces.send_with(Method::GET, KEYS, &headers, None).await;
        let expected = (401, "unauthorized".to_owned(), "Unable to authenticate you".to_owned());
        assert_eq!(error(&answer), expected, "{headers:?}");
        assert_eq!(answer.header("ratelimit-limit"), None);
    }
    let lower = format!("bearer {}", spaces.token);
    assert_eq!(spaces.send_with(Method::GET, KEYS, &[("authorization", &lower)], None).await.status, 200);
}

#[tokio::test]
async fn a_token_may_do_what_its_scopes_say() {
    let scopes = [
        ("spaces_key:read", [true, true, false, false, false, false]),
        ("spaces_key:create_credentials", [false, false, true, false, false, false]),
        ("spaces_key:update", [false, false, false, true, true, false]),
        ("spaces_key:delete", [false, false, false, false, false, true]),
        ("spaces_key:read,spaces_key:delete", [true, true, false, false, false, true]),
    ];
    for (scopes, expected) in scopes {
        let spaces = Spaces::start(&[("scopes", scopes)]).await;
        let path = format!("{KEYS}/{}", spaces.vendor.issue_by_hand());
        let new = || Some(json!({"name": "new", "grants": reading()}));
        let mut allowed = Vec::new();
        for (method, path, body) in [
            (Method::GET, KEYS, None),
            (Method::GET, path.as_str(), None),
            (Method::POST, KEYS, new()),
            (Method::PUT, path.as_str(), new()),
            (Method::PATCH, path.as_str(), new()),
            (Method::DELETE, path.as_str(), None),
        ] {
            let answer = spaces.send(method, path, body).await;
            allowed.push(answer.status.is_success());
            if !answer.status.is_success() {
                let message = "You are not authorized to perform this operation".to_owned();
                assert_eq!(error(&answer), (403, "Forbidden".to_owned(), message), "{scopes}");
            }
        }
        assert_eq!(allowed, expected, "{scopes}");
    }
}

#[tokio::test]
async fn the_id_of_a_403_is_small_when_so_chosen() {
    let spaces = Spaces::start(&[("scopes", "spaces_key:read"), ("forbidden-id", "forbidden")]).await;
    let answer = spaces.send(Method::POST, KEYS, Some(json!({"name": "a"}))).await;
    assert_eq!(error(&answer).1, "forbidden");
}

#[tokio::test]
async fn an_error_has_the_id_of_its_request_unless_chosen_otherwise() {
    for (options, has) in [(vec![], true), (vec![("request-id", "false")], false)] {
        let spaces = Spaces::start(&options).await;
        let answer = spaces.get(&format!("{KEYS}/DO00GONE")).await;
        assert_eq!(error(&answer).1, "not_found");
        let header = answer.header("x-request-id").unwrap();
        assert!(uuid::Uuid::parse_str(header).is_ok(), "{header}");
        assert_eq!(answer.json()["request_id"], if has { json!(header) } else { Value::Null });
    }
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let spaces = Spaces::start(&[("longest-name", "4")]).await;
    let cases = [
        (json!({"name": 7}), "name: must be a string"),
        (json!({"name": "abcde"}), "name: must be at most 4 characters"),
        (json!({"name": "a", "grants": {}}), "grants: must be a list"),
        (json!({"name": "a", "grants": [{"bucket": "photos"}]}), "grants: grant 0 must have a text for permission"),
        (json!({"name": "a", "grants": [{"bucket": "", "permission": "read"}]}), "grants: a bucket is required"),
        (json!({"name": "a", "grant": []}), "grant: unknown field"),
    ];
    let key = spaces.create("kept", reading()).await;
    for (body, expected) in cases {
        for (method, path) in
            [(Method::POST, KEYS.to_owned()), (Method::PUT, path_of(&key)), (Method::PATCH, path_of(&key))]
        {
            let (status, id, message) = error(&spaces.send(method, &path, Some(body.clone())).await);
            assert_eq!((status, id.as_str()), (400, "bad_request"), "{body}");
            assert!(message.starts_with(expected), "{body}: {message}");
        }
    }
    assert_eq!(spaces.list("").await, ["kept"], "nothing was made or changed");
}

#[tokio::test]
async fn a_name_is_made_of_plain_characters_when_so_chosen() {
    for (choice, status) in [("any", 201), ("plain", 400)] {
        let spaces = Spaces::start(&[("name-characters", choice)]).await;
        for (name, expected) in [("ci.deploy_7-a", 201), ("ci deploy", status), ("a[b]", status), ("é", status)] {
            let answer = spaces.send(Method::POST, KEYS, Some(json!({"name": name}))).await;
            assert_eq!(answer.status, expected, "{choice} {name}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let spaces = Spaces::start(&[]).await;
    let bearer = format!("Bearer {}", spaces.token);
    for body in ["", "{", "[]", "\"text\"", "null"] {
        let headers = [("authorization", bearer.as_str())];
        let answer = spaces.send_with(Method::POST, KEYS, &headers, Some(body.to_owned())).await;
        assert_eq!((answer.status.as_u16(), error(&answer).1.as_str()), (400, "bad_request"), "{body}");
    }
}

#[tokio::test]
async fn a_grant_for_no_bucket_is_refused_unless_chosen_otherwise() {
    let grants = json!([{"bucket": "nowhere", "permission": "read"}]);
    let body = json!({"name": "a", "grants": grants});
    let spaces = Spaces::start(&[]).await;
    let answer = spaces.send(Method::POST, KEYS, Some(body.clone())).await;
    assert_eq!(error(&answer), (400, "bad_request".to_owned(), "bucket nowhere does not exist".to_owned()));
    let key = spaces.create("a", reading()).await;
    assert_eq!(spaces.send(Method::PUT, &path_of(&key), Some(body.clone())).await.status, 400);
    let spaces = Spaces::start(&[("unknown-bucket", "accept")]).await;
    assert_eq!(spaces.send(Method::POST, KEYS, Some(body)).await.json()["key"]["grants"], grants);
}

#[tokio::test]
async fn a_bucket_with_a_policy_is_for_no_limited_key() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("before", reading()).await;
    assert!(spaces.vendor.set_bucket_policy("keywright-demo", true));
    assert!(!spaces.vendor.set_bucket_policy("nowhere", true));
    let answer = spaces.send(Method::POST, KEYS, Some(json!({"name": "a", "grants": reading()}))).await;
    let (status, id, message) = error(&answer);
    assert_eq!((status, id.as_str()), (412, "precondition_failed"));
    assert!(message.contains("keywright-demo"), "{message}");
    spaces.create("full", full()).await;
    let renamed = spaces.send(Method::PATCH, &path_of(&key), Some(json!({"name": "renamed"}))).await;
    assert_eq!(renamed.status, 200, "a grant that is there already is not asked again");
    assert!(spaces.vendor.set_bucket_policy("keywright-demo", false));
    spaces.create("after", reading()).await;
}

#[tokio::test]
async fn one_key_too_many_is_refused_in_one_of_four_ways() {
    for (choice, status, id) in [
        (None, 422, "unprocessable_entity"),
        (Some("400"), 400, "bad_request"),
        (Some("403"), 403, "Forbidden"),
        (Some("412"), 412, "precondition_failed"),
        (Some("422"), 422, "unprocessable_entity"),
    ] {
        let mut options = vec![("quota", "1")];
        options.extend(choice.map(|choice| ("quota-answer", choice)));
        let spaces = Spaces::start(&options).await;
        let key = spaces.create("first", json!([])).await;
        let answer = spaces.send(Method::POST, KEYS, Some(json!({"name": "second"}))).await;
        let message = "the account has reached its limit of 1 Spaces access keys".to_owned();
        assert_eq!(error(&answer), (status, id.to_owned(), message));
        spaces.delete(&key).await;
        spaces.create("second", json!([])).await;
    }
}

#[tokio::test]
async fn every_answer_says_how_many_requests_are_left() {
    let spaces = Spaces::start(&[("hourly-limit", "3")]).await;
    let before = spaces.vendor.clock().now().timestamp();
    let mut seen = Vec::new();
    for path in [KEYS.to_owned(), format!("{KEYS}/DO00GONE"), KEYS.to_owned(), KEYS.to_owned()] {
        let answer = spaces.get(&path).await;
        let number = |name: &str| answer.header(name).unwrap().parse::<i64>().unwrap();
        seen.push((answer.status.as_u16(), number("ratelimit-limit"), number("ratelimit-remaining")));
        let reset = number("ratelimit-reset");
        assert!((before + 3600..before + 3610).contains(&reset), "{reset}");
        assert_eq!(answer.header("retry-after"), None);
    }
    assert_eq!(seen, [(200, 3, 2), (404, 3, 1), (200, 3, 0), (429, 3, 0)]);
    assert_eq!(error(&spaces.get(KEYS).await).1, "too_many_requests");
    spaces.vendor.clock().advance(Duration::from_secs(3600));
    assert_eq!(spaces.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn a_burst_is_answered_with_how_long_to_wait() {
    let spaces = Spaces::start(&[("burst-limit", "2")]).await;
    spaces.get(KEYS).await;
    spaces.get(KEYS).await;
    let answer = spaces.get(KEYS).await;
    assert_eq!(answer.status, 429);
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(answer.header("ratelimit-remaining"), Some("4998"));
    spaces.vendor.clock().advance(Duration::from_secs(wait));
    assert_eq!(spaces.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn the_faults_have_the_forms_of_the_api() {
    for (retry_after, expected) in [("7", Some("7")), ("0", None)] {
        let spaces = Spaces::start(&[("retry-after", retry_after)]).await;
        spaces.fault("rate-limit@list*1");
        spaces.fault("server-error@list*1");
        let limited = spaces.get(KEYS).await;
        assert_eq!(error(&limited).1, "too_many_requests");
        assert_eq!((limited.status.as_u16(), limited.header("retry-after")), (429, expected));
        assert_eq!(limited.header("ratelimit-remaining"), Some("0"));
        let failed = spaces.get(KEYS).await;
        assert_eq!(error(&failed), (500, "server_error".to_owned(), "Unexpected server-side error".to_owned()));
        assert_eq!(spaces.get(KEYS).await.status, 200);
    }
}

#[tokio::test]
async fn an_unknown_path_or_method_is_answered_in_json() {
    let spaces = Spaces::start(&[]).await;
    for (method, path, status, id) in [
        (Method::GET, "/v2/spaces", 404, "not_found"),
        (Method::GET, "/v2", 404, "not_found"),
        (Method::PUT, KEYS, 405, "method_not_allowed"),
    ] {
        let answer = spaces.send(method, path, None).await;
        assert_eq!((answer.status.as_u16(), error(&answer).1.as_str()), (status, id), "{path}");
        assert!(answer.header("x-request-id").is_some(), "{path}");
    }
}
