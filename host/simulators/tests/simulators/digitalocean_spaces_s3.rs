//! What a key is worth at the S3 endpoint.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use http::Method;
use keywright_simulators::Vendor as _;
use serde_json::{Value, json};

use crate::digitalocean_spaces_client::{EMPTY, Signer, Spaces, element, full, path_of, reading, status_and_code};

fn code(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Asks for this of the S3 endpoint with a key.
async fn ask(spaces: &Spaces, key: &Value, method: Method, target: &str) -> (u16, String) {
    status_and_code(&spaces.signed(&Signer::default(), key, method, target).await)
}

#[tokio::test]
async fn a_full_access_key_lists_the_buckets() {
    let spaces = Spaces::start(&[]).await;
    spaces.vendor.add_bucket("photos");
    let key = spaces.create("full", full()).await;
    let answer = spaces.signed(&Signer::default(), &key, Method::GET, "/").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/xml")));
    let xml = String::from_utf8(answer.body.to_vec()).unwrap();
    let head = r#"<?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>"#;
    assert!(xml.starts_with(head), "{xml}");
    let names: Vec<&str> = xml.split("<Name>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(names, ["keywright-demo", "photos"]);
    assert!(element(&xml, "ID").parse::<u32>().is_ok());
    assert!(chrono::DateTime::parse_from_rfc3339(element(&xml, "CreationDate")).is_ok());
    let id = answer.header("x-amz-request-id").unwrap();
    assert!(id.starts_with("tx") && id.ends_with("-nyc3a"), "{id}");
}

#[tokio::test]
async fn a_limited_key_is_told_apart_from_a_bad_pair() {
    let spaces = Spaces::start(&[]).await;
    for grants in [reading(), json!([]), json!([{"bucket": "keywright-demo", "permission": ""}])] {
        let key = spaces.create("limited", grants).await;
        assert_eq!(spaces.try_key(&key).await, code(403, "AccessDenied"));
        let mut wrong = key.clone();
        wrong["secret_key"] = json!("of another key");
        assert_eq!(spaces.try_key(&wrong).await, code(403, "SignatureDoesNotMatch"));
        wrong["access_key"] = json!("DO00NOBODYSKEYATALL0");
        assert_eq!(spaces.try_key(&wrong).await, code(403, "InvalidAccessKeyId"));
        assert_eq!(spaces.delete(&key).await.status, 204);
        assert_eq!(spaces.try_key(&key).await, code(403, "InvalidAccessKeyId"), "deleted");
    }
}

#[tokio::test]
async fn the_refusals_have_the_forms_that_have_been_recorded() {
    let spaces = Spaces::start(&[]).await;
    let mut key = spaces.create("limited", reading()).await;
    let denied = spaces.signed(&Signer::default(), &key, Method::GET, "/keywright-demo?acl").await;
    let denied = String::from_utf8(denied.body.to_vec()).unwrap();
    let start = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AccessDenied</Code>\
                 <Message>Access Denied.</Message><Resource>keywright-demo</Resource><RequestId>tx";
    assert!(denied.starts_with(start), "{denied}");
    key["secret_key"] = json!("wrong");
    let answer = spaces.signed(&Signer::default(), &key, Method::GET, "/").await;
    let body = String::from_utf8(answer.body.to_vec()).unwrap();
    let id = answer.header("x-amz-request-id").unwrap();
    let host = element(&body, "HostId");
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SignatureDoesNotMatch</Code><RequestId>{id}</RequestId>\
         <HostId>{host}</HostId></Error>"
    );
    assert_eq!(body, expected);
    assert!(host.ends_with("-nyc3a-nyc"), "{host}");
}

#[tokio::test]
async fn what_a_key_may_do_with_buckets_its_grants_say() {
    let spaces = Spaces::start(&[]).await;
    for bucket in ["photos", "logs", "private"] {
        spaces.vendor.add_bucket(bucket);
    }
    let limited = json!([
        {"bucket": "photos", "permission": "read"},
        {"bucket": "logs", "permission": "readwrite"},
        {"bucket": "private", "permission": ""},
    ]);
    let limited = spaces.create("limited", limited).await;
    let full = spaces.create("full", full()).await;
    for (method, target, to_limited, to_full) in [
        (Method::GET, "/photos?list-type=2&max-keys=0", (200, ""), (200, "")),
        (Method::GET, "/logs", (200, ""), (200, "")),
        (Method::GET, "/logs/", (200, ""), (200, "")),
        (Method::GET, "/private", (403, "AccessDenied"), (200, "")),
        (Method::GET, "/keywright-demo", (403, "AccessDenied"), (200, "")),
        (Method::GET, "/nowhere", (404, "NoSuchBucket"), (404, "NoSuchBucket")),
        (Method::GET, "/photos?acl", (403, "AccessDenied"), (501, "NotImplemented")),
        (Method::GET, "/photos/cat.png", (403, "AccessDenied"), (501, "NotImplemented")),
        (Method::GET, "/photos?max-keys=many", (400, "InvalidArgument"), (400, "InvalidArgument")),
        (Method::POST, "/photos", (405, "MethodNotAllowed"), (405, "MethodNotAllowed")),
        (Method::PUT, "/new-bucket", (403, "AccessDenied"), (200, "")),
        (Method::PUT, "/New_Bucket", (403, "AccessDenied"), (400, "InvalidBucketName")),
        (Method::DELETE, "/new-bucket", (403, "AccessDenied"), (204, "")),
        (Method::DELETE, "/new-bucket", (403, "AccessDenied"), (404, "NoSuchBucket")),
    ] {
        let seen = ask(&spaces, &limited, method.clone(), target).await;
        assert_eq!(seen, code(to_limited.0, to_limited.1), "limited: {method} {target}");
        let seen = ask(&spaces, &full, method.clone(), target).await;
        assert_eq!(seen, code(to_full.0, to_full.1), "full: {method} {target}");
    }
    for (bucket, status) in [("photos", 200), ("private", 403), ("nowhere", 404)] {
        let answer = spaces.signed(&Signer::default(), &limited, Method::HEAD, &format!("/{bucket}")).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (status, 0), "{bucket}");
    }
}

