//! Authentication schemes of vendor APIs: headers, Basic, OAuth2 client credentials, OSC4 and AWS4 signatures. No I/O.
//!
//! A [`Scheme`] says how a request is authenticated from the named [`Parts`] of a credential. The same code runs in the
//! host, where the adapter never sees the parts, and in an adapter that another runtime embeds.
//!
//! Most schemes add headers to the request, and that is all:
//!
//! ```
//! use http::Method;
//! use keywright_auth::{HeaderTemplate, Parts, RequestToSign, Scheme, Step};
//! # use serde_json::Map;
//! # let now = chrono::DateTime::UNIX_EPOCH;
//!
//! let scheme = Scheme::Headers(vec![HeaderTemplate::parse("X-Auth-Token", "{parts.secret_key}")?]);
//! let parts = Parts::from_iter([("secret_key", "11111111-2222-4333-8444-555555555555")]);
//! let request = RequestToSign {
//!     method: &Method::GET,
//!     host: "api.scaleway.com",
//!     path: "/iam/v1alpha1/api-keys",
//!     query: None,
//!     content_type: None,
//!     body: b"",
//! };
//!
//! let Step::Send(headers) = scheme.authenticate(&request, &Map::new(), &parts, now)? else { unreachable!() };
//! assert_eq!(headers[0].0, "x-auth-token");
//! assert_eq!(headers[0].1, "11111111-2222-4333-8444-555555555555");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! OAuth2 needs a request of its own first. The caller sends it, and keeps the [`Token`] while it is fresh:
//!
//! ```
//! use http::{Method, StatusCode};
//! use keywright_auth::{ClientCredentials, Parts, RequestToSign, Scheme, Step, Token};
//! # use serde_json::json;
//! # let now = chrono::DateTime::UNIX_EPOCH;
//! # let request = RequestToSign {
//! #     method: &Method::GET, host: "api.example.com", path: "/", query: None, content_type: None, body: b"",
//! # };
//!
//! let scheme = Scheme::OAuth2ClientCredentials(ClientCredentials {
//!     endpoint: "auth".to_owned(),
//!     path: "/oauth/token".parse()?,
//!     client_id: "{parts.client_id}".parse()?,
//!     client_secret: "{parts.client_secret}".parse()?,
//!     scope: Some("manage_api_clients:{settings.project_key}".parse()?),
//! });
//! let parts = Parts::from_iter([("client_id", "example"), ("client_secret", "s3cr3t")]);
//! let settings = json!({ "project_key": "my-project" });
//! # let settings = settings.as_object().ok_or("an object")?;
//!
//! let Step::GetToken(ask) = scheme.authenticate(&request, settings, &parts, now)? else { unreachable!() };
//! assert_eq!((ask.endpoint.as_str(), ask.path.as_str()), ("auth", "/oauth/token"));
//! assert_eq!(ask.body, "grant_type=client_credentials&scope=manage_api_clients%3Amy-project");
//!
//! // The caller posts `ask` to that endpoint, and the answer comes back:
//! let answer = br#"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","expires_in":172800}"#;
//! let token = Token::parse(StatusCode::OK, answer, now)?;
//! assert!(token.is_fresh(now));
//! assert_eq!(token.bearer()?.1, "Bearer 2YotnFZFEjr1zCsicMWpAA");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Secrets are kept in [`secrecy`] types and no error quotes one. Header values that carry one are marked sensitive, so
//! that `http` does not print them either.

mod basic;
mod error;
mod headers;
mod oauth2;
mod parts;
mod scheme;
pub mod signature;
mod values;

pub use basic::Basic;
pub use error::{AuthError, Origin};
pub use headers::{HeaderTemplate, HeaderTemplateError};
pub use oauth2::{ClientCredentials, Token, TokenError, TokenRequest, TokenRequestAsText};
pub use parts::Parts;
pub use scheme::{RequestToSign, Scheme, Step};
pub use signature::Signature;
pub use values::Values;
