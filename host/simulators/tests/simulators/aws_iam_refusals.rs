//! Every refusal, in the form in which it comes.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use http::{HeaderMap, Method, header};
use keywright_simulators::{FaultRule, Vendor as _};

use crate::{
    aws_iam_client::{AwsIam, code, document, form, status_and_code, value},
    aws_iam_signing::{Keys, Signer},
};

const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn what_is_not_signed_well_is_refused_by_what_is_wrong() {
    let aws = AwsIam::start(&[]).await;
    let keys = aws.administrator.clone();
    let list = form("ListUsers", &[]);
    let wrong = Keys { secret: "0".repeat(40), ..keys.clone() };
    let unknown = Keys { id: "AKIAIOSFODNN7EXAMPLE".to_owned(), ..keys.clone() };
    let with_token = Keys { token: Some("MadeUp/Token+==".to_owned()), ..keys.clone() };
    let stray = Keys { id: format!("{} ", keys.id), ..keys.clone() };
    let iam = || Signer::botocore("iam");
    for (signer, keys, expected) in [
        (iam(), &wrong, (403, "SignatureDoesNotMatch")),
        (iam(), &unknown, (403, "InvalidClientTokenId")),
        (iam(), &with_token, (403, "InvalidClientTokenId")),
        (iam(), &stray, (400, "IncompleteSignature")),
        (Signer::botocore("sts"), &keys, (403, "SignatureDoesNotMatch")),
        (Signer { region: "eu-west-3", ..iam() }, &keys, (403, "SignatureDoesNotMatch")),
        (iam(), &keys, (200, "")),
    ] {
        let answer = aws.signed(&signer, keys, &list).await;
        assert_eq!(status_and_code(&answer), code(expected.0, expected.1), "{signer:?} {}", document(&answer));
    }
}

/// A header that is changed after it was signed, or a signature that is cut short.
#[tokio::test]
async fn a_malformed_header_differs_from_a_wrong_secret() {
    let aws = AwsIam::start(&[]).await;
    let list = form("ListUsers", &[]);
    let signed = Signer::botocore("iam").sign(&aws.administrator, "POST", aws.authority(), "", &list);
    let authorization = signed["authorization"].to_str().unwrap().to_owned();
    let day = Utc::now().format("%Y%m%d").to_string();
    for (name, value, expected) in [
        ("authorization", None, (403, "MissingAuthenticationToken")),
        ("authorization", Some("Bearer x".to_owned()), (403, "MissingAuthenticationToken")),
        (
            "authorization",
            Some(authorization.replace("AWS4", "OSC4").replace("aws4", "osc4")),
            (403, "MissingAuthenticationToken"),
        ),
        ("authorization", Some(authorization.replace("Signature=", "Sig=")), (400, "IncompleteSignature")),
        ("authorization", Some(authorization.replace("host;", "")), (400, "IncompleteSignature")),
        ("authorization", Some(authorization.replace("aws4_request", "aws5_request")), (400, "IncompleteSignature")),
        (
            "authorization",
            Some(authorization.replace(&format!("/{day}/"), "/20200101/")),
            (403, "SignatureDoesNotMatch"),
        ),
        ("x-amz-date", None, (400, "IncompleteSignature")),
        ("x-amz-date", Some("today".to_owned()), (400, "IncompleteSignature")),
        ("content-type", Some("application/x-www-form-urlencoded".to_owned()), (403, "SignatureDoesNotMatch")),
        ("x-forwarded-for", Some("192.0.2.1".to_owned()), (200, "")),
    ] {
        let mut headers = signed.clone();
        headers.remove(name);
        if let Some(value) = &value {
            headers.insert(name, value.parse().unwrap());
        }
        let answer = aws.send(Method::POST, "/", headers, &list).await;
        assert_eq!(status_and_code(&answer), code(expected.0, expected.1), "{name} {value:?}");
    }
}

#[tokio::test]
async fn a_signature_covers_the_action_and_its_parameters() {
    let aws = AwsIam::start(&[]).await;
    let list = form("ListAccessKeys", &[("UserName", &aws.user)]);
    let headers = Signer::botocore("iam").sign(&aws.administrator, "POST", aws.authority(), "", &list);
    let replaced = [(list.as_str(), 200), (&form("ListUsers", &[]), 403), (&format!("{list}&MaxItems=1"), 403)];
    for (body, status) in replaced {
        assert_eq!(aws.send(Method::POST, "/", headers.clone(), body).await.status, status, "{body}");
    }
}

