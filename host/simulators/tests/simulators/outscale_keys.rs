//! Keys over their life, and both positions of each switch.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use keywright_simulators::Vendor as _;
use serde_json::{Value, json};

use crate::outscale_client::Outscale;

fn in_days(days: i64) -> String {
    (Utc::now() + TimeDelta::days(days)).format("%Y-%m-%d").to_string()
}

fn of(outscale: &Outscale, key: &Value, mut change: Value) -> Value {
    change["AccessKeyId"] = key["AccessKeyId"].clone();
    change["UserName"] = json!(outscale.user);
    change
}

#[tokio::test]
async fn an_update_without_an_expiry_keeps_it_or_clears_it() {
    for (option, expected) in [("keep", json!(format!("{}T00:00:00.000+0000", in_days(9)))), ("clear", Value::Null)] {
        let outscale = Outscale::start(&[("update-without-expiry", option)]).await;
        let key = outscale.key(json!({"ExpirationDate": in_days(9)})).await;
        let body = of(&outscale, &key, json!({"State": "INACTIVE"}));
        let updated = outscale.granted("UpdateAccessKey", body).await["AccessKey"].clone();
        assert_eq!((&updated["ExpirationDate"], &updated["State"]), (&expected, &json!("INACTIVE")), "{option}");
        assert_ne!(updated["LastModificationDate"], key["LastModificationDate"]);
    }
}

#[tokio::test]
async fn a_date_beside_its_clearing_is_ignored() {
    let outscale = Outscale::start(&[("update-without-expiry", "keep")]).await;
    let key = outscale.key(json!({"ExpirationDate": in_days(9)})).await;
    let body = of(&outscale, &key, json!({"ExpirationDate": in_days(3), "ClearExpirationDate": true}));
    assert_eq!(outscale.granted("UpdateAccessKey", body).await["AccessKey"]["ExpirationDate"], Value::Null);
}

#[tokio::test]
async fn older_gateways_demand_the_state() {
    let outscale = Outscale::start(&[("state-required", "true")]).await;
    let key = outscale.key(json!({})).await;
    let refused = outscale.refused("UpdateAccessKey", of(&outscale, &key, json!({"Tag": "t"}))).await;
    assert_eq!(refused, (400, "4045".to_owned()));
    outscale.granted("UpdateAccessKey", of(&outscale, &key, json!({"Tag": "t", "State": "ACTIVE"}))).await;
}

#[tokio::test]
async fn a_key_that_is_inactive_or_expired_does_not_sign_and_stays_listed() {
    for (option, expected) in [("denied", (401, "1")), ("unknown", (400, "4120"))] {
        let expected = (expected.0, expected.1.to_owned());
        let outscale = Outscale::start(&[("dead-key", option)]).await;
        outscale.vendor.set_rights(&outscale.user, true);
        let key = outscale.key(json!({"ExpirationDate": in_days(2)})).await;
        assert_eq!(outscale.try_key(&key).await.0, 200);
        let switch = |state: &str| of(&outscale, &key, json!({"State": state, "ExpirationDate": in_days(2)}));
        outscale.granted("UpdateAccessKey", switch("INACTIVE")).await;
        assert_eq!(outscale.try_key(&key).await, expected, "{option}");
        outscale.granted("UpdateAccessKey", switch("ACTIVE")).await;
        assert_eq!(outscale.try_key(&key).await.0, 200);
        outscale.vendor.clock().advance(Duration::from_secs(3 * 86_400));
        assert_eq!(outscale.try_key(&key).await, expected, "{option}");
        let listed = outscale.granted("ReadAccessKeys", json!({"UserName": outscale.user})).await;
        assert_eq!(listed["AccessKeys"][0]["State"], "ACTIVE", "expired, and still ACTIVE");
    }
}

#[tokio::test]
async fn an_eim_users_key_must_be_inactive_to_be_deleted_and_roots_need_not() {
    for code in ["4047", "6003", "9011"] {
        let outscale = Outscale::start(&[("active-delete", code)]).await;
        let key = outscale.key(json!({})).await;
        assert_eq!(outscale.refused("DeleteAccessKey", of(&outscale, &key, json!({}))).await.1, code);
        outscale.granted("UpdateAccessKey", of(&outscale, &key, json!({"State": "INACTIVE"}))).await;
        outscale.granted("DeleteAccessKey", of(&outscale, &key, json!({}))).await;
        let own = outscale.granted("CreateAccessKey", json!({})).await["AccessKey"]["AccessKeyId"].clone();
        outscale.granted("DeleteAccessKey", json!({"AccessKeyId": own})).await;
    }
}

#[tokio::test]
async fn a_key_is_found_with_its_owner_only() {
    for code in ["4000", "4120", "5027"] {
        let outscale = Outscale::start(&[("unknown-key", code)]).await;
        let key = outscale.key(json!({})).await;
        let id = &key["AccessKeyId"];
        assert_eq!(outscale.refused("DeleteAccessKey", json!({"AccessKeyId": id})).await, (400, code.to_owned()));
        let listed = outscale.granted("ReadAccessKeys", json!({"Filters": {"AccessKeyIds": [id]}})).await;
        assert_eq!(listed["AccessKeys"], json!([]));
        let of_nobody = json!({"AccessKeyId": id, "UserName": "nobody"});
        assert_eq!(outscale.refused("UpdateAccessKey", of_nobody).await, (400, "5075".to_owned()));
    }
}

