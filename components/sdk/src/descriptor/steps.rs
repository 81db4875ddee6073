//! The steps of a scheme that have more to say than a few texts. All texts are credential templates unless said otherwise.

use super::location;
use super::scheme::template;
use crate::wire::descriptors as wire;
use crate::wire::{List, Maybe, Text};
use crate::{Method, direct};

/// A JSON Web Token (RFC 7519) signed with a part of the credential.
#[derive(Clone, Debug)]
pub struct Jwt(pub(super) wire::JsonWebToken);

impl Jwt {
    /// `RS256`, `ES256`, `EdDSA` or `HS256`; the key, PEM of PKCS #8 or for `HS256` the secret itself; a JSON object of
    /// claims; the seconds that the token lives. `iat`, `exp` and `jti` are added.
    ///
    /// Where the component itself authenticates, all but `HS256` need a feature of this crate: `jwt-rs256`, `jwt-es256`,
    /// `jwt-eddsa`.
    pub fn new(algorithm: &'static str, key: &'static str, claims: &'static str, lifetime: u32) -> Self {
        Self(wire::JsonWebToken {
            algorithm: Text::new(algorithm),
            key: Text::new(key),
            key_id: Maybe::None,
            claims: Text::new(claims),
            lifetime,
            extensions: Maybe::None,
        })
    }

    /// The header `kid`.
    pub fn key_id(mut self, key_id: &'static str) -> Self {
        self.0.key_id = Maybe::Some(Text::new(key_id));
        self
    }
}

/// How an OAuth 2.0 client proves who it is to the token endpoint.
#[derive(Clone, Debug)]
pub struct Client {
    wire: wire::ClientAuthentication,
    /// How the component takes the step: only one with a token of its own carries the code of tokens.
    take: direct::Step,
}

impl Client {
    /// HTTP Basic (RFC 6749 section 2.3.1).
    pub fn basic(id: &'static str, secret: &'static str) -> Self {
        Self::new(wire::ClientAuthentication::Basic(client_secret(id, secret)))
    }

    /// `client_id` and `client_secret` in the form.
    pub fn form(id: &'static str, secret: &'static str) -> Self {
        Self::new(wire::ClientAuthentication::Form(client_secret(id, secret)))
    }

    /// `private_key_jwt` (RFC 7523 section 2.2).
    pub fn private_key_jwt(id: &'static str, token: Jwt) -> Self {
        let assertion = wire::ClientAssertion { id: Text::new(id), token: token.0 };
        Self { wire: wire::ClientAuthentication::PrivateKeyJwt(assertion), take: direct::oauth2_with_jwt }
    }

    /// `client_id` alone, or not even that: the grant proves enough.
    pub fn public(id: Option<&'static str>) -> Self {
        Self::new(wire::ClientAuthentication::Public(id.map(Text::new).into()))
    }

    fn new(wire: wire::ClientAuthentication) -> Self {
        Self { wire, take: direct::oauth2 }
    }
}

/// A bearer token (RFC 6750) got from a token endpoint (RFC 6749): the endpoint's name and a path, a settings template.
#[derive(Clone, Debug)]
pub struct OAuth2 {
    pub(super) wire: wire::OAuth2Authentication,
    pub(super) take: direct::Step,
}

impl OAuth2 {
    /// The grant of client credentials (RFC 6749 section 4.4).
    pub fn client_credentials(endpoint: &'static str, path: &'static str, client: Client) -> Self {
        Self::new(endpoint, path, client, wire::OAuth2Grant::ClientCredentials)
    }

    /// A refresh token (RFC 6749 section 6).
    pub fn refresh_token(endpoint: &'static str, path: &'static str, client: Client, token: &'static str) -> Self {
        Self::new(endpoint, path, client, wire::OAuth2Grant::RefreshToken(Text::new(token)))
    }

    /// A JSON Web Token as the grant (RFC 7523 section 2.1).
    pub fn jwt_bearer(endpoint: &'static str, path: &'static str, client: Client, token: Jwt) -> Self {
        let client = Client { take: direct::oauth2_with_jwt, ..client };
        Self::new(endpoint, path, client, wire::OAuth2Grant::JwtBearer(token.0))
    }

    fn new(endpoint: &'static str, path: &'static str, client: Client, grant: wire::OAuth2Grant) -> Self {
        let wire = wire::OAuth2Authentication {
            endpoint: Text::new(endpoint),
            path: Text::new(path),
            grant,
            client: client.wire,
            scope: Maybe::None,
            parameters: List::new(),
            extensions: Maybe::None,
        };
        Self { wire, take: client.take }
    }

    /// The scope to ask for; without one, all that the client has.
    pub fn scope(mut self, scope: &'static str) -> Self {
        self.wire.scope = Maybe::Some(Text::new(scope));
        self
    }

