//! The life of an access key at the management API.

use std::time::Duration;

use http::Method;
use keywright_simulators::Vendor as _;
use serde_json::json;

use crate::digitalocean_spaces_client::{KEYS, Spaces, full, path_of, reading};

#[tokio::test]
async fn a_key_is_created_read_updated_and_deleted() {
    let spaces = Spaces::start(&[]).await;
    let answer = spaces.send(Method::POST, KEYS, Some(json!({"name": "ci deploy", "grants": reading()}))).await;
    assert_eq!(answer.status, 201);
    let mut key = answer.json()["key"].clone();
    let access_key = key["access_key"].as_str().unwrap().to_owned();
    assert!(access_key.len() == 20 && access_key.starts_with("DO00"), "{access_key}");
    assert_eq!(key["secret_key"].as_str().unwrap().len(), 43);
    let created_at = chrono::DateTime::parse_from_rfc3339(key["created_at"].as_str().unwrap()).unwrap();
    assert_eq!(created_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(), key["created_at"].as_str().unwrap());
    assert_eq!((&key["name"], &key["grants"]), (&json!("ci deploy"), &reading()));

    // The secret is in the answer to the creation only.
    key.as_object_mut().unwrap().remove("secret_key");
    assert_eq!(spaces.key(&key).await.json(), json!({"key": key}));
    assert_eq!(spaces.get(KEYS).await.json()["keys"], json!([key]));

    let renamed = spaces.send(Method::PATCH, &path_of(&key), Some(json!({"name": "renamed"}))).await;
    key["name"] = json!("renamed");
    assert_eq!((renamed.status.as_u16(), renamed.json()), (200, json!({"key": key})));

    let deleted = spaces.delete(&key).await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
    assert_eq!(spaces.key(&key).await.status, 404);
    assert_eq!(spaces.delete(&key).await.status, 404);
    assert_eq!(spaces.send(Method::PATCH, &path_of(&key), Some(json!({"name": "x"}))).await.status, 404);
    assert_eq!(spaces.list("").await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_key_without_grants_is_one_without_rights() {
    let spaces = Spaces::start(&[]).await;
    for body in [json!({"name": "a"}), json!({"name": "a", "grants": []}), json!({"name": "a", "grants": null})] {
        let answer = spaces.send(Method::POST, KEYS, Some(body.clone())).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["key"]["grants"]), (201, &json!([])), "{body}");
    }
}

#[tokio::test]
async fn full_access_beats_the_grants_that_it_is_mixed_with() {
    let spaces = Spaces::start(&[]).await;
    let mixed = json!([reading()[0], full()[0]]);
    assert_eq!(spaces.create("mixed", mixed).await["grants"], full());
}

#[tokio::test]
async fn what_only_answers_have_is_ignored_in_a_request() {
    let spaces = Spaces::start(&[]).await;
    let body =
        json!({"name": "a", "access_key": "DO00MINE", "secret_key": "mine", "created_at": "2000-01-01T00:00:00Z"});
    let key = spaces.send(Method::POST, KEYS, Some(body.clone())).await.json()["key"].clone();
    for field in ["access_key", "secret_key", "created_at"] {
        assert_ne!(key[field], body[field], "{field}");
    }
}

#[tokio::test]
async fn a_put_replaces_and_a_patch_keeps_what_it_does_not_name() {
    let spaces = Spaces::start(&[]).await;
    spaces.vendor.add_bucket("photos");
    let key = spaces.create("first", reading()).await;
    let photos = json!([{"bucket": "photos", "permission": "readwrite"}]);
    for (method, body, name, grants) in [
        (Method::PUT, json!({"name": "second", "grants": photos}), "second", photos.clone()),
        (Method::PATCH, json!({"grants": reading()}), "second", reading()),
        (Method::PATCH, json!({}), "second", reading()),
        (Method::PUT, json!({"name": "third"}), "third", json!([])),
        (Method::PUT, json!({"grants": photos}), "", photos.clone()),
    ] {
        let answer = spaces.send(method.clone(), &path_of(&key), Some(body.clone())).await;
        assert_eq!(answer.status, 200, "{method} {body}: {answer:?}");
        let changed = answer.json()["key"].clone();
        assert_eq!((&changed["name"], &changed["grants"]), (&json!(name), &grants), "{method} {body}");
        assert_eq!(spaces.key(&key).await.json()["key"], changed);
    }
}

