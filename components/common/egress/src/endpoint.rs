//! Endpoints: the URLs that requests start with, and an account's overrides of them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use keywright_settings::{Reference, Template};
use serde_json::{Map, Value};

use crate::bind_error::BindError;
use crate::origin::{Origin, OriginError};
use crate::rule_error::{RuleError, excerpt};
use crate::segment;

/// The URL of an endpoint for one account: an origin, and what every path starts with.
///
/// Parses an override: `https://HOST[:PORT][/PREFIX]`, or `http://` for `localhost` and loopback addresses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EndpointUrl {
    /// The origin.
    pub origin: Origin,
    path_prefix: Box<str>,
}

impl EndpointUrl {
    /// What every path starts with: empty, or segments each after a slash, such as `/gateway/v2`.
    pub fn path_prefix(&self) -> &str {
        &self.path_prefix
    }
}

impl From<Origin> for EndpointUrl {
    fn from(origin: Origin) -> Self {
        Self { origin, path_prefix: Box::default() }
    }
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.origin, self.path_prefix)
    }
}

impl FromStr for EndpointUrl {
    type Err = EndpointUrlError;

    fn from_str(url: &str) -> Result<Self, EndpointUrlError> {
        let (scheme, rest) = url.split_once("://").ok_or(OriginError::Scheme)?;
        if scheme.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(EndpointUrlError::SchemeCase);
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(EndpointUrlError::UserInfo);
        }
        let (path, fragment) = path.split_once('#').map_or((path, None), |(path, fragment)| (path, Some(fragment)));
        match (path.contains('?'), fragment) {
            (true, _) => return Err(EndpointUrlError::Query),
            (_, Some(_)) => return Err(EndpointUrlError::Fragment),
            _ => {}
        }
        let origin = format!("{scheme}://{authority}").parse()?;
        let prefix = path.strip_suffix('/').unwrap_or(path);
        if !prefix.is_empty() && !prefix.split('/').skip(1).all(segment::is_plain) {
            return Err(EndpointUrlError::PathPrefix);
        }
        Ok(Self { origin, path_prefix: prefix.into() })
    }
}

/// Why a text is not the URL of an endpoint. No message repeats the text, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointUrlError {
    /// The scheme has capitals.
    #[error("the scheme of an endpoint must be in lower case")]
    SchemeCase,
    /// It has a user name or a password.
    #[error("an endpoint cannot have a user name or a password: remove what stands before the `@`")]
    UserInfo,
    /// It has a query.
    #[error("an endpoint cannot have a query: remove the `?` and what follows it")]
    Query,
    /// It has a fragment.
    #[error("an endpoint cannot have a fragment: remove the `#` and what follows it")]
    Fragment,
    /// Its path cannot be put in front of others.
    #[error(
        "the path of an endpoint must be made of plain segments: not empty, `.` or `..`, and without odd encodings"
    )]
    PathPrefix,
    /// What comes before the path is not an origin.
    #[error(transparent)]
    Origin(#[from] OriginError),
}

/// The URLs that an account uses in the places of an adapter's endpoints: a private installation, a proxy or a simulator.
///
/// Kept by the text of the endpoint's URL template, so that they apply to granted rules too, which know no names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointOverrides {
    all: Option<EndpointUrl>,
    by_template: BTreeMap<String, EndpointUrl>,
}

impl EndpointOverrides {
    /// No endpoint is overridden.
    pub fn none() -> Self {
        Self::default()
    }

    /// One URL in the place of every endpoint: for an adapter that has one endpoint only.
    pub fn all(url: EndpointUrl) -> Self {
        Self { all: Some(url), by_template: BTreeMap::new() }
    }

