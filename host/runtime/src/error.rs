//! Errors of the host.

use std::time::Duration;

use keywright_auth::{AuthError, Parts};
use keywright_egress::{BindError, Denial, OriginError, Rule};

use crate::contract::failure::{Failure, FieldProblem, Reason};
use crate::contract::operation::Operation;

/// Why a component cannot be used as an adapter.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes are no WebAssembly.
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
        "it exports `{found}`, but this host speaks `{expected}`: build it with the matching SDK, or use the host that it was built for"
    )]
    ContractVersion {
        /// What it exports.
        found: String,
        /// What this host speaks.
        expected: &'static str,
    },
    /// It cannot be compiled or linked.
    #[error("it cannot be compiled: {0}")]
    Compile(String),
    /// `describe` did not answer.
    #[error("it does not describe itself: {0}")]
    Describe(Box<CallError>),
    /// Its descriptor contradicts itself.
    #[error("its descriptor is malformed: {0}")]
    Descriptor(String),
    /// It asks for more than it is granted.
    #[error("it asks for more than it is granted: {}", lines(.0))]
    Ungranted(Vec<Rule>),
    /// The grant is for an operation that there is not.
    #[error(
        "its grant has a rule for `{0}`, which is no operation: use check, create, get, list, update, set-enabled, \
         regenerate, verify, revoke or, for the host's own token requests, authenticate"
    )]
    GrantedOperation(String),
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
    /// The administrator credential lacks a part.
    #[error("the account's credential is not usable: {0}")]
    Credential(#[from] AuthError),
    /// The account's own endpoint is no origin.
    #[error("the account's endpoint `{endpoint}` is not usable: {cause}")]
    Endpoint {
        /// The endpoint.
        endpoint: String,
        /// What is wrong.
        cause: OriginError,
    },
    /// The settings do not make a host of an endpoint.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The account's own certificate authority cannot be read.
    #[error("the account's CA certificate is not usable: {0}")]
    Ca(String),
}

fn problems(problems: &[FieldProblem]) -> String {
    problems.iter().map(FieldProblem::to_string).collect::<Vec<_>>().join("; ")
}

/// Why a call failed. Only [`Failed`](Self::Failed) comes from the adapter; the others are the host's own findings, which
/// go before whatever the adapter says.
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
    /// The call ended badly after it had sent a request that may have taken effect. Look before doing it again.
    #[error("{}", in_doubt(.cause, .minted))]
    InDoubt {
        /// How it ended.
        cause: Box<CallError>,
        /// The secrets that the vendor issued before that: of a credential that is to be found at the vendor, by its
        /// marker if it has one.
        minted: Parts,
    },
    /// The credential to be ended is the one that the account works with.
    #[error("`{id}` is the credential that the account itself works with: revoke it with another one")]
    SelfRevocation {
        /// The id.
        id: String,
    },
}

fn in_doubt(cause: &CallError, minted: &Parts) -> String {
    let told = matches!(cause, CallError::Failed(Failure { reason: Reason::InDoubt, .. }));
    let mut message = if told { cause.to_string() } else { format!("the request may have taken effect: {cause}") };
    if !minted.is_empty() {
        let names = minted.names().collect::<Vec<_>>().join(" and ");
        message.push_str(&format!(" (the vendor had issued {names}: the credential exists)"));
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
            Self::Unauthenticatable(_) => "unauthenticated",
            Self::Limit { .. } => "limit",
            Self::Trapped { .. } => "trapped",
            Self::Contract { .. } => "contract",
            Self::InDoubt { .. } => Reason::InDoubt.name(),
            Self::SelfRevocation { .. } => "self-revocation",
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
