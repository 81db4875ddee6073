//! Looking at keys, and at the account.

use chrono::TimeDelta;
use keywright_runtime::{Operation, Parts, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_simulators::datadog::Permission;
use keywright_tests::{DatadogBench as Bench, Reply, exposed};
use serde_json::json;

use super::scripted::{ID, KEY, always, error, with_its_value};
use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn a_key_reads_as_it_was_made() {
    for again in ["shown", "hidden"] {
        let bench = Bench::builder().option("key-after-creation", again).start().await;
        let issued = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
        assert_eq!(bench.stored(&issued.credential.id).await, issued.credential, "{again}");
    }
}

/// Datadog may tell the whole key again: the adapter sees a handle, and nobody is given it.
#[tokio::test]
async fn a_key_that_is_told_again_is_told_to_nobody() {
    let (_vendor, account) = always(Reply::json(200, &with_its_value())).await;
    let stored = account.get(ID).await.unwrap().unwrap();
    assert!(!stored.attributes.contains_key("key"));
    assert!(!format!("{stored:?}").contains(KEY));
    assert!(account.adapter().descriptor().traits.secret_readable);
}

#[tokio::test]
async fn a_key_that_does_not_exist_is_none() {
    let bench = Bench::start().await;
    assert_eq!(bench.account.get(ID).await.unwrap(), None);
    let failure = failure(bench.account.import(ID).await);
    assert_eq!(failure.reason, Reason::NotFound);
    assert!(failure.message.contains(ID), "{failure}");
}

/// A 404 of a proxy, or of an address that is not served, says nothing of the key.
#[tokio::test]
async fn only_the_vendors_own_words_make_a_key_absent() {
    for answer in [
        Reply::new(404, "text/html", "<html>API key not found</html>"),
        Reply::empty(404),
        Reply::json(404, &json!({})),
        Reply::json(404, &json!({"message": "API key not found"})),
        Reply::json(404, &json!({"errors": []})),
        error(404, "Not Found"),
        error(410, "API key not found"),
        error(403, "API key not found"),
        error(200, "API key not found"),
        error(500, "API key not found"),
    ] {
        let (_vendor, account) = always(answer.clone()).await;
        assert!(account.get(ID).await.is_err(), "{answer:?}");
    }
}

#[tokio::test]
async fn an_answer_about_another_key_is_not_taken() {
    let (_vendor, account) = always(Reply::json(200, &with_its_value())).await;
    let other = "22222222-2222-4333-8444-555555555555";
    assert_eq!(reason(account.get(other).await), Reason::UnexpectedResponse);
}

/// Least of all the key itself, which would get into a URL.
#[tokio::test]
async fn an_id_of_another_form_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let (id, value) = (&issued.credential.id, exposed(&issued.parts, "api_key"));
    let mark = bench.mark();
    for id in
        ["", "x", "../users", &value, &id.to_uppercase(), &format!("{id}\n"), &format!("{id}/x"), &id.replace('-', "")]
    {
        assert_eq!(problem(bench.account.get(id).await), ("/id".to_owned(), Problem::Format), "{id:?}");
        assert_eq!(problem(bench.account.revoke(id).await).0, "/id");
    }
    assert_eq!(bench.mark(), mark);
}

#[tokio::test]
async fn a_key_made_by_hand_is_imported_by_its_id() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&format!(" {id}\n")).await.unwrap();
    assert_eq!((imported.id.as_str(), imported.attributes["name"].as_str()), (id.as_str(), Some("made by hand")));
    assert_eq!(imported.marker, None);
}

#[tokio::test]
async fn a_key_that_an_integration_made_and_one_that_was_found_in_public_are_shown() {
    let bench = Bench::builder().option("managed-key", true).option("leaked-key", true).start().await;
    let listed = bench.account.list_all(&Default::default()).await.unwrap();
    let named = |name: &str| listed.iter().find(|key| key.attributes["name"] == name).expect("a key");
    assert_eq!(named("found in public").attributes["leaked"], true);
    let managed = named("made by an integration");
    assert!(!managed.attributes.contains_key("modified_by"));
    assert_eq!(bench.stored(&managed.id).await, *managed);
}

#[tokio::test]
async fn the_last_use_is_told_when_datadog_knows_it() {
    let bench = Bench::builder().option("last-used-delay", 3600).start().await;
    let issued = bench.key("ci").await;
    bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert!(bench.stored(&issued.credential.id).await.last_used_at.is_none());
    bench.vendor.clock().advance(TimeDelta::hours(2).to_std().unwrap());
    assert!(bench.stored(&issued.credential.id).await.last_used_at.instant().is_some());
}

#[tokio::test]
async fn the_account_learns_that_its_keys_are_valid_and_how_many_there_may_be() {
    let bench = Bench::builder().option("quota", 7).start().await;
    bench.key("ci").await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!((principal.allowed, principal.refused), (vec![Operation::List], vec![]));
    let details = serde_json::to_value(&principal.details).unwrap();
    assert_eq!(details, json!({"max_allowed": 7, "total_filtered_count": 2}));
    let lines: Vec<String> = bench.lines_since(1);
    assert_eq!(lines, ["GET /api/v2/validate_keys", "GET /api/v2/api_keys"]);
}

#[tokio::test]
async fn an_account_that_may_not_read_learns_which_permission_is_missing() {
    for form in ["plain", "verbose"] {
        let bench = Bench::builder().option("forbidden-form", form).start().await;
        let principal = bench.permitted(&[Permission::Write]).check().await.unwrap();
        assert_eq!((principal.allowed, principal.refused), (vec![], vec![Operation::List]), "{form}");
        assert_eq!(principal.details["missing_permission"], "api_keys_read");
    }
}

#[tokio::test]
async fn a_pair_of_keys_that_is_wrong_fails_the_check() {
    for (status, expected) in [(401, Reason::Unauthenticated), (403, Reason::Forbidden)] {
        let bench = Bench::builder().option("validate-keys-refusal", status).start().await;
        let own = |part: &'static str| (part, bench.own(part));
        for parts in [
            [own("api_key"), ("application_key", "wrong".to_owned())],
            [("api_key", "wrong".to_owned()), own("application_key")],
        ] {
            let account = bench.account_with(Parts::from_iter(parts));
            let failure = failure(account.check().await);
            assert_eq!((failure.reason, failure.status), (expected.clone(), Some(status)));
        }
    }
}

#[tokio::test]
async fn an_answer_that_does_not_say_ok_is_no_proof() {
    for body in [json!({}), json!({"status": "no"}), json!([])] {
        let (_vendor, account) = always(Reply::json(200, &body)).await;
        assert_eq!(reason(account.check().await), Reason::UnexpectedResponse, "{body}");
    }
}

#[tokio::test]
async fn a_site_that_there_is_not_makes_no_account() {
    let bench = Bench::start().await;
    for site in ["datadoghq.org", "evil.example", "api.datadoghq.com", "datadoghq.com/x", ""] {
        assert!(bench.account_at(json!({"site": site})).is_err(), "{site}");
    }
    for site in ["datadoghq.eu", "us5.datadoghq.com", "us2.ddog-gov.com"] {
        assert!(bench.account_at(json!({"site": site})).is_ok(), "{site}");
    }
}
