//! Reading keys, importing them, and who one is.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, Operation, Parts, Problem, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{OutscaleBench as Bench, exposed};

use crate::outcome::{failure, problem, reason};

#[tokio::test]
async fn a_key_made_by_hand_is_imported_by_user_and_access_key() {
    let bench = Bench::start().await;
    let id = bench.vendor.issue_by_hand();
    let imported = bench.account.import(&id).await.unwrap();
    assert_eq!((imported.id.as_str(), imported.marker.as_deref()), (id.as_str(), None));
    assert_eq!(imported.attributes["tag"], "made by hand");
    assert_eq!(imported.attributes["user_name"], bench.user());
}

#[tokio::test]
async fn a_key_of_roots_own_is_imported_without_a_user() {
    let bench = Bench::start().await;
    let id = bench.own_key().await.credential.id;
    assert_eq!(bench.account.import(&id).await.unwrap().id, id);
    let signing = format!("{}/{}", bench.vendor.account_id(), bench.own("access_key"));
    assert_eq!(bench.account.import(&signing).await.unwrap().id, signing);
}

/// A key does not say whose it is, so it is not found under another owner. A user who is not there may have a new name.
#[tokio::test]
async fn an_eim_users_key_is_not_found_without_the_user() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    let access_key = exposed(&issued.parts, "access_key");
    bench.vendor.add_user("someone-else");
    let account_id = bench.vendor.account_id();
    assert_eq!(problem(bench.account.get(&access_key).await), ("/id".to_owned(), Problem::Format));
    for absent in [
        format!("{account_id}/{access_key}"),
        format!("{account_id}/someone-else/{access_key}"),
        format!("{account_id}/nobody/AAAAAAAAAAAAAAAAAAAA"),
    ] {
        assert_eq!(bench.account.get(&absent).await.unwrap(), None, "{absent}");
    }
    let renamed = failure(bench.account.get(&format!("{account_id}/nobody/{access_key}")).await);
    assert!(renamed.message.contains(&format!("called {} now", bench.user())), "{renamed}");
    assert_eq!(problem::<()>(Err(CallError::Failed(renamed))), ("/id".to_owned(), Problem::Constraint));
    assert!(bench.account.get(&issued.credential.id).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_no_id_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for id in [
        "",
        "short",
        "jo/",
        "/ABCDEFGHIJ0123456789",
        "ABCDEFGHIJ0123456789",
        "jo/ABCDEFGHIJ0123456789",
        "123456789012/a/b/ABCDEFGHIJ0123456789",
        "123456789012/jo/abcdefghij0123456789",
        "123456789012/é/ABCDEFGHIJ0123456789",
    ] {
        assert_eq!(problem(bench.account.get(id).await), ("/id".to_owned(), Problem::Format), "{id}");
    }
    assert_eq!(bench.calls_since(0), [""; 0]);
}

#[tokio::test]
async fn an_expired_key_stays_readable_and_active() {
    let bench = Bench::start().await;
    let expires_at = Some(Utc::now() + TimeDelta::hours(1));
    let id = bench.account.create(&CreateRequest { expires_at, ..bench.creation("") }).await.unwrap().credential.id;
    bench.vendor.clock().advance(Duration::from_secs(2 * 3600));
    let stored = bench.stored(&id).await;
    assert!(stored.enabled && stored.expires_at.instant().unwrap() < bench.vendor.clock().now());
}

#[tokio::test]
async fn an_administrator_is_told_its_key_and_its_account() {
    for administrator in ["root", "user"] {
        let bench = Bench::builder().option("administrator", administrator).start().await;
        let mark = bench.mark();
        let principal = bench.account.check().await.unwrap();
        assert_eq!(bench.calls_since(mark), ["ReadAccessKeys", "ReadAccounts"]);
        assert_eq!(principal.credential_id, Some(format!("{}/{}", bench.own("owner"), bench.own("access_key"))));
        assert_eq!(principal.allowed, [Operation::Get, Operation::List]);
        assert!(principal.refused.is_empty());
        assert_eq!(principal.owner, Some(bench.own("owner")));
        assert_eq!(principal.details["state"], "ACTIVE");
        assert!(!principal.details.contains_key("user_name"), "it is not told");
    }
}

#[tokio::test]
async fn a_credential_without_rights_is_told_what_it_is_refused() {
    let bench = Bench::start().await;
    let issued = bench.key("").await;
    let principal = bench.account_with(issued.parts).check().await.unwrap();
    assert_eq!((principal.credential_id, principal.owner), (None, None));
    assert_eq!(principal.refused, [Operation::Get, Operation::List]);
}

#[tokio::test]
async fn a_bad_credential_is_not_authenticated() {
    let bench = Bench::start().await;
    for (access_key, secret_key) in
        [(bench.own("access_key"), "0".repeat(40)), ("A".repeat(20), bench.own("secret_key"))]
    {
        let account = bench.account_with(Parts::from_iter([("access_key", access_key), ("secret_key", secret_key)]));
        let mark = bench.mark();
        assert_eq!(reason(account.check().await), Reason::Unauthenticated);
        assert_eq!(bench.calls_since(mark), ["ReadAccessKeys"]);
    }
}
