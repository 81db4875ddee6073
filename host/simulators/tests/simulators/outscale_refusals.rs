//! Every refusal, in the form in which it comes.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use http::{HeaderMap, header};
use keywright_simulators::{FaultRule, Vendor as _};
use serde_json::{Value, json};

use crate::outscale_client::{Outscale, Signer, told};

#[tokio::test]
async fn what_is_not_signed_well_is_denied() {
    let outscale = Outscale::start(&[("lockout", "key")]).await;
    let (access_key, secret_key) = (outscale.access_key.as_str(), outscale.secret_key.as_str());
    let zeros = "0".repeat(40);
    let unknown = "A".repeat(20);
    let stale = Signer { at: Utc::now() - TimeDelta::minutes(16), ..Signer::python() };
    let early = Signer { at: Utc::now() + TimeDelta::minutes(16), ..Signer::go() };
    for (signer, keys, expected) in [
        (Signer::python(), (access_key, zeros.as_str()), (401, "1")),
        (stale, (access_key, secret_key), (401, "1")),
        (early, (access_key, secret_key), (401, "1")),
        (Signer::python(), (unknown.as_str(), secret_key), (400, "4120")),
    ] {
        let answer = outscale.signed(&signer, keys, "ReadAccessKeys", "{}").await;
        assert_eq!(told(&answer), (expected.0, expected.1.to_owned()));
    }
    let mut other = HeaderMap::new();
    assert_eq!(told(&outscale.send("ReadAccessKeys", other.clone(), String::new()).await), (401, "1".to_owned()));
    other.insert(header::AUTHORIZATION, "Bearer x".parse().unwrap());
    assert_eq!(told(&outscale.send("ReadAccessKeys", other, String::new()).await), (401, "12".to_owned()));
}

/// What was signed for one call is good for no other, and with no other body.
#[tokio::test]
async fn a_signature_covers_the_call_and_the_body() {
    let outscale = Outscale::start(&[]).await;
    let keys = (outscale.access_key.as_str(), outscale.secret_key.as_str());
    outscale.signed(&Signer::python(), keys, "ReadAccessKeys", "{}").await;
    let recorded = outscale.simulator.requests()[0].clone();
    let mut headers = recorded.headers;
    headers.remove(header::CONTENT_LENGTH);
    headers.remove(header::HOST);
    for (call, body, status) in
        [("ReadAccessKeys", "{}", 200), ("ReadAccessKeys", "{ }", 401), ("CreateAccessKey", "{}", 401)]
    {
        let answer = outscale.send(call, headers.clone(), body.to_owned()).await;
        assert_eq!(answer.status, status, "{call} {body}");
    }
}

#[tokio::test]
async fn four_failures_lock_a_key_or_the_account_for_a_minute() {
    for lockout in ["key", "account"] {
        let outscale = Outscale::start(&[("lockout", lockout)]).await;
        let key = outscale.key(json!({})).await;
        let id = key["AccessKeyId"].as_str().unwrap();
        for _ in 0..4 {
            let answer = outscale.signed(&Signer::python(), (id, &"0".repeat(40)), "ReadAccessKeys", "{}").await;
            assert_eq!(told(&answer), (401, "1".to_owned()));
        }
        assert_eq!(outscale.try_key(&key).await, (401, "13".to_owned()), "{lockout}");
        let administrator = outscale.call("ReadAccessKeys", json!({})).await;
        assert_eq!(administrator.status == 200, lockout == "key");
        outscale.vendor.clock().advance(Duration::from_secs(61));
        assert_eq!(outscale.try_key(&key).await, (401, "7".to_owned()), "live, without rights: {lockout}");
    }
}

#[tokio::test]
async fn a_user_without_rights_is_refused_everything_and_one_with_them_nothing() {
    for code in ["4", "5", "7"] {
        let outscale = Outscale::start(&[("no-right", code)]).await;
        let key = outscale.key(json!({})).await;
        let keys = (key["AccessKeyId"].as_str().unwrap(), key["SecretKey"].as_str().unwrap());
        for call in
            ["CreateAccessKey", "ReadAccessKeys", "UpdateAccessKey", "DeleteAccessKey", "ReadUsers", "ReadAccounts"]
        {
            let answer = outscale.signed(&Signer::python(), keys, call, "{}").await;
            assert_eq!(told(&answer), (401, code.to_owned()), "{call}");
        }
        assert!(outscale.vendor.set_rights(&outscale.user, true));
        assert!(!outscale.vendor.set_rights("nobody", true));
        let answer = outscale.signed(&Signer::python(), keys, "ReadAccessKeys", "{}").await;
        assert_eq!(answer.json()["AccessKeys"][0]["AccessKeyId"], keys.0, "its own");
    }
}

