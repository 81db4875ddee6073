//! How requests are authenticated.

use super::AnswerLocation;
use crate::{Extension, Extensions, Text};

/// How requests are authenticated: steps in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthenticationScheme {
    /// The name that rules refer to.
    pub name: Text,
    /// The steps; none sends requests as they are.
    pub steps: Vec<AuthenticationStep>,
    /// Room to grow.
    pub extensions: Extensions,
}

/// One thing to do to a request so that the vendor accepts it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum AuthenticationStep {
    /// Headers.
    Headers(Vec<NamedTemplate>),
    /// Query parameters.
    Query(Vec<NamedTemplate>),
    /// HTTP Basic.
    Basic(BasicAuthentication),
    /// A bearer token from a token endpoint.
    OAuth2(OAuth2Authentication),
    /// A bearer token that is signed here.
    BearerJwt(JsonWebToken),
    /// A signature.
    Signature(SignatureAuthentication),
    /// A session.
    Session(SessionAuthentication),
    /// A client certificate.
    MutualTls(TlsAuthentication),
    /// A message authentication code.
    Hmac(HmacAuthentication),
    /// A step of a later version.
    Other(Extension),
}

/// A name and a credential template of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NamedTemplate {
    /// The name of the header, the query key or the field.
    pub name: Text,
    /// The value.
    pub value: Text,
}

/// HTTP Basic authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BasicAuthentication {
    /// The user name.
    pub username: Text,
    /// The password.
    pub password: Text,
}

/// A JSON Web Token signed with a part of the credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct JsonWebToken {
    /// `RS256`, `ES256`, `EdDSA` or `HS256`.
    pub algorithm: Text,
    /// The key.
    pub key: Text,
    /// The header `kid`.
    pub key_id: Option<Text>,
    /// A JSON object of claims.
    pub claims: Text,
    /// The seconds from `iat` to `exp`.
    pub lifetime: u32,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A client id and its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ClientSecret {
    /// The client id.
    pub id: Text,
    /// The client secret.
    pub secret: Text,
}

/// A client id and a token that proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ClientAssertion {
    /// The client id.
    pub id: Text,
    /// The assertion.
    pub token: JsonWebToken,
}

/// How an OAuth 2.0 client proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ClientAuthentication {
    /// HTTP Basic.
    Basic(ClientSecret),
    /// `client_id` and `client_secret` in the form.
    Form(ClientSecret),
    /// `private_key_jwt`.
    PrivateKeyJwt(ClientAssertion),
    /// `client_id` alone, or not even that.
    Public(Option<Text>),
    /// A way of a later version.
    Other(Extension),
}

/// What an access token is asked for with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum OAuth2Grant {
    /// Client credentials.
    ClientCredentials,
    /// A refresh token.
    RefreshToken(Text),
    /// A JSON Web Token.
    JwtBearer(JsonWebToken),
    /// A grant of a later version.
    Other(Extension),
}

/// A bearer token got from a token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OAuth2Authentication {
    /// The endpoint of the token request, by name.
    pub endpoint: Text,
    /// Its path.
    pub path: Text,
    /// The grant.
    pub grant: OAuth2Grant,
    /// How the client proves who it is.
    pub client: ClientAuthentication,
    /// The scope to ask for.
    pub scope: Option<Text>,
    /// Further fields of the request.
    pub parameters: Vec<NamedTemplate>,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A signature over each request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SignatureAuthentication {
    /// `osc4` or `aws4`.
    pub algorithm: Text,
    /// The access key.
    pub access_key: Text,
    /// The secret key.
    pub secret_key: Text,
    /// The session token of temporary credentials.
    pub session_token: Option<Text>,
    /// The region to sign for.
    pub region: Text,
    /// The service to sign for.
    pub service: Text,
    /// Room to grow.
    pub extensions: Extensions,
}

/// The body of a request that the host makes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum RequestContent {
    /// None.
    None,
    /// JSON whose strings are credential templates.
    Json(Text),
    /// A form.
    Form(Vec<NamedTemplate>),
    /// A body of a later version.
    Other(Extension),
}

/// A session that a login request starts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionAuthentication {
    /// The endpoint of the login request, by name.
    pub endpoint: Text,
    /// Its method, in capitals.
    pub method: Text,
    /// Its path.
    pub path: Text,
    /// Its headers.
    pub headers: Vec<NamedTemplate>,
    /// Its body.
    pub content: RequestContent,
    /// Where its answer holds the session token.
    pub token: AnswerLocation,
    /// A JSON pointer to the seconds that the session lives.
    pub expires_in: Option<Text>,
    /// The seconds to take it to live where the answer does not say.
    pub lifetime: u32,
    /// The headers of every other request.
    pub send: Vec<NamedTemplate>,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A client certificate for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TlsAuthentication {
    /// The certificate and its chain, in PEM.
    pub certificate: Text,
    /// The private key, in PEM.
    pub key: Text,
    /// Room to grow.
    pub extensions: Extensions,
}

/// A message authentication code over each request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HmacAuthentication {
    /// `sha256`, `sha512` or `sha1`.
    pub algorithm: Text,
    /// The key.
    pub key: Text,
    /// How the key is written: `text`, `base64` or `hex`.
    pub key_encoding: Text,
    /// What is signed.
    pub message: Text,
    /// How the code is written: `hex` or `base64`.
    pub encoding: Text,
    /// The headers to send.
    pub headers: Vec<NamedTemplate>,
    /// Room to grow.
    pub extensions: Extensions,
}