    /// Overrides by the names of endpoints. `endpoints` are all of an adapter: their names and the templates of their URLs.
    ///
    /// # Errors
    ///
    /// When an override names no endpoint, the URL of an endpoint is malformed, or two endpoints of one URL are not
    /// overridden in the same way: a rule that is granted for that URL cannot distinguish them.
    pub fn named<'n>(
        endpoints: impl IntoIterator<Item = (&'n str, &'n str)>,
        overrides: impl IntoIterator<Item = (&'n str, EndpointUrl)>,
    ) -> Result<Self, EndpointOverrideError> {
        let mut named: BTreeMap<&str, EndpointUrl> = overrides.into_iter().collect();
        let mut seen: BTreeMap<String, (&str, Option<EndpointUrl>)> = BTreeMap::new();
        for (name, url) in endpoints {
            let template = parse_template(url).map_err(Box::new)?.to_string();
            let url = named.remove(name);
            match seen.get(&template) {
                Some((other, override_)) if *override_ != url => {
                    return Err(EndpointOverrideError::Ambiguous { one: (*other).to_owned(), other: name.to_owned() });
                }
                Some(_) => {}
                None => {
                    seen.insert(template, (name, url));
                }
            }
        }
        if let Some(name) = named.keys().next() {
            return Err(EndpointOverrideError::Unknown { name: excerpt(name) });
        }
        let by_template = seen.into_iter().filter_map(|(template, (_, url))| url.map(|url| (template, url))).collect();
        Ok(Self { all: None, by_template })
    }

    /// Whether nothing is overridden.
    pub fn is_empty(&self) -> bool {
        self.all.is_none() && self.by_template.is_empty()
    }

    /// The origins of all overrides.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.all.iter().chain(self.by_template.values()).map(|url| &url.origin)
    }

    /// Where an endpoint is for an account: its override, or its template with the account's settings in their places.
    ///
    /// # Errors
    ///
    /// When a setting is missing, or does not make the name of a host.
    pub fn resolve(&self, endpoint: &Template, settings: &Map<String, Value>) -> Result<EndpointUrl, BindError> {
        if let Some(url) = self.get(&endpoint.to_string()) {
            return Ok(url.clone());
        }
        let url = endpoint.expand(settings, &|_| None)?;
        let refused = |cause| BindError::Origin { template: endpoint.to_string(), cause };
        let origin: Origin = url.parse().map_err(refused)?;
        match (origin.is_https(), origin.is_address()) {
            (false, _) => Err(refused(OriginError::Scheme)),
            (_, true) => Err(refused(OriginError::Address)),
            _ => Ok(origin.into()),
        }
    }

    /// The override of the endpoint whose template writes itself so.
    pub(crate) fn get(&self, template: &str) -> Option<&EndpointUrl> {
        self.by_template.get(template).or(self.all.as_ref())
    }
}

