//! The life of a token of Gcore's.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::gcore::{Gcore, in_hours, new};

fn number(token: &str) -> Value {
    json!(token.split(['$', '_']).next().unwrap().parse::<u64>().unwrap())
}

#[tokio::test]
async fn a_token_is_created_read_and_deleted() {
    let gcore = Gcore::start(&[]).await;
    let exp_date = in_hours(1);
    let body = json!({
        "name": "Test Api Token", "description": "API token for Terraform test", "exp_date": exp_date,
        "client_user": {"role": {"id": 2, "name": "Users"}},
    });
    let answer = gcore.send(Method::POST, &gcore.tokens(2), Some(body)).await;
    assert_eq!(answer.status, 200);
    let mut created = answer.json();
    let token = created["token"].as_str().unwrap().to_owned();
    let (id, secret) = token.split_once('_').unwrap();
    assert_eq!(created["id"].to_string(), id);
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()), "{secret}");
    let expected = json!({
        "id": created["id"], "name": "Test Api Token", "description": "API token for Terraform test",
        "exp_date": exp_date, "created": created["created"], "last_usage": null, "deleted": false, "expired": false,
        "client_user": {
            "role": {"id": 2, "name": "Users"}, "deleted": false, "user_id": 1_023_101, "user_name": "Jo Doe",
            "user_email": "jo@example.com", "client_id": gcore.client,
        },
        "token": token,
    });
    assert_eq!(created, expected);

    created.as_object_mut().unwrap().remove("token");
    assert_eq!(gcore.read(&created["id"]).await.json(), created);
    let deleted = gcore.delete(&created["id"]).await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (204, 0));
    for answer in [gcore.read(&created["id"]).await, gcore.delete(&created["id"]).await] {
        assert_eq!((answer.status.as_u16(), answer.json()), (404, json!({"message": "API token not found."})));
    }
}

#[tokio::test]
async fn v1_answers_the_token_alone_and_puts_a_dollar_in_it() {
    let gcore = Gcore::start(&[]).await;
    let made = gcore.send(Method::POST, &gcore.tokens(1), Some(new(2, Value::Null))).await.json();
    let token = made["token"].as_str().unwrap();
    assert_eq!(made.as_object().unwrap().len(), 1);
    assert!(token.contains('$') && !token.contains('_'), "{token}");
    // Either version shows it.
    let id = number(token);
    assert_eq!(gcore.get(&format!("{}/{id}", gcore.tokens(1))).await.json()["id"], id);
    assert_eq!(gcore.read(&id).await.json()["exp_date"], Value::Null);
    assert_eq!(gcore.send_as(token, Method::GET, "/iam/clients/me", None).await.status, 200);
}

#[tokio::test]
async fn the_separator_and_the_answer_are_as_chosen() {
    for version in [1, 2] {
        for (separator, between) in [("dollar", '$'), ("underscore", '_')] {
            for (answer, fields) in [("full", 10), ("token-only", 1)] {
                let gcore = Gcore::start(&[("separator", separator), ("creation-answer", answer)]).await;
                let made = gcore.send(Method::POST, &gcore.tokens(version), Some(new(2, Value::Null))).await.json();
                assert_eq!(made.as_object().unwrap().len(), fields, "{version} {made}");
                let token = made["token"].as_str().unwrap();
                assert!(token.contains(between), "{version} {token}");
                assert_eq!(gcore.send_as(token, Method::GET, "/iam/users/me", None).await.status, 200);
            }
        }
    }
}

#[tokio::test]
async fn an_expired_token_is_dead_at_once_and_deleted_when_its_time_comes() {
    for (after, gone) in [("not-found", 404), ("flagged", 200)] {
        let gcore = Gcore::start(&[("deletion-delay", "3600"), ("after-delete", after)]).await;
        let made = gcore.create(1, json!(in_hours(1))).await;
        let (id, token) = (&made["id"], made["token"].as_str().unwrap());
        assert_eq!(gcore.send_as(token, Method::GET, &gcore.tokens(2), None).await.status, 200);

        gcore.simulator.vendor().clock().advance(Duration::from_secs(3601));
        assert_eq!(gcore.send_as(token, Method::GET, &gcore.tokens(2), None).await.status, 401);
        let expired = gcore.read(id).await.json();
        assert_eq!((&expired["expired"], &expired["deleted"]), (&json!(true), &json!(false)));

        gcore.simulator.vendor().clock().advance(Duration::from_secs(3600));
        let deleted = gcore.read(id).await;
        assert_eq!(deleted.status, gone, "{after}");
        if gone == 200 {
            assert_eq!((&deleted.json()["expired"], &deleted.json()["deleted"]), (&json!(true), &json!(true)));
            assert_eq!(gcore.delete(id).await.status, 404);
        }
    }
}

