//! What a transport error means for the caller: whether the request may have taken effect.

use crate::wire::bindings::wasi::http::types::ErrorCode;
use crate::{Failure, Reason};

/// The host would not take the request.
pub(super) fn not_sent(code: &ErrorCode) -> Failure {
    match code {
        ErrorCode::HttpRequestDenied => {
            Failure::new(Reason::Vendor("denied".to_owned()), "the host does not let the adapter send this request")
        }
        code => Failure::new(Reason::Unavailable, format!("the request was not sent: {}", describe(code))),
    }
}

/// The exchange failed. Only what certainly happens before a request leaves counts as not sent; what a request did that
/// changes nothing is never in doubt.
pub(super) fn failed(code: &ErrorCode, safe: bool) -> Failure {
    match code {
        ErrorCode::HttpRequestDenied
        | ErrorCode::DnsTimeout
        | ErrorCode::DnsError(_)
        | ErrorCode::DestinationNotFound
        | ErrorCode::DestinationUnavailable
        | ErrorCode::DestinationIpProhibited
        | ErrorCode::DestinationIpUnroutable
        | ErrorCode::ConnectionRefused
        | ErrorCode::ConnectionTimeout
        | ErrorCode::ConnectionLimitReached
        | ErrorCode::TlsProtocolError
        | ErrorCode::TlsCertificateError
        | ErrorCode::HttpRequestLengthRequired
        | ErrorCode::HttpRequestBodySize(_)
        | ErrorCode::HttpRequestMethodInvalid
        | ErrorCode::HttpRequestUriInvalid
        | ErrorCode::HttpRequestUriTooLong
        | ErrorCode::HttpRequestHeaderSectionSize(_)
        | ErrorCode::HttpRequestHeaderSize(_)
        | ErrorCode::ConfigurationError => not_sent(code),
        code if safe => {
            Failure::new(Reason::Unavailable, format!("the vendor did not answer: {}; try again", describe(code)))
        }
        code => Failure::new(
            Reason::InDoubt,
            format!("the request may have taken effect, but its answer was lost: {}", describe(code)),
        ),
    }
}

/// The exchange broke within the host.
pub(super) fn broken(safe: bool) -> Failure {
    failed(&ErrorCode::InternalError(None), safe)
}

/// In words, without what a host may have put in of its own.
fn describe(code: &ErrorCode) -> &'static str {
    match code {
        ErrorCode::DnsTimeout | ErrorCode::DnsError(_) => "the name of the vendor's host was not found",
        ErrorCode::DestinationNotFound | ErrorCode::DestinationUnavailable | ErrorCode::DestinationIpUnroutable => {
            "the vendor's host cannot be reached"
        }
        ErrorCode::DestinationIpProhibited => "the address of the vendor's host is not allowed",
        ErrorCode::ConnectionRefused => "the vendor's host refused the connection",
        ErrorCode::ConnectionTimeout => "connecting to the vendor's host took too long",
        ErrorCode::ConnectionTerminated => "the connection was closed",
        ErrorCode::ConnectionReadTimeout | ErrorCode::ConnectionWriteTimeout | ErrorCode::HttpResponseTimeout => {
            "the answer took too long"
        }
        ErrorCode::ConnectionLimitReached => "there are too many connections",
        ErrorCode::TlsCertificateError => "the certificate of the vendor's host is not trusted",
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => "no secure connection could be made",
        ErrorCode::HttpRequestDenied => "the host does not allow it",
        ErrorCode::HttpResponseBodySize(_) | ErrorCode::HttpResponseHeaderSectionSize(_) => "the answer is too large",
        ErrorCode::HttpResponseIncomplete => "the answer broke off",
        ErrorCode::InternalError(_) => "the host failed",
        _ => "the exchange broke HTTP's rules",
    }
}