#[tokio::test]
async fn a_patch_clears_the_grants_when_so_chosen() {
    let spaces = Spaces::start(&[("patch-without-grants", "clear")]).await;
    let key = spaces.create("first", reading()).await;
    let changed = spaces.send(Method::PATCH, &path_of(&key), Some(json!({"name": "second"}))).await.json();
    assert_eq!((&changed["key"]["name"], &changed["key"]["grants"]), (&json!("second"), &json!([])));
}

#[tokio::test]
async fn full_access_becomes_limited_or_the_reverse_in_no_way() {
    for (options, status) in [(vec![], 400), (vec![("conversion", "ignore")], 200)] {
        let spaces = Spaces::start(&options).await;
        for (had, wanted) in [(full(), reading()), (reading(), full()), (json!([]), full()), (full(), json!([]))] {
            let key = spaces.create("first", had.clone()).await;
            let body = json!({"name": "second", "grants": wanted});
            let answer = spaces.send(Method::PUT, &path_of(&key), Some(body)).await;
            assert_eq!(answer.status, status, "{had} {wanted}");
            let kept = spaces.key(&key).await.json()["key"].clone();
            assert_eq!(kept["grants"], had);
            assert_eq!(kept["name"], if status == 200 { "second" } else { "first" }, "a refusal changes nothing");
        }
    }
}

#[tokio::test]
async fn a_change_of_grants_is_refused_or_ignored_when_so_chosen() {
    for (choice, status) in [("refuse", 400), ("ignore", 200)] {
        let spaces = Spaces::start(&[("grants-change", choice)]).await;
        let key = spaces.create("first", reading()).await;
        let body = json!({"name": "second", "grants": []});
        assert_eq!(spaces.send(Method::PUT, &path_of(&key), Some(body)).await.status, status, "{choice}");
        assert_eq!(spaces.key(&key).await.json()["key"]["grants"], reading(), "{choice}");
        let same = json!({"name": "third", "grants": reading()});
        assert_eq!(spaces.send(Method::PUT, &path_of(&key), Some(same)).await.status, 200, "the same is no change");
    }
}

#[tokio::test]
async fn the_sample_can_be_created_and_changed() {
    let spaces = Spaces::start(&[]).await;
    let sample = spaces.vendor.sample();
    let created = spaces.send(Method::POST, KEYS, Some(sample.attributes.clone())).await;
    assert_eq!(created.status, 201, "{created:?}");
    let key = created.json()["key"].clone();
    assert_eq!((&key["name"], &key["grants"]), (&sample.attributes["name"], &sample.attributes["grants"]));
    let changed = spaces.send(Method::PATCH, &path_of(&key), Some(sample.change.clone())).await;
    assert_eq!(changed.json()["key"]["name"], sample.change["name"]);
}

#[tokio::test]
async fn a_key_made_by_hand_is_like_any_other() {
    let spaces = Spaces::start(&[("quota", "0")]).await;
    let key = json!({"access_key": spaces.vendor.issue_by_hand()});
    let shown = spaces.key(&key).await.json()["key"].clone();
    assert_eq!((&shown["name"], &shown["grants"]), (&json!("made by hand"), &reading()));
    assert!(shown.get("secret_key").is_none());
    assert_eq!(spaces.delete(&key).await.status, 204);
}

#[tokio::test]
async fn a_new_key_is_listed_late_when_so_chosen() {
    let spaces = Spaces::start(&[("list-delay", "60000")]).await;
    let key = spaces.create("new", json!([])).await;
    assert_eq!(spaces.key(&key).await.status, 200);
    assert_eq!(spaces.list("").await, [] as [&str; 0]);
    spaces.vendor.clock().advance(Duration::from_secs(60));
    assert_eq!(spaces.list("").await, ["new"]);
}
