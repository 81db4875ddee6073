//! Sessions that a login starts.

use http::Method;
use keywright_auth::{Content, HeaderTemplate, Session, TokenLocation};
use keywright_settings::JsonTemplate;

use super::{add, mismatch, nonce, token, with_values};
use crate::account::template;
use crate::http::Request;
use crate::wire::descriptors as wire;
use crate::{Failure, Result};

/// The headers of a session, after its login.
pub(crate) fn session(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    let wire::AuthenticationStep::Session(session) = step else { return Err(mismatch()) };
    let account = request.account;
    let session = read(session)?;
    let token = token::kept(account, step, &|| {
        let ask = with_values(account, nonce(), |values| session.token_request(values))?;
        token::get(account, ask, &|status, header, body, now| session.read(status, header, body, now))
    })?;
    let headers = with_values(account, [0; 16], |values| session.headers(values, &token))?;
    headers.iter().for_each(|header| add(request, header));
    Ok(())
}

fn read(session: &wire::SessionAuthentication) -> Result<Session> {
    Ok(Session {
        endpoint: session.endpoint.as_str().to_owned(),
        method: Method::from_bytes(session.method.as_str().as_bytes()).map_err(|_| malformed())?,
        path: template(session.path.as_str())?,
        content: content(&session.content)?,
        headers: headers(session.headers.as_slice(), &[])?,
        token: match &session.token {
            wire::AnswerLocation::Json(pointer) => TokenLocation::Json(pointer.as_str().to_owned()),
            wire::AnswerLocation::Header(name) => TokenLocation::Header(name.as_str().to_owned()),
            _ => return Err(malformed()),
        },
        expires_in: session.expires_in.as_option().map(|pointer| pointer.as_str().to_owned()),
        lifetime_seconds: session.lifetime,
        request_headers: headers(session.send.as_slice(), Session::VARIABLES)?,
    })
}

fn content(content: &wire::RequestContent) -> Result<Content> {
    Ok(match content {
        wire::RequestContent::None => Content::None,
        wire::RequestContent::Json(json) => {
            let json = serde_json::from_slice(json.as_str().as_bytes()).map_err(|_| malformed())?;
            Content::Json(JsonTemplate::parse(&json, &[]).map_err(|_| malformed())?)
        }
        wire::RequestContent::Form(fields) => Content::Form(
            fields
                .as_slice()
                .iter()
                .map(|field| Ok((field.name.as_str().to_owned(), template(field.value.as_str())?)))
                .collect::<Result<_>>()?,
        ),
        wire::RequestContent::Other(_) => return Err(malformed()),
    })
}

fn headers(headers: &[wire::NamedTemplate], variables: &[&'static str]) -> Result<Vec<HeaderTemplate>> {
    headers
        .iter()
        .map(|header| {
            HeaderTemplate::parse_with(header.name.as_str(), header.value.as_str(), variables).map_err(|_| malformed())
        })
        .collect()
}

fn malformed() -> Failure {
    Failure::adapter_error("the adapter's descriptor has a malformed `session`")
}
