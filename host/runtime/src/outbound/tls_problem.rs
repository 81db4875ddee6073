//! What is wrong with the far end's TLS, in words: what it is, and what to do about it.

use rustls::{AlertDescription, CertificateError, Error, OtherError, PeerIncompatible};

/// What is wrong with a certificate, and what to do about it.
pub(crate) fn certificate(error: &CertificateError) -> (&'static str, &'static str) {
    const AUTHORITY: &str = "if this is the account's own endpoint, give the CA certificate that vouches for it";
    const ANOTHER: &str = "have another certificate made for it";
    const CLOCK: &str = "check this machine's clock, and when the certificate ends";
    match error {
        CertificateError::UnknownIssuer => ("its issuer is unknown", AUTHORITY),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            ("it is for another host", "check the account's endpoint")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => ("it has expired", CLOCK),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => ("it is not valid yet", CLOCK),
        CertificateError::Revoked => ("it was revoked", ANOTHER),
        CertificateError::BadSignature => {
            ("its signature does not match", "check that the CA certificate is the one that it was signed with")
        }
        #[expect(deprecated, reason = "verifiers of other versions may still give it")]
        CertificateError::UnsupportedSignatureAlgorithm
        | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => (
            "it is signed with an algorithm or a key that is not supported",
            "have it signed with RSA of 2048 bits or more, ECDSA with P-256 or P-384, or Ed25519",
        ),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            ("it is not for a server", "have one made whose extended key usage names serverAuth")
        }
        CertificateError::BadEncoding => ("it is malformed", ANOTHER),
        CertificateError::UnhandledCriticalExtension => ("it has a critical extension that is not known here", ANOTHER),
        CertificateError::UnknownRevocationStatus => ("whether it was revoked is not known", ANOTHER),
        CertificateError::ExpiredRevocationList | CertificateError::ExpiredRevocationListContext { .. } => {
            ("the list of revoked certificates has expired", "have the authority publish a new one")
        }
        CertificateError::InvalidOcspResponse => {
            ("its revocation status is malformed", "correct the server's OCSP response")
        }
        CertificateError::Other(other) => of_webpki(other),
        _ => ("it is not acceptable", ANOTHER),
    }
}

/// What rustls has no word of its own for.
fn of_webpki(error: &OtherError) -> (&'static str, &'static str) {
    use webpki::Error;
    const ANOTHER: &str = "have another certificate made for it";
    match error.0.downcast_ref::<Error>() {
        Some(Error::CaUsedAsEndEntity) => (
            "it is the certificate of an authority, and is used as a server's",
            "have one made for the server, with basicConstraints CA:FALSE, and signed by that authority",
        ),
        Some(Error::EndEntityUsedAsCa) => {
            ("it is signed by a certificate that is not an authority's", "have it signed by an authority")
        }
        Some(Error::UnsupportedCertVersion) => {
            ("it is of X.509 version 1 or 2", "have one of version 3 made, with the host as a subjectAltName")
        }
        Some(
            Error::UnsupportedCriticalExtension
            | Error::UnsupportedNameType
            | Error::MalformedExtensions
            | Error::ExtensionValueInvalid,
        ) => ("it has an extension that is malformed or not known here", ANOTHER),
        Some(Error::NameConstraintViolation) => ("its authority may not vouch for this name", ANOTHER),
        Some(Error::PathLenConstraintViolated) => ("its chain is longer than its authority allows", ANOTHER),
        Some(
            Error::MaximumPathDepthExceeded
            | Error::MaximumPathBuildCallsExceeded
            | Error::MaximumSignatureChecksExceeded
            | Error::MaximumNameConstraintComparisonsExceeded,
        ) => ("its chain is too long", "have the server send its own certificate and its intermediates only"),
        Some(Error::InvalidCertValidity) => ("it ends before it begins", ANOTHER),
        Some(Error::InvalidSerialNumber) => ("its serial number is malformed", ANOTHER),
        Some(Error::SignatureAlgorithmMismatch) => ("it names two algorithms of its signature", ANOTHER),
        Some(Error::EmptyEkuExtension) => ("it is for no purpose", ANOTHER),
        _ => ("it is malformed or not acceptable", ANOTHER),
    }
}

/// What is wrong with a handshake that has no wrong certificate, and what to do about it.
pub(crate) fn handshake(error: &Error) -> (String, &'static str) {
    const VERSION: &str = "check that it speaks TLS 1.2 or later, with AES-GCM or ChaCha20-Poly1305";
    const PORT: &str = "check the account's endpoint and its port";
    match error {
        Error::InvalidMessage(_) | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            ("it does not speak TLS at this port".to_owned(), PORT)
        }
        Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            ("it speaks no TLS 1.2 or later".to_owned(), VERSION)
        }
        Error::PeerIncompatible(_) => ("there is no version or cipher in common".to_owned(), VERSION),
        Error::AlertReceived(alert) => of_alert(*alert),
        Error::NoApplicationProtocol => ("it speaks no HTTP/2 or HTTP/1.1".to_owned(), PORT),
        Error::NoCertificatesPresented => ("it has no certificate".to_owned(), PORT),
        Error::PeerMisbehaved(_) | Error::PeerSentOversizedRecord | Error::DecryptError => {
            ("it breaks the rules of TLS".to_owned(), "ask whoever runs it, or the proxy before it")
        }
        other => (other.to_string(), VERSION),
    }
}

fn of_alert(alert: AlertDescription) -> (String, &'static str) {
    const VERSION: &str = "check that it speaks TLS 1.2 or later, with AES-GCM or ChaCha20-Poly1305";
    match alert {
        AlertDescription::ProtocolVersion
        | AlertDescription::HandshakeFailure
        | AlertDescription::InsufficientSecurity => {
            ("it refuses every version or cipher that is offered".to_owned(), VERSION)
        }
        AlertDescription::UnrecognisedName => {
            ("it does not know the host by this name".to_owned(), "check the account's endpoint")
        }
        AlertDescription::CertificateRequired | AlertDescription::BadCertificate | AlertDescription::AccessDenied => (
            "it demands a client certificate".to_owned(),
            "the adapter has to authenticate with one: ask its author, or use another endpoint",
        ),
        AlertDescription::UnknownCA | AlertDescription::CertificateUnknown | AlertDescription::CertificateExpired => (
            "it does not accept the client certificate".to_owned(),
            "check the certificate of the account's credential",
        ),
        AlertDescription::NoApplicationProtocol => {
            ("it speaks no HTTP/2 or HTTP/1.1".to_owned(), "check the account's endpoint and its port")
        }
        other => (format!("it ended the handshake: {other:?}"), VERSION),
    }
}
