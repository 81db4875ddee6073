//! What can go wrong between the host and a vendor.

use std::time::Duration;

use keywright_egress::RefusedAddress;
use wasmtime_wasi_http::Error as WasiError;

/// Why an exchange with a vendor failed. `Display` names the host and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TransportError {
    #[error("the host name {host} could not be resolved: check the account's settings and the network")]
    Resolve { host: String },
    #[error("{0}")]
    Address(RefusedAddress),
    #[error("no connection to {authority} ({cause}): check the account's endpoint and the network")]
    Connect { authority: String, cause: String },
    #[error("no connection to {authority} within {} s: check the account's endpoint and the network", .limit.as_secs_f32())]
    ConnectTimeout { authority: String, limit: Duration },
    #[error(
        "the proxy {proxy} gives no way to {authority} ({cause}): check the proxy, or reach the host without it by NO_PROXY"
    )]
    Proxy { proxy: String, authority: String, cause: String },
    #[error("the certificate of {authority} is not trusted ({cause}): {advice}")]
    Certificate { authority: String, cause: &'static str, advice: &'static str },
    #[error("no secure connection to {authority} ({cause}): {advice}")]
    Handshake { authority: String, cause: String, advice: &'static str },
    #[error("{cause}")]
    ClientCertificate { cause: String },
    #[error("{authority} did not answer within {} s", .limit.as_secs_f32())]
    NoAnswer { authority: String, limit: Duration },
    #[error("the answer of {authority} stopped for more than {} s", .limit.as_secs_f32())]
    Stalled { authority: String, limit: Duration },
    #[error("the exchange with {authority} took longer than {} s", .limit.as_secs_f32())]
    TooLong { authority: String, limit: Duration },
    #[error("the connection to {authority} broke before its answer was complete")]
    Broken { authority: String },
    #[error("the answer of {authority} is larger than {limit} bytes")]
    TooLarge { authority: String, limit: usize },
    #[error("the headers of the answer of {authority} are more or larger than {limit} bytes hold")]
    Headers { authority: String, limit: usize },
    #[error("the answer of {authority} is compressed, which it was not asked to be: ask the vendor why")]
    Encoded { authority: String },
}

impl TransportError {
    /// As the guest sees it.
    pub(crate) fn to_wasi(&self) -> WasiError {
        match self {
            Self::Resolve { .. } => WasiError::DestinationNotFound,
            Self::Address(_) => WasiError::DestinationIpProhibited,
            Self::Connect { .. } | Self::Proxy { .. } => WasiError::ConnectionRefused,
            Self::ConnectTimeout { .. } => WasiError::ConnectionTimeout,
            Self::Certificate { .. } => WasiError::TlsCertificateError,
            Self::Handshake { .. } | Self::ClientCertificate { .. } => WasiError::TlsProtocolError,
            Self::NoAnswer { .. } | Self::TooLong { .. } => WasiError::HttpResponseTimeout,
            Self::Stalled { .. } => WasiError::ConnectionReadTimeout,
            Self::Broken { .. } => WasiError::ConnectionTerminated,
            Self::Encoded { .. } => WasiError::HttpResponseContentCoding(None),
            Self::Headers { limit, .. } => WasiError::HttpResponseHeaderSectionSize(u32::try_from(*limit).ok()),
            Self::TooLarge { limit, .. } => WasiError::HttpResponseBodySize(u64::try_from(*limit).ok()),
        }
    }
}
