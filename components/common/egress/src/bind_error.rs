//! Why rules do not fit an account.

use keywright_settings::ExpandError;

use crate::origin::OriginError;

/// Why rules do not fit an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    /// A setting is missing or has no text form.
    #[error(transparent)]
    Setting(#[from] ExpandError),
    /// With the account's settings, an endpoint is not an origin.
    #[error("the account's settings do not make a host of `{template}`: {cause}")]
    Origin {
        /// The endpoint.
        template: String,
        /// What is wrong.
        cause: OriginError,
    },
    /// With the account's settings, a segment of a path is not one that a request may have.
    #[error("the account's settings make `{segment}` of the path segment `{template}`, and no request may have that")]
    Segment {
        /// The segment.
        template: String,
        /// What the settings make of it, encoded.
        segment: String,
    },
}
