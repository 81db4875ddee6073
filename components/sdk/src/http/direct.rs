//! Authentication by the component itself, for runtimes that have no broker. The schemes are the host's own.
//!
//! Each scheme is a function of its own, which the descriptor names, so that a component carries the code of the one
//! scheme that it uses.

use http::{HeaderName, HeaderValue, StatusCode};
use keywright_auth::{AuthError, Basic, ClientCredentials, Parts, RequestToSign, Signature, Token, TokenError, Values};
use keywright_settings::Template;

use super::Request;
use crate::descriptor::Scheme;
use crate::time::now;
use crate::{Failure, FieldProblem, Method, Problem, Reason, Result};

/// The headers that authenticate a request with this body to this authority.
pub(crate) type Authenticate = fn(&Scheme, &Request<'_>, &str, &[u8]) -> Result<Vec<(String, String)>>;

/// The headers that authenticate a request; none when the host does it, or when the request brings its own.
pub(super) fn headers(request: &Request<'_>, authority: &str, body: &[u8]) -> Result<Vec<(String, String)>> {
    match &request.account.direct {
        Some((scheme, authenticate)) if request.authenticate => authenticate(scheme, request, authority, body),
        _ => Ok(Vec::new()),
    }
}

/// Headers made from templates. Whether a header can carry a value is for the runtime's `wasi:http` to say.
pub(crate) fn with_headers(scheme: &Scheme, request: &Request<'_>, _: &str, _: &[u8]) -> Result<Vec<(String, String)>> {
    let Scheme::Headers(headers) = scheme else { return Err(mismatch()) };
    let account = request.account;
    headers
        .iter()
        .map(|(name, value)| {
            let value = template(value)?
                .expand(account.settings(), &|part| account.part(part))
                .map_err(|error| refused(&error))?;
            Ok(((*name).to_owned(), value))
        })
        .collect()
}

/// HTTP Basic.
pub(crate) fn with_basic(scheme: &Scheme, request: &Request<'_>, _: &str, _: &[u8]) -> Result<Vec<(String, String)>> {
    let Scheme::Basic { username, password } = scheme else { return Err(mismatch()) };
    let basic = Basic { username: template(username)?, password: template(password)? };
    with_values(request, |values| basic.header(values)).and_then(plain).map(|header| vec![header])
}

/// A signature.
pub(crate) fn with_signature(
    scheme: &Scheme,
    request: &Request<'_>,
    authority: &str,
    body: &[u8],
) -> Result<Vec<(String, String)>> {
    let Scheme::Signature { algorithm, access_key, secret_key, region, service } = scheme else {
        return Err(mismatch());
    };
    let signature = Signature {
        algorithm: template(algorithm)?,
        access_key: template(access_key)?,
        secret_key: template(secret_key)?,
        region: template(region)?,
        service: template(service)?,
    };
    let method = http_method(request.method);
    let is_content_type = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("content-type");
    let to_sign = RequestToSign {
        method: &method,
        host: authority,
        path: &request.path,
        query: (!request.query.is_empty()).then_some(request.query.as_str()),
        content_type: request.headers.iter().find(is_content_type).map(|(_, value)| value.as_str()),
        body,
    };
    let headers = with_parts(request, |values| signature.headers_as_text(&to_sign, values, now()))
        .map_err(|error| refused_to_sign(&error))?;
    Ok(headers.map(|(name, value)| (name.to_owned(), value)).into())
}

/// A bearer token. Nothing is kept between calls, so each call gets a token of its own.
pub(crate) fn with_oauth2(scheme: &Scheme, request: &Request<'_>, _: &str, _: &[u8]) -> Result<Vec<(String, String)>> {
    let Scheme::OAuth2ClientCredentials(oauth2) = scheme else { return Err(mismatch()) };
    let account = request.account;
    let grant = ClientCredentials {
        endpoint: oauth2.endpoint.to_owned(),
        path: template(oauth2.path)?,
        client_id: template(oauth2.client_id)?,
        client_secret: template(oauth2.client_secret)?,
        scope: oauth2.scope.map(template).transpose()?,
    };
    let ask =
        with_parts(request, |values| grant.token_request_as_text(values)).map_err(|error| refused_to_ask(&error))?;
    let mut post = Request::unauthenticated(account, Method::Post, account.base(&grant.endpoint)?, ask.path);
    for (name, value) in ask.headers {
        post = post.header(name, &value);
    }
    // A token request changes nothing of what is to be changed, whatever becomes of its answer.
    let answer = post.bytes(ask.body.into_bytes()).reading().send()?;
    let status = StatusCode::from_u16(answer.status())
        .map_err(|_| answer.because(Reason::Unavailable, "the token endpoint's status is no HTTP status"))?;
    match Token::parse(status, answer.body(), now()) {
        Ok(token) => Ok(vec![("authorization".to_owned(), token.bearer_as_text().to_string())]),
        Err(error) => {
            let reason = match answer.status() {
                429 => answer.failure().reason().clone(),
                _ if error.is_passing() => Reason::Unavailable,
                _ => Reason::Unauthenticated,
            };
            Err(answer.because(reason, no_token(&error)))
        }
    }
}

/// Why there is no token. Not by the error's `Display`, which brings along the names of all statuses.
fn no_token(error: &TokenError) -> String {
    match error {
        TokenError::Refused { code, description, .. } => {
            let description = description.as_deref().unwrap_or("check the client credential");
            ["the token endpoint refused with `", code, "`: ", description].concat()
        }
        TokenError::Status { .. } => "the token endpoint gave no token and no reason".to_owned(),
        _ => "the token endpoint's answer is no bearer token".to_owned(),
    }
}

fn with_values<T>(
    request: &Request<'_>,
    make: impl FnOnce(Values<'_>) -> std::result::Result<T, AuthError>,
) -> Result<T> {
    with_parts(request, make).map_err(|error| refused(&error))
}

fn with_parts<T>(
    request: &Request<'_>,
    make: impl FnOnce(Values<'_>) -> std::result::Result<T, AuthError>,
) -> std::result::Result<T, AuthError> {
    let account = request.account;
    let parts: Parts = account.parts().0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    make(Values { settings: account.settings(), parts: &parts })
}

fn http_method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    }
}

fn plain((name, value): (HeaderName, HeaderValue)) -> Result<(String, String)> {
    match value.to_str() {
        Ok(value) => Ok((name.as_str().to_owned(), value.to_owned())),
        Err(_) => Err(Failure::new(Reason::Unauthenticated, format!("the header {name} cannot carry the credential"))),
    }
}

/// Not inlined: a scheme has several, and components carry this code once.
#[inline(never)]
fn template(text: &str) -> Result<Template> {
    Template::parse(text).map_err(|error| {
        Failure::new(Reason::Vendor("descriptor".to_owned()), format!("the adapter's descriptor is malformed: {error}"))
    })
}

fn refused(error: &dyn std::error::Error) -> Failure {
    FieldProblem::new("/authentication", Problem::Constraint, error.to_string()).into()
}

/// [`refused`] for a token request.
fn refused_to_ask(error: &AuthError) -> Failure {
    let message = match error {
        AuthError::MissingPart { part } | AuthError::EmptyPart { part } => {
            ["the credential has no part `", part, "`: add it to the credential"].concat()
        }
        AuthError::Setting(error) => error.to_string(),
        _ => "the client credential cannot be sent".to_owned(),
    };
    FieldProblem::new("/authentication", Problem::Constraint, message).into()
}

/// [`refused`] for a signature. Not by the error's `Display`, which would bring along all that the other schemes have to say.
fn refused_to_sign(error: &AuthError) -> Failure {
    let message = match error {
        AuthError::MissingPart { part } => {
            ["the credential has no part `", part, "`: add it to the credential"].concat()
        }
        AuthError::EmptyPart { part } => ["the credential's part `", part, "` is empty: give it its value"].concat(),
        AuthError::Signing { field } => ["the ", field, " to sign with has a character that it cannot have"].concat(),
        AuthError::Setting(error) => error.to_string(),
        _ => "the signature algorithm is unknown: choose `osc4` or `aws4`".to_owned(),
    };
    FieldProblem::new("/authentication", Problem::Constraint, message).into()
}

fn mismatch() -> Failure {
    Failure::new(
        Reason::Vendor("descriptor".to_owned()),
        "the adapter's descriptor has two authentication schemes: drop one",
    )
}
