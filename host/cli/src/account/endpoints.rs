//! The account's own URLs of endpoints: a private installation of the vendor, or a simulator.

use std::fs;

use keywright_egress::{EndpointOverrides, EndpointUrl, EndpointUrlError};
use keywright_runtime::{Descriptor, EndpointOverride};

use super::{AccountArgs, Chosen};
use crate::error::Error;
use crate::suggest::{instead, quoted};
use crate::text::series;
use crate::values::EndpointArg;

impl AccountArgs {
    /// The overrides by name: those of the command line, and those of the configuration for other endpoints.
    pub(super) fn endpoints(
        &self,
        descriptor: &Descriptor,
        chosen: Option<&Chosen<'_>>,
    ) -> Result<Vec<EndpointOverride>, Error> {
        let mut overrides: Vec<EndpointOverride> = Vec::new();
        for endpoint in &self.endpoint {
            let override_ = named(descriptor, endpoint).map_err(Error::usage)?;
            if overrides.iter().any(|other| other.name == override_.name) {
                let name = override_.name.unwrap_or_default();
                return Err(Error::usage(format!("--endpoint is given twice for the endpoint `{name}`: give it once")));
            }
            overrides.push(override_);
        }
        if let Some(Chosen { config, account }) = chosen {
            for located in &account.endpoints {
                let override_ = named(descriptor, &located.value)
                    .map_err(|problem| Error::config(format!("{}: {problem}", config.at(located))))?;
                if overrides.iter().all(|other| other.name != override_.name) {
                    overrides.push(override_);
                }
            }
        }
        Ok(overrides)
    }

    /// The authority that vouches for the overrides.
    pub(super) fn ca_pem(
        &self,
        chosen: Option<&Chosen<'_>>,
        overrides: &[EndpointOverride],
    ) -> Result<Option<String>, Error> {
        let of_account = || chosen.and_then(|chosen| chosen.account.ca_file.clone());
        let Some(file) = self.ca_file.clone().or_else(of_account) else { return Ok(None) };
        if overrides.is_empty() {
            return Err(Error::config(
                "a CA file goes with an endpoint other than the vendor's: give --endpoint too, or leave the CA file out",
            ));
        }
        let unusable = |problem: String| {
            let (file, advice) = (file.display(), "name a file with certificates in PEM");
            Error::config(format!("the CA file {file} {problem}: {advice}"))
        };
        let bytes = fs::read(&file).map_err(|error| unusable(format!("cannot be read ({error})")))?;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(unusable("is UTF-16".to_owned()));
        }
        // What stands between certificates may be in any encoding.
        let pem = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some(pem))
    }
}

/// The override with the name of its endpoint, or a sentence on why there is none.
fn named(descriptor: &Descriptor, endpoint: &EndpointArg) -> Result<EndpointOverride, String> {
    let names = || descriptor.endpoints.iter().map(|endpoint| &*endpoint.name);
    let name = match (&endpoint.name, descriptor.endpoints.as_slice()) {
        (None, [only]) => &*only.name,
        (None, _) => {
            return Err(format!(
                "{} has the endpoints {}: name the one that the URL is for, as NAME=URL",
                descriptor.vendor,
                series(names(), "and")
            ));
        }
        (Some(name), _) if names().any(|known| known == name) => name,
        (Some(name), _) => {
            let instead = instead(name, names());
            return Err(format!("{} has no endpoint {}: {instead}", descriptor.vendor, quoted(name)));
        }
    };
    Ok(EndpointOverride { name: Some(name.to_owned()), url: endpoint.url.to_string() })
}

/// As rules are bound to them.
pub(super) fn bind(descriptor: &Descriptor, overrides: Vec<EndpointOverride>) -> Result<EndpointOverrides, Error> {
    let endpoints = descriptor.endpoints.iter().map(|endpoint| (&*endpoint.name, &*endpoint.url));
    let parse = |EndpointOverride { name, url }: EndpointOverride| Ok((name.unwrap_or_default(), url.parse()?));
    let parsed: Result<Vec<(String, EndpointUrl)>, EndpointUrlError> = overrides.into_iter().map(parse).collect();
    let parsed = parsed.map_err(|error| Error::config(format!("an endpoint is not usable: {error}")))?;
    let overrides = parsed.iter().map(|(name, url)| (name.as_str(), url.clone()));
    EndpointOverrides::named(endpoints, overrides).map_err(|error| Error::config(error.to_string()))
}
