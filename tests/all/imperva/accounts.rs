//! API clients of other accounts: known by the account in front, which every later call names.

use keywright_runtime::{ExpiryChange, Filter, Issued, Outcome, Problem, Reason, RegenerateRequest, UpdateRequest};
use keywright_tests::{ImpervaBench as Bench, object};
use serde_json::json;

use crate::outcome::{problem, reason};

async fn of_sub_account(bench: &Bench) -> Issued {
    let account_id = bench.vendor.sub_account_id();
    bench.client_with("First", json!({"account_id": account_id, "user_email": "example@terraform.com"})).await
}

#[tokio::test]
async fn a_client_of_a_sub_account_has_the_account_in_its_id() {
    let bench = Bench::start().await;
    let account_id = bench.vendor.sub_account_id();
    let issued = of_sub_account(&bench).await;
    let client = &issued.credential;
    let api_id = client.id.strip_prefix(&format!("{account_id}/")).unwrap();
    assert_eq!((&client.attributes["api_id"], &client.attributes["account_id"]), (&json!(api_id), &json!(account_id)));
    assert_eq!(issued.parts.get("api_id").map(secret), Some(api_id.to_owned()));
    assert_eq!(issued.warnings, [""; 0]);
    let expected = format!("caid={account_id}&userEmail=example%40terraform.com");
    assert_eq!(bench.since(0)[0].query.as_ref(), Some(&expected));
}

fn secret(value: &secrecy::SecretString) -> String {
    secrecy::ExposeSecret::expose_secret(value).to_owned()
}

#[tokio::test]
async fn every_later_call_names_the_account() {
    let bench = Bench::start().await;
    let caid = format!("caid={}", bench.vendor.sub_account_id());
    let issued = of_sub_account(&bench).await;
    let id = issued.credential.id.as_str();
    let mark = bench.mark();
    let account = &bench.account;
    assert_eq!(account.get(id).await.unwrap().as_ref(), Some(&issued.credential));
    assert_eq!(account.import(id).await.unwrap(), issued.credential);
    let later = ExpiryChange::Set(chrono::Utc::now() + chrono::TimeDelta::days(1));
    let change =
        UpdateRequest { attributes: object(json!({"name": "Second"})), expiry: later, ..UpdateRequest::default() };
    assert_eq!(account.update(id, &change).await.unwrap().credential.id, id);
    assert_eq!(account.set_enabled(id, false).await.unwrap().id, id);
    assert_eq!(account.set_enabled(id, true).await.unwrap().id, id);
    let renewed = account.regenerate(id, &RegenerateRequest::default()).await.unwrap();
    assert_eq!(renewed.credential.id, id);
    assert_eq!(account.verify(id, &renewed.parts).await.unwrap().outcome, Outcome::Active);
    account.revoke(id).await.unwrap();
    account.revoke(id).await.unwrap();
    assert_eq!(account.get(id).await.unwrap(), None);
    for request in bench.since(mark) {
        let query = request.query.clone().unwrap_or_default();
        assert!(query.split('&').any(|pair| pair == caid), "{} {} {query}", request.method, request.path);
    }
}

#[tokio::test]
async fn a_client_of_a_sub_account_is_not_the_accounts_own() {
    let bench = Bench::start().await;
    let issued = of_sub_account(&bench).await;
    let api_id = issued.credential.attributes["api_id"].as_str().unwrap();
    assert_eq!(bench.account.get(api_id).await.unwrap(), None);
    // An account of one's own can be named as well.
    let own = format!("{}/{}", bench.vendor.account_id(), bench.own("api_id"));
    assert_eq!(bench.stored(&own).await.id, own);
}

#[tokio::test]
async fn a_list_of_a_sub_account_tells_ids_that_name_it() {
    let bench = Bench::start().await;
    let issued = of_sub_account(&bench).await;
    let attributes = object(json!({"account_id": bench.vendor.sub_account_id()}));
    let listed = bench.account.list_all(&Filter { attributes, ..Filter::default() }).await.unwrap();
    assert_eq!(listed, [issued.credential]);
    let ids: Vec<_> = bench.account.list_all(&Filter::default()).await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, [bench.own("api_id")]);
}

#[tokio::test]
async fn an_account_of_another_customer_is_forbidden_in_every_form() {
    for (form, with_200) in super::FORMS {
        let bench = Bench::builder().option("error-form", form).option("refuse-with-200", with_200).start().await;
        let account_id = bench.vendor.foreign_account_id();
        let creation = bench.creation("First", json!({"account_id": account_id}));
        assert_eq!(reason(bench.account.create(&creation).await), Reason::Forbidden, "{form}");
        let id = format!("{account_id}/7");
        assert_eq!(reason(bench.account.get(&id).await), Reason::Forbidden, "{form}");
        assert_eq!(reason(bench.account.set_enabled(&id, true).await), Reason::Forbidden, "{form}");
        assert_eq!(reason(bench.account.revoke(&id).await), Reason::Forbidden, "{form}");
        let attributes = object(json!({"account_id": account_id}));
        let filter = Filter { attributes, ..Filter::default() };
        assert_eq!(reason(bench.account.list(&filter, None).await), Reason::Forbidden, "{form}");
    }
}

#[tokio::test]
async fn an_id_of_another_form_is_refused_and_nothing_is_sent() {
    let bench = Bench::start().await;
    for id in
        ["", "a", "a/7", "7/a", "/7", "7/", "1/2/3", "07", "7/07", "-7", "7 ", "7?x", "1234567890123456789", "../7"]
    {
        assert_eq!(problem(bench.account.get(id).await), ("/id".to_owned(), Problem::Format), "{id:?}");
        assert_eq!(problem(bench.account.revoke(id).await).0, "/id", "{id:?}");
    }
    assert_eq!(bench.methods_since(0), [""; 0]);
}

#[tokio::test]
async fn the_accounts_own_client_is_known_in_both_forms_and_not_ended_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let own = bench.own("api_id");
    for id in [own.clone(), format!("{}/{own}", bench.vendor.account_id())] {
        assert_eq!(bench.account.revoke(&id).await.unwrap_err().kind(), "self-revocation");
        assert_eq!(bench.account.set_enabled(&id, false).await.unwrap_err().kind(), "self-revocation");
        assert_eq!(
            bench.account.regenerate(&id, &RegenerateRequest::default()).await.unwrap_err().kind(),
            "self-revocation"
        );
    }
    assert_eq!(bench.methods_since(0), [""; 0]);
}
