//! Endpoint rules: which request an adapter may send, decided without any I/O.
//!
//! A [`Rule`] is one line: the operations that may send a request, a method, and a URL in which `{settings.NAME}` stands for
//! an account's setting and `{NAME}` for any one path segment; and, where a vendor needs it, values that the request must
//! carry, how it is authenticated, and where its answer holds secrets. What no rule names is denied.
//!
//! ```
//! use http::{HeaderMap, Method, Uri};
//! use keywright_egress::{EndpointOverrides, Request, RuleSet};
//!
//! let rules: RuleSet = "
//!     create        POST    https://api.{settings.region}.example.com/v1/keys mints secret=/key/secret
//!     get, verify   GET     https://api.{settings.region}.example.com/v1/keys/{id}
//!     revoke        DELETE  https://api.{settings.region}.example.com/v1/keys/{id}
//! ".parse()?;
//!
//! let settings = serde_json::json!({"region": "eu-1"});
//! let policy = rules.bind(settings.as_object().unwrap(), &EndpointOverrides::none())?;
//!
//! let uri: Uri = "https://api.eu-1.example.com/v1/keys/42".parse()?;
//! let (headers, body) = (HeaderMap::new(), b"");
//! let request = Request { operation: "get", method: &Method::GET, uri: &uri, headers: &headers, body };
//! assert!(policy.decide(&request).is_ok());
//!
//! let denial = policy.decide(&Request { method: &Method::DELETE, ..request }).unwrap_err();
//! assert_eq!(
//!     denial.line.as_deref(),
//!     Some("get DELETE https://api.{settings.region}.example.com/v1/keys/42"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! From text to decision there are three steps, each of its own type: a [`RuleSet`] is what an adapter asks for or an
//! operator grants; [bound](RuleSet::bind) to an account's settings it is a [`Policy`]; the policy
//! [decides](Policy::decide) on one [`Request`] of one operation, and a [`Denial`] says which line would allow it.
//! [`Policy::explain`] says the same to a person, with the rules that come nearest.
//!
//! # The line of a rule
//!
//! ```text
//! OPERATION[,OPERATION…] METHOD URL[?KEY,KEY…] [CLAUSE…]
//! ```
//!
//! Clauses may stand in any order. A text with spaces or other than visible ASCII characters is written as a JSON string,
//! in double quotes. In a [`RuleSet`], a `#` at the start of a word starts a comment.
//!
//! | Written | Means |
//! | --- | --- |
//! | `https://HOST[:PORT]/PATH` | where requests go; `{settings.NAME}` may stand in host and path, and [`PathTemplate`] says what else may in a path |
//! | `?KEY,KEY` | no other query keys may be sent; `?` alone: none. Without it any may, except keys that authenticate (such as `token`, `api_key`, `key`, `signature`), override the method (`_method`) or change the form of the answer (`format`, `callback`), in every spelling, and those that the rule demands of the body: a rule has to name them. Where the request mints, none may |
//! | `as SCHEME` | how the host authenticates the request; without it, by the adapter's first scheme |
//! | `where query KEY = VALUE` | the key stands in the query once, with this value |
//! | `where form FIELD = VALUE` | the body is a form in which the field stands once, with this value |
//! | `where json POINTER = VALUE` | the body is JSON with this value there: a string, or `true`, `false`, `null` or a number without quotes |
//! | `where header NAME = VALUE` | the header stands there once, with this value |
//! | `… = VALUE \| VALUE` | either of the values; each may hold `{settings.NAME}` |
//! | `headers NAME,NAME` | further headers that the adapter may set |
//! | `sends SOURCE=PLACE [base64]` | the host puts a secret into the request: a part of the credential, or `settings.NAME`. A place is a JSON pointer, `form:FIELD`, `header:NAME` or `text` |
//! | `mints` | the request makes a credential, or a new secret of one |
//! | `mints PART=LOCATION [after CHARACTERS] [base64]` | and the answer holds a secret there, of which what comes up to the first of these characters is public, if that is at most half and 16 characters stay hidden |
//! | `hides [PART=]LOCATION [after CHARACTERS] [base64]` | the answer of a rule that does not mint holds a secret there |
//!
//! A location in an answer is a JSON pointer such as `/keys/*/secret` ([`JsonPointer`]: `*` is every element or member),
//! `json:/OUTER#/INNER` for JSON within a JSON string, `xml:/ROOT/ELEMENT`, `form:FIELD`, `header:NAME`, or `text` for the
//! whole body.
//!
//! ```
//! use keywright_egress::Rule;
//!
//! let rule: Rule = "create POST https://iam.amazonaws.com/? where form Action = CreateAccessKey \
//!     mints secret_key=xml:/CreateAccessKeyResponse/CreateAccessKeyResult/AccessKey/SecretAccessKey".parse()?;
//! assert!(rule.mints && rule.query_keys == Some(Vec::new()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # One reading
//!
//! A request that readers could take for different ones is denied, and what is sent is written anew from what was checked
//! ([`Policy::canonical`]):
//!
//! - Paths, queries and forms are percent-encoded UTF-8 without overlong forms. In paths, encoded dots, backslashes,
//!   percent signs, `;`, `?`, `#`, control characters, and look-alikes of these are refused; an encoded slash is only
//!   matched by a placeholder `{name/}`.
//! - In queries and forms `+` is a space, and it is sent as `%20`; a plus sign is `%2B`. Empty pairs and `;` are refused.
//! - A value that is demanded must stand there once, and no other name with it that some server treats as the same, such as
//!   `action[]` for `Action`. Where that is in the body, the query may not have the name either. A demand on the body also wants the matching content type.
//! - JSON is that of RFC 8259 in UTF-8, without a byte order mark. No member may stand twice, anywhere.
//!
//! # Addresses
//!
//! A rule names hosts, and hosts have addresses. What one lookup found goes through [`AddressPolicy::vet`], which refuses
//! all of it when any is not on the public internet; what comes back is what to dial:
//!
//! ```
//! use keywright_egress::{AddressClass, AddressPolicy};
//!
//! let found = vec!["8.8.8.8:443".parse()?, "[64:ff9b::a9fe:a9fe]:443".parse()?];
//! let refused = AddressPolicy::default().vet("api.example.com", found).unwrap_err();
//! assert_eq!(refused.class, AddressClass::Metadata);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An account's [`EndpointOverrides`] put a private installation or a simulator in the place of an endpoint, and open its
//! private addresses.