#[tokio::test]
async fn a_deleted_token_is_shown_with_its_flag_where_so_chosen() {
    let gcore = Gcore::start(&[("after-delete", "flagged"), ("delete-status", "200")]).await;
    let made = gcore.create(2, Value::Null).await;
    let deleted = gcore.delete(&made["id"]).await;
    assert_eq!((deleted.status.as_u16(), deleted.body.len()), (200, 0));
    let shown = gcore.read(&made["id"]).await.json();
    assert_eq!((&shown["deleted"], &shown["expired"]), (&json!(true), &json!(false)));
    assert_eq!(shown["client_user"]["deleted"], true);
    assert_eq!(gcore.delete(&made["id"]).await.status, 404);
    let token = made["token"].as_str().unwrap();
    assert_eq!(gcore.send_as(token, Method::GET, "/iam/clients/me", None).await.status, 401);
}

#[tokio::test]
async fn an_expiry_is_shown_as_chosen() {
    let sent = "2935-07-06T11:00:00+02:00";
    for (exp_date, date_form, shown) in [
        ("normalised", "rfc3339", "2935-07-06T09:00:00.000000Z"),
        ("normalised", "spaced", "2935-07-06 09:00:00+00:00"),
        ("as-sent", "rfc3339", sent),
        ("as-sent", "spaced", sent),
    ] {
        let gcore = Gcore::start(&[("exp-date", exp_date), ("date-form", date_form)]).await;
        let made = gcore.create(2, json!(sent)).await;
        assert_eq!(made["exp_date"], shown);
        assert_eq!(made["created"].as_str().unwrap().contains(' '), date_form == "spaced");
    }
}

#[tokio::test]
async fn a_token_remembers_when_it_was_last_used() {
    let gcore = Gcore::start(&[]).await;
    let made = gcore.create(2, Value::Null).await;
    assert_eq!(gcore.read(&made["id"]).await.json()["last_usage"], Value::Null);
    gcore.send_as(made["token"].as_str().unwrap(), Method::GET, "/iam/users/me", None).await;
    let used = gcore.read(&made["id"]).await.json()["last_usage"].clone();
    assert!(used.as_str().unwrap() > made["created"].as_str().unwrap(), "{used}");
}

#[tokio::test]
async fn a_token_tells_who_it_is() {
    let gcore = Gcore::start(&[]).await;
    let client = gcore.get("/iam/clients/me").await.json();
    assert_eq!((&client["id"], &client["currentUser"]), (&json!(gcore.client), &json!(1_023_101)));
    let user = gcore.get("/iam/users/me").await.json();
    assert_eq!((&user["id"], &user["client"]), (&json!(1_023_101), &json!(gcore.client)));
    assert_eq!(user["groups"], json!([{"id": 1, "name": "Administrators"}]));
    // The scheme is written in both ways.
    let lower = format!("apikey {}", gcore.token);
    assert_eq!(gcore.send_with(Some(&lower), Method::GET, "/iam/clients/me", None).await.status, 200);
}

#[tokio::test]
async fn a_token_made_by_hand_is_the_other_users() {
    let gcore = Gcore::start(&[]).await;
    let id = gcore.simulator.vendor().issue_by_hand();
    let (client, number) = id.split_once('/').unwrap();
    assert_eq!(client, gcore.client.to_string());
    let token = gcore.read(&json!(number.parse::<u64>().unwrap())).await.json();
    assert_eq!((&token["name"], &token["client_user"]["user_id"]), (&json!("made by hand"), &json!(1_023_102)));
}
