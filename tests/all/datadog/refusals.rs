//! What the vendor refuses, in terms to act on.

use keywright_runtime::{Parts, Problem, Quota, Reason, UpdateRequest};
use keywright_simulators::datadog::Permission;
use keywright_tests::{DatadogBench as Bench, Reply, object};
use serde_json::json;

use super::scripted::{ID, always, error};
use crate::outcome::{failure, problem, problems, reason};

fn renamed() -> UpdateRequest {
    UpdateRequest { attributes: object(json!({"name": "new"})), ..UpdateRequest::default() }
}

#[tokio::test]
async fn one_key_too_many_is_a_quota_and_a_revoked_one_makes_room() {
    for answer in ["400", "403"] {
        let bench = Bench::builder().option("quota", 2).option("quota-answer", answer).start().await;
        let id = bench.key("fits").await.credential.id;
        let failure = failure(bench.account.create(&bench.creation("one too many")).await);
        assert_eq!(failure.reason, Reason::Quota(Quota { limit: None, used: None }), "{answer}");
        assert!(failure.message.contains("its limit of 2 API keys"), "{failure}");
        bench.account.revoke(&id).await.unwrap();
        bench.key("fits again").await;
    }
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_at_the_name_whatever_it_says() {
    for refused in ["400", "409"] {
        let bench = Bench::builder().option("duplicate-name", refused).start().await;
        for name in ["web", "rate limit proxy", "Quota"] {
            bench.key(name).await;
            let outcome = bench.account.create(&bench.creation(name)).await;
            assert_eq!(problem(outcome), ("/attributes/name".to_owned(), Problem::Constraint), "{refused} {name}");
        }
    }
}

#[tokio::test]
async fn the_name_of_a_revoked_key_is_free_with_another_marker() {
    let bench = Bench::builder().option("revoked-name", "held").start().await;
    let id = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap().credential.id;
    bench.account.revoke(&id).await.unwrap();
    bench.account.create(&bench.marked_creation("ci", "g2")).await.unwrap();
}

#[tokio::test]
async fn a_body_that_datadog_refuses_is_invalid_in_its_words() {
    let bench = Bench::builder().option("longest-name", 5).start().await;
    let problems = problems(bench.account.create(&bench.creation("longer")).await);
    assert_eq!((problems[0].pointer.as_str(), problems[0].problem), ("/attributes", Problem::Constraint));
    assert!(problems[0].message.contains("must be at most 5 characters"), "{}", problems[0].message);
}

#[tokio::test]
async fn an_account_without_permissions_is_forbidden_everything_and_learns_what_it_lacks() {
    for form in ["plain", "verbose"] {
        let bench = Bench::builder().option("forbidden-form", form).start().await;
        let id = bench.key("ci").await.credential.id;
        let account = bench.permitted(&[]);
        for (failure, permission) in [
            (failure(account.create(&bench.creation("new")).await), "api_keys_write"),
            (failure(account.get(&id).await), "api_keys_read"),
            (failure(account.list_all(&Default::default()).await), "api_keys_read"),
            (failure(account.update(&id, &renamed()).await), "api_keys_write"),
            (failure(account.revoke(&id).await), "api_keys_delete"),
        ] {
            assert_eq!((&failure.reason, failure.status), (&Reason::Forbidden, Some(403)));
            // Nothing tells which of the three it is.
            assert!(failure.message.contains("API key or the application key"), "{failure}");
            assert!(failure.message.contains(permission), "{failure}");
        }
        assert_eq!(bench.stored(&id).await.attributes["name"], "ci");
    }
}

#[tokio::test]
async fn an_absent_key_is_not_found_by_those_who_may_read_only() {
    let bench = Bench::start().await;
    assert_eq!(reason(bench.permitted(&[Permission::Write]).get(ID).await), Reason::Forbidden);
    assert_eq!(bench.permitted(&[Permission::Read]).get(ID).await.unwrap(), None);
}

#[tokio::test]
async fn keys_that_are_not_known_are_forbidden_everything() {
    let bench = Bench::start().await;
    let account = bench.account_with(Parts::from_iter([("api_key", "wrong"), ("application_key", "wrong")]));
    assert_eq!(reason(account.create(&bench.creation("new")).await), Reason::Forbidden);
    assert_eq!(reason(account.get(ID).await), Reason::Forbidden);
    assert_eq!(reason(account.list_all(&Default::default()).await), Reason::Forbidden);
    // The API key alone is asked with, so it is known which of the two it is.
    assert_eq!(reason(account.revoke(ID).await), Reason::Unauthenticated);
}

#[tokio::test]
async fn a_page_of_the_edge_says_nothing_of_the_credential_and_is_not_quoted() {
    let bench = Bench::builder().option("forbidden-form", "html").start().await;
    let account = bench.permitted(&[]);
    let blocked = Reason::Vendor { code: "blocked".to_owned() };
    assert_eq!(reason(account.create(&bench.creation("new")).await), blocked);
    assert_eq!(reason(account.list_all(&Default::default()).await), blocked);
    for status in [400, 401, 403, 404, 409] {
        let (_vendor, account) = always(Reply::new(status, "text/html", "<html>hush</html>")).await;
        for failure in [
            failure(account.create(&bench.creation("new")).await),
            failure(account.get(ID).await),
            failure(account.update(ID, &renamed()).await),
            failure(account.check().await),
        ] {
            assert_eq!((&failure.reason, failure.status), (&blocked, Some(status)));
            assert!(!failure.message.contains("hush"), "{failure}");
        }
    }
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait_in_datadogs_own_header() {
    for (option, retry_after) in [(0, None), (30, Some(30))] {
        let bench = Bench::builder().option("rate-limit-reset", option).start().await;
        let id = bench.key("old").await.credential.id;
        for operation in ["create", "get", "list", "update", "revoke"] {
            bench.fault(&format!("rate-limit@{operation}*1"));
        }
        for failure in [
            failure(bench.account.create(&bench.marked_creation("new", "g1")).await),
            failure(bench.account.get(&id).await),
            failure(bench.account.list(&Default::default(), None).await),
            failure(bench.account.update(&id, &renamed()).await),
            failure(bench.account.revoke(&id).await),
        ] {
            assert_eq!((&failure.reason, failure.retry_after), (&Reason::RateLimited, retry_after));
            assert!(failure.message.contains("Please try again later"), "{failure}");
        }
        assert_eq!(bench.marked("g1").await, []);
        assert_eq!(bench.stored(&id).await.attributes["name"], "old");
    }
}

#[tokio::test]
async fn a_limit_that_is_reached_is_named() {
    let bench = Bench::builder().option("rate-limit", 1).option("rate-limit-period", 86_400).start().await;
    bench.account.get(ID).await.unwrap();
    let failure = failure(bench.account.get(ID).await);
    assert_eq!(failure.reason, Reason::RateLimited);
    assert!(failure.retry_after.is_some_and(|seconds| (1..=86_400).contains(&seconds)), "{failure:?}");
    assert!(failure.message.contains("api_keys_management: Rate limit of 1 requests"), "{failure}");
}

/// A 429 that speaks of keys is no quota, and one without words is still a 429.
#[tokio::test]
async fn a_429_is_always_a_rate_limit() {
    let bench = Bench::start().await;
    for reply in [error(429, "API key limit reached: quota exceeded"), Reply::empty(429), Reply::json(429, &json!([]))]
    {
        let (_vendor, account) = always(reply).await;
        assert_eq!(reason(account.create(&bench.creation("new")).await), Reason::RateLimited);
    }
}

#[tokio::test]
async fn other_refusals_have_their_codes_and_words() {
    for (status, expected) in [
        (404, Reason::Vendor { code: "404".to_owned() }),
        (405, Reason::Vendor { code: "405".to_owned() }),
        (418, Reason::Vendor { code: "418".to_owned() }),
        (401, Reason::Unauthenticated),
    ] {
        let (_vendor, account) = always(error(status, "Never.")).await;
        let failure = failure(account.get(ID).await);
        assert_eq!((failure.reason, failure.status), (expected, Some(status)));
        assert!(failure.message.contains("Never."), "{}", failure.message);
    }
}
