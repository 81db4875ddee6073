//! Authentication schemes of vendor APIs: headers, query parameters, Basic, OAuth 2.0, JWTs, signatures, sessions, mutual
//! TLS. No I/O.
//!
//! A [`Scheme`] says how a request is authenticated from the named [`Parts`] of a credential, in [steps](Step) that are data.
//! The same code runs in the host, where the adapter never sees the parts, and in an adapter that another runtime embeds.
//!
//! Most schemes add headers to the request, and that is all:
//!
//! ```
//! use keywright_auth::{HeaderTemplate, OutgoingRequest, Parts, Prepared, Scheme, Step, Values};
//! use secrecy::ExposeSecret;
//! # use serde_json::Map;
//! # let now = chrono::DateTime::UNIX_EPOCH;
//!
//! let scheme = Scheme {
//!     name: "api-key".to_owned(),
//!     steps: vec![Step::Headers(vec![HeaderTemplate::parse("X-Auth-Token", "{parts.secret_key}")?])],
//! };
//! scheme.check()?;
//!
//! let parts = Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]);
//! let values = Values { settings: &Map::new(), parts: &parts, now, nonce: [0; 16] };
//! let request = OutgoingRequest {
//!     method: "GET",
//!     host: "api.scaleway.com",
//!     path: "/iam/v1alpha1/api-keys",
//!     query: None,
//!     headers: &[],
//!     body: b"",
//! };
//!
//! let Prepared::Send(adds) = scheme.prepare(&request, &values, None)? else { unreachable!() };
//! assert_eq!(adds.headers[0].name(), "x-auth-token");
//! assert_eq!(adds.headers[0].value().expose_secret(), "11111111-2222-4333-8444-555555555555");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! OAuth 2.0 and sessions need a request of their own first. The caller sends it, keeps the [`Token`] while it is fresh, and
//! prepares again with it:
//!
//! ```
//! use http::StatusCode;
//! use keywright_auth::{ClientAuthentication, Grant, OAuth2, OutgoingRequest, Parts, Prepared, Scheme, Step, Values};
//! use secrecy::ExposeSecret;
//! # use serde_json::json;
//! # let now = chrono::DateTime::UNIX_EPOCH;
//! # let request = OutgoingRequest {
//! #     method: "GET", host: "api.example.com", path: "/", query: None, headers: &[], body: b"",
//! # };
//!
//! let scheme = Scheme {
//!     name: "api-client".to_owned(),
//!     steps: vec![Step::OAuth2(OAuth2 {
//!         endpoint: "auth".to_owned(),
//!         path: "/oauth/token".parse()?,
//!         grant: Grant::ClientCredentials,
//!         client: ClientAuthentication::Basic {
//!             id: "{parts.client_id}".parse()?,
//!             secret: "{parts.client_secret}".parse()?,
//!         },
//!         scope: Some("manage_api_clients:{settings.project_key}".parse()?),
//!         parameters: Vec::new(),
//!     })],
//! };
//! let parts = Parts::from_iter([("client_id", "example"), ("client_secret", "s3cr3t")]);
//! let settings = json!({ "project_key": "my-project" });
//! # let settings = settings.as_object().ok_or("an object")?;
//! let values = Values { settings, parts: &parts, now, nonce: [0; 16] };
//!
//! let Prepared::GetToken(ask) = scheme.prepare(&request, &values, None)? else { unreachable!() };
//! assert_eq!((ask.endpoint.as_str(), ask.path.as_str()), ("auth", "/oauth/token"));
//! assert_eq!(ask.body.expose_secret(), "grant_type=client_credentials&scope=manage_api_clients%3Amy-project");
//!
//! // The caller sends `ask` to that endpoint, and the answer comes back:
//! let answer = br#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_in":172800}"#;
//! let token = ask.read(StatusCode::OK, &|_| None, answer, now)?;
//! assert!(token.is_fresh(now));
//!
//! let Prepared::Send(adds) = scheme.prepare(&request, &values, Some(&token))? else { unreachable!() };
//! assert_eq!(adds.headers[0].value().expose_secret(), "Bearer 2YotnFZFEjr1zCsicMWpAA");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Secrets are kept in [`secrecy`] types and no error quotes one. Header values that carry one are marked sensitive, so
//! that `http` does not print them either.
//!
//! Components are small because each kind of step is a type with functions of its own: one that calls
//! [`Basic::header`] carries nothing of the other kinds. Only the host calls [`Scheme::prepare`].

mod basic;
mod encoding;
mod error;
mod headers;
mod jwt;
mod mac;
mod mutual_tls;
mod oauth2;
#[cfg(not(target_family = "wasm"))]
pub mod origin;
mod parts;
mod prepare;
mod query;
mod request;
mod scheme;
mod session;
pub mod signature;
mod token;
mod values;

pub use basic::Basic;
pub use error::{AuthError, ValueSource};
pub use headers::{HeaderTemplate, HeaderTemplateError, SecretHeader};
pub use jwt::{Jwt, JwtAlgorithm};
pub use mac::{Encoding, Hmac, HmacAlgorithm, KeyEncoding};
pub use mutual_tls::{ClientCertificate, MutualTls};
pub use oauth2::{ClientAuthentication, Grant, OAuth2};
pub use parts::Parts;
pub use prepare::{Authentication, Prepared};
pub use query::QueryTemplate;
pub use request::{OutgoingRequest, RequestToSign};
pub use scheme::{Scheme, SchemeError, Step, TokenEndpoint};
pub use session::{Content, Session, TokenLocation};
pub use signature::Signature;
pub use token::{Token, TokenError, TokenRequest, Unredacted};
pub use values::Values;

// As text, because `http`'s own constants bring its table of names into components.
const ACCEPT: &str = "accept";
const AUTHORIZATION: &str = "authorization";
const CONTENT_TYPE: &str = "content-type";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
