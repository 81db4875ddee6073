//! Who may administer: users and sessions of roles, in every partition, and not root.

use keywright_runtime::{Account, Outcome, Parts, Problem, Reason};
use keywright_tests::AwsIamBench as Bench;

use crate::outcome::{failure, problem};

#[tokio::test]
async fn a_user_is_told_who_it_is() {
    let bench = Bench::start().await;
    let principal = bench.account.check().await.unwrap();
    assert_eq!(principal.credential_id, Some(format!("keywright-admin/{}", bench.own("access_key_id"))));
    let number = principal.owner.unwrap();
    assert_eq!(principal.details["arn"], format!("arn:aws:iam::{number}:user/keywright-admin"));
    assert_eq!((number.len(), &principal.details["account"]), (12, &number.as_str().into()));
    assert!(principal.details["user_id"].as_str().unwrap().starts_with("AIDA"));
    assert!(principal.expires_at.is_none());
}

/// Which users it may act on is a matter of its policies, and cannot be asked.
#[tokio::test]
async fn no_right_is_proven_and_none_is_needed_to_know_who_one_is() {
    let bench = Bench::start().await;
    let issued = bench.key().await;
    for account in [bench.account.clone(), bench.account_with(issued.parts.clone())] {
        let principal = account.check().await.unwrap();
        assert!(principal.allowed.is_empty() && principal.refused.is_empty(), "{principal:?}");
    }
    let principal = bench.account_with(issued.parts).check().await.unwrap();
    assert_eq!(principal.credential_id, Some(issued.credential.id), "the name without the path");
}

/// A region that IAM is not signed for would show nowhere else: STS takes any.
#[tokio::test]
async fn the_check_asks_iam_too() {
    let bench = Bench::start().await;
    let account = bench.account_at(serde_json::json!({"region": "cn-north-1"})).unwrap();
    let mark = bench.mark();
    assert_eq!(failure(account.check().await).reason, Reason::Unauthenticated);
    assert_eq!(bench.calls_since(mark), ["GetCallerIdentity", "GetAccessKeyLastUsed"]);
}

#[tokio::test]
async fn root_is_refused_before_it_administers_anything() {
    let bench = Bench::builder().option("administrator", "root").start().await;
    let outcome = bench.account.check().await;
    assert_eq!(problem(outcome), ("/authentication/access_key_id".to_owned(), Problem::Constraint));
    assert_eq!(bench.calls_since(0), ["GetCallerIdentity"]);
}

#[tokio::test]
async fn a_policy_in_front_of_everything_forbids_the_check() {
    let bench = Bench::builder().option("endpoint-policy", "deny").start().await;
    assert_eq!(failure(bench.account.check().await).reason, Reason::Forbidden);
}

/// The whole life of a key.
async fn live(bench: &Bench, account: &Account) {
    let issued = account.create(&bench.creation("Inactive")).await.unwrap();
    let id = issued.credential.id.as_str();
    assert_eq!(issued.warnings, [""; 0]);
    assert!(account.set_enabled(id, true).await.unwrap().enabled);
    assert_eq!(account.verify(id, &issued.parts).await.unwrap().outcome, Outcome::Active);
    assert!(account.get(id).await.unwrap().unwrap().enabled);
    assert_eq!(account.list_all(&bench.of_user()).await.unwrap().len(), 1);
    account.revoke(id).await.unwrap();
    assert_eq!(account.get(id).await.unwrap(), None);
}

#[tokio::test]
async fn the_session_of_a_role_administers_with_its_token_in_each_request_but_that_of_the_key_itself() {
    let bench = Bench::builder().option("administrator", "session").start().await;
    let token = bench.own("session_token");
    let principal = bench.account.check().await.unwrap();
    assert_eq!(principal.credential_id, None);
    assert!(principal.details["arn"].as_str().unwrap().contains(":assumed-role/"), "{principal:?}");
    let mark = bench.mark();
    live(&bench, &bench.account).await;
    for (request, call) in bench.since(mark).iter().zip(bench.calls_since(mark)) {
        let sent = request.headers.get("x-amz-security-token").map(|token| token.to_str().unwrap());
        assert_eq!(sent, (call != "GetCallerIdentity").then_some(token.as_str()), "{call}");
    }
}

#[tokio::test]
async fn a_session_without_its_token_is_refused_and_one_that_is_over_says_so() {
    let bench = Bench::builder().option("administrator", "session").start().await;
    let parts = ["access_key_id", "secret_access_key"].map(|name| (name, bench.own(name)));
    let refused = failure(bench.account_with(Parts::from_iter(parts)).check().await);
    assert_eq!(refused.reason, Reason::Unauthenticated);
    assert!(refused.message.contains("session token"), "{refused}");

    let bench = Bench::builder().option("administrator", "session").option("session-lifetime", 0).start().await;
    let refused = failure(bench.account.list(&bench.of_user(), None).await);
    assert_eq!(refused.reason, Reason::Unauthenticated);
    assert!(refused.message.contains("get new temporary credentials"), "{refused}");
}

#[tokio::test]
async fn every_partition_is_signed_for_in_its_region() {
    for region in ["us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"] {
        let bench = Bench::builder().option("region", region).start().await;
        live(&bench, &bench.account).await;
        for request in bench.since(0) {
            let signed = request.headers["authorization"].to_str().unwrap();
            assert!(signed.contains(&format!("/{region}/")), "{signed}");
        }
    }
}
