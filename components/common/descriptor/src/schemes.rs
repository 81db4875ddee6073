//! Authentication schemes, typed.

use std::borrow::Cow;

use http::Method;
use keywright_auth::{
    Basic, ClientAuthentication, Content, Encoding, Grant, HeaderTemplate, Hmac, HmacAlgorithm, Jwt, JwtAlgorithm,
    KeyEncoding, MutualTls, OAuth2, QueryTemplate, Scheme, Session, Signature, Step, TokenLocation,
};
use keywright_model::Text;
use keywright_model::descriptor as model;
use keywright_settings::{JsonTemplate, Template};

use crate::error::DescriptorError;
use crate::extensions::{later, none, shorten};

/// What is wrong with a member of a scheme, and of which.
struct Reader<'s> {
    scheme: &'s str,
    step: usize,
}

/// Types a scheme. A step of a later version stays in it as [`Step::Other`]: whether the adapter may take it is the
/// operator's decision.
pub(crate) fn read(scheme: model::AuthenticationScheme) -> Result<Scheme, DescriptorError> {
    let name = scheme.name.into_owned();
    none(|| format!("the authentication scheme `{}`", shorten(&name)), &scheme.extensions)?;
    let steps =
        scheme.steps.into_iter().enumerate().map(|(index, step)| Reader { scheme: &name, step: index + 1 }.step(step));
    let steps = steps.collect::<Result<_, _>>()?;
    let scheme = Scheme { name, steps };
    // Without steps there is nothing to be malformed: requests are sent as they are.
    if !scheme.steps.is_empty() {
        scheme.check()?;
    }
    Ok(scheme)
}

