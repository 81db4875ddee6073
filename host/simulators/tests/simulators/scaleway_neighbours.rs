//! Applications, users, settings and metadata: what keys need around them.

use http::Method;
use serde_json::{Value, json};

use crate::client::{APPLICATIONS, KEYS, Scaleway, USERS};

#[tokio::test]
async fn an_application_lives_and_takes_its_keys_with_it() {
    let scaleway = Scaleway::start(&[]).await;
    let request = json!({
        "name": "My application",
        "organization_id": scaleway.organization,
        "description": "",
        "tags": ["a"],
    });
    let created = scaleway.send(Method::POST, APPLICATIONS, Some(request)).await;
    assert_eq!(created.status, 200);
    let created = created.json();
    let path = format!("{APPLICATIONS}/{}", created["id"].as_str().unwrap());
    let expected = json!({
        "id": created["id"],
        "name": "My application",
        "description": "",
        "created_at": created["created_at"],
        "updated_at": created["created_at"],
        "organization_id": scaleway.organization,
        "editable": true,
        "deletable": true,
        "managed": false,
        "nb_api_keys": 0,
        "tags": ["a"],
    });
    assert_eq!(created, expected);

    let key = scaleway.send(Method::POST, KEYS, Some(json!({"application_id": created["id"]}))).await.json();
    let read = scaleway.get(&path).await.json();
    assert_eq!(read["nb_api_keys"], 1);
    let changed = scaleway.send(Method::PATCH, &path, Some(json!({"name": "Other (1)"}))).await.json();
    assert_eq!((&changed["name"], &changed["tags"]), (&json!("Other (1)"), &json!(["a"])));
    assert!(changed["updated_at"].as_str() > created["updated_at"].as_str());

    let listed = scaleway.get(APPLICATIONS).await.json();
    assert_eq!((&listed["total_count"], &listed["applications"][1]["name"]), (&json!(2), &json!("Other (1)")));

    assert_eq!(scaleway.send(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(scaleway.key(&key["access_key"]).await.status, 404);
    let secret = key["secret_key"].as_str().unwrap();
    assert_eq!(scaleway.send_as(secret, Method::GET, KEYS, None).await.unwrap().status, 401);
    let gone = scaleway.get(&path).await;
    assert_eq!((gone.status.as_u16(), gone.json()["resource"].as_str()), (404, Some("application")));
}

#[tokio::test]
async fn an_applications_name_is_checked() {
    let scaleway = Scaleway::start(&[]).await;
    let long = "a".repeat(65);
    let cases = [
        (json!({}), "required"),
        (json!({"name": ""}), "constraint"),
        (json!({"name": "a/b"}), "constraint"),
        (json!({"name": long}), "constraint"),
        (json!({"name": 1}), "format"),
    ];
    for (body, reason) in cases {
        let answer = scaleway.send(Method::POST, APPLICATIONS, Some(body.clone())).await;
        assert_eq!(answer.status, 400, "{body}");
        let details = answer.json()["details"].as_array().unwrap().clone();
        assert_eq!(details.len(), 1, "{body}");
        assert_eq!((&details[0]["argument_name"], &details[0]["reason"]), (&json!("name"), &json!(reason)), "{body}");
    }
}

#[tokio::test]
async fn an_application_belongs_to_the_callers_organisation() {
    let scaleway = Scaleway::start(&[]).await;
    let request = json!({"name": "elsewhere", "organization_id": scaleway.application});
    assert_eq!(scaleway.send(Method::POST, APPLICATIONS, Some(request)).await.status, 403);
}

#[tokio::test]
async fn a_member_lives_and_an_owner_stays() {
    let scaleway = Scaleway::start(&[]).await;
    let request = json!({
        "organization_id": scaleway.organization,
        "tags": [],
        "member": {
            "email": "someone@example.com",
            "send_password_email": false,
            "send_welcome_email": false,
            "username": "someone",
            "password": "",
            "first_name": "",
            "last_name": "",
            "phone_number": "",
            "locale": "",
        },
    });
    let created = scaleway.send(Method::POST, USERS, Some(request)).await;
    assert_eq!(created.status, 200);
    let created = created.json();
    assert_eq!((&created["type"], &created["email"]), (&json!("member"), &json!("someone@example.com")));

    let path = format!("{USERS}/{}", created["id"].as_str().unwrap());
    assert_eq!(scaleway.get(&path).await.json(), created);
    let changed = scaleway.send(Method::PATCH, &path, Some(json!({"first_name": "Some", "tags": ["b"]}))).await.json();
    assert_eq!((&changed["first_name"], &changed["username"]), (&json!("Some"), &json!("someone")));
    assert_eq!(changed["tags"], json!(["b"]));

    let listed = scaleway.get(USERS).await.json();
    assert_eq!((&listed["total_count"], &listed["users"][0]["type"]), (&json!(2), &json!("owner")));
    assert_eq!(scaleway.send(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(scaleway.get(&path).await.status, 404);

    let owner = format!("{USERS}/{}", listed["users"][0]["id"].as_str().unwrap());
    let refused = scaleway.send(Method::DELETE, &owner, None).await;
    assert_eq!((refused.status.as_u16(), refused.json()["type"].as_str()), (412, Some("precondition_failed")));
}

#[tokio::test]
async fn a_member_needs_an_email() {
    let scaleway = Scaleway::start(&[]).await;
    for (body, argument) in [(json!({}), "member"), (json!({"member": {"email": ""}}), "member.email")] {
        let answer = scaleway.send(Method::POST, USERS, Some(body)).await;
        let detail = &answer.json()["details"][0];
        assert_eq!((&detail["argument_name"], &detail["reason"]), (&json!(argument), &json!("required")));
    }
}

#[tokio::test]
async fn the_settings_say_that_keys_may_live_for_ever() {
    let scaleway = Scaleway::start(&[]).await;
    let path = format!("/iam/v1alpha1/organizations/{}/security-settings", scaleway.organization);
    let settings = scaleway.get(&path).await.json();
    assert_eq!(settings["max_api_key_expiration_duration"], "0.000000000s");
    let other = "/iam/v1alpha1/organizations/0766588d-4a0e-4938-a140-544964da7870/security-settings";
    assert_eq!(scaleway.get(other).await.status, 404);
}

#[tokio::test]
async fn the_metadata_have_what_the_sdk_reads() {
    let scaleway = Scaleway::start(&[]).await;
    let metadata = scaleway.get("/metadata").await.json();
    assert!(["platform", "partition", "domain"].iter().all(|key| metadata[*key].is_string()));
    assert_ne!(metadata["domain"], Value::Null);
}
