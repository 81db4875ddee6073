//! Rules.

use std::fmt;
use std::hash::{Hash, Hasher};

use http::{HeaderName, Method};
use keywright_settings::Template;

use crate::demand::{Demand, DemandLocation};
use crate::endpoint;
use crate::header::is_forbidden_header;
use crate::identifier::is_identifier;
use crate::key::{display_key, is_key, parse_key};
use crate::path::{PathTemplate, split_outside_braces};
use crate::placement::{BodyLocation, Placement};
use crate::rule_error::{RuleError, excerpt};
use crate::secret::SecretLocation;

/// What operations may send, and what the host does with the request and its answer; one line of text. The crate's
/// documentation has its grammar.
///
/// `Display` writes the line in its one normal form, which parses to the same rule.
#[derive(Clone, Debug, Eq)]
pub struct Rule {
    /// The operations that may send it.
    pub operations: Vec<String>,
    /// The method.
    pub method: Method,
    /// The scheme, host and port: `https://` and a host that may hold settings, in lower case and without port 443.
    pub endpoint: Template,
    /// The name that the adapter has for the endpoint. The line does not have it, and rules that differ in it alone are
    /// equal.
    pub endpoint_name: Option<String>,
    /// The path.
    pub path: PathTemplate,
    /// The query keys that may be sent, besides those that are demanded. Without such a list any may, except keys that
    /// authenticate, override the method or change the form of the answer; where the request mints, none may, for any key
    /// could move the secret in the answer.
    pub query_keys: Option<Vec<String>>,
    /// The authentication scheme; none for the adapter's first.
    pub scheme: Option<String>,
    /// The values that a request must carry.
    pub demands: Vec<Demand>,
    /// Headers that the adapter may set, besides those that are demanded and those that every adapter may.
    pub headers: Vec<HeaderName>,
    /// The secrets that the host puts into the request.
    pub sends: Vec<Placement>,
    /// Whether the request makes a credential, or a new secret of one: it may be sent once in a call.
    pub mints: bool,
    /// The secrets that the answer holds.
    pub secrets: Vec<SecretLocation>,
}