#[tokio::test]
async fn a_list_of_objects_repeats_what_was_asked_for() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("limited", reading()).await;
    let target = "/keywright-demo?list-type=2&max-keys=0&prefix=a%3Cb";
    let answer = spaces.signed(&Signer::default(), &key, Method::GET, target).await;
    let xml = String::from_utf8(answer.body.to_vec()).unwrap();
    let seen = ["Name", "Prefix", "MaxKeys", "KeyCount", "IsTruncated"].map(|name| element(&xml, name));
    assert_eq!(seen, ["keywright-demo", "a&lt;b", "0", "0", "false"]);
}

#[tokio::test]
async fn a_change_of_grants_is_seen_at_once() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("limited", reading()).await;
    assert_eq!(ask(&spaces, &key, Method::GET, "/keywright-demo").await.0, 200);
    let suspended = json!({"name": "limited", "grants": [{"bucket": "keywright-demo", "permission": ""}]});
    assert_eq!(spaces.send(Method::PUT, &path_of(&key), Some(suspended)).await.status, 200);
    assert_eq!(ask(&spaces, &key, Method::GET, "/keywright-demo").await, code(403, "AccessDenied"));
}

#[tokio::test]
async fn every_way_of_signing_that_works_is_accepted() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("full", full()).await;
    for signer in [
        Signer::default(),
        Signer { region: "us-east-1", ..Signer::default() },
        Signer { at: Utc::now() - TimeDelta::minutes(14), ..Signer::default() },
    ] {
        assert_eq!(spaces.signed(&signer, &key, Method::GET, "/").await.status, 200);
    }
    // AWS's Go SDK names the operation in the query.
    assert_eq!(ask(&spaces, &key, Method::GET, "/?x-id=ListBuckets").await.0, 200);
}

#[tokio::test]
async fn a_request_that_is_not_signed_well_is_refused() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("full", full()).await;
    let of_another_body = "0".repeat(64);
    for (signer, expected) in [
        (Signer { content_sha256: None, ..Signer::default() }, code(403, "SignatureDoesNotMatch")),
        (Signer { service: "spaces", ..Signer::default() }, code(403, "SignatureDoesNotMatch")),
        (Signer { at: Utc::now() - TimeDelta::minutes(16), ..Signer::default() }, code(403, "RequestTimeTooSkewed")),
        (Signer { at: Utc::now() + TimeDelta::minutes(16), ..Signer::default() }, code(403, "RequestTimeTooSkewed")),
        (
            Signer { content_sha256: Some(&of_another_body), ..Signer::default() },
            code(400, "XAmzContentSHA256Mismatch"),
        ),
        (Signer { content_sha256: Some("UNSIGNED-PAYLOAD"), ..Signer::default() }, code(501, "NotImplemented")),
    ] {
        assert_eq!(status_and_code(&spaces.signed(&signer, &key, Method::GET, "/").await), expected);
    }
    let unsigned = [("x-amz-acl", "public-read")];
    let answer = spaces.signed_with(&Signer::default(), &key, Method::PUT, "/new-bucket", &unsigned).await;
    assert_eq!(status_and_code(&answer), code(403, "SignatureDoesNotMatch"), "a header of Amazon's that is not signed");
    assert_eq!(ask(&spaces, &key, Method::GET, "/new-bucket").await.0, 404, "and nothing was done");
}

