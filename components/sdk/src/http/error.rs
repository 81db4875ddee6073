//! What a transport error means for the caller: whether the request may have taken effect.

use crate::wire::bindings::wasi::http::types::ErrorCode;
use crate::{Failure, FieldProblem, Problem, Reason};

/// What can be done in a runtime that has no broker.
macro_rules! no_broker {
    ($before:literal) => {
        concat!(
            $before,
            "this runtime does not authenticate brokered requests: use Keywright's host, or pass the credential as `direct`"
        )
    };
}

/// The host would not take the request.
pub(super) fn not_sent(code: &ErrorCode, brokered: bool) -> Failure {
    match code {
        // Keywright's host says which rule is missing, in place of this.
        ErrorCode::HttpRequestDenied if brokered => {
            Failure::adapter_error(no_broker!("the host does not let the adapter send this request, or "))
        }
        ErrorCode::HttpRequestDenied => Failure::adapter_error("the host does not let the adapter send this request"),
        // The ways to say that the scheme is not known.
        ErrorCode::HttpProtocolError
        | ErrorCode::HttpRequestUriInvalid
        | ErrorCode::ConfigurationError
        | ErrorCode::InternalError(_)
            if brokered =>
        {
            not_brokered()
        }
        code => Failure::new(Reason::Unavailable, ["the request was not sent: ", describe(code)].concat()),
    }
}

/// The runtime has no broker. Nothing was sent.
pub(super) fn not_brokered() -> Failure {
    FieldProblem::new("/authentication", Problem::Constraint, no_broker!("is `brokered`, and ")).into()
}

/// The exchange failed. Only what certainly happens before a request leaves counts as not sent; what a request did that
/// changes nothing is never in doubt.
pub(super) fn failed(code: &ErrorCode, safe: bool, brokered: bool) -> Failure {
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
        | ErrorCode::ConfigurationError => not_sent(code, brokered),
        code if safe => {
            let message = ["the vendor did not answer: ", describe(code), "; try again"].concat();
            Failure::new(Reason::Unavailable, message)
        }
        code => {
            let message = ["the request may have taken effect, but its answer was lost: ", describe(code)].concat();
            Failure::new(Reason::InDoubt, message)
        }
    }
}

/// The exchange broke within the host.
pub(super) fn broken(safe: bool) -> Failure {
    failed(&ErrorCode::InternalError(None), safe, false)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_without_a_broker_is_not_taken_for_a_denial() {
        for code in [ErrorCode::HttpProtocolError, ErrorCode::HttpRequestUriInvalid, ErrorCode::InternalError(None)] {
            let failure = not_sent(&code, true);
            assert!(matches!(failure.reason(), Reason::Invalid(_)), "{code:?}");
            assert!(failure.message().starts_with("/authentication is `brokered`, and this runtime does not"));
            assert_eq!(*not_sent(&code, false).reason(), Reason::Unavailable);
        }
        let denied = failed(&ErrorCode::HttpRequestDenied, false, true);
        assert_eq!(*denied.reason(), Reason::AdapterError);
        assert!(denied.message().contains("or this runtime does not authenticate"), "{}", denied.message());
        assert!(!not_sent(&ErrorCode::HttpRequestDenied, false).message().contains("runtime"));
    }

    #[test]
    fn a_lost_answer_leaves_in_doubt_only_what_acts() {
        assert_eq!(*failed(&ErrorCode::ConnectionTerminated, false, true).reason(), Reason::InDoubt);
        assert_eq!(*failed(&ErrorCode::ConnectionTerminated, true, true).reason(), Reason::Unavailable);
        assert_eq!(*failed(&ErrorCode::ConnectionRefused, false, true).reason(), Reason::Unavailable);
    }
}
