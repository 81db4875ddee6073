//! Authentication by the component itself, for runtimes that have no broker. The schemes are the host's own.
//!
//! Each kind of step is a function of its own, which the [builder](crate::Scheme) names, so that a component carries the code
//! of the steps that it uses.

mod choose;
mod hmac;
mod jwt;
mod oauth2;
mod session;
mod token;

use std::cell::RefCell;

use keywright_auth::{AuthError, Basic, OutgoingRequest, SecretHeader, Signature, Token, ValueSource, Values};
use keywright_settings::Template;
use secrecy::ExposeSecret;

pub(crate) use choose::choose;
pub(crate) use hmac::hmac;
pub(crate) use jwt::bearer_jwt;
pub(crate) use oauth2::{oauth2, oauth2_with_jwt};
pub(crate) use session::session;

use crate::account::{setting_problem, template};
use crate::http::{Request, append_pair};
use crate::time::now;
use crate::wire::bindings::wasi::random::random;
use crate::wire::descriptors as wire;
use crate::wire::{Maybe, Text};
use crate::{Account, Descriptor, Failure, FieldProblem, Operation, Problem, Result};

/// Takes a step: adds to a request, whose body is this, what the step adds.
pub(crate) type Step = fn(&wire::AuthenticationStep, &mut Request<'_>, &[u8]) -> Result<()>;

/// Which scheme a request is authenticated by.
pub(crate) type Choose = fn(&Direct, &Request<'_>) -> Result<usize>;

/// What a component needs to authenticate its own requests.
pub(crate) struct Direct {
    /// The operation that is called.
    pub(crate) operation: Operation,
    pub(crate) descriptor: &'static Descriptor,
    /// The tokens that were got in this call, each with the address of its step: a call asks once.
    pub(crate) tokens: RefCell<Vec<(usize, Token)>>,
}

/// Authenticates a request, unless the host does it or the request brings its own.
pub(crate) fn authenticate(request: &mut Request<'_>, body: &[u8]) -> Result<()> {
    let account = request.account;
    let Some(direct) = account.direct.as_ref().filter(|_| request.authenticate) else { return Ok(()) };
    let Descriptor { wire, steps, choose } = direct.descriptor;
    let chosen = match choose {
        Some(choose) => choose(direct, request)?,
        None => 0,
    };
    let (Some(scheme), Some(steps)) = (wire.schemes.as_slice().get(chosen), steps.get(chosen)) else { return Ok(()) };
    for (step, take) in scheme.steps.as_slice().iter().zip(steps) {
        take(step, request, body)?;
    }
    Ok(())
}

/// Headers made from templates. Whether a header can carry a value is for the runtime's `wasi:http` to say.
pub(crate) fn headers(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::Headers(headers) = step else { return Err(mismatch()) };
    for header in headers.as_slice() {
        let value = expand(request.account, header.value)?;
        request.headers.push((header.name.as_str().to_owned(), value));
    }
    Ok(())
}

/// Query parameters made from templates.
pub(crate) fn query(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::Query(parameters) = step else { return Err(mismatch()) };
    for parameter in parameters.as_slice() {
        let value = expand(request.account, parameter.value)?;
        append_pair(&mut request.query, parameter.name.as_str(), &value);
    }
    Ok(())
}

fn expand(account: &Account, text: Text) -> Result<String> {
    template(text.as_str())?
        .expand(account.settings(), &|part| account.part(part))
        .map_err(|error| setting_problem(error).into())
}

/// A template that may be missing.
fn optional(text: &Maybe<Text>) -> Result<Option<Template>> {
    text.as_option().map(|text| template(text.as_str())).transpose()
}

/// HTTP Basic.
pub(crate) fn basic(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::Basic(basic) = step else { return Err(mismatch()) };
    let basic = Basic { username: template(basic.username.as_str())?, password: template(basic.password.as_str())? };
    let header = with_values(request.account, [0; 16], |values| basic.header(values))?;
    add(request, &header);
    Ok(())
}

/// A signature.
pub(crate) fn signature(step: &wire::AuthenticationStep, request: &mut Request<'_>, body: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::Signature(signature) = step else { return Err(mismatch()) };
    let signature = Signature {
        algorithm: template(signature.algorithm.as_str())?,
        access_key: template(signature.access_key.as_str())?,
        secret_key: template(signature.secret_key.as_str())?,
        region: template(signature.region.as_str())?,
        service: template(signature.service.as_str())?,
        session_token: optional(&signature.session_token)?,
    };
    with_outgoing(request, body, &|outgoing| {
        with_values(request.account, [0; 16], |values| signature.headers(outgoing, values))
    })
    .map(|headers| headers.iter().for_each(|header| add(request, header)))
}

/// A client certificate, which is not a component's to present: `wasi:http` has no place for one.
pub(crate) fn mutual_tls(_: &wire::AuthenticationStep, _: &mut Request<'_>, _: &[u8]) -> Result<()> {
    let message = "is `direct`, but a component cannot present a client certificate: let Keywright's host authenticate";
    Err(FieldProblem::new("/authentication", Problem::Constraint, message).into())
}

fn add(request: &mut Request<'_>, header: &SecretHeader) {
    request.headers.push((header.name().to_owned(), header.value().expose_secret().to_owned()));
}

/// The request as it will be sent.
fn with_outgoing<T>(request: &Request<'_>, body: &[u8], make: &dyn Fn(&OutgoingRequest<'_>) -> Result<T>) -> Result<T> {
    let headers: Vec<(&str, &str)> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    make(&OutgoingRequest {
        method: request.method.name(),
        host: &request.base.authority,
        path: &[request.base.prefix.as_str(), &request.path].concat(),
        query: (!request.query.is_empty()).then_some(request.query.as_str()),
        headers: &headers,
        body,
    })
}

fn with_values<T>(
    account: &Account,
    nonce: [u8; 16],
    make: impl FnOnce(&Values<'_>) -> std::result::Result<T, AuthError>,
) -> Result<T> {
    let parts = account.parts().0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    make(&Values { settings: account.settings(), parts: &parts, now: now(), nonce }).map_err(refused)
}

/// Random bytes; only components whose scheme needs them import a generator.
fn nonce() -> [u8; 16] {
    random::get_random_bytes(16).try_into().unwrap_or_default()
}

/// Why a credential cannot be used. Not by the error's `Display`, which would bring along all that a host has to say.
#[inline(never)]
fn refused(error: AuthError) -> Failure {
    const PARTS: &str = "/authentication/";
    let (pointer, problem, message) = match error {
        AuthError::Setting(error) => return setting_problem(error).into(),
        AuthError::MissingPart { part } => {
            ([PARTS, &part].concat(), Problem::Required, "is missing: add it to the credential".to_owned())
        }
        AuthError::EmptyPart { part } => {
            ([PARTS, &part].concat(), Problem::Required, "is empty: give it its value".to_owned())
        }
        AuthError::Key { value: ValueSource::Part(part), expected } => {
            ([PARTS, &part].concat(), Problem::Format, ["is not ", expected].concat())
        }
        AuthError::HeaderCharacter { value: ValueSource::Part(part), .. }
        | AuthError::BasicCharacter { value: ValueSource::Part(part) } => {
            let message = "has a character that the request cannot carry: remove line breaks and spaces";
            ([PARTS, &part].concat(), Problem::Format, message.to_owned())
        }
        error => {
            let message = match error {
                AuthError::AlgorithmNotBuilt { algorithm } => {
                    ["is `direct`, but this component cannot sign with ", algorithm].concat()
                }
                AuthError::Algorithm => "is for an unknown signature algorithm: choose `osc4` or `aws4`".to_owned(),
                AuthError::Signing { field } => {
                    ["cannot be used: the ", field, " to sign with is empty or has a character that is not allowed"]
                        .concat()
                }
                _ => "cannot be used by the adapter's authentication scheme".to_owned(),
            };
            ("/authentication".to_owned(), Problem::Constraint, message)
        }
    };
    FieldProblem { pointer, problem, message }.into()
}

/// The builder pairs each step with its own function, so this is not reached.
fn mismatch() -> Failure {
    Failure::adapter_error("a step of the adapter's authentication scheme is not of its kind")
}
