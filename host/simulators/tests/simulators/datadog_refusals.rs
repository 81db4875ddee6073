//! Every error of Datadog's, in the forms in which it may come.

use http::Method;
use keywright_simulators::datadog::Permission;
use serde_json::{Value, json};

use crate::datadog::{Datadog, KEYS, new, one, told};

fn forbidden() -> (u16, Value) {
    (403, json!({"errors": ["Forbidden"]}))
}

#[tokio::test]
async fn a_wrong_key_and_a_missing_permission_cannot_be_told_apart() {
    let datadog = Datadog::start(&[]).await;
    let other = Datadog::start(&[]).await;
    let (own, application) = (datadog.api_key.as_str(), datadog.application_key.as_str());
    let powerless = datadog.vendor.issue_application_key(&[]);
    for keys in [
        (own, other.application_key.as_str()),
        (other.api_key.as_str(), application),
        (application, own),
        ("", application),
        (own, ""),
        (own, powerless.as_str()),
    ] {
        assert_eq!(told(&datadog.send_as(keys, Method::GET, KEYS, None).await), forbidden(), "{keys:?}");
    }
    for headers in [vec![], vec![("DD-API-KEY", own)], vec![("DD-APPLICATION-KEY", application)]] {
        assert_eq!(told(&datadog.send_with(&headers, Method::GET, KEYS, None).await), forbidden());
    }
    assert_eq!(datadog.get(KEYS).await.status, 200);
}

#[tokio::test]
async fn each_operation_needs_its_permission() {
    let datadog = Datadog::start(&[]).await;
    let id = &datadog.named("one").await["id"];
    let change = json!({"data": {"type": "api_keys", "id": id, "attributes": {"name": "two"}}});
    for permission in [Permission::Read, Permission::Write, Permission::Delete] {
        let application = datadog.vendor.issue_application_key(&[permission]);
        let keys = (datadog.api_key.as_str(), application.as_str());
        let creation = new(json!({"name": "three"}));
        for (method, path, body, needed, status) in [
            (Method::GET, KEYS.to_owned(), None, Permission::Read, 200),
            (Method::GET, one(id), None, Permission::Read, 200),
            (Method::POST, KEYS.to_owned(), Some(creation), Permission::Write, 201),
            (Method::PATCH, one(id), Some(change.clone()), Permission::Write, 200),
            (Method::DELETE, one(id), None, Permission::Delete, 204),
        ] {
            let answer = datadog.send_as(keys, method, &path, body).await;
            let expected = if permission == needed { status } else { 403 };
            assert_eq!(answer.status, expected, "{permission:?} for {needed:?}");
        }
    }
}

#[tokio::test]
async fn the_administrator_may_lack_a_permission() {
    for (option, reads, writes, deletes) in [
        ("none", true, true, true),
        ("api_keys_read", false, true, true),
        ("api_keys_write", true, false, true),
        ("api_keys_delete", true, true, false),
    ] {
        let datadog = Datadog::start(&[("missing-permission", option)]).await;
        let by_hand = json!(datadog.simulator.vendor().issue_by_hand());
        let missing = datadog.read(&json!("11111111-2222-4333-8444-555555555555")).await;
        assert_eq!(missing.status == 404, reads, "a 403 comes before a 404");
        assert_eq!(datadog.get(KEYS).await.status == 200, reads);
        assert_eq!(datadog.try_create(json!({"name": "one"})).await.status == 201, writes);
        assert_eq!(datadog.delete(&by_hand).await.status == 204, deletes);
    }
}

#[tokio::test]
async fn a_403_comes_in_three_forms() {
    for (form, kind, verbose) in
        [("plain", "application/json", false), ("verbose", "application/json", true), ("html", "text/html", false)]
    {
        let datadog = Datadog::start(&[("forbidden-form", form)]).await;
        for path in [KEYS, "/api/v1/validate", "/api/v2/validate"] {
            let answer = datadog.send_as(("x", "y"), Method::GET, path, None).await;
            assert_eq!(answer.status, 403, "{form} {path}");
            assert!(answer.header("content-type").unwrap().starts_with(kind), "{answer:?}");
            if kind == "application/json" {
                assert_eq!(answer.json().get("statuspage").is_some(), verbose, "{form} {path}");
            }
        }
        let missing = datadog.read(&json!("nowhere")).await;
        assert_eq!(told(&missing), (404, json!({"errors": ["API key not found"]})));
    }
}

#[tokio::test]
async fn an_id_that_is_absent_or_malformed_is_not_found() {
    let datadog = Datadog::start(&[]).await;
    let gone = (404, json!({"errors": ["API key not found"]}));
    for id in ["invalidId", "11111111-2222-4333-8444-555555555555", "11111111222243338444555555555555", "%20"] {
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            assert_eq!(told(&datadog.send(method, &one(&json!(id)), None).await), gone, "{id}");
        }
    }
}

