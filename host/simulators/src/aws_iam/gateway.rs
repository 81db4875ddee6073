//! Every request: which call it is for, who makes it, and how it is answered.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use uuid::Uuid;

use super::{
    account::Account,
    actions::{self, Action},
    authentication::authenticate,
    errors::{Code, FAULT_NAMESPACE, Refusal},
    form,
    input::Input,
    service::Service,
    xml::{Element, document, text, tree},
};

/// Where a request without an action is sent (asserted against AWS's STS).
const PRODUCT_PAGE: &str = "https://aws.amazon.com/iam";

const FORM: &str = "application/x-www-form-urlencoded";

/// The longest body that is read to be verified.
const LONGEST_BODY: usize = 1024 * 1024;

pub(super) async fn answer(State(account): State<Arc<Account>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let known = head.uri.path() == "/" && (head.method == Method::GET || head.method == Method::POST);
    let (true, Ok(body)) = (known, to_bytes(body, LONGEST_BODY).await) else {
        // So the platform answers what no service knows; of these services unknown, a choice.
        let body = "<UnknownOperationException/>\n";
        return dress(&account, StatusCode::NOT_FOUND, Body::from(body), &new_request_id());
    };
    let parameters = parameters(&head, &body);
    match actions::find(&parameters) {
        Ok(Some(action)) => call(&account, action, &head, &body, &parameters),
        Ok(None) => redirect(&account, head.uri.query()),
        Err(refusal) => refuse(&account, &refusal, FAULT_NAMESPACE),
    }
}

/// Those of a GET are in its query, those of a POST in a body that says it is a form (asserted against AWS's STS). That a
/// POST's query is not read is a choice.
fn parameters(head: &Parts, body: &[u8]) -> Vec<(String, String)> {
    let is_form = || {
        let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        content_type.is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim() == FORM))
    };
    match head.method {
        Method::GET => form::parse(head.uri.query().unwrap_or_default().as_bytes()),
        _ if is_form() => form::parse(body),
        _ => Vec::new(),
    }
}

/// That who calls is known before the parameters are read is a choice.
fn call(account: &Account, action: &Action, head: &Parts, body: &[u8], parameters: &[(String, String)]) -> Response {
    let outcome = authenticate(account, action.service, head, body)
        .and_then(|caller| (action.run)(account, &caller, Input::new(parameters)));
    match outcome {
        Ok(result) => {
            let request_id = new_request_id();
            let result = result.map(|elements| tree(format!("{}Result", action.name), elements));
            let metadata = tree("ResponseMetadata", [text("RequestId", request_id.as_str())]);
            let root = tree(format!("{}Response", action.name), result.into_iter().chain([metadata]));
            xml(account, StatusCode::OK, &root, action.service.namespace(), &request_id)
        }
        Err(refusal) => refuse(account, &refusal, action.service.namespace()),
    }
}

/// In the namespace of IAM, whose calls are throttled: the fault does not know what it strikes. No `Retry-After` is known.
pub(super) fn rate_limited(account: &Account) -> Response {
    refuse(account, &account.quirks.throttle.because("Rate exceeded"), Service::Iam.namespace())
}

pub(super) fn server_error(account: &Account) -> Response {
    let refusal = Code::ServiceFailure.because("The request processing has failed because of an unknown error.");
    refuse(account, &refusal, Service::Iam.namespace())
}

fn redirect(account: &Account, query: Option<&str>) -> Response {
    let location = query.map_or_else(|| PRODUCT_PAGE.to_owned(), |query| format!("{PRODUCT_PAGE}?{query}"));
    let mut answer = dress(account, StatusCode::FOUND, Body::empty(), &new_request_id());
    if let Ok(location) = HeaderValue::from_str(&location) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    answer
}

fn refuse(account: &Account, refusal: &Refusal, namespace: &str) -> Response {
    let request_id = new_request_id();
    xml(account, refusal.code.status(), &refusal.document(&request_id), namespace, &request_id)
}

fn xml(account: &Account, status: StatusCode, root: &Element, namespace: &str, request_id: &str) -> Response {
    let mut answer = dress(account, status, Body::from(document(root, namespace)), request_id);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    answer
}

/// Every answer carries the request's id and the vendor's own date.
fn dress(account: &Account, status: StatusCode, body: Body, request_id: &str) -> Response {
    let mut answer = (status, body).into_response();
    let date = account.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (name, value) in [(HeaderName::from_static("x-amzn-requestid"), request_id), (header::DATE, &date)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer
}

fn new_request_id() -> String {
    Uuid::new_v4().to_string()
}
