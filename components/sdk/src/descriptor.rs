//! What an adapter tells of itself.

use std::fmt;

use crate::http::direct::{self, Authenticate};
use crate::{Method, Operation, Supports, marker};

/// What the vendor is and can do, built up call by call. The host derives its rules, its help and its documentation from
/// this, so nothing about a vendor is said twice.
#[derive(Clone, Debug)]
pub struct Descriptor {
    pub(crate) vendor: &'static str,
    pub(crate) title: &'static str,
    pub(crate) version: &'static str,
    pub(crate) settings: &'static str,
    pub(crate) attributes: &'static str,
    pub(crate) endpoints: Vec<(&'static str, &'static str)>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) scheme: Scheme,
    pub(crate) authenticate: Authenticate,
    pub(crate) parts: Vec<Part>,
    pub(crate) id_pattern: &'static str,
    pub(crate) id_forms: Vec<&'static str>,
    pub(crate) expiry: ExpirySupport,
    pub(crate) marker: Option<(&'static str, u32)>,
    pub(crate) max_live_per_owner: Option<u32>,
    pub(crate) consistency_delay: u32,
    pub(crate) last_used: LastUsed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) operations: Vec<Operation>,
    pub(crate) endpoint: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) secrets: Vec<SecretLocation>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretLocation {
    pub(crate) part: &'static str,
    pub(crate) pointer: &'static str,
    pub(crate) public_prefix_ends_with: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) secret: bool,
    pub(crate) identifies: bool,
    pub(crate) environment: &'static [&'static str],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Headers(Vec<(&'static str, &'static str)>),
    Basic {
        username: &'static str,
        password: &'static str,
    },
    OAuth2ClientCredentials(OAuth2),
    Signature {
        algorithm: &'static str,
        access_key: &'static str,
        secret_key: &'static str,
        region: &'static str,
        service: &'static str,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OAuth2 {
    pub(crate) endpoint: &'static str,
    pub(crate) path: &'static str,
    pub(crate) client_id: &'static str,
    pub(crate) client_secret: &'static str,
    pub(crate) scope: Option<&'static str>,
}

/// What the vendor can do with an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpirySupport {
    /// There is none.
    None,
    /// Given at creation, never changed.
    AtCreation,
    /// May be given later to a credential that has none, never changed once given.
    AddOnce,
    /// Can be set, moved and cleared.
    Mutable,
    /// Can be changed, and each change also makes a new secret.
    MutableRegenerates,
}

/// How exactly the vendor tells when a credential was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastUsed {
    /// It does not tell.
    None,
    /// The day.
    Day,
    /// The instant.
    Instant,
}

impl Descriptor {
    /// A descriptor with nothing but names: the vendor's short name, a title for people, the version of the adapter.
    pub fn new(vendor: &'static str, title: &'static str, version: &'static str) -> Self {
        Self {
            vendor,
            title,
            version,
            settings: r#"{"type": "object", "additionalProperties": false}"#,
            attributes: r#"{"type": "object", "additionalProperties": false}"#,
            endpoints: Vec::new(),
            rules: Vec::new(),
            scheme: Scheme::Headers(Vec::new()),
            authenticate: direct::with_headers,
            parts: Vec::new(),
            id_pattern: "^.+$",
            id_forms: Vec::new(),
            expiry: ExpirySupport::None,
            marker: None,
            max_live_per_owner: None,
            consistency_delay: 0,
            last_used: LastUsed::None,
        }
    }

    /// The JSON Schema (2020-12) of account settings; `x-keywright-env` on a property lists the environment variables in
    /// which users of the vendor keep it.
    pub fn settings(mut self, schema: &'static str) -> Self {
        self.settings = schema;
        self
    }

    /// The JSON Schema (2020-12) of attributes; `readOnly`, `x-keywright-replace` and `x-keywright-filter` mark what is
    /// computed, what cannot change in place and what can select a list.
    pub fn attributes(mut self, schema: &'static str) -> Self {
        self.attributes = schema;
        self
    }

