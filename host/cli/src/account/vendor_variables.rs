//! The variables in which users of a vendor keep the URLs of its API: where they name another place, requests go there, and
//! where they name the vendor's own, they say the settings that are in it.

use keywright_adapters::EndpointVariable;
use keywright_egress::EndpointUrl;
use keywright_runtime::{Descriptor, EndpointOverride};
use serde_json::{Map, Value};

use super::{Environment, first_set};
use crate::error::Error;

/// What such variables say.
#[derive(Default)]
pub(super) struct VendorVariables(Vec<Said>);

struct Said {
    variable: String,
    endpoint: &'static str,
    url: EndpointUrl,
    /// The settings in the URL, where it is one of the vendor's own.
    own: Option<Vec<(String, String)>>,
}

impl VendorVariables {
    /// Reads those of the vendor that are set.
    ///
    /// # Errors
    ///
    /// When one is not the URL of an endpoint. It is never passed over: the user means to be elsewhere.
    pub(super) fn read(descriptor: &Descriptor, environment: Environment<'_>) -> Result<Self, Error> {
        let known = keywright_adapters::find(&descriptor.vendor).map_or(&[][..], |adapter| adapter.endpoint_variables);
        let mut said: Vec<Said> = Vec::new();
        for EndpointVariable { variable, endpoint, path } in known {
            if environment(variable).is_none_or(|value| value.is_empty())
                || said.iter().any(|it| it.endpoint == *endpoint)
            {
                continue;
            }
            let Some((variable, text)) = first_set(&[*variable], environment)? else { continue };
            let base = text.strip_suffix('/').unwrap_or(&text);
            let base = base.strip_suffix(path).unwrap_or(base);
            let url: EndpointUrl = base.parse().map_err(|error| {
                Error::config(format!("{variable} is not the URL of an endpoint: {error}; correct it, or unset it"))
            })?;
            let templates = descriptor.endpoints.iter().filter(|it| it.name == *endpoint);
            let own = templates.map(|it| settings_in(&it.url, &url.to_string())).next().flatten();
            said.push(Said { variable, endpoint, url, own });
        }
        Ok(Self(said))
    }

    /// The endpoints that are elsewhere than at the vendor, and not among those that are `given`.
    pub(super) fn overrides(&self, given: &[EndpointOverride]) -> Vec<EndpointOverride> {
        let is_given = |name: &str| given.iter().any(|it| it.name.as_deref() == Some(name));
        let elsewhere = self.0.iter().filter(|said| said.own.is_none() && !is_given(said.endpoint));
        elsewhere
            .map(|said| EndpointOverride { name: Some(said.endpoint.to_owned()), url: said.url.to_string() })
            .collect()
    }

    /// The value of a setting in one of the vendor's own URLs.
    pub(super) fn setting(&self, name: &str) -> Option<&str> {
        self.settings().find(|(_, known, _)| *known == name).map(|(_, _, value)| value)
    }

    /// Refuses settings that name another place than the variables do.
    pub(super) fn check(&self, settings: &Map<String, Value>, given: &[EndpointOverride]) -> Result<(), Error> {
        for (said, name, value) in self.settings() {
            let is_given = given.iter().any(|it| it.name.as_deref() == Some(said.endpoint));
            let differs = settings.get(name).and_then(Value::as_str).is_some_and(|setting| setting != value);
            if differs && !is_given {
                return Err(Error::config(format!(
                    "{} is a URL of another `{name}` than the account has: correct one of them, or unset the variable",
                    said.variable
                )));
            }
        }
        Ok(())
    }

    fn settings(&self) -> impl Iterator<Item = (&Said, &str, &str)> {
        self.0
            .iter()
            .flat_map(|said| said.own.iter().flatten().map(move |(name, value)| (said, name.as_str(), value.as_str())))
    }
}

/// The settings that make a URL of a template, where there are any: none when it is not one of the template's.
fn settings_in(template: &str, url: &str) -> Option<Vec<(String, String)>> {
    let Some((before, rest)) = template.split_once("{settings.") else {
        return (template == url).then(Vec::new);
    };
    let (name, after) = rest.split_once('}')?;
    let value = url.strip_prefix(before)?.strip_suffix(after)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let is_setting = !value.is_empty() && value.bytes().all(plain) && !after.contains('{');
    is_setting.then(|| vec![(name.to_owned(), value.to_owned())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_the_vendors_own_says_its_settings() {
        let template = "https://api.{settings.region}.vendor.example";
        let found =
            |url| settings_in(template, url).map(|settings| settings.into_iter().map(|(_, value)| value).collect());
        assert_eq!(found("https://api.eu-1.gcp.vendor.example"), Some(vec!["eu-1.gcp".to_owned()]));
        for url in ["https://api..vendor.example.evil", "https://api.vendor.example", "https://api.a/b.vendor.example"]
        {
            assert_eq!(found(url), None, "{url}");
        }
        assert_eq!(settings_in("https://api.vendor.example", "https://api.vendor.example"), Some(Vec::new()));
        assert_eq!(settings_in("https://api.vendor.example", "https://staging.vendor.example"), None);
    }
}
