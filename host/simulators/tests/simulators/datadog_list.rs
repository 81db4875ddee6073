//! Datadog's list of API keys.

use std::time::Duration;

use serde_json::{Value, json};

use crate::datadog::{Datadog, KEYS};

const OWN: &str = "the administrator's own key";

/// Keys `a`, `b` and `c`, a second apart, beside the administrator's.
async fn three(options: &[(&str, &str)]) -> Datadog {
    let datadog = Datadog::start(options).await;
    for name in ["c", "a", "b"] {
        datadog.simulator.vendor().clock().advance(Duration::from_secs(1));
        datadog.named(name).await;
    }
    datadog
}

#[tokio::test]
async fn a_list_tells_no_value() {
    let datadog = three(&[]).await;
    let listed = datadog.get(KEYS).await.json();
    assert_eq!(listed["meta"], json!({"max_allowed": 50, "page": {"total_filtered_count": 4}}));
    assert_eq!(listed.get("included"), None);
    for key in listed["data"].as_array().unwrap() {
        assert_eq!((&key["type"], key["attributes"].get("key")), (&json!("api_keys"), None));
        assert_eq!(key["attributes"]["last4"].as_str().unwrap().len(), 4);
        assert!(key["attributes"].as_object().unwrap().contains_key("date_last_used"));
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_that_count_from_zero() {
    let datadog = three(&[]).await;
    let page = async |query: &str| datadog.list(&format!("?page%5Bsize%5D=3{query}")).await;
    assert_eq!(page("").await, ["a", "b", "c"]);
    assert_eq!(page("&page%5Bnumber%5D=0").await, ["a", "b", "c"]);
    assert_eq!(page("&page[number]=1").await, [OWN]);
    assert_eq!(page("&page[number]=2").await, Vec::<String>::new());
    assert_eq!(page("&page[number]=18446744073709551615").await, Vec::<String>::new());
    let second = datadog.get(&format!("{KEYS}?page[size]=1&page[number]=1&filter=c")).await.json();
    assert_eq!((&second["data"], &second["meta"]["page"]["total_filtered_count"]), (&json!([]), &json!(1)));

    for number in 0..8 {
        datadog.named(&format!("more {number}")).await;
    }
    assert_eq!(datadog.list("").await.len(), 10, "the usual page");
    assert_eq!(datadog.list("?page[size]=100").await.len(), 12);
}

#[tokio::test]
async fn a_list_is_sorted_both_ways() {
    let datadog = three(&[]).await;
    let b = datadog.get(&format!("{KEYS}?filter=b")).await.json()["data"][0]["id"].clone();
    for (sort, expected) in [
        ("name", ["a", "b", "c", OWN]),
        ("-name", [OWN, "c", "b", "a"]),
        ("created_at", [OWN, "c", "a", "b"]),
        ("-created_at", ["b", "a", "c", OWN]),
    ] {
        assert_eq!(datadog.list(&format!("?sort={sort}")).await, expected, "{sort}");
    }
    datadog.simulator.vendor().clock().advance(Duration::from_secs(1));
    datadog.update(&b, json!({"name": "b", "category": "x"})).await;
    assert_eq!(datadog.list("?sort=-modified_at").await[0], "b");
    for (sort, ascending) in [("last4", true), ("-last4", false)] {
        let listed = datadog.get(&format!("{KEYS}?sort={sort}")).await.json();
        let ends = listed["data"].as_array().unwrap().iter().map(|key| key["attributes"]["last4"].to_string());
        assert!(if ascending { ends.is_sorted() } else { ends.is_sorted_by(|a, b| a >= b) }, "{listed}");
    }
}

#[tokio::test]
async fn a_list_is_filtered_by_every_parameter() {
    let datadog = three(&[]).await;
    let made = datadog
        .create(json!({"name": "Agent [keywright:m-1]", "category": "agent", "remote_config_read_enabled": true}))
        .await;
    let at = made["attributes"]["created_at"].as_str().unwrap().replace('+', "%2B");
    let agent = vec!["Agent [keywright:m-1]"];
    let others = vec!["a", "b", "c", OWN];
    for (query, expected) in [
        ("filter=agent%20%5Bkeywright%3Am-1%5D".to_owned(), &agent),
        ("filter=keywright".to_owned(), &agent),
        ("filter=nobody".to_owned(), &vec![]),
        ("filter[category]=agent".to_owned(), &agent),
        ("filter[category]=age".to_owned(), &vec![]),
        ("filter[remote_config_read_enabled]=true".to_owned(), &agent),
        ("filter[remote_config_read_enabled]=false".to_owned(), &others),
        (format!("filter[created_at][start]={at}"), &agent),
        (format!("filter[created_at][start]={at}&filter[created_at][end]={at}"), &agent),
        (format!("filter[modified_at][start]={at}"), &agent),
        (format!("filter[modified_at][end]={at}&filter=keywright"), &agent),
        ("filter[created_at][end]=2020-11-24".to_owned(), &vec![]),
        ("filter[created_at][start]=2020-11-24&filter[category]=agent".to_owned(), &agent),
        ("filter[modified_at][end]=2020-11-24T18:46:21Z".to_owned(), &vec![]),
    ] {
        assert_eq!(datadog.list(&format!("?{query}")).await, *expected, "{query}");
    }
}

#[tokio::test]
async fn a_filter_may_match_words_instead() {
    let datadog = Datadog::start(&[("filter-match", "words")]).await;
    datadog.named("agent web [keywright:m-1]").await;
    assert_eq!(datadog.list("?filter=m-1%20AGENT").await.len(), 1);
    assert_eq!(datadog.list("?filter=age").await.len(), 0);
}

#[tokio::test]
async fn a_query_that_makes_no_sense_is_refused() {
    let datadog = Datadog::start(&[]).await;
    for (query, field) in [
        ("page[size]=101", "page[size]"),
        ("page[size]=0", "page[size]"),
        ("page[number]=-1", "page[number]"),
        ("sort=age", "sort"),
        ("sort=--name", "sort"),
        ("filter[created_at][start]=tomorrow", "filter[created_at][start]"),
        ("filter[remote_config_read_enabled]=yes", "filter[remote_config_read_enabled]"),
        ("include=updated_by", "include"),
        ("filtre=x", "filtre"),
    ] {
        let answer = datadog.get(&format!("{KEYS}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        let text = answer.json()["errors"][0].as_str().unwrap().to_owned();
        assert!(text.starts_with(&format!("{field}: ")), "{query}: {text}");
    }
}

#[tokio::test]
async fn related_resources_are_included_once() {
    let datadog = Datadog::start(&[("leaked-key", "true")]).await;
    let by_hand = json!(datadog.simulator.vendor().issue_by_hand());
    let included = async |query: &str| {
        let answer = datadog.get(&format!("{KEYS}{query}")).await.json();
        let mut kinds: Vec<_> = answer["included"].as_array().unwrap().iter().map(|one| one["type"].clone()).collect();
        kinds.sort_by_key(Value::to_string);
        kinds
    };
    assert_eq!(included("?include=created_by,modified_by").await, ["users", "users"]);
    assert_eq!(included("?include=leak_information").await, ["leaked_keys"]);
    let one = format!("/{}?include=created_by%2Cmodified_by", by_hand.as_str().unwrap());
    assert_eq!(included(&one).await, ["users"]);
    // A change makes its caller the one who modified it.
    datadog.update(&by_hand, json!({"name": "mine"})).await;
    assert_eq!(included(&one).await, ["users", "users"]);

    let leaked = datadog.get(&format!("{KEYS}?filter=public&include=leak_information")).await.json();
    let reference = &leaked["data"][0]["relationships"]["leak_information"]["data"];
    assert_eq!((&reference["type"], &reference["id"]), (&json!("leaked_keys"), &leaked["included"][0]["id"]));
    assert!(leaked["included"][0]["attributes"]["leak_source"].is_string());
}