#[tokio::test]
async fn a_body_that_makes_no_sense_is_refused_by_field() {
    let datadog = Datadog::start(&[("longest-name", "5")]).await;
    let attributes = |attributes: Value| json!({"data": {"type": "api_keys", "attributes": attributes}});
    for (body, field) in [
        (json!([]), "body"),
        (json!({}), "data"),
        (json!({"data": []}), "data"),
        (json!({"data": {"attributes": {"name": "one"}}}), "data.type"),
        (json!({"data": {"type": "application_keys", "attributes": {"name": "one"}}}), "data.type"),
        (json!({"data": {"type": "api_keys"}}), "data.attributes"),
        (json!({"data": {"type": "api_keys", "id": "x", "attributes": {"name": "one"}}}), "data.id"),
        (attributes(json!({})), "data.attributes.name"),
        (attributes(json!({"name": ""})), "data.attributes.name"),
        (attributes(json!({"name": null})), "data.attributes.name"),
        (attributes(json!({"name": 7})), "data.attributes.name"),
        (attributes(json!({"name": "longer"})), "data.attributes.name"),
        (attributes(json!({"name": "one", "category": 7})), "data.attributes.category"),
        (
            attributes(json!({"name": "one", "remote_config_read_enabled": "yes"})),
            "data.attributes.remote_config_read_enabled",
        ),
        (attributes(json!({"name": "one", "key": "x"})), "data.attributes.key"),
    ] {
        let answer = datadog.send(Method::POST, KEYS, Some(body.clone())).await;
        let text = answer.json()["errors"][0].as_str().unwrap_or_default().to_owned();
        assert_eq!((answer.status.as_u16(), text.split(": ").next().unwrap()), (400, field), "{body}");
    }
    assert_eq!(datadog.list("").await.len(), 1, "nothing was made");
}

#[tokio::test]
async fn a_change_names_the_key_of_its_path() {
    let datadog = Datadog::start(&[]).await;
    let id = &datadog.named("one").await["id"];
    for (data, field) in [
        (json!({"type": "api_keys", "attributes": {"name": "two"}}), "data.id"),
        (json!({"type": "api_keys", "id": "x", "attributes": {"name": "two"}}), "data.id"),
        (json!({"type": "api_keys", "id": id, "attributes": {"category": "x"}}), "data.attributes.name"),
    ] {
        let answer = datadog.send(Method::PATCH, &one(id), Some(json!({"data": data}))).await;
        let text = answer.json()["errors"][0].as_str().unwrap().to_owned();
        assert_eq!((answer.status.as_u16(), text.split(": ").next().unwrap()), (400, field), "{data}");
    }
    assert_eq!(datadog.read(id).await.json()["data"]["attributes"]["name"], "one");
}

#[tokio::test]
async fn names_are_unique_or_not_as_chosen() {
    for (option, status) in [("400", 400), ("409", 409), ("accept", 201)] {
        let datadog = Datadog::start(&[("duplicate-name", option)]).await;
        datadog.named("one").await;
        let two = datadog.named("two").await;
        assert_eq!(datadog.try_create(json!({"name": "one"})).await.status, status);
        let renamed = datadog.update(&two["id"], json!({"name": "one"})).await;
        assert_eq!(renamed.status, if status == 201 { 200 } else { status });
        assert_eq!(datadog.update(&two["id"], json!({"name": "two"})).await.status, 200, "its own name");
    }
}

#[tokio::test]
async fn an_organization_has_so_many_keys_and_never_none() {
    for (option, status) in [("400", 400), ("403", 403)] {
        let datadog = Datadog::start(&[("quota", "2"), ("quota-answer", option)]).await;
        let made = datadog.named("one").await;
        let refused = datadog.try_create(json!({"name": "two"})).await;
        let text = json!({"errors": ["The organization has reached its limit of 2 API keys"]});
        assert_eq!(told(&refused), (status, text));
        assert_eq!(datadog.get(KEYS).await.json()["meta"]["max_allowed"], 2);
        datadog.delete(&made["id"]).await;
        datadog.named("two").await;
    }
    let datadog = Datadog::start(&[]).await;
    let own = json!(datadog.vendor.administrator_key_id());
    let refused = datadog.delete(&own).await;
    assert_eq!(told(&refused), (400, json!({"errors": ["The last API key cannot be deleted"]})));
    // With another key there, the administrator's own can be deleted, and is gone for its owner too.
    datadog.named("one").await;
    assert_eq!(datadog.delete(&own).await.status, 204);
    assert_eq!(told(&datadog.get(KEYS).await), forbidden());
}

#[tokio::test]
async fn an_unknown_path_or_method_is_refused() {
    let datadog = Datadog::start(&[]).await;
    assert_eq!(told(&datadog.get("/api/v2/nowhere").await), (404, json!({"errors": ["Not Found"]})));
    let put = datadog.send(Method::PUT, KEYS, None).await;
    assert_eq!(told(&put), (405, json!({"errors": ["Method Not Allowed"]})));
    // The version that has keys in its paths is not served.
    assert_eq!(datadog.get(&format!("/api/v1/api_key/{}", datadog.api_key)).await.status, 404);
}