    /// A place to speak to: `https://` and a host, in which `{settings.NAME}` stands for a setting.
    pub fn endpoint(mut self, name: &'static str, url: &'static str) -> Self {
        self.endpoints.push((name, url));
        self
    }

    /// Authenticates with this header; may be called again for a further one. `{parts.NAME}` and `{settings.NAME}` stand
    /// for a part of the credential and for a setting.
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        match &mut self.scheme {
            Scheme::Headers(headers) => headers.push((name, value)),
            _ => {
                self.scheme = Scheme::Headers(vec![(name, value)]);
                self.authenticate = direct::with_headers;
            }
        }
        self
    }

    /// Authenticates with HTTP Basic (RFC 7617).
    pub fn basic(mut self, username: &'static str, password: &'static str) -> Self {
        self.scheme = Scheme::Basic { username, password };
        self.authenticate = direct::with_basic;
        self
    }

    /// Authenticates with a bearer token got by the client credentials grant (RFC 6749 section 4.4).
    pub fn oauth2_client_credentials(
        mut self,
        endpoint: &'static str,
        path: &'static str,
        client_id: &'static str,
        client_secret: &'static str,
        scope: Option<&'static str>,
    ) -> Self {
        self.scheme = Scheme::OAuth2ClientCredentials(OAuth2 { endpoint, path, client_id, client_secret, scope });
        self.authenticate = direct::with_oauth2;
        self
    }

    /// Authenticates with a signature over each request; `algorithm` expands to `osc4` or `aws4`.
    pub fn signature(
        mut self,
        algorithm: &'static str,
        access_key: &'static str,
        secret_key: &'static str,
        region: &'static str,
        service: &'static str,
    ) -> Self {
        self.scheme = Scheme::Signature { algorithm, access_key, secret_key, region, service };
        self.authenticate = direct::with_signature;
        self
    }

    /// A public part that is also the credential's id, or the last segment of the id.
    pub fn id_part(self, name: &'static str, title: &'static str, environment: &'static [&'static str]) -> Self {
        self.part(Part { name, title, secret: false, identifies: true, environment })
    }

    /// A public part.
    pub fn public_part(self, name: &'static str, title: &'static str, environment: &'static [&'static str]) -> Self {
        self.part(Part { name, title, secret: false, identifies: false, environment })
    }

    /// A secret part.
    pub fn secret_part(self, name: &'static str, title: &'static str, environment: &'static [&'static str]) -> Self {
        self.part(Part { name, title, secret: true, identifies: false, environment })
    }

    /// A secret part that starts with the credential's id, or with the last segment of the id: what stands before the
    /// character that ends its [public prefix](Self::minting_after_prefix).
    pub fn secret_part_after_id(
        self,
        name: &'static str,
        title: &'static str,
        environment: &'static [&'static str],
    ) -> Self {
        self.part(Part { name, title, secret: true, identifies: true, environment })
    }

    fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// The form of ids: an anchored regular expression, and the forms in words for people.
    pub fn id(mut self, pattern: &'static str, forms: &[&'static str]) -> Self {
        self.id_pattern = pattern;
        self.id_forms = forms.to_vec();
        self
    }

    /// Lets the operations send such requests. In the path, `{settings.NAME}` stands for a setting and `{NAME}` for any
    /// one segment.
    pub fn rule(
        mut self,
        operations: &[Operation],
        method: Method,
        endpoint: &'static str,
        path: &'static str,
    ) -> Self {
        self.rules.push(Rule { operations: operations.to_vec(), endpoint, method, path, secrets: Vec::new() });
        self
    }

    /// Says that the answer to the rule before holds a secret: the part that it is, and the JSON pointer to it.
    pub fn minting(self, part: &'static str, pointer: &'static str) -> Self {
        self.minting_after_prefix(part, pointer, "")
    }

    /// [`minting`](Self::minting) a value that is public up to and including the first of these characters.
    pub fn minting_after_prefix(
        mut self,
        part: &'static str,
        pointer: &'static str,
        public_prefix_ends_with: &'static str,
    ) -> Self {
        if let Some(rule) = self.rules.last_mut() {
            rule.secrets.push(SecretLocation { part, pointer, public_prefix_ends_with });
        }
        self
    }

    /// What the vendor can do with an expiry; [`ExpirySupport::None`] unless said.
    pub fn expiry(mut self, support: ExpirySupport) -> Self {
        self.expiry = support;
        self
    }

    /// The attribute whose field holds the marker, written there by [`marker::join`], and the characters that field
    /// takes.
    pub fn marker(mut self, attribute: &'static str, field_length: u32) -> Self {
        self.marker = Some((attribute, marker::room(field_length)));
        self
    }

    /// How many live credentials one owner may have.
    pub fn max_live_per_owner(mut self, count: u32) -> Self {
        self.max_live_per_owner = Some(count);
        self
    }

    /// How long, in seconds, the vendor may still tell the old state after a change.
    pub fn consistency_delay(mut self, seconds: u32) -> Self {
        self.consistency_delay = seconds;
        self
    }

    /// How exactly the vendor tells when a credential was last used; [`LastUsed::None`] unless said.
    pub fn last_used(mut self, precision: LastUsed) -> Self {
        self.last_used = precision;
        self
    }

    /// Checks the descriptor against the adapter it belongs to: every operation that is implemented has a rule, every
    /// rule names an operation that is implemented, an endpoint and parts that are described. For a unit test of the
    /// adapter; the host checks the same when it loads the component.
    pub fn check<A: Supports>(&self) -> Result<(), DescriptorProblem> {
        for operation in A::OPERATIONS {
            if !self.rules.iter().any(|rule| rule.operations.contains(operation)) {
                return Err(DescriptorProblem::NoRule(*operation));
            }
        }
        for rule in &self.rules {
            if let Some(operation) = rule.operations.iter().find(|operation| !A::OPERATIONS.contains(operation)) {
                return Err(DescriptorProblem::NotImplemented(*operation));
            }
            if !self.endpoints.iter().any(|(name, _)| *name == rule.endpoint) {
                return Err(DescriptorProblem::NoEndpoint(rule.endpoint));
            }
            if let Some(secret) =
                rule.secrets.iter().find(|secret| !self.parts.iter().any(|part| part.name == secret.part))
            {
                return Err(DescriptorProblem::NoPart(secret.part));
            }
        }
        for (what, schema) in [("settings", self.settings), ("attributes", self.attributes)] {
            if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(schema).is_err() {
                return Err(DescriptorProblem::Schema(what));
            }
        }
        Ok(())
    }
}

/// A contradiction within a descriptor, or between it and its adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DescriptorProblem {
    /// The operation is implemented but may send nothing.
    NoRule(Operation),
    /// A rule is for an operation that is not implemented.
    NotImplemented(Operation),
    /// A rule names an endpoint that is not described.
    NoEndpoint(&'static str),
    /// A rule mints a part that is not described.
    NoPart(&'static str),
    /// The schema of the settings or the attributes is no JSON object.
    Schema(&'static str),
}

impl fmt::Display for DescriptorProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRule(operation) => {
                write!(formatter, "`{}` is implemented but no rule lets it send anything: add one", operation.name())
            }
            Self::NotImplemented(operation) => {
                write!(
                    formatter,
                    "a rule is for `{}`, which is not implemented: implement it or drop it",
                    operation.name()
                )
            }
            Self::NoEndpoint(name) => write!(formatter, "a rule names the endpoint `{name}`, which is not described"),
            Self::NoPart(name) => write!(formatter, "a rule mints the part `{name}`, which is not described"),
            Self::Schema(what) => write!(formatter, "the schema of the {what} is no JSON object"),
        }
    }
}

impl std::error::Error for DescriptorProblem {}
