//! Tokens that are asked for before a request is sent.

use chrono::{DateTime, Utc};
use http::StatusCode;
use keywright_auth::{Token, TokenError, TokenRequest};
use secrecy::ExposeSecret;

use crate::http::Request;
use crate::time::now;
use crate::wire::descriptors as wire;
use crate::{Account, Method, Reason, Result};

/// Reads a token from an answer: its status, its headers by their names in lower case, its body.
type Read<'a> = dyn Fn(StatusCode, &dyn Fn(&str) -> Option<String>, &[u8], DateTime<Utc>) -> std::result::Result<Token, TokenError>
    + 'a;

/// The token that a step got earlier in this call, or else a new one. Nothing is kept between calls.
pub(super) fn kept(
    account: &Account,
    step: &wire::AuthenticationStep,
    get: &dyn Fn() -> Result<Token>,
) -> Result<Token> {
    let Some(direct) = &account.direct else { return get() };
    let key = std::ptr::from_ref(step).addr();
    let known = direct.tokens.borrow().iter().find(|(known, _)| *known == key).map(|(_, token)| token.clone());
    if let Some(token) = known.filter(|token| token.is_fresh(now())) {
        return Ok(token);
    }
    let token = get()?;
    direct.tokens.borrow_mut().push((key, token.clone()));
    Ok(token)
}

/// Asks for a token.
pub(super) fn get(account: &Account, ask: TokenRequest, read: &Read<'_>) -> Result<Token> {
    let method = match ask.method.as_str() {
        "GET" => Method::Get,
        "PUT" => Method::Put,
        _ => Method::Post,
    };
    let mut request = Request::new(account, method, &ask.endpoint, ask.path)?;
    request.authenticate = false;
    for header in &ask.headers {
        request = request.header(header.name(), header.value().expose_secret());
    }
    request.body = Ok(ask.body.expose_secret().as_bytes().to_vec());
    // A token request changes no credential, even if its answer is lost.
    let answer = request.reading().send()?;
    let header = |name: &str| answer.header(name).map(str::to_owned);
    let read = match StatusCode::from_u16(answer.status()) {
        Ok(status) => read(status, &header, answer.body(), now()),
        Err(_) => Err(TokenError::Malformed),
    };
    read.map_err(|error| {
        let reason = match answer.status() {
            429 => Reason::RateLimited,
            _ if error.is_temporary() => Reason::Unavailable,
            _ => Reason::Unauthenticated,
        };
        answer.because(reason, no_token(account, &error))
    })
}

/// Why there is no token. Not by the error's `Display`, which brings along the names of all statuses.
fn no_token(account: &Account, error: &TokenError) -> String {
    match error {
        TokenError::Refused { code, .. } => {
            // A server may repeat what it was sent.
            let words = error.server_message().map(|words| words.expose()).filter(|words| {
                !account.parts().0.iter().any(|(_, value)| !value.is_empty() && words.contains(value.as_str()))
            });
            let words = words.unwrap_or("check the credential, and the scope that it may ask for");
            ["the token endpoint refused with `", code.unwrap_or("another error code"), "`: ", words].concat()
        }
        TokenError::Status { .. } => "the token endpoint gave no token and no reason".to_owned(),
        _ => "the token endpoint's answer has no token where the scheme expects it".to_owned(),
    }
}
