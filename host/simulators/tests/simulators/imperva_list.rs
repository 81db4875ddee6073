//! Lists: whose API clients they show, and how they are cut into pages.

use http::Method;
use serde_json::{Value, json};

use crate::imperva::{CLIENTS, Imperva, Key};

async fn fill(imperva: &Imperva, count: usize) {
    for number in 0..count {
        imperva.create(json!({"name": format!("client {number}")})).await;
    }
}

#[tokio::test]
async fn an_envelope_tells_how_many_there_are_and_which_page_it_is() {
    let imperva = Imperva::start(&[("quota", "100")]).await;
    fill(&imperva, 54).await;
    let first = imperva.send(Method::GET, "", None).await.json();
    assert_eq!(first["meta"], json!({"total": 55, "pageNumber": 0, "pageSize": 50, "maxApiKeyLimit": 100}));
    assert_eq!(first["data"].as_array().unwrap().len(), 50);
    let second = imperva.send(Method::GET, "?pageNumber=1&pageSize=50", None).await.json();
    assert_eq!(second["meta"]["pageNumber"], 1);
    assert_eq!(second["data"].as_array().unwrap().len(), 5);
    assert_eq!(imperva.list("?pageNumber=2").await, [Value::Null; 0]);
    assert_eq!(imperva.list("?pageSize=100").await.len(), 55);
}

#[tokio::test]
async fn pages_count_from_one_or_are_not_turned_or_not_known() {
    let imperva = Imperva::start(&[("first-page", "1"), ("page-size", "2")]).await;
    fill(&imperva, 2).await;
    assert_eq!(imperva.send(Method::GET, "", None).await.json()["meta"]["pageNumber"], 1);
    assert_eq!(imperva.list("?pageNumber=1").await.len(), 2);
    assert_eq!(imperva.list("?pageNumber=2").await.len(), 1);
    assert_eq!(imperva.send(Method::GET, "?pageNumber=0", None).await.status, 400);

    let imperva = Imperva::start(&[("paging", "ignore"), ("page-size", "2")]).await;
    fill(&imperva, 2).await;
    let again = imperva.send(Method::GET, "?pageNumber=1&pageSize=1", None).await.json();
    assert_eq!((&again["meta"]["pageNumber"], again["data"].as_array().unwrap().len()), (&json!(0), 2));

    let imperva = Imperva::start(&[("paging", "refuse")]).await;
    assert_eq!(imperva.send(Method::GET, "?pageNumber=0", None).await.status, 400);
}

#[tokio::test]
async fn a_list_is_of_one_account_and_may_be_of_one_user() {
    let imperva = Imperva::start(&[]).await;
    let sub = imperva.vendor.sub_account_id();
    let body = json!({"name": "First"});
    let theirs = imperva.create_with("?userEmail=example%40terraform.com", body.clone()).await;
    let below = imperva.create_with(&format!("?caid={sub}&userEmail=example%40terraform.com"), body).await;
    assert_eq!(imperva.list("").await.len(), 2);
    assert_eq!(imperva.list("?userEmail=Example%40terraform.com").await, [theirs["id"].clone()]);
    assert_eq!(imperva.list(&format!("?caid={sub}")).await, [below["id"].clone()]);
    assert_eq!(imperva.list(&format!("?id={}", below["id"])).await, [Value::Null; 0]);
    assert_eq!(imperva.list(&format!("?caid={sub}&id={}", below["id"])).await, [below["id"].clone()]);
}

#[tokio::test]
async fn a_filter_may_be_ignored() {
    let imperva = Imperva::start(&[("user-filter", "ignore"), ("id-filter", "ignore")]).await;
    let created = imperva.create_with("?userEmail=jo%40example.com", json!({"name": "First"})).await;
    assert_eq!(imperva.list("?userEmail=jo%40example.com").await.len(), 2);
    assert_eq!(imperva.list(&format!("?id={}", created["id"])).await.len(), 2);
}

#[tokio::test]
async fn a_user_without_the_permission_sees_their_own_and_the_total_may_count_all() {
    for (option, total) in [("visible", 1), ("account", 2)] {
        let imperva = Imperva::start(&[("total", option)]).await;
        let body = json!({"name": "First", "enabled": true});
        let created = imperva.create_with("?userEmail=jo%40example.com", body).await;
        let seen = imperva.send_as(&Key::of(&created), Method::GET, CLIENTS, None).await.json();
        assert_eq!(seen["meta"]["total"], total);
        assert_eq!(seen["data"].as_array().unwrap().len(), 1);
        assert_eq!(seen["data"][0]["id"], created["id"]);
    }
}

#[tokio::test]
async fn an_absent_api_client_is_told_in_one_of_four_ways() {
    for (option, status, deletion) in
        [("empty", 200, 404), ("404", 404, 404), ("bare-404", 404, 404), ("2002", 200, 200)]
    {
        let imperva = Imperva::start(&[("absent", option)]).await;
        let read = imperva.read(&json!(7)).await;
        assert_eq!(read.status, status, "{option}");
        match option {
            "empty" => assert_eq!(read.json()["data"], json!([])),
            "bare-404" => assert!(read.body.is_empty()),
            "2002" => assert_eq!(read.json()["res"], "2002"),
            _ => assert_eq!(read.json()["errors"][0]["status"], 404),
        }
        assert_eq!(imperva.delete(&json!(7)).await.status, deletion, "{option}");
    }
}
