//! Whether a token works, and its end.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_runtime::{CallError, CreateRequest, Outcome, Parts, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{GcoreBench as Bench, Reply, exposed};
use serde_json::json;

use super::scripted::{CLIENT, ID, always, answering};
use crate::outcome::{found, problem, reason, wait_when_limited};

fn parts() -> Parts {
    Parts::from_iter([("token", "768660_5f1d0c9e")])
}

#[tokio::test]
async fn a_token_of_every_role_is_live() {
    for read_account in [true, false] {
        let bench = Bench::builder().option("purge-roles-read-account", read_account).start().await;
        for (role, may) in [(1, true), (2, true), (5, true), (3009, read_account), (3022, read_account)] {
            let issued = bench.token_of(role, "").await;
            let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
            assert_eq!(verdict.outcome, Outcome::Active, "{role}");
            assert_eq!(verdict.explanation.contains("may not"), !may, "{role} {}", verdict.explanation);
        }
    }
}

#[tokio::test]
async fn a_token_is_verified_with_itself() {
    let bench = Bench::start().await;
    let issued = bench.token("").await;
    let mark = bench.mark();
    bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(bench.lines_since(mark), ["GET /iam/clients/me"]);
    let expected = format!("APIKey {}", exposed(&issued.parts, "token"));
    assert_eq!(bench.since(mark)[0].headers["authorization"], expected.as_str());
}

#[tokio::test]
async fn a_token_that_has_ended_is_refused() {
    for form in ["message", "detail", "platform"] {
        let bench = Bench::builder().option("error-form", form).option("deletion-delay", 60).start().await;
        let expires_at = Some(Utc::now() + TimeDelta::hours(1));
        let expiring = bench.account.create(&CreateRequest { expires_at, ..bench.creation(2, "") }).await.unwrap();
        let revoked = bench.token("").await;
        bench.account.revoke(&revoked.credential.id).await.unwrap();
        bench.vendor.clock().advance(Duration::from_secs(3601));
        for ended in [expiring, revoked] {
            let verdict = bench.account.verify(&ended.credential.id, &ended.parts).await.unwrap();
            assert_eq!(verdict.outcome, Outcome::Refused, "{form}");
        }
    }
}

/// A shell that takes `$…` for a variable leaves the number alone.
#[tokio::test]
async fn a_token_that_is_not_whole_is_refused() {
    let bench = Bench::builder().option("separator", "dollar").start().await;
    let issued = bench.token("").await;
    let cut = exposed(&issued.parts, "token").split_once('$').unwrap().0.to_owned();
    let error = found(bench.account.verify(&issued.credential.id, &Parts::from_iter([("token", cut)])).await);
    assert!(matches!(error, CallError::Credential(_)), "{error:?}");
    assert!(error.to_string().contains("`token`"), "{error}");
}

#[tokio::test]
async fn a_token_of_another_account_proves_nothing() {
    let (_vendor, account) = always(200, json!({"id": CLIENT + 1, "status": "active"})).await;
    let verdict = account.verify(ID, &parts()).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Inconclusive);
    assert!(verdict.explanation.contains("9262945"), "{}", verdict.explanation);
}

/// Only what proves that the vendor knows the token makes it live.
#[tokio::test]
async fn what_a_403_says_decides() {
    let permission = "You do not have permission to perform this action.";
    for (body, outcome) in [
        (json!({"message": permission}), Outcome::Active),
        (json!({"detail": permission, "code": "permission_denied"}), Outcome::Active),
        (json!({"exception_class": "ForbiddenError", "message": "No."}), Outcome::Active),
        (json!({"message": "Token is invalid or expired"}), Outcome::Refused),
        (json!({"detail": "Authentication credentials were not provided."}), Outcome::Refused),
        (json!({"detail": "No.", "code": "token_not_valid"}), Outcome::Refused),
        (json!({"message": "Your address is blocked."}), Outcome::Inconclusive),
    ] {
        let (_vendor, account) = always(403, body.clone()).await;
        assert_eq!(account.verify(ID, &parts()).await.unwrap().outcome, outcome, "{body}");
    }
    let page = Reply::new(403, "text/html", "<html>permission denied</html>");
    let (_vendor, account) = answering(move |_| page.clone()).await;
    assert_eq!(reason(account.verify(ID, &parts()).await), Reason::Forbidden);
}

