//! Why a request cannot be authenticated.

use std::fmt;

use keywright_settings::ExpandError;

use crate::TokenError;

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
        "{value} has a character that the header `{header}` cannot carry: \
         remove line breaks and all that is not printable ASCII"
    )]
    HeaderCharacter {
        /// Where the character comes from.
        value: ValueSource,
        /// The header.
        header: String,
    },
    /// RFC 7617 section 2: a user name cannot hold a colon, and neither it nor a password a control character.
    #[error(
        "{value} has a character that Basic authentication cannot carry: \
         remove line breaks, and in a user name the colon"
    )]
    BasicCharacter {
        /// Where the character comes from.
        value: ValueSource,
    },
    /// A key or a certificate cannot be read.
    #[error("{value} is not {expected}: give it as the vendor or its guide has it, with all its lines")]
    Key {
        /// Where it comes from.
        value: ValueSource,
        /// What it should be, with its article.
        expected: &'static str,
    },
    /// The algorithm of a JWT is not part of this component.
    #[error(
        "this component cannot sign a JWT with {algorithm} itself: let a host authenticate its requests, or build it with \
         the feature for {algorithm}"
    )]
    AlgorithmNotBuilt {
        /// The algorithm's name.
        algorithm: &'static str,
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
    /// A signature covers the text of a body that is not text.
    #[error("the request's body is not UTF-8, which `{{request.body}}` needs: sign its digest instead")]
    Body,
    /// The scheme has a step of a kind that is not known here.
    #[error("the authentication scheme has a step `{name}`, which this version cannot carry out: update Keywright")]
    Unsupported {
        /// The kind's name.
        name: String,
    },
    /// The token endpoint gave no token.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// Where a value that cannot be used comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ValueSource {
    /// The credential's part of this name.
    Part(String),
    /// The account's setting of this name.
    Setting(String),
    /// The text of the scheme itself, or more than one value together.
    Template,
}

impl fmt::Display for ValueSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Part(name) => write!(f, "the credential's part `{name}`"),
            Self::Setting(name) => write!(f, "the setting `{name}`"),
            Self::Template => f.write_str("the adapter's authentication scheme"),
        }
    }
}