    /// A further field of the request, such as `audience`.
    pub fn parameter(mut self, name: &'static str, value: &'static str) -> Self {
        self.wire.parameters.push(template(name, value));
        self
    }
}

fn client_secret(id: &'static str, secret: &'static str) -> wire::ClientSecret {
    wire::ClientSecret { id: Text::new(id), secret: Text::new(secret) }
}

/// A signature over each request, made with a secret key.
#[derive(Clone, Debug)]
pub struct Signature(pub(super) wire::SignatureAuthentication);

impl Signature {
    /// `osc4` or `aws4`, and what is signed with and for.
    pub fn new(
        algorithm: &'static str,
        access_key: &'static str,
        secret_key: &'static str,
        region: &'static str,
        service: &'static str,
    ) -> Self {
        Self(wire::SignatureAuthentication {
            algorithm: Text::new(algorithm),
            access_key: Text::new(access_key),
            secret_key: Text::new(secret_key),
            session_token: Maybe::None,
            region: Text::new(region),
            service: Text::new(service),
            extensions: Maybe::None,
        })
    }

    /// The session token of temporary credentials; left out where it expands to nothing.
    pub fn session_token(mut self, token: &'static str) -> Self {
        self.0.session_token = Maybe::Some(Text::new(token));
        self
    }
}

/// A session that a login request starts.
#[derive(Clone, Debug)]
pub struct Session(pub(super) wire::SessionAuthentication);

impl Session {
    /// The login request: its method, the endpoint's name and a path, a settings template. The token is taken from
    /// `/token` of its answer and lives 300 seconds, unless said otherwise.
    pub fn new(method: Method, endpoint: &'static str, path: &'static str) -> Self {
        Self(wire::SessionAuthentication {
            endpoint: Text::new(endpoint),
            method: Text::new(method.name()),
            path: Text::new(path),
            headers: List::new(),
            content: wire::RequestContent::None,
            token: location::in_answer("/token"),
            expires_in: Maybe::None,
            lifetime: 300,
            send: List::new(),
            extensions: Maybe::None,
        })
    }

    /// Sends JSON, whose strings are templates.
    pub fn json(mut self, body: &'static str) -> Self {
        self.0.content = wire::RequestContent::Json(Text::new(body));
        self
    }

    /// Sends a form of these fields and templates of their values.
    pub fn form(mut self, fields: &[(&'static str, &'static str)]) -> Self {
        self.0.content = wire::RequestContent::Form(fields.iter().map(|(name, value)| template(name, value)).collect());
        self
    }

    /// Sends a header.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.headers.push(template(name, value));
        self
    }

    /// Where the answer holds the token: a JSON pointer, or `header:NAME`.
    pub fn token(mut self, location: &'static str) -> Self {
        self.0.token = location::in_answer(location);
        self
    }

    /// A JSON pointer to the seconds that the session lives.
    pub fn expires_in(mut self, pointer: &'static str) -> Self {
        self.0.expires_in = Maybe::Some(Text::new(pointer));
        self
    }

    /// The seconds to take it to live where the answer does not say.
    pub fn lifetime(mut self, seconds: u32) -> Self {
        self.0.lifetime = seconds;
        self
    }

    /// A header of every other request, in whose value `{session.token}` stands for the token.
    pub fn send(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.send.push(template(name, value));
        self
    }
}

/// A message authentication code (RFC 2104) over each request.
#[derive(Clone, Debug)]
pub struct Hmac(pub(super) wire::HmacAuthentication);

impl Hmac {
    /// `sha256`, `sha512` or `sha1`; the key; what is signed, in which `{request.method}` and its like (see
    /// `wit/descriptors.wit`) stand for the request and the moment. The key is text and the code is written in hexadecimal
    /// unless said otherwise.
    pub fn new(algorithm: &'static str, key: &'static str, message: &'static str) -> Self {
        Self(wire::HmacAuthentication {
            algorithm: Text::new(algorithm),
            key: Text::new(key),
            key_encoding: Text::new("text"),
            message: Text::new(message),
            encoding: Text::new("hex"),
            headers: List::new(),
            extensions: Maybe::None,
        })
    }

    /// How the key is written: `text`, `base64` or `hex`.
    pub fn key_encoding(mut self, encoding: &'static str) -> Self {
        self.0.key_encoding = Text::new(encoding);
        self
    }

    /// How the code is written: `hex` or `base64`.
    pub fn encoding(mut self, encoding: &'static str) -> Self {
        self.0.encoding = Text::new(encoding);
        self
    }

    /// A header to send, in whose value `{signature}`, `{nonce}` and the times stand for themselves.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.headers.push(template(name, value));
        self
    }
}
