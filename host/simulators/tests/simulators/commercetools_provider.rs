//! Requests as the Terraform provider sends them with the Go SDK: its headers, its spelling, its order.

use http::{Method, header};
use serde_json::Value;

use crate::client::Answer;
use crate::commercetools_client::{Commercetools, FORM, JSON, basic};

const USER_AGENT: &str = "terraform-provider-commercetools/1.22.2 (bb5b5a48)";

/// The request for a token that every Terraform phase begins with. The Go library encodes id and secret first, which
/// leaves what these are made of as it is.
async fn token(project: &Commercetools, scope: &str) -> String {
    let own = basic(&project.id, &project.secret);
    let headers = [
        ("user-agent", USER_AGENT),
        ("accept-encoding", "gzip"),
        ("authorization", own.as_str()),
        ("content-type", FORM),
    ];
    let form = format!("grant_type=client_credentials&scope={scope}");
    let answer = project.send(Method::POST, "/oauth/token", &headers, form).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
}

async fn call(project: &Commercetools, bearer: &str, method: Method, rest: &str, body: &str) -> Answer {
    let headers = [
        ("user-agent", USER_AGENT),
        ("accept-encoding", "gzip"),
        ("accept", JSON),
        ("content-type", JSON),
        ("authorization", bearer),
    ];
    let path = format!("/{}/api-clients{rest}", project.key);
    project.send(method, &path, &headers, body.to_owned()).await
}

/// The body of a creation: indented, with the scopes in the order of Terraform's hashes.
fn draft(name: &str) -> String {
    format!(
        "{{\n\t\"name\": \"{name}\",\n\t\"scope\": \"manage_payments:my-ct-project-key manage_orders:my-ct-project-key\",\
         \n\t\"accessTokenValiditySeconds\": 3600,\n\t\"refreshTokenValiditySeconds\": 60\n}}\n"
    )
}

#[tokio::test]
async fn what_the_terraform_provider_sends_is_accepted() {
    let project = Commercetools::start(&[("project-key", "my-ct-project-key")]).await;
    let scope = "manage_api_clients%3Amy-ct-project-key+view_api_clients%3Amy-ct-project-key";

    // Create, and the read that follows.
    let bearer = token(&project, scope).await;
    let made = call(&project, &bearer, Method::POST, "", &draft("My API Client")).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    assert_eq!(made["scope"], "manage_payments:my-ct-project-key manage_orders:my-ct-project-key");
    assert!(made["secret"].is_string());
    let path = format!("/{}", made["id"].as_str().unwrap());
    let read = call(&project, &bearer, Method::GET, &path, "").await;
    assert_eq!((read.status.as_u16(), read.json().get("secret")), (200, None));

    // Refresh, with no scope configured.
    let bearer = token(&project, "").await;
    assert_eq!(call(&project, &bearer, Method::GET, &path, "").await.status, 200);

    // A change is a deletion and a creation.
    assert_eq!(call(&project, &bearer, Method::DELETE, &path, "").await.status, 200);
    let replaced = call(&project, &bearer, Method::POST, "", &draft("Renamed")).await.json();
    let path = format!("/{}", replaced["id"].as_str().unwrap());
    assert_eq!(call(&project, &bearer, Method::GET, &path, "").await.json()["name"], "Renamed");

    // Destroy, and what a refresh finds then.
    assert_eq!(call(&project, &bearer, Method::DELETE, &path, "").await.status, 200);
    assert_eq!(call(&project, &bearer, Method::GET, &path, "").await.status, 404);
}

#[tokio::test]
async fn the_second_try_with_the_client_in_the_form_is_taken() {
    let project = Commercetools::start(&[]).await;
    let form =
        format!("client_id={}&client_secret={}&grant_type=client_credentials&scope=", project.id, project.secret);
    assert_eq!(project.token(None, &form).await.status, 200);
}

/// The provider breaks down over a code of the API host that its SDK does not know.
#[tokio::test]
async fn the_api_host_says_no_code_that_the_go_sdk_does_not_know() {
    const KNOWN: [&str; 14] = [
        "ResourceNotFound",
        "InvalidField",
        "RequiredField",
        "InvalidInput",
        "InvalidJsonInput",
        "InvalidOperation",
        "DuplicateField",
        "MaxResourceLimitExceeded",
        "General",
        "OverCapacity",
        "PendingOperation",
        "BadGateway",
        "insufficient_scope",
        "invalid_token",
    ];
    let options =
        [("quota", "2"), ("unique-names", "true"), ("administrator-scope", "manage_api_clients,view_api_clients")];
    let project = Commercetools::start(&options).await;
    let bearer = token(&project, "").await;
    let key = &project.key;
    let scope = format!("view_products:{key}");
    let right = |name: &str| format!(r#"{{"name":"{name}","scope":"{scope}"}}"#);
    assert_eq!(call(&project, &bearer, Method::POST, "", &right("a")).await.status, 201);
    project.fault("server-error@get*1");
    project.fault("rate-limit@revoke*1");
    let mut told = Vec::new();
    for (bearer, method, rest, body) in [
        ("Bearer x", Method::GET, "", String::new()),
        (&bearer, Method::GET, "/nobody", String::new()),
        (&bearer, Method::DELETE, "/nobody", String::new()),
        (&bearer, Method::GET, "/nobody", String::new()),
        (&bearer, Method::GET, "?limit=501", String::new()),
        (&bearer, Method::POST, "", "{".to_owned()),
        (&bearer, Method::POST, "", "{}".to_owned()),
        (&bearer, Method::POST, "", r#"{"name":"b","scope":"nonsense"}"#.to_owned()),
        (&bearer, Method::POST, "", right("a")),
        (&bearer, Method::POST, "", right("b")),
    ] {
        let error = call(&project, bearer, method, rest, &body).await.json();
        for error in error["errors"].as_array().unwrap() {
            told.push(error["code"].as_str().unwrap().to_owned());
        }
    }
    let forbidden = Commercetools::start(&[("administrator-scope", "view_api_clients")]).await;
    let bearer = token(&forbidden, "").await;
    let error: Value = call(&forbidden, &bearer, Method::POST, "", "{}").await.json();
    told.push(error["errors"][0]["code"].as_str().unwrap().to_owned());
    assert!(told.iter().all(|code| KNOWN.contains(&code.as_str())), "{told:?}");
    for expected in [
        "invalid_token",
        "General",
        "OverCapacity",
        "ResourceNotFound",
        "MaxResourceLimitExceeded",
        "insufficient_scope",
    ] {
        assert!(told.iter().any(|code| code == expected), "{expected}: {told:?}");
    }
}

#[tokio::test]
async fn a_request_is_recorded_without_telling_what_authenticates_it() {
    let project = Commercetools::start(&[]).await;
    let bearer = token(&project, "").await;
    call(&project, &bearer, Method::POST, "", "{}").await;
    let requests = project.simulator.requests();
    assert_eq!(requests.iter().map(|request| request.operation).collect::<Vec<_>>(), [Some("token"), Some("create")]);
    assert_eq!(requests[1].headers[header::USER_AGENT], USER_AGENT);
    let told = format!("{requests:?}");
    assert!(!told.contains(&project.secret) && !told.contains(&bearer));
}
