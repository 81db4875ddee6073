//! The S3 endpoint of a region, as far as trying a key takes it: buckets, and no objects.

mod answer;
mod authentication;
mod buckets;

use axum::{
    body::to_bytes,
    extract::{Query, Request},
    response::Response,
};
use http::{Method, Uri};
use percent_encoding::percent_decode_str;

use super::account::SpacesAccount;
use answer::{Code, Refusal, signed};
use authentication::authenticate;
use buckets::{Page, Wanted};

/// The longest body that is read to be verified, in bytes.
const LONGEST_BODY: usize = 1024 * 1024;

/// The parameters that a list of objects or of buckets may have. `x-id` is what some of AWS's SDKs add. Any other parameter
/// stands for another operation.
const OF_LISTS: [&str; 12] = [
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "list-type",
    "marker",
    "max-buckets",
    "max-keys",
    "prefix",
    "start-after",
    "bucket-region",
    "x-id",
];

/// Answers a request.
pub(super) async fn serve(account: &SpacesAccount, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let answer = async {
        let body = to_bytes(body, LONGEST_BODY).await.map_err(|_| Code::InvalidArgument)?;
        let caller = authenticate(account, &head, &body)?;
        let wanted = wanted(&head.method, &path, &head.uri)?;
        buckets::answer(account, &caller, wanted)
    };
    match answer.await {
        Ok(answer) => signed(account, answer),
        Err(refusal) => signed(account, refusal.answer(bucket_of(&path).as_deref())),
    }
}

/// Spaces answers 503 when there are too many requests (documentation, "limits").
pub(super) fn slow_down(account: &SpacesAccount, path: &str) -> Response {
    signed(account, Refusal::from(Code::SlowDown).answer(bucket_of(path).as_deref()))
}

pub(super) fn internal_error(account: &SpacesAccount, path: &str) -> Response {
    signed(account, Refusal::from(Code::InternalError).answer(bucket_of(path).as_deref()))
}

/// Whether a path is that of the endpoint itself or of a bucket.
pub(super) fn names_at_most_a_bucket(path: &str) -> bool {
    object_of(path).is_none()
}

/// The bucket that a path names, decoded. Buckets in the name of the host, the other style, need names that loopback lacks.
fn bucket_of(path: &str) -> Option<String> {
    let name = path.trim_start_matches('/').split('/').next().filter(|name| !name.is_empty())?;
    Some(percent_decode_str(name).decode_utf8_lossy().into_owned())
}

fn object_of(path: &str) -> Option<&str> {
    let (_, object) = path.trim_start_matches('/').split_once('/')?;
    (!object.is_empty()).then_some(object)
}

fn wanted(method: &Method, path: &str, uri: &Uri) -> Result<Wanted, Refusal> {
    let Ok(Query(parameters)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
        return Err(Code::InvalidArgument.into());
    };
    let is_other = parameters.iter().any(|(name, _)| !OF_LISTS.contains(&name.as_str()));
    let reads = *method == Method::GET || *method == Method::HEAD;
    match bucket_of(path) {
        _ if object_of(path).is_some() => Ok(Wanted::Other),
        _ if is_other => Ok(Wanted::Other),
        None if reads => Ok(Wanted::Buckets),
        Some(bucket) if reads => Ok(Wanted::Objects(bucket, Page::read(&parameters)?)),
        Some(bucket) if *method == Method::PUT => Ok(Wanted::Create(bucket)),
        Some(bucket) if *method == Method::DELETE => Ok(Wanted::Delete(bucket)),
        _ => Err(Code::MethodNotAllowed.into()),
    }
}
