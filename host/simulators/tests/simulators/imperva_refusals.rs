//! What is refused, and how that is told.

use http::Method;
use serde_json::{Value, json};

use crate::imperva::{CLIENTS, Imperva, Key, in_days};

async fn count(imperva: &Imperva) -> usize {
    imperva.list("").await.len()
}

#[tokio::test]
async fn nobody_comes_in_without_both_headers() {
    let imperva = Imperva::start(&[]).await;
    let Key { id, api_key } = imperva.own.clone();
    let other = uuid();
    for headers in [
        vec![],
        vec![("x-api-id", id.as_str())],
        vec![("x-api-key", api_key.as_str())],
        vec![("x-api-id", id.as_str()), ("x-api-key", other.as_str())],
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = imperva.send_with(&headers, method, CLIENTS, None).await;
            assert_eq!(answer.status, 401, "{headers:?}");
        }
    }
    let query = format!("{CLIENTS}?api_id={id}&api_key={api_key}");
    assert_eq!(imperva.send_with(&[], Method::GET, &query, None).await.status, 401);
}

fn uuid() -> String {
    "48d69342-eaec-44cf-8a5c-56c4ff1cd5e8".to_owned()
}

#[tokio::test]
async fn a_bad_request_makes_and_changes_nothing_and_is_told_by_field() {
    let imperva = Imperva::start(&[]).await;
    let created = imperva.create(json!({"name": "First"})).await;
    let before = imperva.stored(&created["id"]).await;
    for (body, pointer) in [
        (json!({}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({"name": 7}), "/name"),
        (json!({"name": "x", "expirationDate": in_days(-1)}), "/expirationDate"),
        (json!({"name": "x", "expirationDate": "2035-01-30"}), "/expirationDate"),
        (json!({"name": "x", "enabled": "yes"}), "/enabled"),
        (json!({"name": "x", "description": "x".repeat(1001)}), "/description"),
        (json!({"name": "x", "regenerate": true}), "/regenerate"),
    ] {
        let answer = imperva.try_create("", body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["errors"][0]["source"]["pointer"], pointer, "{body}");
    }
    for body in [json!({"expirationDate": in_days(-1), "name": "y"}), json!({"userEmail": "jo@example.com"}), json!([])]
    {
        assert_eq!(imperva.update(&created["id"], body).await.status, 400);
    }
    assert_eq!((count(&imperva).await, imperva.stored(&created["id"]).await), (2, before));
}

#[tokio::test]
async fn a_user_has_a_quota_of_api_clients() {
    for status in ["406", "400", "403", "409", "422"] {
        let imperva = Imperva::start(&[("quota", "2"), ("quota-status", status)]).await;
        let created = imperva.create(json!({"name": "First"})).await;
        let refused = imperva.try_create("", json!({"name": "Second"})).await;
        assert_eq!(refused.status.as_str(), status);
        assert!(refused.json()["errors"][0]["detail"].as_str().unwrap().contains("limit of 2"), "{refused:?}");
        // Others have their own.
        imperva.create_with("?userEmail=jo%40example.com", json!({"name": "Second"})).await;
        imperva.delete(&created["id"]).await;
        imperva.create(json!({"name": "Third"})).await;
    }
}

#[tokio::test]
async fn an_account_that_did_not_consent_gets_no_api_clients() {
    let imperva = Imperva::start(&[("consent", "false")]).await;
    let refused = imperva.try_create("", json!({"name": "First"})).await;
    assert_eq!(refused.status, 403);
    assert!(refused.json()["errors"][0]["detail"].as_str().unwrap().contains("API Client Creation Consent"));
    assert_eq!(count(&imperva).await, 1);
}

#[tokio::test]
async fn a_user_who_is_not_there_gets_none() {
    for status in ["400", "404"] {
        let imperva = Imperva::start(&[("unknown-user-status", status)]).await;
        let refused = imperva.try_create("?userEmail=nobody%40example.com", json!({"name": "First"})).await;
        assert_eq!(refused.status.as_str(), status);
        assert!(refused.json()["errors"][0]["detail"].as_str().unwrap().contains("Can't find user with email"));
    }
}

#[tokio::test]
async fn names_may_have_to_be_different() {
    let imperva = Imperva::start(&[("unique-names", "true")]).await;
    imperva.create(json!({"name": "First"})).await;
    assert_eq!(imperva.try_create("", json!({"name": "First"})).await.status, 409);
    imperva.create_with("?userEmail=jo%40example.com", json!({"name": "First"})).await;
}

#[tokio::test]
async fn permissions_decide_over_ones_own_and_others_api_clients() {
    let imperva = Imperva::start(&[]).await;
    let of_jo = imperva.create_with("?userEmail=jo%40example.com", json!({"name": "Jo's", "enabled": true})).await;
    let (jo, admin) = (Key::of(&of_jo), imperva.own.clone());
    let as_jo = async |method, below: &str, body: Option<Value>| {
        imperva.send_as(&jo, method, &format!("{CLIENTS}{below}"), body).await.status.as_u16()
    };
    let body = Some(json!({"name": "x"}));
    assert_eq!(as_jo(Method::POST, "", body.clone()).await, 201);
    assert_eq!(as_jo(Method::POST, "?userEmail=admin%40example.com", body.clone()).await, 403);
    assert_eq!(as_jo(Method::PATCH, &format!("/{}", admin.id), body.clone()).await, 403);
    assert_eq!(as_jo(Method::DELETE, &format!("/{}", admin.id), None).await, 403);

    assert!(imperva.vendor.set_permissions("jo@example.com", false, false));
    assert_eq!(as_jo(Method::GET, "", None).await, 403);
    assert_eq!(as_jo(Method::POST, "", body.clone()).await, 403);
    assert!(imperva.vendor.set_permissions("jo@example.com", true, true));
    assert_eq!(as_jo(Method::PATCH, &format!("/{}", admin.id), body).await, 200);
    assert!(!imperva.vendor.set_permissions("nobody@example.com", true, true));
}

#[tokio::test]
async fn an_account_that_is_not_the_callers_is_refused() {
    let imperva = Imperva::start(&[]).await;
    for account in [imperva.vendor.foreign_account_id(), 7] {
        let answer = imperva.send(Method::GET, &format!("?caid={account}"), None).await;
        assert_eq!(answer.status, 403);
        let refused = imperva.try_create(&format!("?caid={account}"), json!({"name": "First"})).await;
        assert_eq!(refused.status, 403);
    }
    assert_eq!(imperva.send(Method::GET, "?caid=none", None).await.status, 400);
    // A sub-account does not see the account it is part of.
    let sub = imperva.vendor.sub_account_id();
    let created = imperva.create_with(&format!("?caid={sub}"), json!({"name": "First", "enabled": true})).await;
    let own = imperva.vendor.account_id();
    let target = format!("{CLIENTS}?caid={own}");
    assert_eq!(imperva.send_as(&Key::of(&created), Method::GET, &target, None).await.status, 403);
}

#[tokio::test]
async fn errors_come_in_each_of_the_forms_that_are_known() {
    let refused = async |form: &str, with_200: &str| {
        let imperva = Imperva::start(&[("error-form", form), ("refuse-with-200", with_200)]).await;
        let answer = imperva.try_create("", json!({})).await;
        (answer.status.as_u16(), answer.json())
    };
    let (status, v3) = refused("v3", "false").await;
    let expected = json!({"errors": [{
        "status": 400, "id": "999999", "code": 0, "source": {"pointer": "/name"}, "title": "Bad Request",
        "detail": "name is required",
    }]});
    assert_eq!((status, v3), (400, expected));
    let (_, v2) = refused("v2", "false").await;
    assert_eq!(v2, json!({"errors": [{"status": "400", "id": "999999", "message": "name: name is required"}]}));
    let (status, v1) = refused("v1", "true").await;
    assert_eq!((status, &v1["res"], &v1["debug_info"]["id-info"]), (200, &json!(2), &json!("999999")));
    let (_, role) = refused("role", "false").await;
    assert_eq!((&role["error_code"], &role["placeholders"]), (&json!("INVALID_INPUT"), &json!({})));
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait_or_does_not() {
    for (option, expected) in [("0", None), ("7", Some("7"))] {
        let imperva = Imperva::start(&[("retry-after", option)]).await;
        imperva.fault("rate-limit*1");
        let answer = imperva.send(Method::GET, "", None).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, expected));
        assert_eq!(answer.json()["errors"][0]["status"], 429);
    }
}

#[tokio::test]
async fn a_fault_is_aimed_at_what_a_request_is_for() {
    let imperva = Imperva::start(&[]).await;
    let created = imperva.create(json!({"name": "First"})).await;
    let id = &created["id"];
    for operation in ["create", "list", "get", "update", "set-enabled", "regenerate", "revoke"] {
        imperva.fault(&format!("server-error@{operation}*1"));
    }
    let statuses = [
        imperva.update(id, json!({"enabled": true})).await.status,
        imperva.update(id, json!({"regenerate": true})).await.status,
        imperva.update(id, json!({"name": "x"})).await.status,
        imperva.read(id).await.status,
        imperva.send(Method::GET, "", None).await.status,
        imperva.try_create("", json!({"name": "x"})).await.status,
        imperva.delete(id).await.status,
    ];
    assert_eq!(statuses.map(|status| status.as_u16()), [500; 7]);
    assert!(imperva.simulator.faults().waiting().is_empty());
    assert_eq!(imperva.stored(id).await["name"], "First");
}
