//! Bearer tokens from token endpoints.

use keywright_auth::{ClientAuthentication, Grant, Jwt, OAuth2, Token};

use super::{add, jwt, mismatch, nonce, optional, token, with_values};
use crate::account::template;
use crate::http::Request;
use crate::wire::descriptors as wire;
use crate::{Failure, Result};

/// How a JSON Web Token of a step is read.
type ReadJwt = fn(&wire::JsonWebToken) -> Result<Jwt>;

/// A bearer token from a token endpoint, where neither the grant nor the client is a JSON Web Token.
pub(crate) fn oauth2(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    authenticate(step, request, [0; 16], |_| Err(malformed()))
}

/// A bearer token from a token endpoint.
pub(crate) fn oauth2_with_jwt(step: &wire::AuthenticationStep, request: &mut Request<'_>, _: &[u8]) -> Result<()> {
    authenticate(step, request, nonce(), jwt::jwt)
}

fn authenticate(
    step: &wire::AuthenticationStep,
    request: &mut Request<'_>,
    nonce: [u8; 16],
    jwt: ReadJwt,
) -> Result<()> {
    let wire::AuthenticationStep::OAuth2(oauth2) = step else { return Err(mismatch()) };
    let account = request.account;
    let token = token::kept(account, step, &|| {
        let parameters = oauth2.parameters.as_slice().iter();
        let oauth2 = OAuth2 {
            endpoint: oauth2.endpoint.as_str().to_owned(),
            path: template(oauth2.path.as_str())?,
            grant: grant(&oauth2.grant, jwt)?,
            client: client(&oauth2.client, jwt)?,
            scope: optional(&oauth2.scope)?,
            parameters: parameters
                .map(|parameter| Ok((parameter.name.as_str().to_owned(), template(parameter.value.as_str())?)))
                .collect::<Result<_>>()?,
        };
        let ask = with_values(account, nonce, |values| oauth2.token_request(values))?;
        token::get(account, ask, &|status, _, body, now| Token::parse(status, body, now))
    })?;
    add(request, &token.bearer());
    Ok(())
}

fn grant(grant: &wire::OAuth2Grant, jwt: ReadJwt) -> Result<Grant> {
    Ok(match grant {
        wire::OAuth2Grant::ClientCredentials => Grant::ClientCredentials,
        wire::OAuth2Grant::RefreshToken(token) => Grant::RefreshToken(template(token.as_str())?),
        wire::OAuth2Grant::JwtBearer(token) => Grant::JwtBearer(jwt(token)?),
        wire::OAuth2Grant::Other(_) => return Err(malformed()),
    })
}

fn client(client: &wire::ClientAuthentication, jwt: ReadJwt) -> Result<ClientAuthentication> {
    Ok(match client {
        wire::ClientAuthentication::Basic(client) => {
            ClientAuthentication::Basic { id: template(client.id.as_str())?, secret: template(client.secret.as_str())? }
        }
        wire::ClientAuthentication::Form(client) => {
            ClientAuthentication::Body { id: template(client.id.as_str())?, secret: template(client.secret.as_str())? }
        }
        wire::ClientAuthentication::PrivateKeyJwt(client) => {
            ClientAuthentication::PrivateKeyJwt { id: template(client.id.as_str())?, jwt: jwt(&client.token)? }
        }
        wire::ClientAuthentication::Public(id) => ClientAuthentication::None { id: optional(id)? },
        wire::ClientAuthentication::Other(_) => return Err(malformed()),
    })
}

fn malformed() -> Failure {
    Failure::adapter_error("the adapter's descriptor has a malformed `oauth2`")
}
