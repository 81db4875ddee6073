//! What an adapter tells of itself, checked.

use keywright_auth::{Basic, ClientCredentials, HeaderTemplate, Scheme, Signature};
use keywright_egress::{Minted, Rule, RuleSet};
use keywright_settings::Template;
use serde::Serialize;
use serde_json::Value;

use crate::contract::bindings::descriptors as wire;
use crate::contract::operation::Operation;

/// All that an adapter tells of itself. Everything that depends on a vendor is derived from this.
#[derive(Clone, Debug, Serialize)]
pub struct Descriptor {
    /// The short name.
    pub vendor: String,
    /// A few words for a person.
    pub title: String,
    /// The version of the adapter.
    pub version: String,
    /// The operations that work.
    pub operations: Vec<Operation>,
    /// The JSON Schema of an account's settings.
    pub settings: Value,
    /// The JSON Schema of a credential's attributes.
    pub attributes: Value,
    /// Where the vendor is reached.
    pub endpoints: Vec<Endpoint>,
    /// What the adapter asks to send, and where the answers hold secrets: one line a rule.
    #[serde(serialize_with = "as_lines")]
    pub rules: RuleSet,
    /// How requests are authenticated.
    #[serde(skip)]
    pub scheme: Scheme,
    /// What a credential is made of.
    pub parts: Vec<PartDescription>,
    /// An anchored regular expression that every id matches.
    pub id_pattern: String,
    /// The forms of an id in words.
    pub id_forms: Vec<String>,
    /// What the vendor can do with an expiry.
    pub expiry: ExpirySupport,
    /// Where a marker is kept.
    pub marker: Option<MarkerSupport>,
    /// How many live credentials one owner may have.
    pub max_live_per_owner: Option<u32>,
    /// How long, in seconds, the vendor may still tell the old state after a change.
    pub consistency_delay: u32,
    /// How exactly the vendor tells when a credential was last used.
    pub last_used: LastUsed,
}

/// A place at the vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// The name that rules refer to.
    pub name: String,
    /// `https://` and a host, with `{settings.NAME}` for account settings.
    pub url: String,
}

/// A part that a credential is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartDescription {
    /// The name.
    pub name: String,
    /// A few words for a person.
    pub title: String,
    /// Whether it is secret.
    pub secret: bool,
    /// Whether it is the credential's id, or the last segment of it; of a secret part, whether its public prefix is.
    pub identifies: bool,
    /// Environment variables in which users of the vendor keep it.
    pub environment: Vec<String>,
}

/// Where a marker is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarkerSupport {
    /// The attribute whose field holds it.
    pub attribute: String,
    /// The longest marker, in characters.
    pub max_length: u32,
}

/// What the vendor can do with an expiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
    /// A kind of a later version of the contract.
    Other(String),
}

/// How exactly the vendor tells when a credential was last used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LastUsed {
    /// It does not tell.
    None,
    /// The day.
    Day,
    /// The instant.
    Instant,
    /// A precision of a later version of the contract.
    Other(String),
}

/// The operation under which the host's own token requests are checked against the rules.
pub(crate) const AUTHENTICATE: &str = "authenticate";

