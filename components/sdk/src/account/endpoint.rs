//! Where requests go.

use keywright_settings::{ExpandError, Template};
use serde_json::{Map, Value};

use crate::wire::descriptors as wire;
use crate::{Failure, FieldProblem, Problem, Result};

/// An endpoint of the descriptor, and where an account reaches it instead.
pub(super) struct Endpoint {
    pub(super) name: &'static str,
    /// `https://` and a host: a settings template.
    described: &'static str,
    instead: Option<Base>,
}

/// What stands before a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    pub(crate) https: bool,
    /// Host, and port where it is not the scheme's own.
    pub(crate) authority: String,
    /// What an override puts in front of every path.
    pub(crate) prefix: String,
    /// The authority that the descriptor gives, where another is used: a vendor behind a gateway writes links with its own.
    pub(crate) described: Option<String>,
}

impl Endpoint {
    pub(super) fn new(endpoint: &wire::Endpoint) -> Self {
        Self { name: endpoint.name.as_str(), described: endpoint.url.as_str(), instead: None }
    }

    /// Has the endpoint of this name reached at another URL.
    pub(super) fn replace(endpoints: &mut [Self], name: &str, url: &str) -> Result<()> {
        let problem =
            |problem, message| Failure::from(FieldProblem::new(["/endpoints/", name].concat(), problem, message));
        let Some(endpoint) = endpoints.iter_mut().find(|endpoint| endpoint.name == name) else {
            return Err(problem(Problem::Unknown, "is not an endpoint of this adapter"));
        };
        let Some(base) = Base::parse(url) else {
            return Err(problem(
                Problem::Format,
                "is not `https://` with a host and an optional path (`http://` for a loopback address only)",
            ));
        };
        endpoint.instead = Some(base);
        Ok(())
    }

    pub(super) fn base(&self, settings: &Map<String, Value>) -> Result<Base> {
        let described = self.described(settings);
        match &self.instead {
            Some(instead) => Ok(Base { described: described.ok(), ..instead.clone() }),
            None => Ok(Base { https: true, authority: described?, prefix: String::new(), described: None }),
        }
    }

    /// The authority that the descriptor gives.
    fn described(&self, settings: &Map<String, Value>) -> Result<String> {
        let url = template(self.described)?.expand(settings, &|_| None).map_err(setting_problem)?;
        match Base::parse(&url) {
            Some(Base { https: true, authority, prefix, .. }) if prefix.is_empty() => Ok(authority),
            _ => {
                Err(FieldProblem::new("/settings", Problem::Format, "do not make a URL of the vendor's endpoint")
                    .into())
            }
        }
    }
}

/// A template of the descriptor. Not inlined: a scheme has several, and components carry this code once.
#[inline(never)]
pub(crate) fn template(text: &str) -> Result<Template> {
    Template::parse(text).map_err(|_| Failure::adapter_error("the adapter's descriptor has a malformed template"))
}

/// What is wrong with the settings, or with the parts, that a template refers to.
#[inline(never)]
pub(crate) fn setting_problem(error: ExpandError) -> FieldProblem {
    let (place, name, message) = match &error {
        ExpandError::MissingSetting { name } => ("/settings/", name.as_str(), "is missing"),
        ExpandError::SettingType { name, .. } => {
            ("/settings/", name.as_str(), "is not a string, an integer or a boolean")
        }
        ExpandError::MissingPart { name } => {
            ("/authentication/", name.as_str(), "is missing: add it to the credential")
        }
        _ => ("/settings", "", "do not fill a template of the adapter"),
    };
    FieldProblem::new([place, name].concat(), Problem::Required, message)
}

impl Base {
    fn parse(url: &str) -> Option<Self> {
        let (https, rest) = match url.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("http://")?),
        };
        let rest = rest.trim_end_matches('/');
        let (authority, prefix) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\\\"<>".contains(&byte));
        let fits = !authority.is_empty() && plain(rest) && (https || is_loopback(authority));
        fits.then(|| Self { https, authority: authority.to_owned(), prefix: prefix.to_owned(), described: None })
    }
}

/// Whether a host is this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let is_number = |part: &str| part.parse::<u8>().is_ok();
    host == "localhost"
        || host == "[::1]"
        || (host.starts_with("127.") && host.split('.').count() == 4 && host.split('.').all(is_number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reason;

    #[test]
    fn an_endpoint_is_overridden_by_an_origin_and_a_path() {
        let base = |url: &str| Base::parse(url).map(|base| (base.https, base.authority, base.prefix));
        let expected = |https, authority: &str, prefix: &str| Some((https, authority.to_owned(), prefix.to_owned()));
        assert_eq!(base("https://127.0.0.1:8443"), expected(true, "127.0.0.1:8443", ""));
        assert_eq!(base("https://gateway.example.com/vendor/"), expected(true, "gateway.example.com", "/vendor"));
        assert_eq!(base("http://localhost:80/a/b"), expected(false, "localhost:80", "/a/b"));
        assert_eq!(base("http://[::1]:8080"), expected(false, "[::1]:8080", ""));
        for url in [
            "",
            "https://",
            "https:///path",
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://127.1",
            "https://user@example.com",
            "https://example.com/?q",
            "https://exa mple.com",
            "ftp://example.com",
        ] {
            assert_eq!(base(url), None, "{url}");
        }
    }

    #[test]
    fn a_setting_brings_no_path_into_a_described_endpoint() {
        let endpoint = Endpoint { name: "api", described: "https://{settings.host}", instead: None };
        let base = |host: &str| {
            let settings = Map::from_iter([("host".to_owned(), Value::from(host))]);
            endpoint.base(&settings).map(|base| base.authority)
        };
        assert_eq!(base("a.example").ok().as_deref(), Some("a.example"));
        for host in ["a.example/x", "a.example/x/", "a.example?x", "u@a.example", ""] {
            assert!(matches!(base(host).unwrap_err().reason(), Reason::Invalid(_)), "{host}");
        }
    }
}
