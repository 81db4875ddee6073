//! How requests are authenticated.
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

use super::{AnswerLocation, Extension};
use crate::wire::memory::{List, Maybe, Text};

/// `named-template`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct NamedTemplate {
    pub(crate) name: Text,
    pub(crate) value: Text,
}

/// `basic-authentication`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct BasicAuthentication {
    pub(crate) username: Text,
    pub(crate) password: Text,
}

/// `json-web-token`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct JsonWebToken {
    pub(crate) algorithm: Text,
    pub(crate) key: Text,
    pub(crate) key_id: Maybe<Text>,
    pub(crate) claims: Text,
    pub(crate) lifetime: u32,
    pub(crate) extensions: Maybe<Text>,
}

/// `client-secret`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct ClientSecret {
    pub(crate) id: Text,
    pub(crate) secret: Text,
}

/// `client-assertion`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct ClientAssertion {
    pub(crate) id: Text,
    pub(crate) token: JsonWebToken,
}

/// `client-authentication`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum ClientAuthentication {
    /// `basic`
    Basic(ClientSecret),
    /// `form`
    Form(ClientSecret),
    /// `private-key-jwt`
    PrivateKeyJwt(ClientAssertion),
    /// `public`
    Public(Maybe<Text>),
    /// `other`
    Other(Extension),
}

/// `oauth2-grant`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum OAuth2Grant {
    /// `client-credentials`
    ClientCredentials,
    /// `refresh-token`
    RefreshToken(Text),
    /// `jwt-bearer`
    JwtBearer(JsonWebToken),
    /// `other`
    Other(Extension),
}

/// `oauth2-authentication`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct OAuth2Authentication {
    pub(crate) endpoint: Text,
    pub(crate) path: Text,
    pub(crate) grant: OAuth2Grant,
    pub(crate) client: ClientAuthentication,
    pub(crate) scope: Maybe<Text>,
    pub(crate) parameters: List<NamedTemplate>,
    pub(crate) extensions: Maybe<Text>,
}

/// `signature-authentication`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct SignatureAuthentication {
    pub(crate) algorithm: Text,
    pub(crate) access_key: Text,
    pub(crate) secret_key: Text,
    pub(crate) session_token: Maybe<Text>,
    pub(crate) region: Text,
    pub(crate) service: Text,
    pub(crate) extensions: Maybe<Text>,
}

/// `request-content`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum RequestContent {
    /// `none`
    None,
    /// `json`
    Json(Text),
    /// `form`
    Form(List<NamedTemplate>),
    /// `other`
    Other(Extension),
}

/// `session-authentication`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct SessionAuthentication {
    pub(crate) endpoint: Text,
    pub(crate) method: Text,
    pub(crate) path: Text,
    pub(crate) headers: List<NamedTemplate>,
    pub(crate) content: RequestContent,
    pub(crate) token: AnswerLocation,
    pub(crate) expires_in: Maybe<Text>,
    pub(crate) lifetime: u32,
    pub(crate) send: List<NamedTemplate>,
    pub(crate) extensions: Maybe<Text>,
}

/// `tls-authentication`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct TlsAuthentication {
    pub(crate) certificate: Text,
    pub(crate) key: Text,
    pub(crate) extensions: Maybe<Text>,
}

/// `hmac-authentication`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct HmacAuthentication {
    pub(crate) algorithm: Text,
    pub(crate) key: Text,
    pub(crate) key_encoding: Text,
    pub(crate) message: Text,
    pub(crate) encoding: Text,
    pub(crate) headers: List<NamedTemplate>,
    pub(crate) extensions: Maybe<Text>,
}

/// `authentication-step`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum AuthenticationStep {
    /// `headers`
    Headers(List<NamedTemplate>),
    /// `query`
    Query(List<NamedTemplate>),
    /// `basic`
    Basic(BasicAuthentication),
    /// `oauth2`
    OAuth2(OAuth2Authentication),
    /// `bearer-jwt`
    BearerJwt(JsonWebToken),
    /// `signature`
    Signature(SignatureAuthentication),
    /// `session`
    Session(SessionAuthentication),
    /// `mutual-tls`
    MutualTls(TlsAuthentication),
    /// `hmac`
    Hmac(HmacAuthentication),
    /// `other`
    Other(Extension),
}

/// `authentication-scheme`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct AuthenticationScheme {
    pub(crate) name: Text,
    pub(crate) steps: List<AuthenticationStep>,
    pub(crate) extensions: Maybe<Text>,
}