#[tokio::test]
async fn a_signature_is_good_for_its_own_request_only() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("full", full()).await;
    assert_eq!(spaces.signed(&Signer::default(), &key, Method::GET, "/keywright-demo").await.status, 200);
    let request = spaces.simulator.requests().pop().unwrap();
    let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
    let (authorization, date) = (header("authorization"), header("x-amz-date"));
    let headers =
        [("authorization", authorization.as_str()), ("x-amz-date", date.as_str()), ("x-amz-content-sha256", EMPTY)];
    let again = spaces.send_with(Method::GET, "/keywright-demo", &headers, None).await;
    assert_eq!(again.status, 200, "a replay");
    for (method, target) in
        [(Method::GET, "/"), (Method::DELETE, "/keywright-demo"), (Method::GET, "/keywright-demo?acl")]
    {
        let answer = spaces.send_with(method, target, &headers, None).await;
        assert_eq!(status_and_code(&answer), code(403, "SignatureDoesNotMatch"), "{target}");
    }
    let bearer = format!("Bearer {}", spaces.token);
    let answer = spaces.send_with(Method::GET, "/", &[("authorization", &bearer)], None).await;
    assert_eq!(status_and_code(&answer), code(400, "InvalidArgument"), "the token is not for this endpoint");
}

#[tokio::test]
async fn nobody_owns_no_buckets() {
    let spaces = Spaces::start(&[]).await;
    let answer = spaces.send_with(Method::GET, "/", &[], None).await;
    let xml = String::from_utf8(answer.body.to_vec()).unwrap();
    assert_eq!((answer.status.as_u16(), element(&xml, "ID"), element(&xml, "Buckets")), (200, "anonymous", ""));
    let bucket = spaces.send_with(Method::GET, "/keywright-demo", &[], None).await;
    assert_eq!(status_and_code(&bucket), code(403, "AccessDenied"));
    let spaces = Spaces::start(&[("anonymous-list", "denied")]).await;
    assert_eq!(status_and_code(&spaces.send_with(Method::GET, "/", &[], None).await), code(403, "AccessDenied"));
}

#[tokio::test]
async fn a_new_key_is_unknown_until_it_has_spread_and_a_deleted_one_known_until_that_has() {
    let spaces = Spaces::start(&[("consistency-delay", "2000"), ("deletion-delay", "5000")]).await;
    let clock = spaces.vendor.clock();
    let key = spaces.create("full", full()).await;
    assert_eq!(spaces.try_key(&key).await, code(403, "InvalidAccessKeyId"));
    clock.advance(Duration::from_secs(2));
    assert_eq!(spaces.try_key(&key).await.0, 200);
    assert_eq!(spaces.delete(&key).await.status, 204);
    assert_eq!(spaces.key(&key).await.status, 404);
    assert_eq!(spaces.try_key(&key).await.0, 200, "S3 has not heard of it");
    clock.advance(Duration::from_secs(5));
    assert_eq!(spaces.try_key(&key).await, code(403, "InvalidAccessKeyId"));
}

#[tokio::test]
async fn the_faults_have_the_forms_of_s3() {
    let spaces = Spaces::start(&[]).await;
    let key = spaces.create("full", full()).await;
    spaces.fault("rate-limit@verify*1");
    spaces.fault("server-error@verify*1");
    assert_eq!(spaces.try_key(&key).await, code(503, "SlowDown"));
    assert_eq!(spaces.try_key(&key).await, code(500, "InternalError"));
    assert_eq!(spaces.try_key(&key).await.0, 200);
}

#[tokio::test]
async fn requests_to_s3_do_not_count_for_the_limits_of_the_api() {
    let spaces = Spaces::start(&[("burst-limit", "2")]).await;
    let key = spaces.create("full", full()).await;
    for _ in 0..5 {
        assert_eq!(spaces.try_key(&key).await.0, 200);
    }
    assert_eq!(spaces.key(&key).await.status, 200);
}