#[tokio::test]
async fn access_rules_that_are_not_met_refuse_a_good_key() {
    let outscale = Outscale::start(&[("access-rules", "unmet")]).await;
    assert_eq!(outscale.refused("ReadAccessKeys", json!({})).await, (401, "14".to_owned()));
}

#[tokio::test]
async fn public_calls_answer_to_anybody() {
    let outscale = Outscale::start(&[]).await;
    let made_up = ("A".repeat(20), "0".repeat(40));
    for call in ["ReadRegions", "ReadVmTypes", "ReadPublicIpRanges", "ReadLocations", "ReadPublicCatalog"] {
        let keys = (made_up.0.as_str(), made_up.1.as_str());
        assert_eq!(outscale.signed(&Signer::python(), keys, call, "{}").await.status, 200, "{call}");
        assert_eq!(outscale.send(call, HeaderMap::new(), String::new()).await.status, 200, "{call}");
    }
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let outscale = Outscale::start(&[("tag-length", "5")]).await;
    for (call, body, code, names) in [
        ("CreateAccessKey", json!({"Colour": "red"}), "4045", "Colour"),
        ("CreateAccessKey", json!({"Tag": 7}), "4045", "Tag"),
        ("CreateAccessKey", json!({"Tag": null}), "4045", "Tag"),
        ("CreateAccessKey", json!({"Tag": "longer"}), "4106", "Tag"),
        ("CreateAccessKey", json!({"State": "INACTIVE"}), "4045", "State"),
        ("CreateAccessKey", json!({"ExpirationDate": ""}), "4108", "ExpirationDate"),
        ("CreateAccessKey", json!({"ExpirationDate": "tomorrow"}), "4108", "ExpirationDate"),
        ("UpdateAccessKey", json!({}), "4045", "AccessKeyId"),
        ("UpdateAccessKey", json!({"AccessKeyId": "A", "State": "active"}), "4047", "State"),
        ("ReadAccessKeys", json!({"Filters": {"Ids": []}}), "4045", "Filters.Ids"),
        ("ReadAccessKeys", json!({"Filters": {"AccessKeyIds": "A"}}), "4045", "Filters.AccessKeyIds"),
        ("ReadAccessKeys", json!([]), "4045", "body"),
    ] {
        let answer = outscale.call(call, body.clone()).await;
        assert_eq!(told(&answer), (400, code.to_owned()), "{body}");
        let details = answer.json()["Errors"][0]["Details"].as_str().unwrap().to_owned();
        assert!(details.contains(names), "{body}: {details}");
    }
}

#[tokio::test]
async fn a_gateway_tells_its_errors_in_the_form_it_has() {
    for (throttle, status) in [("6", 503), ("24", 429), ("25", 429)] {
        for form in ["errors", "type", "problem"] {
            let outscale = Outscale::start(&[("throttle", throttle), ("error-form", form)]).await;
            for (fault, expected) in [("rate-limit*1", status), ("server-error*1", 500)] {
                outscale.simulator.faults().inject(fault.parse::<FaultRule>().unwrap()).unwrap();
                let answer = outscale.call("ReadAccessKeys", json!({})).await;
                assert_eq!(answer.status.as_u16(), expected, "{fault} {form}");
                let body = answer.json();
                let field = match form {
                    "errors" => &body["Errors"][0]["Code"],
                    "type" => &body["__type"],
                    _ => &body["title"],
                };
                assert!(field.is_string(), "{body}");
                let problem = answer.header("content-type") == Some("application/problem+json");
                assert_eq!(problem, form == "problem");
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_address_or_method_is_refused() {
    let outscale = Outscale::start(&[]).await;
    let unknown = outscale.call("ReadNothing", json!({})).await;
    assert_eq!((unknown.status.as_u16(), unknown.body.len()), (404, 0));
    let body: Value = Value::Null;
    assert_eq!(outscale.refused("ReadAccessKeys", body).await.0, 400);
}