/// A wrong clock looks like a wrong secret, but for the words and the date of the answer.
#[tokio::test]
async fn a_clock_that_is_off_by_more_than_a_quarter_of_an_hour_is_refused() {
    let aws = AwsIam::start(&[]).await;
    for (minutes, words) in [(-16, "Signature expired: "), (16, "Signature not yet current: "), (-14, ""), (14, "")] {
        let at = Utc::now() + TimeDelta::minutes(minutes);
        let signer = Signer { at, ..Signer::botocore("sts") };
        let answer = aws.signed(&signer, &aws.administrator, IDENTITY).await;
        let expected = if words.is_empty() { code(200, "") } else { code(403, "SignatureDoesNotMatch") };
        assert_eq!(status_and_code(&answer), expected, "{minutes}");
        assert!(words.is_empty() || value(&document(&answer), "Message").starts_with(words));
    }
    for (offset, status) in [("1000", 403), ("-1000", 403), ("600", 200)] {
        let aws = AwsIam::start(&[("clock-offset", offset)]).await;
        let answer = aws.identity(&aws.administrator).await;
        assert_eq!(answer.status, status, "{offset}");
        let date = chrono::DateTime::parse_from_rfc2822(answer.header("date").unwrap()).unwrap();
        let off = date.to_utc() - Utc::now() - TimeDelta::seconds(offset.parse().unwrap());
        assert!(off.abs() < TimeDelta::seconds(5), "the answer's date shows it: {date}");
    }
}

#[tokio::test]
async fn a_session_needs_its_token_signed_and_ends() {
    let aws = AwsIam::start(&[("administrator", "session"), ("session-lifetime", "900")]).await;
    let session = aws.administrator.clone();
    assert_eq!(aws.identity(&session).await.status, 200);
    for token in [None, Some("MadeUp".to_owned())] {
        let keys = Keys { token, ..session.clone() };
        assert_eq!(status_and_code(&aws.identity(&keys).await), code(403, "InvalidClientTokenId"));
    }
    let mut unsigned =
        Signer::botocore("sts").sign(&Keys { token: None, ..session.clone() }, "POST", aws.authority(), "", IDENTITY);
    unsigned.insert("x-amz-security-token", session.token.as_ref().unwrap().parse().unwrap());
    let answer = aws.send(Method::POST, "/", unsigned, IDENTITY).await;
    assert_eq!(status_and_code(&answer), code(403, "InvalidClientTokenId"));
    aws.vendor.clock().advance(Duration::from_secs(900));
    assert_eq!(status_and_code(&aws.identity(&session).await), code(403, "ExpiredToken"));
}

#[tokio::test]
async fn a_user_without_rights_is_refused_all_of_iam_and_still_has_a_name() {
    let aws = AwsIam::start(&[]).await;
    let key = aws.key().await;
    let id = aws.administrator.id.clone();
    for (action, parameters) in [
        ("CreateAccessKey", vec![("UserName", aws.user.as_str())]),
        ("ListAccessKeys", vec![]),
        ("UpdateAccessKey", vec![("AccessKeyId", id.as_str()), ("Status", "Inactive")]),
        ("DeleteAccessKey", vec![("AccessKeyId", id.as_str())]),
        ("GetAccessKeyLastUsed", vec![("AccessKeyId", id.as_str())]),
        ("GetUser", vec![]),
        ("ListUsers", vec![]),
        ("CreateUser", vec![("UserName", "jo")]),
        ("UpdateUser", vec![("UserName", "nobody")]),
        ("DeleteUser", vec![("UserName", "nobody")]),
    ] {
        let answer = aws.call_as(&key, action, &parameters).await;
        assert_eq!(status_and_code(&answer), code(403, "AccessDenied"), "{action}");
        let message = value(&document(&answer), "Message");
        assert!(message.contains(&format!("to perform: iam:{action} on resource: ")), "{message}");
    }
    let identity = aws.identity(&key).await;
    assert!(value(&document(&identity), "Arn").ends_with(":user/keywright/keywright-demo"));
    assert!(aws.vendor.set_rights(&aws.user, true) && !aws.vendor.set_rights("nobody", true));
    assert_eq!(aws.call_as(&key, "ListUsers", &[]).await.status, 200);
}

#[tokio::test]
async fn a_policy_in_front_refuses_good_keys_and_only_those() {
    let aws = AwsIam::start(&[("endpoint-policy", "deny")]).await;
    assert_eq!(status_and_code(&aws.identity(&aws.administrator).await), code(403, "AccessDenied"));
    let wrong = Keys { secret: "0".repeat(40), ..aws.administrator.clone() };
    assert_eq!(status_and_code(&aws.identity(&wrong).await), code(403, "SignatureDoesNotMatch"));
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let aws = AwsIam::start(&[]).await;
    let long = "x".repeat(129);
    let id = ("AccessKeyId", "AKIAIOSFODNN7EXAMPLE");
    for (action, parameters, names) in [
        ("CreateAccessKey", vec![("UserName", "")], "2 validation errors detected: Value '' at 'userName'"),
        ("CreateAccessKey", vec![("UserName", "/path/jo")], "Value '/path/jo' at 'userName'"),
        ("CreateAccessKey", vec![("UserName", "a b")], r"pattern: [\w+=,.@-]+"),
        ("CreateAccessKey", vec![("UserName", &long)], "length less than or equal to 128"),
        ("CreateUser", vec![("UserName", &long[..65])], "length less than or equal to 64"),
        ("CreateUser", vec![("UserName", "jo"), ("Path", "ci/")], "at 'path'"),
        ("CreateUser", vec![], "Value null at 'userName' failed to satisfy constraint: Member must not be null"),
        ("DeleteAccessKey", vec![], "Value null at 'accessKeyId'"),
        ("DeleteAccessKey", vec![("AccessKeyId", "AKIA")], "length greater than or equal to 16"),
        ("UpdateAccessKey", vec![id], "Value null at 'status'"),
        ("UpdateAccessKey", vec![id, ("Status", "active")], "enum value set: [Active, Inactive, Expired]"),
        ("ListAccessKeys", vec![("MaxItems", "0")], "Value '0' at 'maxItems'"),
        ("ListAccessKeys", vec![("MaxItems", "1001")], "value less than or equal to 1000"),
    ] {
        let answer = aws.call(action, &parameters).await;
        assert_eq!(status_and_code(&answer), code(400, "ValidationError"), "{action} {parameters:?}");
        let message = value(&document(&answer), "Message");
        assert!(message.contains(names), "{action} {parameters:?}: {message}");
    }
    for number in ["", "many", "1.0", "2147483648"] {
        assert_eq!(aws.refused("ListUsers", &[("MaxItems", number)]).await, code(400, "MalformedInput"), "{number}");
    }
}

