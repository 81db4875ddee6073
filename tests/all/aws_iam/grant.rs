//! What the grant lets through. Method, host and path are the same for reading and for deleting: the form alone tells them
//! apart.

use http::{HeaderMap, HeaderValue, Method, Uri};
use keywright_egress::{EndpointOverrides, Policy, Request, RuleSet};
use keywright_tests::{AwsIamBench as Bench, engine, object};
use serde_json::json;

const FORM: &str = "application/x-www-form-urlencoded";
const IAM: &str = "https://iam.amazonaws.com/";
const STS: &str = "https://sts.us-east-1.amazonaws.com/";

fn granted() -> RuleSet {
    Bench::built_in().rules.parse().unwrap()
}

fn bound(rules: &RuleSet) -> Policy {
    rules.bind(&object(json!({"region": "us-east-1"})), &EndpointOverrides::none()).unwrap()
}

fn allows_as(policy: &Policy, operation: &str, url: &str, content_type: &'static str, form: &str) -> bool {
    let uri: Uri = url.parse().unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static(content_type));
    let request = Request { operation, method: &Method::POST, uri: &uri, headers: &headers, body: form.as_bytes() };
    policy.decide(&request).is_ok()
}

fn allows(policy: &Policy, operation: &str, url: &str, form: &str) -> bool {
    allows_as(policy, operation, url, FORM, form)
}

#[tokio::test]
async fn the_grant_is_what_the_adapter_asks_for() {
    let adapter = Bench::built_in().load(engine()).await.unwrap();
    let requested = &adapter.descriptor().rules;
    assert_eq!((granted().missing(requested), requested.missing(&granted())), (vec![], vec![]));
}

#[test]
fn an_operation_may_make_its_own_calls_and_no_others() {
    let policy = bound(&granted());
    let iam = |action: &str| format!("Action={action}&Version=2010-05-08&UserName=ci&AccessKeyId=AKIAEXAMPLE000000001");
    let (active, inactive) =
        (format!("{}&Status=Active", iam("UpdateAccessKey")), format!("{}&Status=Inactive", iam("UpdateAccessKey")));
    let who = "Action=GetCallerIdentity&Version=2011-06-15".to_owned();
    let calls: [(&str, &str, String, &[&str]); 8] = [
        (IAM, "make", iam("CreateAccessKey"), &["create"]),
        (IAM, "list", iam("ListAccessKeys"), &["get", "list", "update", "set-enabled"]),
        (IAM, "last use", iam("GetAccessKeyLastUsed"), &["check", "get", "update", "set-enabled", "revoke"]),
        (IAM, "enable", active, &["update", "set-enabled"]),
        (IAM, "disable", inactive, &["create", "update", "set-enabled"]),
        (IAM, "delete", iam("DeleteAccessKey"), &["revoke"]),
        (IAM, "expire", format!("{}&Status=Expired", iam("UpdateAccessKey")), &[]),
        (STS, "identity", who, &["check", "verify"]),
    ];
    let operations = ["check", "create", "get", "list", "update", "set-enabled", "regenerate", "verify", "revoke"];
    for (url, name, form, may) in &calls {
        for operation in operations {
            assert_eq!(allows(&policy, operation, url, form), may.contains(&operation), "{operation}: {name}");
        }
    }
}

#[test]
fn who_may_only_read_can_neither_delete_nor_make_nor_change() {
    let mut reading = granted();
    for rule in &mut reading.rules {
        rule.operations.retain(|operation| ["check", "get", "list"].contains(&operation.as_str()));
    }
    reading.rules.retain(|rule| !rule.operations.is_empty());
    let policy = bound(&reading);
    for action in
        ["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "DeleteUser", "CreateUser", "AttachUserPolicy"]
    {
        let form = format!("Action={action}&Version=2010-05-08&UserName=ci&Status=Inactive");
        for operation in ["check", "get", "list", "update", "revoke", "create"] {
            assert!(!allows(&policy, operation, IAM, &form), "{operation}: {action}");
        }
    }
    assert!(allows(&policy, "list", IAM, "Action=ListAccessKeys&Version=2010-05-08&UserName=ci"));
}

/// What AWS could read in another way than the rule does.
#[test]
fn a_form_that_could_be_read_in_two_ways_is_refused() {
    let policy = bound(&granted());
    let list = "Action=ListAccessKeys&Version=2010-05-08&UserName=ci";
    assert!(allows(&policy, "list", IAM, list));
    for form in [
        format!("{list}&Action=DeleteAccessKey"),
        format!("Action=DeleteAccessKey&{list}"),
        format!("{list}&action=DeleteAccessKey"),
        format!("{list}&Action[]=DeleteAccessKey"),
        format!("{list}&Version=2011-06-15"),
        list.replace("2010-05-08", "2011-06-15"),
        list.replace("&Version=2010-05-08", ""),
        list.replace("ListAccessKeys", "listaccesskeys"),
        list.replace("ListAccessKeys", "ListAccessKeys%00"),
        list.replace("Action", "action"),
        list.replace('&', ";"),
        String::new(),
    ] {
        assert!(!allows(&policy, "list", IAM, &form), "{form}");
    }
    for url in [format!("{IAM}?Action=DeleteAccessKey"), format!("{IAM}?x=1"), format!("{IAM}x"), STS.to_owned()] {
        assert!(!allows(&policy, "list", &url, list), "{url}");
    }
    for content_type in
        ["application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-amz-json-1.1"]
    {
        assert!(!allows_as(&policy, "list", IAM, content_type, list), "{content_type}");
    }
}

#[test]
fn no_other_host_of_the_vendor_is_within_the_grant() {
    let policy = bound(&granted());
    let list = "Action=ListAccessKeys&Version=2010-05-08&UserName=ci";
    for host in
        ["bucket.s3.amazonaws.com", "amazonaws.com", "iam.us-east-1.amazonaws.com", "iam.amazonaws.com.example.com"]
    {
        assert!(!allows(&policy, "list", &format!("https://{host}/"), list), "{host}");
    }
}
