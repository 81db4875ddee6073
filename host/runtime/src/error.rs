//! Errors of the host.

use std::time::Duration;

use keywright_auth::origin::KeyPairError;
use keywright_auth::{AuthError, Parts, TokenError};
use keywright_descriptor::DescriptorError;
use keywright_egress::{BindError, Denial, EndpointOverrideError, EndpointUrlError, Rule, RuleError};
use keywright_model::{FieldProblem, Operation};
use secrecy::SecretString;

use crate::contract::failure::{Failure, Reason};
use crate::outbound::tls::TlsError;
use crate::sandbox::digest::Digest;
use crate::stray::Stray;

/// Why a component cannot be used as an adapter.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes are not WebAssembly.
    #[error("it is not a WebAssembly component: give the .wasm file that a build for wasm32-wasip2 makes")]
    NotWasm,
    /// The bytes are a module, not a component.
    #[error("it is a core WebAssembly module, not a component: build it for wasm32-wasip2")]
    CoreModule,
    /// The bytes are a component that is broken.
    #[error("it is a malformed component ({0}): build it again")]
    Malformed(String),
    /// It imports what adapters do not get.
    #[error("it imports `{import}`, which adapters do not get: {advice}")]
    Import {
        /// The import.
        import: String,
        /// What to do.
        advice: &'static str,
    },
    /// It is a component of another world.
    #[error("it is a component of another world: it does not export `{expected}`{}", instead(.exports))]
    OtherWorld {
        /// What it exports.
        exports: Vec<String>,
        /// What an adapter exports.
        expected: &'static str,
    },
    /// It is an adapter for another version of the contract.
    #[error(
        "it is built for `{found}`, and this host speaks `{expected}`: {}", upgrade(.found, .expected)
    )]
    ContractVersion {
        /// What it exports.
        found: String,
        /// What this host speaks.
        expected: &'static str,
    },
    /// It would take too long to compile.
    #[error("it has more than {most} {what}, which no adapter needs: build it otherwise")]
    TooComplex {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// It cannot be compiled or linked.
    #[error("it cannot be compiled: {0}")]
    Compile(String),
    /// `describe` did not answer.
    #[error("it does not describe itself: {0}")]
    Describe(Box<CallError>),
    /// What it says of itself depends on the time or on chance.
    #[error(
        "it describes itself differently from one time to the next, so nobody can consent to it: what it describes may \
         depend neither on the time nor on random numbers"
    )]
    UnsteadyDescriptor,
    /// It says something else of itself than what the grant is pinned to.
    #[error("its description of itself has the digest {found}, and what was consented to is {pinned}: review it anew")]
    OtherDescriptor {
        /// What was consented to.
        pinned: Digest,
        /// What it says.
        found: Digest,
    },
    /// Its descriptor contradicts itself.
    #[error("its descriptor is malformed: {0}")]
    Descriptor(#[from] DescriptorError),
    /// It authenticates in a way that the host does not carry out.
    #[error(
        "it authenticates by `{0}`, which this host does not carry out: use a newer host, or trust the adapter with the \
         administrator's credential (--expose-administrator)"
    )]
    UnknownAuthentication(String),
    /// The rules of the grant cannot be read.
    #[error("its grant is malformed: {0}")]
    Grant(#[from] RuleError),
    /// It asks for more than it is granted.
    #[error("it asks for more than it is granted: {}", lines(.0))]
    Ungranted(Vec<Rule>),
    /// The grant is for an operation that there is not.
    #[error(
        "its grant has a rule for `{0}`, which is not an operation: use check, create, get, list, update, set-enabled, \
         regenerate, verify, revoke or, for the host's own token requests, authenticate"
    )]
    GrantedOperation(String),
}

/// Which side is the older one.
fn upgrade(found: &str, expected: &str) -> &'static str {
    let version = |export: &str| -> Vec<u64> {
        let version = export.rsplit_once('@').map_or("", |(_, version)| version);
        version.split('.').map(|number| number.parse().unwrap_or_default()).collect()
    };
    if version(found) > version(expected) {
        "use a newer host"
    } else {
        "build the adapter again with a newer SDK, or ask its author to"
    }
}

fn instead(exports: &[String]) -> String {
    match exports {
        [] => ", or anything else".to_owned(),
        [first, ..] => format!(", but `{first}`"),
    }
}

fn lines(rules: &[Rule]) -> String {
    rules.iter().map(Rule::to_string).collect::<Vec<_>>().join("; ")
}

