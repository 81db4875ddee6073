//! Why operations fail.

/// Why an operation failed, without what belongs to the single failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// The input is not acceptable. Nothing was done.
    Invalid,
    /// The vendor does not accept the credential of the call. Nothing was done.
    Unauthenticated,
    /// The credential may not do this. Nothing was done.
    Forbidden,
    /// The credential to be worked on does not exist.
    NotFound,
    /// The state of the credential, or of something that it depends on, does not allow this. Nothing was done.
    Conflict,
    /// No more credentials may be made. Nothing was done.
    Quota,
    /// Too many requests. Nothing was done.
    RateLimited,
    /// The vendor cannot be reached or cannot serve this now. Nothing was done; it may work later.
    Unavailable,
    /// The request may have taken effect. Look before doing it again.
    InDoubt,
    /// The vendor has no such operation.
    Unsupported,
    /// The vendor's answer to a request that changes nothing is not as documented. Nothing was done.
    UnexpectedResponse,
    /// The adapter contradicts its own descriptor or could not build a request. Nothing was done.
    AdapterError,
    /// The creation is accepted and goes on at the vendor.
    Pending,
    /// The vendor refused with a code of its own.
    Vendor,
}

impl ReasonKind {
    /// Its name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Quota => "quota",
            Self::RateLimited => "rate-limited",
            Self::Unavailable => "unavailable",
            Self::InDoubt => "in-doubt",
            Self::Unsupported => "unsupported",
            Self::UnexpectedResponse => "unexpected-response",
            Self::AdapterError => "adapter-error",
            Self::Pending => "pending",
            Self::Vendor => "vendor",
        }
    }
}