/// A token says whose it is: that another one works proves nothing of this one.
#[tokio::test]
async fn the_parts_of_one_token_do_not_prove_another_and_nothing_is_sent() {
    for separator in ["dollar", "underscore"] {
        let bench = Bench::builder().option("separator", separator).start().await;
        let (one, other) = (bench.token("one").await, bench.token("other").await);
        let mark = bench.mark();
        assert_eq!(problem(bench.account.verify(&one.credential.id, &other.parts).await).0, "/id");
        assert_eq!(bench.lines_since(mark), [""; 0]);
    }
}

#[tokio::test]
async fn the_accounts_own_token_is_not_revoked_and_nothing_is_sent() {
    for separator in ["dollar", "underscore"] {
        let bench = Bench::builder().option("separator", separator).start().await;
        let made = bench.token_of(1, "").await;
        let account = bench.account_with(made.parts.clone());
        let mark = bench.mark();
        let error = found(account.revoke(&made.credential.id).await);
        assert!(matches!(&error, CallError::SelfRevocation { id } if *id == made.credential.id), "{error:?}");
        assert_eq!(bench.lines_since(mark), [""; 0]);
        bench.account.revoke(&made.credential.id).await.unwrap();
    }
}

#[tokio::test]
async fn trouble_on_the_way_is_no_verdict() {
    let bench = Bench::start().await;
    let issued = bench.token("").await;
    for fault in ["cut", "lose-answer", "bad-gateway", "html", "server-error", "truncate"] {
        bench.fault(&format!("{fault}@verify*1"));
        let outcome = bench.account.verify(&issued.credential.id, &issued.parts).await;
        let expected = if fault == "html" { Reason::UnexpectedResponse } else { Reason::Unavailable };
        assert_eq!(reason(outcome), expected, "{fault}");
    }
    bench.fault("rate-limit@verify*1");
    let outcome = bench.account.verify(&issued.credential.id, &issued.parts).await;
    assert_eq!(wait_when_limited(outcome), Some(1));
}

#[tokio::test]
async fn parts_without_a_token_cannot_be_verified_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for parts in [Parts::new(), Parts::from_iter([("token", "")]), Parts::from_iter([("secret", "x")])] {
        let error = found(bench.account.verify(&bench.absent(), &parts).await);
        assert!(matches!(error, CallError::Credential(_)), "{error:?}");
        assert!(["token", "secret"].iter().any(|part| error.to_string().contains(part)), "{error}");
    }
    assert_eq!(bench.lines_since(0), [""; 0]);
}

#[tokio::test]
async fn a_token_is_revoked_for_good_and_may_be_revoked_again() {
    for status in [204, 200] {
        for form in ["message", "detail", "platform"] {
            let bench = Bench::builder().option("delete-status", status).option("error-form", form).start().await;
            let id = bench.token("").await.credential.id;
            bench.account.revoke(&id).await.unwrap();
            assert_eq!(bench.account.get(&id).await.unwrap(), None);
            bench.account.revoke(&id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn only_an_empty_answer_ends_a_token() {
    for (status, body) in [(200, json!({"message": "ok"})), (200, json!(null)), (202, json!({})), (207, json!([]))] {
        let (_vendor, account) = always(status, body.clone()).await;
        assert_eq!(reason(account.revoke(ID).await), Reason::InDoubt, "{status} {body}");
    }
    let (_vendor, account) = answering(|_| Reply::empty(202)).await;
    assert_eq!(reason(account.revoke(ID).await), Reason::InDoubt);
}