/// Why an account cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// The settings do not fit the adapter's schema.
    #[error("the account's settings are not valid: {}", problems(.0))]
    Settings(Vec<FieldProblem>),
    /// The administrator's credential is not usable.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// An endpoint override is not a URL of an endpoint.
    #[error("the account's endpoint{} is not usable: {cause}", named(.name))]
    Endpoint {
        /// The endpoint, where it is named.
        name: Option<String>,
        /// What is wrong.
        cause: EndpointUrlError,
    },
    /// An endpoint override names no endpoint of the adapter, or endpoints with one URL are overridden differently.
    #[error(transparent)]
    EndpointName(#[from] EndpointOverrideError),
    /// One URL is given for an adapter with several endpoints.
    #[error("the adapter has several endpoints ({}): say which one, as NAME=URL", .0.join(", "))]
    EndpointsAmbiguous(Vec<String>),
    /// The settings do not make a host of an endpoint.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The account's own certificate authority cannot be read.
    #[error("the account's CA certificate is not usable: {0}")]
    Ca(#[from] TlsError),
}

fn named(name: &Option<String>) -> String {
    name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default()
}

/// Why a credential cannot be used. No message quotes a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// A part that it always has is missing.
    #[error("{credential} has no part `{part}`: give it")]
    MissingPart {
        /// The part.
        part: String,
        /// Which credential.
        credential: &'static str,
    },
    /// A part is empty.
    #[error("the part `{part}` of {credential} is empty: give it the value that the vendor gave")]
    EmptyPart {
        /// The part.
        part: String,
        /// Which credential.
        credential: &'static str,
    },
    /// A part that it does not have.
    #[error("{credential} has no part `{part}` at this vendor: leave it out")]
    UnknownPart {
        /// The part.
        part: String,
        /// Which credential.
        credential: &'static str,
    },
    /// A part has characters that are in it by mistake.
    #[error("the part `{part}` of {credential} {stray}: give the value alone, as the vendor gave it")]
    PartCharacters {
        /// The part.
        part: String,
        /// Which credential.
        credential: &'static str,
        /// What is wrong.
        stray: Stray,
    },
    /// A part does not have its form.
    #[error(
        "the part `{part}` of {credential} does not have its form ({form}): look whether it is whole, and not another value \
         or the path of a file"
    )]
    PartForm {
        /// The part.
        part: String,
        /// Which credential.
        credential: &'static str,
        /// The pattern that it does not match.
        form: String,
    },
}

impl CredentialError {
    /// The part that it is about.
    pub fn part(&self) -> &str {
        match self {
            Self::MissingPart { part, .. }
            | Self::EmptyPart { part, .. }
            | Self::UnknownPart { part, .. }
            | Self::PartCharacters { part, .. }
            | Self::PartForm { part, .. } => part,
        }
    }
}

fn problems(problems: &[FieldProblem]) -> String {
    problems.iter().map(FieldProblem::to_string).collect::<Vec<_>>().join("; ")
}

/// Why a call failed. Only [`Failed`](Self::Failed) comes from the adapter; the others are what the host
/// found itself, which goes before what the adapter says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The operation failed at the vendor, or the input was not acceptable.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The adapter wanted to send what no rule allows.
    #[error("{0}")]
    Denied(Box<Denial>),
    /// The adapter set a header that is the host's.
    #[error("the adapter's `{operation}` may not set the request header `{header}`: leave it to the host")]
    ReservedHeader {
        /// The operation.
        operation: Operation,
        /// The header.
        header: String,
    },
    /// A request could not be authenticated.
    #[error("the request could not be authenticated: {0}")]
    Unauthenticatable(#[from] AuthError),
    /// The token endpoint gave no token.
    #[error("the request could not be authenticated: {error}{}", quoted(.words))]
    TokenRefused {
        /// Why.
        error: TokenError,
        /// What the vendor says of it.
        words: Option<String>,
        /// The HTTP status of its answer.
        status: Option<u16>,
        /// The vendor's id of the request, to quote to its support.
        request_id: Option<String>,
    },
    /// The credential that was given is not usable.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// A limit was reached. The call was ended; the next one starts afresh.
    #[error("the adapter's `{operation}` was ended: it reached the limit of {limit}")]
    Limit {
        /// The operation.
        operation: &'static str,
        /// The limit, in words, with its value.
        limit: String,
    },
    /// The adapter broke down.
    #[error("the adapter's `{operation}` broke down ({cause}): report it to the adapter's author")]
    Trapped {
        /// The operation.
        operation: &'static str,
        /// What happened, in WebAssembly's terms.
        cause: String,
    },
    /// The adapter answered with what the contract does not allow.
    #[error("the adapter's `{operation}` broke the contract: {how}")]
    Contract {
        /// The operation.
        operation: &'static str,
        /// What is wrong with the answer.
        how: String,
    },
    /// The host could not make a part of the credential. Nothing was sent.
    #[error("the host could not make the part `{part}`: {cause}")]
    HostPart {
        /// The part.
        part: String,
        /// Why.
        cause: KeyPairError,
    },
    /// The call ended badly after it had sent a request that may have taken effect. Look before doing it again.
    #[error("{}", in_doubt(.cause, .minted, .withheld.is_some()))]
    InDoubt {
        /// How it ended.
        cause: Box<CallError>,
        /// The secrets that the vendor issued before that: of a credential that is to be found at the vendor, by its
        /// marker if it has one.
        minted: Parts,
        /// The answer that they stood in, with all that the vendor says of the credential; or one that may hold them, and could
        /// not be read.
        withheld: Option<SecretString>,
    },
    /// The credential to be ended is the one that the account works with.
    #[error("`{id}` is the credential that the account itself works with: revoke it with another one")]
    SelfRevocation {
        /// The id.
        id: String,
    },
}