impl Descriptor {
    /// Reads what a component told, and finds what contradicts itself.
    pub(crate) fn read(wire: wire::Descriptor) -> Result<Self, String> {
        let operations = operations(&wire.operations)?;
        let scheme = scheme(wire.authentication)?;
        let endpoints: Vec<Endpoint> =
            wire.endpoints.into_iter().map(|endpoint| Endpoint { name: endpoint.name, url: endpoint.url }).collect();
        let mut rules = RuleSet::default();
        for rule in wire.rules {
            let served: Vec<&str> = rule.operations.iter().map(String::as_str).collect();
            let mints = rule.secrets.iter().map(minted).collect::<Result<_, _>>()?;
            let at = rule_at(&endpoints, &served, &rule.method, &rule.endpoint, &rule.path)?;
            rules.rules.push(Rule { mints, ..at });
        }
        if let Scheme::OAuth2ClientCredentials(grant) = &scheme {
            let path = grant.path.to_string();
            rules.rules.push(rule_at(&endpoints, &[AUTHENTICATE], "POST", &grant.endpoint, &path)?);
        }
        let descriptor = Self {
            vendor: wire.vendor,
            title: wire.title,
            version: wire.version,
            operations,
            settings: schema("settings", &wire.settings)?,
            attributes: schema("attributes", &wire.attributes)?,
            endpoints,
            rules,
            scheme,
            parts: wire.parts.into_iter().map(PartDescription::from).collect(),
            id_pattern: wire.id.pattern,
            id_forms: wire.id.forms,
            expiry: wire.expiry.into(),
            marker: wire
                .marker
                .map(|marker| MarkerSupport { attribute: marker.attribute, max_length: marker.max_length }),
            max_live_per_owner: wire.max_live_per_owner,
            consistency_delay: wire.consistency_delay,
            last_used: wire.last_used.into(),
        };
        descriptor.check()?;
        Ok(descriptor)
    }

    /// The part of this name.
    pub fn part(&self, name: &str) -> Option<&PartDescription> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// What is public of the value of a secret part, without the character that ends it; none when nothing is.
    pub(crate) fn public_prefix<'v>(&self, part: &str, value: &'v str) -> Option<&'v str> {
        let mut minted = self.rules.rules.iter().flat_map(|rule| &rule.mints).filter(|minted| minted.part == part);
        let ends_with = &minted.find(|minted| !minted.public_prefix_ends_with.is_empty())?.public_prefix_ends_with;
        let (public, _) = value.split_once(|character| ends_with.contains(character))?;
        Some(public).filter(|public| !public.is_empty())
    }

    /// Whether the operation works.
    pub fn supports(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }

    /// The texts for people, and the names that stand among them.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let parts = self
            .parts
            .iter()
            .flat_map(|part| [&part.name, &part.title].into_iter().chain(&part.environment).map(String::as_str));
        let forms = self.id_forms.iter().map(String::as_str);
        let marker = self.marker.iter().map(|marker| marker.attribute.as_str());
        let endpoints = self.endpoints.iter().map(|endpoint| endpoint.name.as_str());
        let own = [&self.title, &self.version, &self.id_pattern].into_iter().map(String::as_str);
        own.chain(parts).chain(forms).chain(marker).chain(endpoints)
    }

    fn check(&self) -> Result<(), String> {
        if !is_name(&self.vendor) {
            return Err("the vendor's name must be lower-case letters, digits and `-`".to_owned());
        }
        // What is shown when a grant is asked for must be what is there to see.
        if let Some(text) = self.texts().find(|text| text.contains(char::is_control)) {
            return Err(format!("`{}` has control characters", text.escape_debug()));
        }
        for operation in &self.operations {
            let served = |rule: &Rule| rule.operations.iter().any(|name| name == operation.name());
            if !self.rules.rules.iter().any(served) {
                return Err(format!("`{operation}` is said to work, but no rule lets it send anything"));
            }
        }
        for rule in &self.rules.rules {
            let unknown = rule.operations.iter().find(|name| {
                *name != AUTHENTICATE && !self.operations.iter().any(|operation| operation.name() == *name)
            });
            if let Some(name) = unknown {
                return Err(format!("a rule is for `{name}`, which is not said to work"));
            }
        }
        for minted in self.rules.rules.iter().flat_map(|rule| &rule.mints) {
            if !self.part(&minted.part).is_some_and(|part| part.secret) {
                return Err(format!("a rule mints `{}`, which is no secret part", minted.part));
            }
        }
        if let Some(part) = self.scheme.part_names().into_iter().find(|name| self.part(name).is_none()) {
            return Err(format!("the authentication refers to the part `{part}`, which is not described"));
        }
        Ok(())
    }
}