impl Reader<'_> {
    fn element(&self) -> String {
        format!("step {} of the authentication scheme `{}`", self.step, shorten(self.scheme))
    }

    fn malformed(&self, field: &'static str, how: &dyn std::fmt::Display) -> DescriptorError {
        DescriptorError::Step { element: self.element(), field, how: how.to_string() }
    }

    fn template(&self, field: &'static str, text: &str) -> Result<Template, DescriptorError> {
        text.parse().map_err(|error| self.malformed(field, &error))
    }

    fn optional(&self, field: &'static str, text: Option<Text>) -> Result<Option<Template>, DescriptorError> {
        text.map(|text| self.template(field, &text)).transpose()
    }

    fn json(&self, field: &'static str, text: &str) -> Result<JsonTemplate, DescriptorError> {
        let value = serde_json::from_str(text).map_err(|_| self.malformed(field, &"is not JSON"))?;
        JsonTemplate::parse(&value, &[]).map_err(|error| self.malformed(field, &error))
    }

    fn headers(
        &self,
        headers: Vec<model::NamedTemplate>,
        variables: &[&'static str],
    ) -> Result<Vec<HeaderTemplate>, DescriptorError> {
        let parse = |header: model::NamedTemplate| {
            HeaderTemplate::parse_with(&header.name, &header.value, variables)
                .map_err(|error| self.malformed("headers", &error))
        };
        headers.into_iter().map(parse).collect()
    }

    fn pairs(
        &self,
        field: &'static str,
        pairs: Vec<model::NamedTemplate>,
    ) -> Result<Vec<(String, Template)>, DescriptorError> {
        pairs.into_iter().map(|pair| Ok((pair.name.into_owned(), self.template(field, &pair.value)?))).collect()
    }

    fn method(&self, method: &str) -> Result<Method, DescriptorError> {
        const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::PATCH];
        METHODS
            .into_iter()
            .find(|known| known.as_str() == method)
            .ok_or_else(|| self.malformed("method", &"is not GET, POST, PUT or PATCH"))
    }

    fn step(&self, step: model::AuthenticationStep) -> Result<Step, DescriptorError> {
        Ok(match step {
            model::AuthenticationStep::Headers(headers) => Step::Headers(self.headers(headers, &[])?),
            model::AuthenticationStep::Query(parameters) => {
                let parse = |parameter: model::NamedTemplate| {
                    QueryTemplate::parse(&parameter.name, &parameter.value)
                        .map_err(|error| self.malformed("query", &error))
                };
                Step::Query(parameters.into_iter().map(parse).collect::<Result<_, _>>()?)
            }
            model::AuthenticationStep::Basic(basic) => Step::Basic(Basic {
                username: self.template("username", &basic.username)?,
                password: self.template("password", &basic.password)?,
            }),
            model::AuthenticationStep::OAuth2(oauth2) => Step::OAuth2(self.oauth2(oauth2)?),
            model::AuthenticationStep::BearerJwt(token) => Step::BearerJwt(self.jwt(token)?),
            model::AuthenticationStep::Signature(signature) => {
                none(|| self.element(), &signature.extensions)?;
                Step::Signature(Signature {
                    algorithm: self.template("algorithm", &signature.algorithm)?,
                    access_key: self.template("access-key", &signature.access_key)?,
                    secret_key: self.template("secret-key", &signature.secret_key)?,
                    session_token: self.optional("session-token", signature.session_token)?,
                    region: self.template("region", &signature.region)?,
                    service: self.template("service", &signature.service)?,
                })
            }
            model::AuthenticationStep::Session(session) => Step::Session(self.session(session)?),
            model::AuthenticationStep::MutualTls(tls) => {
                none(|| self.element(), &tls.extensions)?;
                Step::MutualTls(MutualTls {
                    certificate: self.template("certificate", &tls.certificate)?,
                    key: self.template("key", &tls.key)?,
                })
            }
            model::AuthenticationStep::Hmac(hmac) => Step::Hmac(self.hmac(hmac)?),
            model::AuthenticationStep::Other(case) => Step::Other { name: shorten(&case.name) },
        })
    }

    fn oauth2(&self, oauth2: model::OAuth2Authentication) -> Result<OAuth2, DescriptorError> {
        none(|| self.element(), &oauth2.extensions)?;
        Ok(OAuth2 {
            path: self.template("path", &oauth2.path)?,
            endpoint: oauth2.endpoint.into_owned(),
            grant: match oauth2.grant {
                model::OAuth2Grant::ClientCredentials => Grant::ClientCredentials,
                model::OAuth2Grant::RefreshToken(token) => Grant::RefreshToken(self.template("refresh-token", &token)?),
                model::OAuth2Grant::JwtBearer(token) => Grant::JwtBearer(self.jwt(token)?),
                model::OAuth2Grant::Other(case) => {
                    return Err(later(format!("the grant of {}", self.element()), &case));
                }
            },
            client: match oauth2.client {
                model::ClientAuthentication::Basic(client) => ClientAuthentication::Basic {
                    id: self.template("client id", &client.id)?,
                    secret: self.template("client secret", &client.secret)?,
                },
                model::ClientAuthentication::Form(client) => ClientAuthentication::Body {
                    id: self.template("client id", &client.id)?,
                    secret: self.template("client secret", &client.secret)?,
                },
                model::ClientAuthentication::PrivateKeyJwt(client) => ClientAuthentication::PrivateKeyJwt {
                    id: self.template("client id", &client.id)?,
                    jwt: self.jwt(client.token)?,
                },
                model::ClientAuthentication::Public(id) => {
                    ClientAuthentication::None { id: self.optional("client id", id)? }
                }
                model::ClientAuthentication::Other(case) => {
                    return Err(later(format!("the client authentication of {}", self.element()), &case));
                }
            },
            scope: self.optional("scope", oauth2.scope)?,
            parameters: self.pairs("parameters", oauth2.parameters)?,
        })
    }

    fn jwt(&self, token: model::JsonWebToken) -> Result<Jwt, DescriptorError> {
        none(|| self.element(), &token.extensions)?;
        let algorithm = JwtAlgorithm::from_name(&token.algorithm)
            .ok_or_else(|| self.malformed("algorithm", &"is not RS256, ES256, EdDSA or HS256"))?;
        Ok(Jwt {
            algorithm,
            key: self.template("key", &token.key)?,
            key_id: self.optional("key-id", token.key_id)?,
            claims: self.json("claims", &token.claims)?,
            lifetime_seconds: token.lifetime,
        })
    }

    fn session(&self, session: model::SessionAuthentication) -> Result<Session, DescriptorError> {
        none(|| self.element(), &session.extensions)?;
        Ok(Session {
            endpoint: session.endpoint.into_owned(),
            method: self.method(&session.method)?,
            path: self.template("path", &session.path)?,
            headers: self.headers(session.headers, &[])?,
            content: match session.content {
                model::RequestContent::None => Content::None,
                model::RequestContent::Json(json) => Content::Json(self.json("content", &json)?),
                model::RequestContent::Form(fields) => Content::Form(self.pairs("content", fields)?),
                model::RequestContent::Other(case) => {
                    return Err(later(format!("the content of {}", self.element()), &case));
                }
            },
            token: match session.token {
                model::AnswerLocation::Json(pointer) => TokenLocation::Json(pointer.into_owned()),
                model::AnswerLocation::Header(name) => TokenLocation::Header(name.into_owned()),
                _ => return Err(self.malformed("token", &"is neither a JSON pointer nor a header")),
            },
            expires_in: session.expires_in.map(Cow::into_owned),
            lifetime_seconds: session.lifetime,
            request_headers: self.headers(session.send, Session::VARIABLES)?,
        })
    }

    fn hmac(&self, hmac: model::HmacAuthentication) -> Result<Hmac, DescriptorError> {
        none(|| self.element(), &hmac.extensions)?;
        let algorithm = HmacAlgorithm::from_name(&hmac.algorithm)
            .ok_or_else(|| self.malformed("algorithm", &"is not sha256, sha512 or sha1"))?;
        let message = Template::parse_with(&hmac.message, Hmac::MESSAGE_VARIABLES);
        Ok(Hmac {
            algorithm,
            key: self.template("key", &hmac.key)?,
            key_encoding: match &*hmac.key_encoding {
                "text" => KeyEncoding::Text,
                "base64" => KeyEncoding::Base64,
                "hex" => KeyEncoding::Hex,
                _ => return Err(self.malformed("key-encoding", &"is not text, base64 or hex")),
            },
            message: message.map_err(|error| self.malformed("message", &error))?,
            encoding: match &*hmac.encoding {
                "hex" => Encoding::Hex,
                "base64" => Encoding::Base64,
                _ => return Err(self.malformed("encoding", &"is not hex or base64")),
            },
            headers: self.headers(hmac.headers, Hmac::HEADER_VARIABLES)?,
        })
    }
}
