//! The access token request of OAuth 2.0 (RFC 6749, RFC 7521, RFC 7523).

use http::Method;
use keywright_settings::Template;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::basic::basic;
use crate::encoding::{form, form_encoded};
use crate::headers::SecretHeader;
use crate::token::Reader;
use crate::values::Values;
use crate::{ACCEPT, AuthError, CONTENT_TYPE, FORM, JSON, Jwt, TokenRequest};

/// A bearer token from a token endpoint of OAuth 2.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuth2 {
    /// The name of the endpoint that gives tokens.
    pub endpoint: String,
    /// The path there.
    pub path: Template,
    /// What the token is given for.
    pub grant: Grant,
    /// How the client authenticates.
    pub client: ClientAuthentication,
    /// The scope to ask for. Without one, or when it expands to nothing, the server decides.
    pub scope: Option<Template>,
    /// Further parameters of the request, such as `audience` or `resource` (RFC 8707). One that expands to nothing is left
    /// out.
    pub parameters: Vec<(String, Template)>,
}

/// What an access token is given for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The client itself (RFC 6749 section 4.4).
    ClientCredentials,
    /// A refresh token (RFC 6749 section 6). The server may answer with another that replaces it, see
    /// [`Token::refresh_token`](crate::Token::refresh_token).
    RefreshToken(Template),
    /// A JWT that is signed with the credential (RFC 7523 section 2.1), as service accounts have it.
    JwtBearer(Jwt),
}

/// How a client authenticates to the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// By HTTP Basic (RFC 6749 section 2.3.1).
    Basic {
        /// The client identifier.
        id: Template,
        /// The client secret.
        secret: Template,
    },
    /// By `client_id` and `client_secret` in the body (RFC 6749 section 2.3.1).
    Body {
        /// The client identifier.
        id: Template,
        /// The client secret.
        secret: Template,
    },
    /// By a JWT that the client signs (RFC 7523 section 2.2).
    PrivateKeyJwt {
        /// The client identifier. It is sent as `client_id` too, which RFC 7521 section 4.2 allows and some servers require.
        id: Template,
        /// The assertion. Its claims `iss` and `sub` are the client identifier unless it has them itself.
        jwt: Jwt,
    },
    /// Not at all.
    None {
        /// The client identifier, if one is to be sent.
        id: Option<Template>,
    },
}

/// The fields of a form.
type Fields = Vec<(&'static str, Zeroizing<String>)>;

impl OAuth2 {
    /// The request for a token, whose answer [`Token::parse`](crate::Token::parse) reads.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing, empty or cannot be sent, or a key is not one.
    pub fn token_request(&self, values: &Values<'_>) -> Result<TokenRequest, AuthError> {
        let mut derived = Vec::new();
        let mut fields = self.grant.fields(values, &mut derived)?;
        let mut headers = vec![SecretHeader::new(CONTENT_TYPE, FORM), SecretHeader::new(ACCEPT, JSON)];
        headers.extend(self.client.authenticate(values, &mut fields, &mut derived)?);
        if let Some(scope) = &self.scope {
            fields.push(("scope", values.expand(scope)?));
        }
        let mut parameters: Vec<(&str, Zeroizing<String>)> = fields;
        for (name, value) in &self.parameters {
            parameters.push((name, values.expand(value)?));
        }
        parameters.retain(|(_, value)| !value.is_empty());
        Ok(TokenRequest {
            endpoint: self.endpoint.clone(),
            method: Method::POST,
            path: values.expand(&self.path)?.to_string(),
            headers,
            body: SecretString::from(form(&parameters).as_str()),
            client_certificate: None,
            derived,
            reader: Reader::OAuth2,
        })
    }
}

impl Grant {
    fn fields(&self, values: &Values<'_>, derived: &mut Vec<SecretString>) -> Result<Fields, AuthError> {
        let kind = |name: &str| ("grant_type", Zeroizing::new(name.to_owned()));
        Ok(match self {
            Self::ClientCredentials => vec![kind("client_credentials")],
            Self::RefreshToken(token) => vec![kind("refresh_token"), ("refresh_token", values.expand(token)?)],
            Self::JwtBearer(jwt) => {
                let assertion = exposed(jwt.sign(values)?, derived);
                vec![kind("urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)]
            }
        })
    }
}

impl ClientAuthentication {
    fn authenticate(
        &self,
        values: &Values<'_>,
        fields: &mut Fields,
        derived: &mut Vec<SecretString>,
    ) -> Result<Option<SecretHeader>, AuthError> {
        match self {
            Self::Basic { id, secret } => {
                let header = basic(&form_encoded(&values.expand(id)?), &form_encoded(&values.expand(secret)?));
                derived.push(header.credentials());
                return Ok(Some(header));
            }
            Self::Body { id, secret } => {
                fields.extend([("client_id", values.expand(id)?), ("client_secret", values.expand(secret)?)]);
            }
            Self::PrivateKeyJwt { id, jwt } => {
                let id = values.expand(id)?;
                let assertion = exposed(jwt.sign_with(values, &[("iss", &id), ("sub", &id)])?, derived);
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                fields.extend([
                    ("client_id", id),
                    ("client_assertion_type", Zeroizing::new(kind.to_owned())),
                    ("client_assertion", assertion),
                ]);
            }
            Self::None { id: Some(id) } => fields.push(("client_id", values.expand(id)?)),
            Self::None { id: None } => {}
        }
        Ok(None)
    }
}

/// The text of a secret, which is noted among those that were derived.
fn exposed(secret: SecretString, derived: &mut Vec<SecretString>) -> Zeroizing<String> {
    let text = Zeroizing::new(secret.expose_secret().to_owned());
    derived.push(secret);
    text
}