impl Rule {
    /// A rule from its three parts, of which the URL may end with `?KEY,KEY`.
    ///
    /// # Errors
    ///
    /// When a part is malformed.
    pub fn new<'o>(operations: impl IntoIterator<Item = &'o str>, method: &str, url: &str) -> Result<Self, RuleError> {
        let start = "https://".len();
        let slash = url.get(start..).and_then(|rest| rest.find('/')).map(|slash| slash + start);
        let (endpoint, path) = slash.map(|slash| url.split_at(slash)).ok_or(RuleError::Form)?;
        Self::at(operations, method, endpoint, path)
    }

    /// A rule for a path at an endpoint, of which the path may end with `?KEY,KEY`.
    ///
    /// # Errors
    ///
    /// When a part is malformed.
    pub fn at<'o>(
        operations: impl IntoIterator<Item = &'o str>,
        method: &str,
        endpoint: &str,
        path: &str,
    ) -> Result<Self, RuleError> {
        let mut parts = split_outside_braces(path, '?').into_iter();
        let (path, keys) = (parts.next().unwrap_or_default(), parts.next());
        if let Some(again) = parts.next() {
            return Err(RuleError::Key(excerpt(again)));
        }
        let keys = match keys {
            None => None,
            Some("") => Some(Vec::new()),
            Some(keys) => Some(keys.split(',').map(parse_key).collect::<Result<_, _>>()?),
        };
        let rule = Self {
            operations: operations.into_iter().map(str::to_owned).collect(),
            method: method_from(method)?,
            endpoint: endpoint::parse_template(endpoint)?,
            endpoint_name: None,
            path: path.parse()?,
            query_keys: keys,
            scheme: None,
            demands: Vec::new(),
            headers: Vec::new(),
            sends: Vec::new(),
            mints: false,
            secrets: Vec::new(),
        };
        rule.validate()?;
        Ok(rule)
    }

    /// Checks all that a rule's line could not say: for a rule whose fields were filled in one by one.
    ///
    /// # Errors
    ///
    /// When a name is malformed or stands twice, a header is forbidden, a value cannot be demanded, or what the rule mints
    /// and hides does not fit together.
    pub fn validate(&self) -> Result<(), RuleError> {
        /// The operations that make a secret.
        const MINTING: [&str; 4] = ["create", "update", "set-enabled", "regenerate"];
        if self.operations.is_empty() {
            return Err(RuleError::Form);
        }
        if let Some(name) = self.operations.iter().find(|name| !is_identifier(name)) {
            return Err(RuleError::Operation(excerpt(name)));
        }
        method_from(self.method.as_str())?;
        endpoint::parse_template(&self.endpoint.to_string())?;
        for key in self.query_keys.iter().flatten() {
            if !is_key(key) {
                return Err(RuleError::Key(excerpt(key)));
            }
        }
        if let Some(scheme) = self.scheme.as_deref().filter(|scheme| !is_identifier(scheme)) {
            return Err(RuleError::Scheme(excerpt(scheme)));
        }
        self.validate_demands()?;
        let demanded = self.demands.iter().filter_map(|demand| match &demand.location {
            DemandLocation::Header(name) => Some(name),
            _ => None,
        });
        if let Some(name) = self.headers.iter().chain(demanded).find(|name| is_forbidden_header(name)) {
            return Err(RuleError::ForbiddenHeader(name.to_string()));
        }
        for placement in &self.sends {
            placement.validate()?;
            match &placement.location {
                BodyLocation::Header(name) if !self.headers.contains(name) => {
                    return Err(RuleError::UnnamedHeader(name.to_string()));
                }
                _ => {}
            }
        }
        self.secrets.iter().try_for_each(SecretLocation::validate)?;
        if let Some(operation) = self.operations.iter().find(|name| !MINTING.contains(&name.as_str()))
            && self.mints
        {
            return Err(RuleError::MintingOperation(operation.clone()));
        }
        unique(&self.operations, |one, other| one == other)?;
        unique(self.query_keys.as_deref().unwrap_or_default(), |one, other| one == other)?;
        unique(&self.headers, |one, other| one == other)?;
        unique(&self.sends, |one, other| one.location == other.location)?;
        unique(&self.secrets, |one, other| one.location == other.location)
    }

    /// The list of query keys that may be sent; none where any may.
    pub(crate) fn listed_keys(&self) -> Option<&[String]> {
        match &self.query_keys {
            None if self.mints => Some(&[]),
            keys => keys.as_deref(),
        }
    }

    fn validate_demands(&self) -> Result<(), RuleError> {
        self.demands.iter().try_for_each(Demand::validate)?;
        unique(&self.demands, |one, other| one.location.collides(&other.location))?;
        let has = |is: fn(&DemandLocation) -> bool| self.demands.iter().any(|demand| is(&demand.location));
        let form = has(|location| matches!(location, DemandLocation::Form(_)));
        if form && has(|location| matches!(location, DemandLocation::Json(_))) {
            return Err(RuleError::TwoBodies);
        }
        Ok(())
    }

    /// What the rule says, but for the name of its endpoint.
    fn content(&self) -> impl Eq + Hash {
        let Self {
            operations,
            method,
            endpoint,
            endpoint_name: _,
            path,
            query_keys,
            scheme,
            demands,
            headers,
            sends,
            mints,
            secrets,
        } = self;
        ((operations, method, endpoint, path, query_keys, scheme), (demands, headers, sends, mints, secrets))
    }
}

/// Refuses a list in which two items are one.
fn unique<Item: fmt::Display>(items: &[Item], same: impl Fn(&Item, &Item) -> bool) -> Result<(), RuleError> {
    let again = items.iter().enumerate().find(|(index, item)| items[..*index].iter().any(|other| same(other, item)));
    again.map_or(Ok(()), |(_, item)| Err(RuleError::Repeated(excerpt(&item.to_string()))))
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.content() == other.content()
    }
}

impl Hash for Rule {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.content().hash(state);
    }
}

/// The methods that vendors' APIs use. `CONNECT` opens a tunnel and `TRACE` echoes credentials, so there are no rules
/// for those.
fn method_from(name: &str) -> Result<Method, RuleError> {
    const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    METHODS.into_iter().find(|method| method.as_str() == name).ok_or_else(|| RuleError::Method(excerpt(name)))
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}{}", self.operations.join(","), self.method, self.endpoint, self.path)?;
        if let Some(keys) = &self.query_keys {
            let keys: Vec<String> = keys.iter().map(|key| display_key(key)).collect();
            write!(formatter, "?{}", keys.join(","))?;
        }
        if let Some(scheme) = &self.scheme {
            write!(formatter, " as {scheme}")?;
        }
        self.demands.iter().try_for_each(|demand| write!(formatter, " {demand}"))?;
        if !self.headers.is_empty() {
            let names: Vec<&str> = self.headers.iter().map(HeaderName::as_str).collect();
            write!(formatter, " headers {}", names.join(","))?;
        }
        self.sends.iter().try_for_each(|placement| write!(formatter, " sends {placement}"))?;
        if self.mints && self.secrets.is_empty() {
            formatter.write_str(" mints")?;
        }
        let verb = if self.mints { "mints" } else { "hides" };
        self.secrets.iter().try_for_each(|secret| write!(formatter, " {verb} {secret}"))
    }
}
