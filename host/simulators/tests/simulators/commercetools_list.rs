//! The list of API clients.

use http::Method;
use serde_json::{Value, json};

use crate::commercetools_client::{Commercetools, refusal};

async fn list(project: &Commercetools, query: &str) -> Value {
    let answer = project.ask(Method::GET, &format!("?{query}"), None).await;
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json()
}

async fn names(project: &Commercetools, query: &str) -> Vec<String> {
    let page = list(project, query).await;
    let results = page["results"].as_array().unwrap();
    assert_eq!(page["count"], results.len());
    assert!(results.iter().all(|client| client.get("secret").is_none()), "a list tells no secret");
    results.iter().map(|client| client["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_page_is_of_twenty_unless_asked_and_counts_all() {
    let project = Commercetools::start(&[("clients", "24")]).await;
    let page = list(&project, "").await;
    assert_eq!(
        (&page["limit"], &page["offset"], &page["count"], &page["total"]),
        (&json!(20), &json!(0), &json!(20), &json!(25))
    );
    let page = list(&project, "limit=500&withTotal=false").await;
    assert_eq!((&page["count"], page.get("total")), (&json!(25), None));
    let page = list(&project, "limit=10&offset=20").await;
    assert_eq!((&page["count"], &page["offset"]), (&json!(5), &json!(20)));
    assert_eq!(list(&project, "offset=10000").await["count"], 0);
    assert_eq!(list(&project, "limit=0").await["count"], 0);
}

#[tokio::test]
async fn a_list_has_the_order_that_is_asked_for() {
    let project = Commercetools::start(&[]).await;
    for name in ["b", "c", "a"] {
        project.create(name, json!({})).await;
    }
    assert_eq!(names(&project, "").await, ["the administrator", "b", "c", "a"]);
    assert_eq!(names(&project, "sort=createdAt%20desc").await, ["a", "c", "b", "the administrator"]);
    assert_eq!(names(&project, "sort=name+asc&limit=2&offset=1").await, ["b", "c"]);
    let page = list(&project, "sort=id").await;
    let ids: Vec<&str> = page["results"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
}

#[tokio::test]
async fn predicates_select() {
    let project = Commercetools::start(&[]).await;
    for name in ["a", "b"] {
        project.create(name, json!({})).await;
    }
    project.create("say \"hi\"", json!({"scope": project.scope("manage_orders")})).await;
    for (query, expected) in [
        ("where=name%3D%22a%22", vec!["a"]),
        ("where=name%20%3D%20%22say%20%5C%22hi%5C%22%22", vec!["say \"hi\""]),
        ("where=scopes%20%3D%20view_products", vec!["a", "b"]),
        ("where=scopes%20%3D%20view_products&where=name%20%3E%20%22a%22", vec!["b"]),
        ("where=name%20%3E%3D%20%22a%22%20and%20name%20%3C%20%22s%22", vec!["a", "b"]),
        ("where=name%3D%22nobody%22", vec![]),
    ] {
        assert_eq!(names(&project, query).await, expected, "{query}");
        let head = project.ask(Method::HEAD, &format!("?{query}"), None).await;
        assert_eq!(head.status, if expected.is_empty() { 404 } else { 200 }, "{query}");
    }
}

#[tokio::test]
async fn pages_by_the_last_id_show_each_client_once() {
    let project = Commercetools::start(&[("clients", "9")]).await;
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = list(&project, &format!("sort=id%20asc&limit=4&where=id%20%3E%20%22{after}%22")).await;
        let ids: Vec<String> =
            page["results"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        let Some(last) = ids.last() else { break };
        after = last.clone();
        seen.extend(ids);
    }
    assert_eq!(seen.len(), 10);
    assert!(seen.is_sorted());
}

#[tokio::test]
async fn parameters_that_are_wrong_are_refused() {
    let project = Commercetools::start(&[]).await;
    for query in [
        "limit=501",
        "limit=-1",
        "limit=x",
        "offset=10001",
        "withTotal=yes",
        "sort=colour",
        "sort=name%20up",
        "where=name",
        "where=colour%3D%22red%22",
        "colour=red",
        "limit=1&limit=2",
    ] {
        let answer = project.ask(Method::GET, &format!("?{query}"), None).await;
        assert_eq!(refusal(&answer), (400, "InvalidInput".to_owned()), "{query}");
        assert!(answer.json()["message"].as_str().unwrap().starts_with("Malformed parameter: "), "{query}");
    }
}
