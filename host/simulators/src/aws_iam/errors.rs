//! The API's errors, identified by their code (statuses from botocore's models, AWS's lists of common errors, and answers
//! recorded on AWS).

use std::{fmt, str::FromStr};

use http::StatusCode;

use super::xml::{Element, text, tree};

/// Of errors in which no service was reached (asserted against AWS's STS).
pub(super) const FAULT_NAMESPACE: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";

macro_rules! codes {
    ($($(#[$about:meta])* $code:ident = $status:literal;)+) => {
        /// A code, as far as this fake says any.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Code { $($(#[$about])* $code),+ }

        impl Code {
            pub(super) fn status(self) -> StatusCode {
                let status = match self { $(Self::$code => $status),+ };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }

        impl fmt::Display for Code {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$code => stringify!($code)),+ })
            }
        }

        impl FromStr for Code {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                $(if text == stringify!($code) { return Ok(Self::$code); })+
                Err(())
            }
        }
    };
}

codes! {
    AccessDenied = 403;
    DeleteConflict = 409;
    EntityAlreadyExists = 409;
    /// On the wire, where the documentation says `ExpiredTokenException` (issue 1649 of aws-sdk-java-v2).
    ExpiredToken = 403;
    IncompleteSignature = 400;
    InvalidAction = 400;
    InvalidClientTokenId = 403;
    InvalidInput = 400;
    LimitExceeded = 409;
    MalformedInput = 400;
    MissingAuthenticationToken = 403;
    NoSuchEntity = 404;
    ServiceFailure = 500;
    /// For a late or early clock too.
    SignatureDoesNotMatch = 403;
    ValidationError = 400;
    /// A 400, not a 429.
    Throttling = 400;
    ThrottlingException = 400;
    RequestLimitExceeded = 503;
    TooManyRequestsException = 429;
}

/// Why a request was not granted.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    message: String,
}

impl Code {
    /// A refusal with this code. Where no source is named, the message is a choice: clients must not depend on it.
    pub(super) fn because(self, message: impl Into<String>) -> Refusal {
        Refusal { code: self, message: message.into() }
    }
}

impl Refusal {
    /// The document: the request id follows the error; there is no `ResponseMetadata`.
    pub(super) fn document(&self, request_id: &str) -> Element {
        let kind = if self.code.status().is_server_error() { "Receiver" } else { "Sender" };
        let error = [text("Type", kind), text("Code", self.code.to_string()), text("Message", self.message.as_str())];
        tree("ErrorResponse", [tree("Error", error), text("RequestId", request_id)])
    }
}
