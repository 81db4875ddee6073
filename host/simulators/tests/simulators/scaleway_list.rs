//! The list of API keys.

use serde_json::{Value, json};

use crate::client::{KEYS, Scaleway};

/// Four keys beside the owner's own: the last has the earliest expiry, the first two have none.
async fn with_keys(options: &[(&str, &str)]) -> (Scaleway, Vec<Value>) {
    let scaleway = Scaleway::start(options).await;
    let mut keys = vec![json!(scaleway.access_key)];
    for attributes in [
        json!({"description": "deploy"}),
        json!({"description": "deploy production"}),
        json!({"description": "backup", "expires_at": "2936-01-01T00:00:00Z"}),
        json!({"description": "audit", "expires_at": "2935-01-01T00:00:00Z"}),
    ] {
        keys.push(scaleway.create(attributes).await["access_key"].clone());
    }
    (scaleway, keys)
}

#[tokio::test]
async fn a_list_is_in_the_order_of_creation_and_hides_secrets() {
    let (scaleway, keys) = with_keys(&[]).await;
    let answer = scaleway.get(&format!("{KEYS}?organization_id={}", scaleway.organization)).await.json();
    assert_eq!(answer["total_count"], 5);
    let listed = answer["api_keys"].as_array().unwrap();
    assert!(listed.iter().all(|key| key["secret_key"] == Value::Null && key.get("secret_key").is_some()));
    let listed: Vec<_> = listed.iter().map(|key| key["access_key"].clone()).collect();
    assert_eq!(listed, keys);
}

#[tokio::test]
async fn a_list_is_filtered_by_every_parameter() {
    let (scaleway, keys) = with_keys(&[]).await;
    let own = scaleway.key(&keys[0]).await.json();
    let (user, application) = (own["user_id"].as_str().unwrap(), scaleway.application.as_str());
    let (first, third) = (keys[1].as_str().unwrap(), keys[3].as_str().unwrap());
    let cases = [
        ("bearer_type=unknown_bearer_type".to_owned(), vec![0, 1, 2, 3, 4]),
        ("bearer_type=user".to_owned(), vec![0]),
        ("bearer_type=application".to_owned(), vec![1, 2, 3, 4]),
        (format!("bearer_id={user}"), vec![0]),
        (format!("bearer_id={application}&bearer_type=user"), vec![]),
        (format!("application_id={application}"), vec![1, 2, 3, 4]),
        (format!("user_id={user}"), vec![0]),
        (format!("access_keys={first}&access_keys={third}"), vec![1, 3]),
        (format!("access_key={third}"), vec![3]),
        ("access_keys=SCWGONEGONEGONEGONEG".to_owned(), vec![]),
        ("description=deploy".to_owned(), vec![1]),
        ("description=deploy%20production".to_owned(), vec![2]),
        ("description=".to_owned(), vec![0, 1, 2, 3, 4]),
        ("expired=false".to_owned(), vec![0, 1, 2, 3, 4]),
        ("expired=true".to_owned(), vec![]),
        ("editable=true".to_owned(), vec![0, 1, 2, 3, 4]),
        ("editable=false".to_owned(), vec![]),
    ];
    for (query, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(|index: usize| keys[index].clone()).collect();
        assert_eq!(scaleway.list(&query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_description_matches_in_part_when_so_chosen() {
    let (scaleway, keys) = with_keys(&[("description-filter", "substring")]).await;
    assert_eq!(scaleway.list("description=deploy").await, keys[1..=2]);
}

#[tokio::test]
async fn a_list_is_ordered_as_asked_and_equals_stay_in_the_order_of_creation() {
    let (scaleway, keys) = with_keys(&[]).await;
    scaleway.update(&keys[1], json!({"description": "changed"})).await;
    let mut by_access_key = keys.clone();
    by_access_key.sort_by_key(Value::to_string);
    let reversed = |keys: &[Value]| keys.iter().rev().cloned().collect::<Vec<_>>();
    let pick = |indices: [usize; 5]| indices.map(|index| keys[index].clone()).to_vec();
    let cases = [
        ("created_at_asc", keys.clone()),
        ("created_at_desc", reversed(&keys)),
        ("updated_at_asc", pick([0, 2, 3, 4, 1])),
        ("updated_at_desc", pick([1, 4, 3, 2, 0])),
        ("expires_at_asc", pick([4, 3, 0, 1, 2])),
        ("expires_at_desc", pick([0, 1, 2, 3, 4])),
        ("access_key_asc", by_access_key.clone()),
        ("access_key_desc", reversed(&by_access_key)),
    ];
    for (order, expected) in cases {
        assert_eq!(scaleway.list(&format!("order_by={order}")).await, expected, "{order}");
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_that_count_the_whole() {
    let (scaleway, keys) = with_keys(&[]).await;
    for (page, expected) in [(1, &keys[..2]), (2, &keys[2..4]), (3, &keys[4..]), (4, &[])] {
        let query = format!("page={page}&page_size=2");
        assert_eq!(scaleway.list(&query).await, expected, "{query}");
        assert_eq!(scaleway.get(&format!("{KEYS}?{query}")).await.json()["total_count"], 5);
    }
    let answer = scaleway.get(&format!("{KEYS}?description=backup&page_size=1")).await.json();
    assert_eq!(answer["total_count"], 1, "only what the filters let through is counted");
}

#[tokio::test]
async fn a_page_has_twenty_keys_when_nothing_is_said() {
    let scaleway = Scaleway::start(&[]).await;
    for _ in 0..20 {
        scaleway.simulator.vendor().issue_by_hand();
    }
    assert_eq!(scaleway.list("").await.len(), 20);
    assert_eq!(scaleway.list("page=2").await.len(), 1);
    assert_eq!(scaleway.list("page_size=100").await.len(), 21);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let scaleway = Scaleway::start(&[]).await;
    let long = format!("description={}", "a".repeat(201));
    let cases = [
        ("page_size=0", "page_size", "constraint"),
        ("page_size=101", "page_size", "constraint"),
        ("page=0", "page", "constraint"),
        ("page=10001", "page", "constraint"),
        ("page=two", "page", "format"),
        ("order_by=name_asc", "order_by", "format"),
        ("bearer_type=robot", "bearer_type", "format"),
        ("bearer_id=7", "bearer_id", "format"),
        ("organization_id=mine", "organization_id", "format"),
        ("expired=maybe", "expired", "format"),
        ("pagesize=10", "pagesize", "format"),
        ("expired=true&expired=false", "expired", "format"),
        (&long, "description", "constraint"),
    ];
    for (query, argument, reason) in cases {
        let answer = scaleway.get(&format!("{KEYS}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        let detail = &answer.json()["details"][0];
        assert_eq!((&detail["argument_name"], &detail["reason"]), (&json!(argument), &json!(reason)), "{query}");
    }
}

#[tokio::test]
async fn another_organisations_keys_are_not_the_callers_to_list() {
    let scaleway = Scaleway::start(&[]).await;
    let answer = scaleway.get(&format!("{KEYS}?organization_id={}", scaleway.application)).await;
    assert_eq!(answer.status, 403);
}