fn quoted(words: &Option<String>) -> String {
    words.as_ref().map(|words| format!(": {words}")).unwrap_or_default()
}

fn in_doubt(cause: &CallError, minted: &Parts, withheld: bool) -> String {
    let said = matches!(cause, CallError::Failed(Failure { reason: Reason::InDoubt, .. }));
    let mut message = if said { cause.to_string() } else { format!("the request may have taken effect: {cause}") };
    if !minted.is_empty() {
        let names = minted.names().collect::<Vec<_>>().join(" and ");
        message.push_str(&format!(" (the vendor had issued {names}: the credential exists)"));
    } else if withheld {
        message.push_str(" (the vendor's answer was not readable, and is kept: the credential may exist)");
    }
    message
}

impl CallError {
    pub(crate) fn limit(operation: &'static str, name: &str, limit: Duration) -> Self {
        Self::Limit { operation, limit: format!("{} s of {name}", limit.as_secs_f32()) }
    }

    /// A short name of the kind, for programs: the reason of a failure, or what the host found.
    pub fn kind(&self) -> &str {
        match self {
            Self::Failed(failure) => failure.reason.name(),
            Self::Denied(_) | Self::ReservedHeader { .. } => "denied",
            Self::Unauthenticatable(_) | Self::TokenRefused { .. } | Self::Credential(_) => "unauthenticated",
            Self::Limit { .. } => "limit",
            Self::Trapped { .. } => "trapped",
            Self::Contract { .. } => "contract",
            Self::HostPart { .. } => "host",
            Self::InDoubt { .. } => Reason::InDoubt.name(),
            Self::SelfRevocation { .. } => "self-revocation",
        }
    }

    /// The same error, with every text of it passed through `redact`.
    pub(crate) fn map_texts(self, redact: &dyn Fn(String) -> String) -> Self {
        match self {
            Self::Failed(failure) => Self::Failed(Failure {
                message: redact(failure.message),
                completed: failure.completed.map(redact),
                request_id: failure.request_id.map(redact),
                ..failure
            }),
            Self::Denied(denial) => Self::Denied(Box::new(Denial {
                url: redact(denial.url),
                line: denial.line.map(redact),
                method: redact(denial.method),
                ..*denial
            })),
            Self::ReservedHeader { operation, header } => Self::ReservedHeader { operation, header: redact(header) },
            Self::TokenRefused { error, words, status, request_id } => {
                Self::TokenRefused { error, words: words.map(redact), status, request_id: request_id.map(redact) }
            }
            Self::Limit { operation, limit } => Self::Limit { operation, limit: redact(limit) },
            Self::Trapped { operation, cause } => Self::Trapped { operation, cause: redact(cause) },
            Self::Contract { operation, how } => Self::Contract { operation, how: redact(how) },
            Self::InDoubt { cause, minted, withheld } => {
                Self::InDoubt { cause: Box::new(cause.map_texts(redact)), minted, withheld }
            }
            // These quote nothing: names of parts, headers and settings, and an id that the caller gave.
            error @ (Self::Unauthenticatable(_)
            | Self::Credential(_)
            | Self::HostPart { .. }
            | Self::SelfRevocation { .. }) => error,
        }
    }

    /// The vendor's answer to a request that makes a secret, of a call that ended badly.
    pub fn withheld(&self) -> Option<&SecretString> {
        match self {
            Self::InDoubt { withheld, .. } => withheld.as_ref(),
            _ => None,
        }
    }

    /// The secrets that the vendor issued in a call that ended badly.
    pub fn minted(&self) -> Option<&Parts> {
        match self {
            Self::InDoubt { minted, .. } if !minted.is_empty() => Some(minted),
            _ => None,
        }
    }
}
