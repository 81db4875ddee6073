//! Looking at keys.

use keywright_runtime::{Operation, Parts, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{Reply, SpacesBench as Bench};
use serde_json::{Value, json};

use super::scripted::{ID, always, error, key, one};
use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn a_key_reads_as_it_was_made() {
    let bench = Bench::start().await;
    let issued = bench.account.create(&bench.marked_creation("ci", "g1")).await.unwrap();
    assert_eq!(bench.stored(&issued.credential.id).await, issued.credential);
}

#[tokio::test]
async fn a_key_that_does_not_exist_is_none() {
    let bench = Bench::start().await;
    assert_eq!(bench.account.get(ID).await.unwrap(), None);
}

/// A proxy's 404 says nothing of the key.
#[tokio::test]
async fn only_the_vendors_own_words_make_a_key_absent() {
    for answer in [
        Reply::new(404, "text/html", "<html>not found</html>"),
        Reply::empty(404),
        Reply::json(404, &json!({})),
        Reply::json(404, &json!({"message": "not found"})),
        Reply::json(404, &error("Not_Found", &json!("gone"))),
        Reply::json(404, &json!([error("not_found", &json!("gone"))])),
        Reply::json(410, &error("not_found", &json!("gone"))),
        Reply::json(200, &error("not_found", &json!("gone"))),
        Reply::json(403, &error("not_found", &json!("gone"))),
        Reply::json(500, &error("not_found", &json!("gone"))),
    ] {
        let (_vendor, account) = always(answer.clone()).await;
        assert!(account.get(ID).await.is_err(), "{answer:?}");
        assert!(account.revoke(ID).await.is_err(), "{answer:?}");
    }
}

#[tokio::test]
async fn an_answer_about_another_key_is_not_understood() {
    for answer in [json!({}), json!({"key": null}), one(json!({"access_key": "DO00OTHER"})), key(), json!([])] {
        let (_vendor, account) = always(Reply::json(200, &answer)).await;
        assert_eq!(reason(account.get(ID).await), Reason::UnexpectedResponse, "{answer}");
    }
}

/// A permission of a later day is shown as it is.
#[tokio::test]
async fn a_field_that_cannot_be_read_costs_nothing_else() {
    let grants = json!([{"bucket": "photos", "permission": "list", "prefix": "2027/"}]);
    let mut answer = key();
    answer["grants"] = grants.clone();
    answer["name"] = json!(7);
    answer["created_at"] = json!("yesterday");
    let (_vendor, account) = always(Reply::json(200, &one(answer))).await;
    let read = account.get(ID).await.unwrap().unwrap();
    assert_eq!(Value::Object(read.attributes), json!({"grants": grants}));
    assert_eq!(read.created_at.unreadable(), Some("yesterday"));
}

#[tokio::test]
async fn an_id_of_another_form_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for id in ["", "../keys", "DO00 ", "DO00/x", "DO00\n", "DO00?page=2", "photos-key"] {
        assert_eq!(problem(bench.account.get(id).await), ("/id".to_owned(), Problem::Format), "{id:?}");
        assert_eq!(problem(bench.account.revoke(id).await).0, "/id", "{id:?}");
    }
    assert_eq!(bench.mark(), 0);
}

#[tokio::test]
async fn a_key_made_by_hand_is_imported_by_its_access_key() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&format!(" {id}\n")).await.unwrap();
    assert_eq!((imported.id.as_str(), imported.marker.as_deref()), (id.as_str(), None));
    assert_eq!(imported.attributes["name"], "made by hand");
    assert_eq!(reason(bench.account.import(ID).await), Reason::NotFound);
}

#[tokio::test]
async fn the_account_learns_that_its_token_may_read() {
    let bench = Bench::start().await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!((principal.credential_id, principal.owner), (None, None));
    assert_eq!((principal.allowed, principal.refused), (vec![Operation::List], vec![]));
}

#[tokio::test]
async fn a_token_without_the_scope_learns_that() {
    for id in ["Forbidden", "forbidden"] {
        let scopes = "spaces_key:create_credentials,spaces_key:delete";
        let bench = Bench::builder().option("scopes", scopes).option("forbidden-id", id).start().await;
        let principal = bench.account.check().await.unwrap();
        assert_eq!((principal.allowed, principal.refused), (vec![], vec![Operation::List]), "{id}");
    }
}

/// A page of an edge in front of the API proves nothing of the token.
#[tokio::test]
async fn a_403_of_a_proxy_is_no_lack_of_a_scope() {
    let (_vendor, account) = always(Reply::new(403, "text/html", "<html>blocked</html>")).await;
    assert_eq!(reason(account.check().await), Reason::Vendor { code: "403".to_owned() });
}

#[tokio::test]
async fn a_token_that_is_not_known_is_not_authenticated() {
    let bench = Bench::start().await;
    let account = bench.account_with(Parts::from_iter([("token", "dop_v1_wrong")]));
    assert_eq!(reason(account.check().await), Reason::Unauthenticated);
    assert_eq!(reason(account.get(ID).await), Reason::Unauthenticated);
    assert_eq!(reason(account.list_all(&Default::default()).await), Reason::Unauthenticated);
    assert_eq!(reason(account.create(&bench.creation("ci", &json!([]))).await), Reason::Unauthenticated);
    assert_eq!(reason(account.update(ID, &bench.patch(json!({"name": "new"}))).await), Reason::Unauthenticated);
    assert_eq!(reason(account.revoke(ID).await), Reason::Unauthenticated);
}

/// From the body, or from the header where the body has none.
#[tokio::test]
async fn a_failure_quotes_the_vendors_request_id() {
    for in_the_body in [true, false] {
        let bench = Bench::builder().option("request-id", in_the_body).start().await;
        let account = bench.account_with(Parts::from_iter([("token", "dop_v1_wrong")]));
        let failure = failure(account.get(ID).await);
        assert_eq!(failure.status, Some(401));
        assert!(failure.message.contains("Unable to authenticate you"), "{failure}");
        assert!(uuid::Uuid::parse_str(&failure.request_id.unwrap()).is_ok());
    }
}