fn rule_at(
    endpoints: &[Endpoint],
    operations: &[&str],
    method: &str,
    endpoint: &str,
    path: &str,
) -> Result<Rule, String> {
    let Some(at) = endpoints.iter().find(|known| known.name == endpoint) else {
        return Err(format!("a rule names the endpoint `{endpoint}`, which is not described"));
    };
    Rule::at(operations.iter().copied(), method, &at.url, path).map_err(|error| error.to_string())
}

fn minted(wire: &wire::SecretLocation) -> Result<Minted, String> {
    Minted::new(&wire.part, &wire.pointer, &wire.public_prefix_ends_with).map_err(|error| error.to_string())
}

fn operations(names: &[String]) -> Result<Vec<Operation>, String> {
    names.iter().map(|name| name.parse().map_err(|_| format!("there is no operation `{name}`"))).collect()
}

fn schema(what: &str, json: &str) -> Result<Value, String> {
    serde_json::from_str(json).map_err(|error| format!("the schema of the {what} is no JSON: {error}"))
}

fn scheme(wire: wire::AuthenticationScheme) -> Result<Scheme, String> {
    let template = |text: String| text.parse::<Template>().map_err(|error| error.to_string());
    Ok(match wire {
        wire::AuthenticationScheme::Headers(headers) => Scheme::Headers(
            headers
                .iter()
                .map(|header| HeaderTemplate::parse(&header.name, &header.value).map_err(|error| error.to_string()))
                .collect::<Result<_, _>>()?,
        ),
        wire::AuthenticationScheme::Basic(basic) => {
            Scheme::Basic(Basic { username: template(basic.username)?, password: template(basic.password)? })
        }
        wire::AuthenticationScheme::Oauth2ClientCredentials(grant) => {
            Scheme::OAuth2ClientCredentials(ClientCredentials {
                endpoint: grant.endpoint,
                path: template(grant.path)?,
                client_id: template(grant.client_id)?,
                client_secret: template(grant.client_secret)?,
                scope: grant.scope.map(template).transpose()?,
            })
        }
        wire::AuthenticationScheme::Signature(signature) => Scheme::Signature(Signature {
            algorithm: template(signature.algorithm)?,
            access_key: template(signature.access_key)?,
            secret_key: template(signature.secret_key)?,
            region: template(signature.region)?,
            service: template(signature.service)?,
        }),
        wire::AuthenticationScheme::Other(name) => {
            return Err(format!("this host does not know the authentication scheme `{name}`: use a newer one"));
        }
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl From<wire::PartDescription> for PartDescription {
    fn from(wire: wire::PartDescription) -> Self {
        Self {
            name: wire.name,
            title: wire.title,
            secret: wire.secret,
            identifies: wire.identifies,
            environment: wire.environment,
        }
    }
}

impl From<wire::ExpirySupport> for ExpirySupport {
    fn from(wire: wire::ExpirySupport) -> Self {
        match wire {
            wire::ExpirySupport::None => Self::None,
            wire::ExpirySupport::AtCreation => Self::AtCreation,
            wire::ExpirySupport::AddOnce => Self::AddOnce,
            wire::ExpirySupport::Mutable => Self::Mutable,
            wire::ExpirySupport::MutableRegenerates => Self::MutableRegenerates,
            wire::ExpirySupport::Other(name) => Self::Other(name),
        }
    }
}

impl From<wire::LastUsedPrecision> for LastUsed {
    fn from(wire: wire::LastUsedPrecision) -> Self {
        match wire {
            wire::LastUsedPrecision::None => Self::None,
            wire::LastUsedPrecision::Day => Self::Day,
            wire::LastUsedPrecision::Instant => Self::Instant,
            wire::LastUsedPrecision::Other(name) => Self::Other(name),
        }
    }
}

fn as_lines<S: serde::Serializer>(rules: &RuleSet, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rules.rules.iter().map(Rule::to_string))
}