/// Why overrides do not fit an adapter's endpoints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointOverrideError {
    /// An override is for an endpoint that the adapter does not have.
    #[error("the adapter has no endpoint `{name}`")]
    Unknown {
        /// The name, shortened.
        name: String,
    },
    /// Two endpoints of one URL are overridden differently.
    #[error("the endpoints `{one}` and `{other}` have the same URL: override both with the same one, or neither")]
    Ambiguous {
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// The URL of an endpoint is malformed.
    #[error(transparent)]
    Endpoint(#[from] Box<RuleError>),
}

/// Reads the template of an endpoint's URL, in one spelling, so that two endpoints at one place are equal.
pub(crate) fn parse_template(url: &str) -> Result<Template, RuleError> {
    let template: Template = url.parse()?;
    let refused = |cause| RuleError::Endpoint { url: excerpt(url), cause };
    if !url.starts_with("https://") {
        return Err(refused(OriginError::Scheme));
    }
    // With letters in the places of its settings it must be an origin: no setting can then bring a path along unseen.
    let settings: Option<Map<String, Value>> = template
        .references()
        .map(|reference| match reference {
            Reference::Setting(name) => Some((name.to_owned(), "x".into())),
            Reference::Part(_) | Reference::Variable(_) => None,
        })
        .collect();
    let example = settings.and_then(|settings| template.expand(&settings, &|_| None).ok());
    let example = example.ok_or_else(|| refused(OriginError::Host))?;
    match example.parse::<Origin>() {
        Ok(_) if url.ends_with('/') => Err(refused(OriginError::Host)),
        Ok(origin) if origin.is_address() => Err(refused(OriginError::Address)),
        Ok(_) => {
            let url = url.to_ascii_lowercase();
            Ok(url.strip_suffix(":443").unwrap_or(&url).parse()?)
        }
        Err(cause) => Err(refused(cause)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn url(text: &str) -> EndpointUrl {
        text.parse().unwrap()
    }

    #[test]
    fn an_override_is_an_origin_and_a_prefix() {
        for (text, written, prefix) in [
            ("https://Vendor.Intern:8443", "https://vendor.intern:8443", ""),
            ("https://vendor.intern/", "https://vendor.intern", ""),
            ("https://vendor.intern/gateway/v2/", "https://vendor.intern/gateway/v2", "/gateway/v2"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x", "/x"),
        ] {
            assert_eq!((url(text).to_string().as_str(), url(text).path_prefix()), (written, prefix));
        }
    }

    #[test]
    fn an_override_that_is_refused_is_not_repeated() {
        for (text, error) in [
            ("vendor.intern/hunter2", EndpointUrlError::Origin(OriginError::Scheme)),
            ("ftp://vendor.intern/hunter2", EndpointUrlError::Origin(OriginError::Scheme)),
            ("HTTPS://vendor.intern/hunter2", EndpointUrlError::SchemeCase),
            ("https://admin:hunter2@vendor.intern", EndpointUrlError::UserInfo),
            ("https://hunter2@vendor.intern/?x", EndpointUrlError::UserInfo),
            ("https://vendor.intern?hunter2", EndpointUrlError::Query),
            ("https://vendor.intern/x?hunter2#y", EndpointUrlError::Query),
            ("https://vendor.intern#hunter2", EndpointUrlError::Fragment),
            ("https://vendor.intern/x#hunter2?y", EndpointUrlError::Fragment),
            ("http://vendor.intern/hunter2", EndpointUrlError::Origin(OriginError::PlainHttp)),
            ("https://vendor.intern:hunter2/x", EndpointUrlError::Origin(OriginError::Port)),
            ("https://vendor hunter2", EndpointUrlError::Origin(OriginError::Host)),
            ("https://vendor.intern//hunter2", EndpointUrlError::PathPrefix),
            ("https://vendor.intern/../hunter2", EndpointUrlError::PathPrefix),
            ("https://vendor.intern/hunter2%2f", EndpointUrlError::PathPrefix),
            ("https://vendor.intern/{hunter2}", EndpointUrlError::PathPrefix),
        ] {
            let refused = text.parse::<EndpointUrl>().unwrap_err();
            assert_eq!(refused, error, "{text}");
            assert!(!refused.to_string().contains("hunter2"));
        }
    }

    const ENDPOINTS: [(&str, &str); 3] = [
        ("api", "https://api.{settings.region}.example.com"),
        ("auth", "https://AUTH.example.com:443"),
        ("token", "https://auth.example.com"),
    ];

    #[test]
    fn an_endpoint_is_overridden_by_its_name() {
        let overrides = EndpointOverrides::named(ENDPOINTS, [("api", url("http://localhost:1/api"))]).unwrap();
        let settings = json!({"region": "eu-1"});
        let resolve = |template: &str| {
            overrides.resolve(&template.parse().unwrap(), settings.as_object().unwrap()).unwrap().to_string()
        };
        assert_eq!(resolve("https://api.{settings.region}.example.com"), "http://localhost:1/api");
        assert_eq!(resolve("https://auth.{settings.region}.example.com"), "https://auth.eu-1.example.com");
    }

    #[test]
    fn overrides_that_do_not_fit_the_endpoints_are_refused() {
        let named = |overrides: Vec<(&'static str, EndpointUrl)>| {
            EndpointOverrides::named(ENDPOINTS, overrides).map_err(|error| error.to_string())
        };
        assert_eq!(named(vec![("apis", url("https://a.b"))]), Err("the adapter has no endpoint `apis`".to_owned()));
        let one = named(vec![("auth", url("https://a.b"))]).unwrap_err();
        assert!(one.contains("`auth` and `token` have the same URL"), "{one}");
        assert!(named(vec![("auth", url("https://a.b")), ("token", url("https://a.b"))]).is_ok());
        let malformed = EndpointOverrides::named([("api", "http://a.b")], []).unwrap_err();
        assert!(matches!(malformed, EndpointOverrideError::Endpoint(_)));
    }
}
