//! Why a request cannot be authenticated.

use std::fmt;

use http::HeaderName;
use keywright_settings::ExpandError;

use crate::oauth2::TokenError;

/// Why a request cannot be authenticated. No message quotes the value of a part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The scheme needs a part that the credential does not have.
    #[error("the credential has no part `{part}`: add it to the credential")]
    MissingPart {
        /// The part's name.
        part: String,
    },
    /// The scheme needs a part that is empty.
    #[error("the credential's part `{part}` is empty: give it the value that the vendor gave")]
    EmptyPart {
        /// The part's name.
        part: String,
    },
    /// A setting that the scheme needs is missing or has no text form.
    #[error(transparent)]
    Setting(ExpandError),
    /// A header cannot carry a value.
    #[error(
        "{origin} has a character that the header `{header}` cannot carry: \
         remove line breaks and whatever is not printable ASCII"
    )]
    HeaderCharacter {
        /// Where the character comes from.
        origin: Origin,
        /// The header.
        header: HeaderName,
    },
    /// RFC 7617 section 2: a user name cannot hold a colon, and neither it nor a password a control character.
    #[error(
        "{origin} has a character that Basic authentication cannot carry: \
         remove line breaks, and in a user name the colon"
    )]
    BasicCharacter {
        /// Where the character comes from.
        origin: Origin,
    },
    /// A signature scheme does not select a known algorithm.
    #[error("the signature algorithm is unknown: choose `osc4` or `aws4`")]
    Algorithm,
    /// Something that goes into a signature would make it ambiguous.
    #[error("the {field} to sign with is empty or has a character that it cannot have: correct it")]
    Signing {
        /// What it is, in words.
        field: &'static str,
    },
    /// The token endpoint gave no token.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// Where a value that cannot be used comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The credential's part of this name.
    Part(String),
    /// The account's setting of this name.
    Setting(String),
    /// The text of the scheme itself, or more than one value together.
    Template,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(name) => write!(f, "the credential's part `{name}`"),
            Self::Setting(name) => write!(f, "the setting `{name}`"),
            Self::Template => f.write_str("the adapter's authentication scheme"),
        }
    }
}
