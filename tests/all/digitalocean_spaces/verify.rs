//! Whether a key works.

use std::time::Duration;

use keywright_runtime::{CallError, Issued, Outcome, Parts, Reason};
use keywright_simulators::Vendor as _;
use keywright_tests::{Reply, SpacesBench as Bench, exposed};
use serde_json::json;

use super::scripted::{ID, SECRET, always, parts};
use crate::outcome::{found, problem, reason};

/// The digest of no body.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async fn outcome(bench: &Bench, issued: &Issued) -> Outcome {
    bench.account.verify(&issued.credential.id, &issued.parts).await.expect("a verdict").outcome
}

fn xml(status: u16, body: String) -> Reply {
    Reply::new(status, "application/xml", body)
}

fn refusal(code: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><HostId>nyc3a</HostId></Error>")
}

fn buckets(owner: &str) -> String {
    let owner = format!("<Owner><ID>{owner}</ID><DisplayName>{owner}</DisplayName></Owner>");
    format!("<ListAllMyBucketsResult>{owner}<Buckets></Buckets></ListAllMyBucketsResult>")
}

#[tokio::test]
async fn a_full_access_key_is_shown_its_buckets() {
    let bench = Bench::start().await;
    let issued = bench.key_with("ci", &bench.full_access()).await;
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Active);
    assert!(verdict.explanation.contains("full access"), "{}", verdict.explanation);
}

/// All limited keys are refused the list of buckets, after their signature was found good.
#[tokio::test]
async fn a_limited_key_is_active_although_it_is_refused() {
    let bench = Bench::start().await;
    for grants in [bench.reading(), json!([]), json!([{"bucket": bench.bucket(), "permission": ""}])] {
        let issued = bench.key_with("ci", &grants).await;
        let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
        assert_eq!(verdict.outcome, Outcome::Active, "{grants}");
        assert!(verdict.explanation.contains("limited"), "{}", verdict.explanation);
    }
}

#[tokio::test]
async fn a_key_signs_for_s3_in_its_region_and_the_token_is_not_sent_there() {
    for region in ["nyc3", "fra1"] {
        let bench = Bench::builder().setting("region", region).start().await;
        let issued = bench.key("ci").await;
        let mark = bench.mark();
        assert_eq!(outcome(&bench, &issued).await, Outcome::Active);
        let request = &bench.since(mark)[0];
        assert_eq!((request.method.as_str(), request.path.as_str(), &request.query), ("GET", "/", &None));
        assert_eq!(request.headers["x-amz-content-sha256"], EMPTY);
        let authorization = request.headers["authorization"].to_str().unwrap();
        let access_key = &issued.credential.id;
        assert!(authorization.starts_with(&format!("AWS4-HMAC-SHA256 Credential={access_key}/")), "{authorization}");
        assert!(authorization.contains(&format!("/{region}/s3/aws4_request,")), "{authorization}");
        let headers = format!("{:?}", request.headers.values().map(|value| value.to_str()).collect::<Vec<_>>());
        assert!(!headers.contains(&bench.own("token")) && !headers.contains(&exposed(&issued.parts, "secret_key")));
    }
}

/// The region is part of a host's name: whatever else it could name, it cannot.
#[tokio::test]
async fn a_region_is_three_letters_and_a_digit() {
    let bench = Bench::start().await;
    for region in ["", "nyc", "NYC3", "nyc33", "nyc3/", "nyc3.example.com", "a.b3", "nyc3\n"] {
        assert!(bench.account_at(json!({"region": region})).is_err(), "{region:?}");
    }
    assert!(bench.account_at(json!({"region": "xyz9"})).is_ok());
}

#[tokio::test]
async fn a_key_with_another_secret_is_refused() {
    let bench = Bench::start().await;
    for grants in [bench.reading(), bench.full_access()] {
        let id = bench.key_with("ci", &grants).await.credential.id;
        let wrong = Parts::from_iter([("access_key", id.as_str()), ("secret_key", SECRET)]);
        assert_eq!(bench.account.verify(&id, &wrong).await.unwrap().outcome, Outcome::Refused);
    }
}

#[tokio::test]
async fn a_key_that_was_revoked_or_never_was_is_refused() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    bench.account.revoke(&issued.credential.id).await.unwrap();
    let verdict = bench.account.verify(&issued.credential.id, &issued.parts).await.unwrap();
    assert_eq!(verdict.outcome, Outcome::Refused);
    assert!(verdict.explanation.contains("too new, or revoked"), "{}", verdict.explanation);
    assert_eq!(bench.account.verify(ID, &parts()).await.unwrap().outcome, Outcome::Refused);
}