#[tokio::test]
async fn each_owner_has_a_quota() {
    let outscale = Outscale::start(&[]).await;
    for _ in 0..10 {
        outscale.key(json!({})).await;
    }
    let refused = outscale.refused("CreateAccessKey", json!({"UserName": outscale.user})).await;
    assert_eq!(refused.1, "10005");
    outscale.granted("CreateAccessKey", json!({})).await;
}

#[tokio::test]
async fn keys_are_listed_by_owner_state_and_tag() {
    let outscale = Outscale::start(&[]).await;
    let (one, other) = (outscale.key(json!({"Tag": "one"})).await, outscale.key(json!({"Tag": "other"})).await);
    outscale.granted("UpdateAccessKey", of(&outscale, &other, json!({"State": "INACTIVE"}))).await;
    for (select, expected) in [
        (json!({}), vec![&one, &other]),
        (json!({"Tag": "one"}), vec![&one]),
        (json!({"Tag": "on"}), vec![]),
        (json!({"Filters": {"States": ["INACTIVE"]}}), vec![&other]),
        (json!({"Filters": {"AccessKeyIds": [one["AccessKeyId"]], "States": ["INACTIVE"]}}), vec![]),
    ] {
        let mut body = select.clone();
        body["UserName"] = json!(outscale.user);
        let listed = outscale.granted("ReadAccessKeys", body).await;
        let ids: Vec<_> = listed["AccessKeys"].as_array().unwrap().iter().map(|key| &key["AccessKeyId"]).collect();
        let expected: Vec<_> = expected.into_iter().map(|key| &key["AccessKeyId"]).collect();
        assert_eq!(ids, expected, "{select}");
    }
}

#[tokio::test]
async fn a_dry_run_does_nothing() {
    let outscale = Outscale::start(&[]).await;
    let key = outscale.key(json!({})).await;
    let before = outscale.granted("ReadAccessKeys", json!({"UserName": outscale.user})).await["AccessKeys"].clone();
    outscale.granted("CreateAccessKey", json!({"DryRun": true, "UserName": outscale.user})).await;
    outscale.granted("UpdateAccessKey", of(&outscale, &key, json!({"DryRun": true, "Tag": "t"}))).await;
    outscale.granted("CreateUser", json!({"DryRun": true, "UserName": "jo"})).await;
    let after = outscale.granted("ReadAccessKeys", json!({"UserName": outscale.user})).await["AccessKeys"].clone();
    assert_eq!(before, after);
    assert_eq!(outscale.refused("ReadAccessKeys", json!({"UserName": "jo"})).await.1, "5075");
}

#[tokio::test]
async fn a_policy_demands_an_expiry_in_time() {
    let outscale = Outscale::start(&[("max-key-expiration", "864000")]).await;
    for body in [json!({}), json!({"ExpirationDate": in_days(12)})] {
        assert_eq!(outscale.refused("CreateAccessKey", body).await, (400, "4047".to_owned()));
    }
    let key = outscale.key(json!({"ExpirationDate": in_days(9)})).await;
    let clear = of(&outscale, &key, json!({"ClearExpirationDate": true}));
    assert_eq!(outscale.refused("UpdateAccessKey", clear).await, (400, "4047".to_owned()));
}

#[tokio::test]
async fn a_date_that_has_passed_is_refused_or_not() {
    for (option, status) in [("refuse", 400), ("accept", 200)] {
        let outscale = Outscale::start(&[("past-expiry", option)]).await;
        let answer = outscale.call("CreateAccessKey", json!({"ExpirationDate": in_days(-1)})).await;
        assert_eq!(answer.status, status, "{option}");
    }
}

#[tokio::test]
async fn a_user_is_deleted_only_without_keys() {
    let outscale = Outscale::start(&[]).await;
    outscale.granted("CreateUser", json!({"UserName": "jo", "Path": "/", "UserEmail": "jo@example.com"})).await;
    assert_eq!(outscale.refused("CreateUser", json!({"UserName": "jo"})).await, (409, "9022".to_owned()));
    let key = outscale.granted("CreateAccessKey", json!({"UserName": "jo"})).await["AccessKey"].clone();
    assert_eq!(outscale.refused("DeleteUser", json!({"UserName": "jo"})).await.0, 409);
    let of_jo = |more: Value| {
        let mut body = more;
        body["UserName"] = json!("jo");
        body["AccessKeyId"] = key["AccessKeyId"].clone();
        body
    };
    outscale.granted("UpdateAccessKey", of_jo(json!({"State": "INACTIVE"}))).await;
    outscale.granted("DeleteAccessKey", of_jo(json!({}))).await;
    outscale.granted("DeleteUser", json!({"UserName": "jo"})).await;
    let users = outscale.granted("ReadUsers", json!({})).await;
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
}
