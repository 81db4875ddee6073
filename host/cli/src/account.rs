//! The account of a call: its settings, its administrator's credential and its endpoints, put together from the command
//! line, the configuration and the environment.

mod credential;
mod endpoints;
mod proxy;
mod settings;
mod vendor_variables;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use keywright_egress::EndpointOverrides;
use keywright_runtime::{Account, AccountConfig, AccountError, Adapter, Descriptor, EndpointOverride, Proxy};
use serde_json::{Map, Value};

use crate::config::{self, Config};
use crate::error::Error;
use crate::shell::quote;
use crate::source;
use crate::suggest::quoted;
use crate::target::Target;
use crate::trusted_place;
use crate::values::{EndpointArg, Pair};

pub(crate) use credential::SourcedParts;
pub(crate) use settings::missing_setting;
use vendor_variables::VendorVariables;

/// Whose credentials to work on.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountArgs {
    /// The account of this name in keywright.toml
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// The path of keywright.toml; keywright.lock is in the same directory [default: ./keywright.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// A setting of the account that is not secret; repeatable. It overrides keywright.toml, which overrides the
    /// environment
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<Pair>,

    /// A private installation of the vendor, or a simulator; repeatable. An adapter with several endpoints needs their
    /// names: `--endpoint api=https://127.0.0.1:8443 --endpoint s3=https://127.0.0.1:8443`. http:// for loopback
    /// addresses only
    #[arg(long, value_name = "[NAME=]URL")]
    pub(crate) endpoint: Vec<EndpointArg>,

    /// The certificate authority that vouches for these endpoints, in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,

    /// The HTTP proxy to the vendor, http://HOST:PORT, or `none`; it overrides `proxy` of keywright.toml, which overrides
    /// HTTPS_PROXY. Hosts of NO_PROXY are reached without it
    #[arg(long, value_name = "URL|none")]
    pub(crate) proxy: Option<String>,
}

/// A look into the environment.
pub(crate) type Environment<'e> = &'e dyn Fn(&str) -> Option<OsString>;

/// An account that is ready to be used with its adapter. Its settings may hold secrets, so it has no `Debug`.
pub(crate) struct ResolvedAccount {
    settings: Map<String, Value>,
    credential: SourcedParts,
    endpoints: Vec<EndpointOverride>,
    ca_pem: Option<String>,
    proxy: Option<Proxy>,
}

impl ResolvedAccount {
    /// The account at the vendor.
    ///
    /// # Errors
    ///
    /// When the runtime refuses a part of it. An error on a part of the credential names where the part came from.
    pub(crate) fn open(self, adapter: &Adapter) -> Result<Account, Error> {
        let Self { settings, credential, endpoints, ca_pem, proxy } = self;
        let config = AccountConfig { settings, credential: credential.parts().clone(), endpoints, ca_pem, proxy };
        Account::new(adapter, config).map_err(|error| match &error {
            AccountError::Credential(cause) => credential.explain(cause, "account"),
            AccountError::Settings(_) => {
                Error::from(&error).advise(&format!("see `keywright adapter inspect {}`", adapter.descriptor().vendor))
            }
            _ => Error::from(&error),
        })
    }
}

/// What an adapter's rules are bound to.
pub(crate) struct Binding {
    /// The settings, as far as there are any.
    pub(crate) settings: Map<String, Value>,
    /// The account's own URLs of endpoints.
    pub(crate) endpoints: EndpointOverrides,
}

/// An account of the configuration.
struct Chosen<'c> {
    config: &'c Config,
    account: &'c config::Account,
}

impl AccountArgs {
    /// The same account, as flags of another command, each after a blank. None holds a secret: a proxy with a password is
    /// left out.
    pub(crate) fn flags(&self) -> String {
        let path = |path: &PathBuf| path.display().to_string();
        let endpoint = |EndpointArg { name, url }: &EndpointArg| match name {
            Some(name) => format!("{name}={url}"),
            None => url.to_string(),
        };
        let flags = [
            ("--account", self.account.iter().cloned().collect::<Vec<_>>()),
            ("--config", self.config.iter().map(path).collect()),
            ("--set", self.set.iter().map(|Pair { name, value }| format!("{name}={value}")).collect()),
            ("--endpoint", self.endpoint.iter().map(endpoint).collect()),
            ("--ca-file", self.ca_file.iter().map(path).collect()),
            ("--proxy", self.proxy.iter().filter(|url| !url.contains('@')).cloned().collect()),
        ];
        let each = |(flag, values): (&str, Vec<String>)| -> String {
            values.iter().map(|value| format!(" {flag} {}", quote(value))).collect()
        };
        flags.into_iter().map(each).collect()
    }