#[tokio::test]
async fn too_many_requests_have_a_code_and_failures_are_the_receivers() {
    for (throttle, status) in [
        ("Throttling", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 503),
        ("TooManyRequestsException", 429),
    ] {
        let aws = AwsIam::start(&[("throttle", throttle)]).await;
        for (fault, expected, kind) in [
            ("rate-limit@list*1", code(status, throttle), if status == 503 { "Receiver" } else { "Sender" }),
            ("server-error@list*1", code(500, "ServiceFailure"), "Receiver"),
        ] {
            aws.simulator.faults().inject(fault.parse::<FaultRule>().unwrap()).unwrap();
            let answer = aws.call("ListAccessKeys", &[]).await;
            assert_eq!(status_and_code(&answer), expected);
            assert_eq!(value(&document(&answer), "Type"), kind);
            assert!(answer.header("retry-after").is_none() && answer.header("x-amzn-requestid").is_some());
        }
        aws.granted("ListAccessKeys", &[]).await;
    }
}

/// What a conformance program of another project asserts against AWS's own STS.
#[tokio::test]
async fn the_query_protocol_is_read_as_sts_reads_it() {
    let aws = AwsIam::start(&[]).await;
    for (body, expected) in [
        ("Action=GetCallerIdentity&Version=2011-06-15&Unknown=value", code(200, "")),
        ("Action=GetCallerIdentity&Action=NoSuchAction&Version=2011-06-15", code(200, "")),
        ("Action=GetCallerIdentity&Version=2011-06-15&Version=2000-01-01", code(200, "")),
        ("Action=NoSuchAction&Action=GetCallerIdentity&Version=2011-06-15", code(400, "InvalidAction")),
        ("Action=GetCallerIdentity&Version=2000-01-01", code(400, "InvalidAction")),
        ("Action=GetCallerIdentity&Version=2010-05-08", code(400, "InvalidAction")),
        ("Action=GetCallerIdentity&Version=", code(400, "InvalidAction")),
        ("Action=GetCallerIdentity", code(400, "InvalidAction")),
        ("Action=&Version=2011-06-15", code(400, "InvalidAction")),
        ("Version=2011-06-15", code(302, "")),
    ] {
        let answer = aws.signed(&Signer::botocore("sts"), &aws.administrator, body).await;
        assert_eq!(status_and_code(&answer), expected, "{body}");
        if expected.0 == 400 {
            assert!(document(&answer).starts_with(
                "<ErrorResponse xmlns=\"http://webservices.amazon.com/AWSFault/2005-15-09\">\n  <Error>\n    \
                 <Type>Sender</Type>\n    <Code>InvalidAction</Code>\n    <Message>Could not find operation "
            ));
        }
    }
    let missing = aws.signed(&Signer::botocore("sts"), &aws.administrator, "Action=GetCallerIdentity").await;
    assert!(document(&missing).contains("operation GetCallerIdentity for version NO_VERSION_SPECIFIED"));

    let query = "Action=GetCallerIdentity&Version=2011-06-15";
    let get = Signer { headers: Vec::new(), ..Signer::botocore("sts") };
    let headers = get.sign(&aws.administrator, "GET", aws.authority(), query, "");
    assert_eq!(aws.send(Method::GET, &format!("/?{query}"), headers, "").await.status, 200);
    let nothing = aws.send(Method::GET, "/?Version=2011-06-15", HeaderMap::new(), "").await;
    assert_eq!(nothing.status, 302);
    assert_eq!(nothing.header("location"), Some("https://aws.amazon.com/iam?Version=2011-06-15"));
    let mut json = HeaderMap::new();
    json.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
    assert_eq!(aws.send(Method::POST, "/", json, IDENTITY).await.status, 302, "not a form");
    for (method, path) in [(Method::POST, "/keys"), (Method::PUT, "/")] {
        assert_eq!(aws.send(method, path, HeaderMap::new(), IDENTITY).await.status, 404);
    }
}
