//! Endpoint rules: which request an adapter may send, decided without any I/O.
//!
//! A [`Rule`] is one line: the operations it serves, a method, and a URL in which `{settings.NAME}` stands for an
//! account's setting and `{NAME}` for any one path segment; where the answer holds a new secret, the line says where. What
//! no rule names is denied.
//!
//! ```
//! use http::{Method, Uri};
//! use keywright_egress::RuleSet;
//!
//! let rules: RuleSet = "
//!     get, verify   GET     https://api.{settings.region}.example.com/v1/keys/{id}
//!     revoke        DELETE  https://api.{settings.region}.example.com/v1/keys/{id}
//! ".parse()?;
//!
//! let settings = serde_json::json!({"region": "eu-1"});
//! let policy = rules.bind(settings.as_object().unwrap(), None)?;
//!
//! let url: Uri = "https://api.eu-1.example.com/v1/keys/42".parse()?;
//! assert!(policy.decide("get", &Method::GET, &url).is_ok());
//!
//! let denial = policy.decide("get", &Method::DELETE, &url).unwrap_err();
//! assert_eq!(
//!     denial.line.as_deref(),
//!     Some("get DELETE https://api.{settings.region}.example.com/v1/keys/42"),
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! From text to decision there are three steps, each of its own type: a [`RuleSet`] is what an adapter asks for or an
//! operator grants; [bound](RuleSet::bind) to an account's settings it is a [`Policy`]; the policy
//! [decides](Policy::decide) on one request of one operation, and a denial says which line would allow it.
//! [`Policy::explain`] tells the same to a person, with the rules that come nearest.
//!
//! A rule names hosts, and hosts have addresses. What one lookup found goes through [`Reach::resolved`], which refuses all
//! of it when any is not on the public internet; what comes back is what to dial:
//!
//! ```
//! use keywright_egress::{AddressClass, Reach};
//!
//! let found = vec!["8.8.8.8:443".parse()?, "[64:ff9b::a9fe:a9fe]:443".parse()?];
//! let refused = Reach::default().resolved("api.example.com", found).unwrap_err();
//! assert_eq!(refused.class, AddressClass::Metadata);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Requests are not normalised but read strictly: a URL that could be read in two ways is refused, so what is checked is
//! what is sent.

mod address;
mod covers;
mod denial;
mod explain;
mod header;
mod mint;
mod origin;
mod path;
mod policy;
mod reach;
mod rule;
mod shown;
mod target;

pub use address::AddressClass;
pub use denial::{Denial, DenialReason};
pub use explain::{Decision, Difference, Explanation, Nearest};
pub use header::is_reserved as is_reserved_header;
pub use mint::Minted;
pub use origin::{Origin, OriginError};
pub use path::{PathError, PathTemplate};
pub use policy::{Allowed, BindError, Policy};
pub use reach::{Checked, Reach, Refused};
pub use rule::{Rule, RuleError, RuleSet};