    /// The account, with everything that it needs.
    ///
    /// # Errors
    ///
    /// When something is missing, unknown or cannot be read; each with where to give it.
    pub(crate) fn resolve(
        &self,
        descriptor: &Descriptor,
        environment: Environment<'_>,
    ) -> Result<ResolvedAccount, Error> {
        let config = self.config()?;
        let chosen = self.chosen(config.as_ref(), descriptor)?;
        let variables = VendorVariables::read(descriptor, environment)?;
        let mut endpoints = self.endpoints(descriptor, chosen.as_ref())?;
        let settings = self.settings(descriptor, chosen.as_ref(), &variables, environment)?;
        variables.check(&settings, &endpoints)?;
        endpoints.extend(variables.overrides(&endpoints));
        Ok(ResolvedAccount {
            settings,
            credential: credential::administrator(descriptor, chosen.as_ref(), environment)?,
            ca_pem: self.ca_pem(chosen.as_ref(), &endpoints)?,
            proxy: self.proxy(chosen.as_ref(), environment)?,
            endpoints,
        })
    }

    /// Refuses a configuration that nothing would be taken from: without an account, only the lock file in the same
    /// directory can matter.
    pub(crate) fn check_config_is_used(&self, target: &Target) -> Result<(), Error> {
        match (&self.config, &self.account, target) {
            (Some(_), None, Target::BuiltIn(_) | Target::File(..)) => Err(Error::usage(
                "--config goes with --account, or with an adapter of the keywright.lock in the same directory: give \
                 --account NAME, or leave --config out",
            )),
            _ => Ok(()),
        }
    }

    /// What rules are bound to: the settings as far as they are given, and the endpoints. No secret is read.
    pub(crate) fn binding(&self, descriptor: &Descriptor, environment: Environment<'_>) -> Result<Binding, Error> {
        let config = self.config()?;
        let chosen = self.chosen(config.as_ref(), descriptor)?;
        let variables = VendorVariables::read(descriptor, environment)?;
        let mut settings = self.public_settings(descriptor, chosen.as_ref(), &variables, environment)?;
        keywright_settings::fill_defaults(&descriptor.settings, &mut settings);
        let mut endpoints = self.endpoints(descriptor, chosen.as_ref())?;
        variables.check(&settings, &endpoints)?;
        endpoints.extend(variables.overrides(&endpoints));
        let endpoints = endpoints::bind(descriptor, endpoints)?;
        Ok(Binding { settings, endpoints })
    }

    fn config(&self) -> Result<Option<Config>, Error> {
        match &self.account {
            None => Ok(None),
            Some(_) => match &self.config {
                Some(named) => Config::read(named).map(Some),
                None => {
                    let found = Path::new("keywright.toml");
                    trusted_place::check_found(found)?;
                    Config::read(found).map(Some)
                }
            },
        }
    }

    fn chosen<'c>(&self, config: Option<&'c Config>, descriptor: &Descriptor) -> Result<Option<Chosen<'c>>, Error> {
        let chosen = match (config, &self.account) {
            (Some(config), Some(name)) => Some(Chosen { config, account: config.account(name)? }),
            _ => None,
        };
        if let Some(Chosen { config, account }) = &chosen
            && account.vendor != descriptor.vendor
        {
            let (name, path) = (&account.name, config.path().display());
            return Err(Error::config(format!(
                "the account {} of {path} is at {}, not at {}: choose another account or another adapter",
                quoted(name),
                quoted(&account.vendor),
                descriptor.vendor
            )));
        }
        Ok(chosen)
    }
}

/// The first of the variables that is set, which must not be empty.
fn first_set<S: AsRef<str>>(variables: &[S], environment: Environment<'_>) -> Result<Option<(String, String)>, Error> {
    for variable in variables.iter().map(AsRef::as_ref) {
        let Some(value) = environment(variable) else { continue };
        let value = value
            .into_string()
            .map_err(|_| Error::config(format!("{variable} is not text: set it to UTF-8 text, or unset it")))?;
        if value.is_empty() {
            return Err(Error::config(format!("{variable} is empty: set it to a value, or unset it")));
        }
        let value = source::of_variable(variable, value).map_err(Error::config)?;
        return Ok(Some((variable.to_owned(), value)));
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
