//! The one place where faults act: between the connection and the vendor's routes.

use axum::{
    Router,
    body::{Body, Bytes},
    response::{Html, IntoResponse as _, Response},
};
use http::{HeaderValue, Request, StatusCode, header, response::Parts};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::time::sleep;

use super::{
    Fault,
    body::{Half, huge},
};
use crate::{Vendor, connection::Lifeline};

const PAGE: &str = "<!doctype html>\n<html><head><title>Please wait</title></head>\
    <body><h1>Please wait</h1><p>We are checking your browser.</p></body></html>\n";

const GATEWAY_PAGE: &str = "<html>\n<head><title>502 Bad Gateway</title></head>\n\
    <body>\n<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n";

/// Answers a request as the vendor does, but for the fault that strikes it.
pub(crate) async fn answer(
    fault: Option<Fault>,
    vendor: &dyn Vendor,
    routes: &TowerToHyperService<Router>,
    request: Request<Body>,
    line: &Lifeline,
) -> Response {
    let path = request.uri().path().to_owned();
    let perform = async || match routes.call(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    match fault {
        None => perform().await,
        Some(Fault::LoseAnswer) => {
            perform().await;
            line.cut().await
        }
        Some(Fault::Cut) => line.cut().await,
        Some(Fault::Truncate) => {
            let (parts, body) = whole(perform().await).await;
            if body.is_empty() {
                return line.cut().await;
            }
            half(parts, &body, Half::then_cut(&body, line.clone()))
        }
        Some(Fault::RateLimit) => vendor.rate_limited_at(&path),
        Some(Fault::ServerError) => vendor.server_error_at(&path),
        Some(Fault::ServerErrorAfter) => {
            perform().await;
            vendor.server_error_at(&path)
        }
        Some(Fault::BadGateway) => (StatusCode::BAD_GATEWAY, Html(GATEWAY_PAGE)).into_response(),
        Some(Fault::Html) => Html(PAGE).into_response(),
        Some(Fault::HtmlAfter) => {
            perform().await;
            Html(PAGE).into_response()
        }
        Some(Fault::Slow(delay)) => {
            let answer = perform().await;
            sleep(delay).await;
            answer
        }
        Some(Fault::Stall) => {
            let (parts, body) = whole(perform().await).await;
            if body.is_empty() {
                return std::future::pending().await;
            }
            half(parts, &body, Half::then_stall(&body))
        }
        Some(Fault::Huge) => {
            let json = HeaderValue::from_static("application/json");
            ([(header::CONTENT_TYPE, json)], Body::new(huge())).into_response()
        }
    }
}

/// Takes an answer apart. The bodies of the vendors' routes are in memory, so collecting one cannot fail.
async fn whole(answer: Response) -> (Parts, Bytes) {
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    (parts, body)
}

/// The answer that promises `whole` and delivers less.
fn half(mut parts: Parts, whole: &Bytes, delivered: Half) -> Response {
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    Response::from_parts(parts, Body::new(delivered))
}
