//! How requests are authenticated.

use keywright_model::descriptor as model;

use super::{answer_location, extension, extensions};
use crate::wire::List;
use crate::wire::descriptors as wire;

pub(super) fn scheme(scheme: wire::AuthenticationScheme) -> model::AuthenticationScheme {
    model::AuthenticationScheme {
        name: scheme.name.into(),
        steps: scheme.steps.into_iter().map(step).collect(),
        extensions: extensions(scheme.extensions),
    }
}

fn step(step: wire::AuthenticationStep) -> model::AuthenticationStep {
    match step {
        wire::AuthenticationStep::Headers(headers) => model::AuthenticationStep::Headers(templates(headers)),
        wire::AuthenticationStep::Query(query) => model::AuthenticationStep::Query(templates(query)),
        wire::AuthenticationStep::Basic(basic) => model::AuthenticationStep::Basic(model::BasicAuthentication {
            username: basic.username.into(),
            password: basic.password.into(),
        }),
        wire::AuthenticationStep::OAuth2(oauth2) => model::AuthenticationStep::OAuth2(self::oauth2(oauth2)),
        wire::AuthenticationStep::BearerJwt(token) => model::AuthenticationStep::BearerJwt(jwt(token)),
        wire::AuthenticationStep::Signature(signature) => {
            model::AuthenticationStep::Signature(model::SignatureAuthentication {
                algorithm: signature.algorithm.into(),
                access_key: signature.access_key.into(),
                secret_key: signature.secret_key.into(),
                session_token: signature.session_token.into_option().map(Into::into),
                region: signature.region.into(),
                service: signature.service.into(),
                extensions: extensions(signature.extensions),
            })
        }
        wire::AuthenticationStep::Session(session) => model::AuthenticationStep::Session(self::session(session)),
        wire::AuthenticationStep::MutualTls(tls) => model::AuthenticationStep::MutualTls(model::TlsAuthentication {
            certificate: tls.certificate.into(),
            key: tls.key.into(),
            extensions: extensions(tls.extensions),
        }),
        wire::AuthenticationStep::Hmac(hmac) => model::AuthenticationStep::Hmac(model::HmacAuthentication {
            algorithm: hmac.algorithm.into(),
            key: hmac.key.into(),
            key_encoding: hmac.key_encoding.into(),
            message: hmac.message.into(),
            encoding: hmac.encoding.into(),
            headers: templates(hmac.headers),
            extensions: extensions(hmac.extensions),
        }),
        wire::AuthenticationStep::Other(other) => model::AuthenticationStep::Other(extension(other)),
    }
}

fn templates(templates: List<wire::NamedTemplate>) -> Vec<model::NamedTemplate> {
    let template = |template: wire::NamedTemplate| model::NamedTemplate {
        name: template.name.into(),
        value: template.value.into(),
    };
    templates.into_iter().map(template).collect()
}

fn jwt(token: wire::JsonWebToken) -> model::JsonWebToken {
    model::JsonWebToken {
        algorithm: token.algorithm.into(),
        key: token.key.into(),
        key_id: token.key_id.into_option().map(Into::into),
        claims: token.claims.into(),
        lifetime: token.lifetime,
        extensions: extensions(token.extensions),
    }
}

fn oauth2(oauth2: wire::OAuth2Authentication) -> model::OAuth2Authentication {
    model::OAuth2Authentication {
        endpoint: oauth2.endpoint.into(),
        path: oauth2.path.into(),
        grant: match oauth2.grant {
            wire::OAuth2Grant::ClientCredentials => model::OAuth2Grant::ClientCredentials,
            wire::OAuth2Grant::RefreshToken(token) => model::OAuth2Grant::RefreshToken(token.into()),
            wire::OAuth2Grant::JwtBearer(token) => model::OAuth2Grant::JwtBearer(jwt(token)),
            wire::OAuth2Grant::Other(other) => model::OAuth2Grant::Other(extension(other)),
        },
        client: client(oauth2.client),
        scope: oauth2.scope.into_option().map(Into::into),
        parameters: templates(oauth2.parameters),
        extensions: extensions(oauth2.extensions),
    }
}

fn client(client: wire::ClientAuthentication) -> model::ClientAuthentication {
    let secret =
        |client: wire::ClientSecret| model::ClientSecret { id: client.id.into(), secret: client.secret.into() };
    match client {
        wire::ClientAuthentication::Basic(client) => model::ClientAuthentication::Basic(secret(client)),
        wire::ClientAuthentication::Form(client) => model::ClientAuthentication::Form(secret(client)),
        wire::ClientAuthentication::PrivateKeyJwt(assertion) => {
            model::ClientAuthentication::PrivateKeyJwt(model::ClientAssertion {
                id: assertion.id.into(),
                token: jwt(assertion.token),
            })
        }
        wire::ClientAuthentication::Public(id) => model::ClientAuthentication::Public(id.into_option().map(Into::into)),
        wire::ClientAuthentication::Other(other) => model::ClientAuthentication::Other(extension(other)),
    }
}

fn session(session: wire::SessionAuthentication) -> model::SessionAuthentication {
    model::SessionAuthentication {
        endpoint: session.endpoint.into(),
        method: session.method.into(),
        path: session.path.into(),
        headers: templates(session.headers),
        content: match session.content {
            wire::RequestContent::None => model::RequestContent::None,
            wire::RequestContent::Json(json) => model::RequestContent::Json(json.into()),
            wire::RequestContent::Form(fields) => model::RequestContent::Form(templates(fields)),
            wire::RequestContent::Other(other) => model::RequestContent::Other(extension(other)),
        },
        token: answer_location(session.token),
        expires_in: session.expires_in.into_option().map(Into::into),
        lifetime: session.lifetime,
        send: templates(session.send),
        extensions: extensions(session.extensions),
    }
}
