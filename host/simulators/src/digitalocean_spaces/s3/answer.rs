//! What the S3 endpoint answers: XML.

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::super::account::{REGION, SpacesAccount};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
const XML: HeaderValue = HeaderValue::from_static("application/xml");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
/// Seen on answers of the live service.
const TRANSPORT_SECURITY: HeaderValue = HeaderValue::from_static("max-age=15552000; includeSubDomains; preload");

/// The codes of S3 that are answered here, with the statuses that Ceph's object gateway gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    AccessDenied,
    ContentSha256Mismatch,
    InternalError,
    InvalidAccessKeyId,
    InvalidArgument,
    InvalidBucketName,
    MethodNotAllowed,
    NoSuchBucket,
    NotImplemented,
    RequestTimeTooSkewed,
    SignatureDoesNotMatch,
    SlowDown,
}

impl Code {
    fn status(self) -> StatusCode {
        match self {
            Self::AccessDenied
            | Self::InvalidAccessKeyId
            | Self::RequestTimeTooSkewed
            | Self::SignatureDoesNotMatch => StatusCode::FORBIDDEN,
            Self::ContentSha256Mismatch | Self::InvalidArgument | Self::InvalidBucketName => StatusCode::BAD_REQUEST,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoSuchBucket => StatusCode::NOT_FOUND,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::SlowDown => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::AccessDenied => "AccessDenied",
            Self::ContentSha256Mismatch => "XAmzContentSHA256Mismatch",
            Self::InternalError => "InternalError",
            Self::InvalidAccessKeyId => "InvalidAccessKeyId",
            Self::InvalidArgument => "InvalidArgument",
            Self::InvalidBucketName => "InvalidBucketName",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::NoSuchBucket => "NoSuchBucket",
            Self::NotImplemented => "NotImplemented",
            Self::RequestTimeTooSkewed => "RequestTimeTooSkewed",
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::SlowDown => "SlowDown",
        }
    }
}

/// Why a request was not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(Code);

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self(code)
    }
}

impl Refusal {
    /// The refusals that have been recorded on the live service have two forms: `AccessDenied` to a limited key has a message
    /// and a resource, `SignatureDoesNotMatch` has neither. Which of them the other codes have is unknown; the second is a
    /// choice.
    pub(super) fn answer(self, bucket: Option<&str>) -> Answer {
        let bucket = bucket.map(escaped);
        let about = match self.0 {
            Code::AccessDenied => {
                let resource = bucket.unwrap_or_else(|| "/".to_owned());
                format!("<Message>Access Denied.</Message><Resource>{resource}</Resource>")
            }
            _ => bucket.map(|bucket| format!("<BucketName>{bucket}</BucketName>")).unwrap_or_default(),
        };
        Answer { status: self.0.status(), body: Content::Error { code: self.0.name(), about } }
    }
}

/// An answer without what every answer has.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Content,
}

pub(super) enum Content {
    Nothing,
    /// An element in the namespace of S3, and what is in it.
    Document {
        name: &'static str,
        inner: String,
    },
    /// Its code, and the elements that follow that.
    Error {
        code: &'static str,
        about: String,
    },
}

impl Answer {
    pub(super) fn document(name: &'static str, inner: String) -> Self {
        Self { status: StatusCode::OK, body: Content::Document { name, inner } }
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, body: Content::Nothing }
    }
}

/// Completes an answer. The ids of requests and hosts have the form of those that have been seen:
/// `tx000000000000001b7638c-0059cdfbfa-24e9b-nyc3a`.
pub(super) fn signed(account: &SpacesAccount, answer: Answer) -> Response {
    let random = Uuid::new_v4().simple().to_string();
    let host = &random[27..];
    let request_id = format!("tx{}-{:010x}-{host}-{REGION}a", &random[..21], account.clock.now().timestamp());
    let body = match answer.body {
        Content::Nothing => None,
        Content::Document { name, inner } => {
            Some(format!("{DECLARATION}<{name} xmlns=\"{NAMESPACE}\">{inner}</{name}>"))
        }
        Content::Error { code, about } => Some(format!(
            "{DECLARATION}<Error><Code>{code}</Code>{about}<RequestId>{request_id}</RequestId>\
             <HostId>{host}-{REGION}a-nyc</HostId></Error>"
        )),
    };
    let mut response = (answer.status, Body::from(body.clone().unwrap_or_default())).into_response();
    let headers = response.headers_mut();
    if body.is_some() {
        headers.insert(header::CONTENT_TYPE, XML);
    }
    headers.insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT_SECURITY);
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// A text within an element.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_the_element_that_it_stands_in() {
        assert_eq!(escaped("a<b>&amp;"), "a&lt;b&gt;&amp;amp;");
    }
}