mod address;
mod address_policy;
mod bind_error;
mod bound_demand;
mod bound_path;
mod canonical_json;
mod clause;
mod content_type;
mod decision;
mod demand;
mod denial;
mod difference;
mod display;
mod endpoint;
mod explain;
mod fold;
mod header;
mod identifier;
mod json;
mod json_string;
mod key;
mod origin;
mod pairs;
mod path;
mod percent;
mod placement;
mod pointer;
mod policy;
mod question;
mod request;
mod rule;
mod rule_error;
mod rule_set;
mod secret;
mod segment;
mod subset;
mod suggestion;
mod target;
mod word;

pub use address::AddressClass;
pub use address_policy::{AddressPolicy, RefusedAddress, VettedAddresses};
pub use bind_error::BindError;
pub use demand::{Demand, DemandLocation, DemandValue};
pub use denial::{Denial, DenialReason};
pub use difference::Difference;
pub use endpoint::{EndpointOverrideError, EndpointOverrides, EndpointUrl, EndpointUrlError};
pub use explain::{Decision, Explanation, Nearest};
pub use header::{is_forbidden_header, may_authenticate_with};
pub use origin::{Origin, OriginError};
pub use path::{PathError, PathTemplate};
pub use placement::{BodyLocation, Placement, SecretSource};
pub use pointer::{JsonPointer, PointerToken, XmlPath, XmlStep};
pub use policy::Policy;
pub use question::Question;
pub use request::{Allowed, Canonical, Request};
pub use rule::Rule;
pub use rule_error::RuleError;
pub use rule_set::RuleSet;
pub use secret::{AnswerLocation, SecretLocation};
pub use target::{BROKERED_PREFIX, is_brokered};
