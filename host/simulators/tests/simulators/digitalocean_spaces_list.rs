//! The list of access keys.

use serde_json::{Value, json};

use crate::digitalocean_spaces_client::{KEYS, Spaces, full, reading};

async fn with_keys(options: &[(&str, &str)]) -> Spaces {
    let spaces = Spaces::start(options).await;
    spaces.vendor.add_bucket("photos");
    spaces.create("deploy", reading()).await;
    spaces.create("deploy production", json!([{"bucket": "photos", "permission": "readwrite"}])).await;
    spaces.create("backup", full()).await;
    spaces.create("audit", json!([])).await;
    spaces
}

#[tokio::test]
async fn the_newest_key_is_first_and_the_order_can_be_chosen() {
    let spaces = with_keys(&[]).await;
    let newest_first = ["audit", "backup", "deploy production", "deploy"];
    let by_name = ["audit", "backup", "deploy", "deploy production"];
    let reversed = |names: [&'static str; 4]| names.iter().rev().copied().collect::<Vec<_>>();
    for (query, expected) in [
        ("", newest_first.to_vec()),
        ("?sort=created_at&sort_direction=desc", newest_first.to_vec()),
        ("?sort_direction=asc", reversed(newest_first)),
        ("?sort=name&sort_direction=asc", by_name.to_vec()),
        ("?sort=name&sort_direction=desc", reversed(by_name)),
    ] {
        assert_eq!(spaces.list(query).await, expected, "{query}");
    }
    let keys = spaces.get(&format!("{KEYS}?sort=access_key&sort_direction=asc")).await.json()["keys"].clone();
    let ids: Vec<_> = keys.as_array().unwrap().iter().map(|key| key["access_key"].to_string()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
}

#[tokio::test]
async fn a_list_hides_secrets_and_shows_grants() {
    let spaces = with_keys(&[]).await;
    let list = spaces.get(KEYS).await.json();
    assert!(!list.to_string().contains("secret_key"));
    assert_eq!(list["keys"][1]["grants"], full());
}

#[tokio::test]
async fn a_list_is_filtered_by_every_parameter() {
    let spaces = with_keys(&[]).await;
    for (query, expected) in [
        ("?name=deploy", vec!["deploy"]),
        ("?name=deploy%20production", vec!["deploy production"]),
        ("?name=nobody", vec![]),
        ("?name=", vec!["audit", "backup", "deploy production", "deploy"]),
        ("?bucket=photos", vec!["deploy production"]),
        ("?permission=fullaccess", vec!["backup"]),
        ("?permission=read", vec!["deploy"]),
        ("?bucket=photos&permission=read", vec![]),
        ("?permission=", vec!["audit", "backup", "deploy production", "deploy"]),
    ] {
        assert_eq!(spaces.list(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_name_matches_in_part_when_so_chosen() {
    let spaces = with_keys(&[("name-filter", "substring")]).await;
    assert_eq!(spaces.list("?name=deploy").await, ["deploy production", "deploy"]);
}

#[tokio::test]
async fn a_list_comes_in_pages_that_link_to_each_other_and_count_the_whole() {
    let spaces = with_keys(&[]).await;
    let link =
        |page: u32| json!(format!("https://api.digitalocean.com{KEYS}?page={page}&per_page=2&sort_direction=asc"));
    let (first, second) = (link(1), link(2));
    for (page, names, pages) in [
        (1, vec!["deploy", "deploy production"], json!({"next": second, "last": second})),
        (2, vec!["backup", "audit"], json!({"first": first, "prev": first})),
        (3, vec![], json!({"first": first, "prev": second})),
    ] {
        let query = format!("?page={page}&per_page=2&sort_direction=asc");
        assert_eq!(spaces.list(&query).await, names, "{page}");
        let answer = spaces.get(&format!("{KEYS}{query}")).await.json();
        assert_eq!((&answer["links"]["pages"], &answer["meta"]), (&pages, &json!({"total": 4})), "{page}");
    }
}

#[tokio::test]
async fn links_repeat_the_filters_and_are_not_there_for_one_page() {
    let spaces = with_keys(&[("name-filter", "substring")]).await;
    let answer = spaces.get(&format!("{KEYS}?name=deploy+&per_page=1")).await.json();
    assert_eq!((&answer["links"], &answer["meta"]["total"]), (&json!({}), &json!(1)));
    let answer = spaces.get(&format!("{KEYS}?name=deploy&per_page=1&sort=created_at&sort_direction=desc")).await.json();
    let next = answer["links"]["pages"]["next"].as_str().unwrap();
    assert!(next.ends_with("?page=2&per_page=1&sort=created_at&sort_direction=desc&name=deploy"), "{next}");
}

#[tokio::test]
async fn a_page_has_twenty_keys_when_nothing_is_said() {
    use keywright_simulators::Vendor as _;

    let spaces = Spaces::start(&[]).await;
    for _ in 0..21 {
        spaces.vendor.issue_by_hand();
    }
    assert_eq!(spaces.list("").await.len(), 20);
    assert_eq!(spaces.list("?page=2").await.len(), 1);
    assert_eq!(spaces.list("?per_page=200").await.len(), 21);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let spaces = Spaces::start(&[]).await;
    for (query, parameter) in [
        ("per_page=0", "per_page"),
        ("per_page=201", "per_page"),
        ("page=0", "page"),
        ("page=two", "page"),
        ("sort=size&sort_direction=asc", "sort"),
        ("sort=name", "sort_direction"),
        ("sort_direction=up", "sort_direction"),
        ("permission=write", "permission"),
        ("pagesize=10", "pagesize"),
        ("name=a&name=b", "name"),
    ] {
        let answer = spaces.get(&format!("{KEYS}?{query}")).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["id"]), (400, &Value::from("bad_request")), "{query}");
        let message = answer.json()["message"].as_str().unwrap().to_owned();
        assert!(message.starts_with(&format!("{parameter}: ")), "{query}: {message}");
    }
}