#[tokio::test]
async fn a_key_that_is_too_new_is_refused_until_it_is_accepted() {
    let bench = Bench::builder().option("consistency-delay", 30_000).start().await;
    let issued = bench.key("ci").await;
    assert_eq!(outcome(&bench, &issued).await, Outcome::Refused);
    let delay = bench.account.adapter().descriptor().traits.consistency_delay;
    bench.vendor.clock().advance(Duration::from_secs(delay.into()));
    assert_eq!(outcome(&bench, &issued).await, Outcome::Active);
}

/// A refusal that is not of the key itself must not pass for its end.
#[tokio::test]
async fn a_limited_key_that_s3_still_accepts_after_its_end_is_active() {
    let bench = Bench::builder().option("deletion-delay", 60_000).start().await;
    let issued = bench.key("ci").await;
    bench.account.revoke(&issued.credential.id).await.unwrap();
    assert_eq!(outcome(&bench, &issued).await, Outcome::Active);
    bench.vendor.clock().advance(Duration::from_secs(60));
    assert_eq!(outcome(&bench, &issued).await, Outcome::Refused);
}

/// What Ceph's gateway says to a request that nobody signed, as when a proxy has dropped its headers.
#[tokio::test]
async fn a_list_that_anybody_gets_proves_nothing() {
    for (owner, expected) in
        [("anonymous", Outcome::Inconclusive), ("", Outcome::Inconclusive), ("6174283", Outcome::Active)]
    {
        let (_vendor, account) = always(xml(200, buckets(owner))).await;
        assert_eq!(account.verify(ID, &parts()).await.unwrap().outcome, expected, "{owner:?}");
    }
}

#[tokio::test]
async fn only_the_codes_of_s3_prove_anything() {
    for answer in [
        xml(403, refusal("RequestTimeTooSkewed")),
        xml(403, refusal("AccountProblem")),
        xml(401, refusal("AccessDenied")),
        xml(200, refusal("AccessDenied")),
        xml(404, refusal("InvalidAccessKeyId")),
        xml(403, refusal("AccessDenied").replace("</Error>", "")),
        xml(403, format!("<html><body>{}</body></html>", refusal("AccessDenied"))),
        xml(200, buckets("6174283").replace("ListAllMyBucketsResult", "Result")),
        Reply::new(403, "text/html", "<html>AccessDenied</html>"),
        Reply::new(302, "text/html", "<html>moved</html>").header("location", "https://www.digitalocean.com/"),
        Reply::json(403, &json!({"Code": "AccessDenied"})),
        Reply::empty(403),
        Reply::empty(200),
    ] {
        let (_vendor, account) = always(answer.clone()).await;
        let verdict = account.verify(ID, &parts()).await.unwrap();
        assert_eq!(verdict.outcome, Outcome::Inconclusive, "{answer:?}");
    }
}

#[tokio::test]
async fn trouble_on_the_way_is_no_verdict() {
    let bench = Bench::start().await;
    let issued = bench.key("ci").await;
    let verify = async || bench.account.verify(&issued.credential.id, &issued.parts).await;
    for fault in ["cut", "lose-answer", "bad-gateway", "server-error", "truncate"] {
        bench.fault(&format!("{fault}@verify*1"));
        assert_eq!(reason(verify().await), Reason::Unavailable, "{fault}");
    }
    bench.fault("html@verify*1");
    assert_eq!(verify().await.unwrap().outcome, Outcome::Inconclusive);
    // S3 answers 503 with a code of its own.
    bench.fault("rate-limit@verify*1");
    assert_eq!(reason(verify().await), Reason::RateLimited);
    assert_eq!(verify().await.unwrap().outcome, Outcome::Active);
}

#[tokio::test]
async fn the_parts_of_one_key_do_not_prove_another_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let (one, other) = (bench.key("one").await, bench.key("other").await);
    let mark = bench.mark();
    assert_eq!(problem(bench.account.verify(&one.credential.id, &other.parts).await).0, "/id");
    assert_eq!(bench.mark(), mark);
}

#[tokio::test]
async fn parts_that_are_not_a_key_cannot_be_verified_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for parts in [
        Parts::new(),
        Parts::from_iter([("access_key", ID)]),
        Parts::from_iter([("access_key", ID), ("secret_key", "")]),
        Parts::from_iter([("token", bench.own("token").as_str())]),
    ] {
        let error = found(bench.account.verify(ID, &parts).await);
        assert!(matches!(error, CallError::Credential(_)), "{error:?}");
    }
    assert_eq!(bench.mark(), 0);
}
