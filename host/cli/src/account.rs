//! The account of a call: its settings, its administrator credential and its endpoint, put together from the
//! configuration, the command line and the environment.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use keywright_auth::Parts;
use keywright_runtime::{AccountConfig, Descriptor, EndpointOverride};
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::config::{self, Config};
use crate::error::Error;
use crate::part_source::PartSource;
use crate::schema::{Schema, read_untyped};
use crate::suggest::{instead, quoted};
use crate::target::Target;
use crate::text::series;
use crate::values::Pair;

/// Whose credentials to work on.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountArgs {
    /// The account of this name in keywright.toml
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// Where keywright.toml is, and keywright.lock beside it [default: ./keywright.toml]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// A setting of the account; repeatable. It goes before keywright.toml, which goes before the environment
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<Pair>,

    /// A private installation of the vendor, or a simulator: https://, a host and a port
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,

    /// The certificate authority that vouches for the endpoint, in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

/// A look into the environment.
pub(crate) type Environment<'e> = &'e dyn Fn(&str) -> Option<OsString>;

impl AccountArgs {
    /// The account, as the runtime wants it.
    pub(crate) fn resolve(
        &self,
        descriptor: &Descriptor,
        environment: Environment<'_>,
    ) -> Result<AccountConfig, Error> {
        let config = self.config()?;
        let chosen = self.chosen(config.as_ref(), descriptor)?;
        Ok(AccountConfig {
            settings: self.settings(descriptor, chosen.as_ref(), environment, Completeness::Complete)?,
            credential: credential(descriptor, chosen.as_ref(), environment)?,
            endpoint: self.endpoint(chosen.as_ref())?,
        })
    }

    /// Refuses a configuration that nothing would be taken from: without an account, only the lock beside it can matter.
    pub(crate) fn refuse_stray_config(&self, target: &Target) -> Result<(), Error> {
        match (&self.config, &self.account, target) {
            (Some(_), None, Target::BuiltIn(_) | Target::File(..)) => Err(Error::usage(
                "--config goes with --account or with an adapter that is locked beside it: give --account NAME, or leave \
                 --config out",
            )),
            _ => Ok(()),
        }
    }

    /// What rules are bound to: the settings as far as there are any, and the endpoint's URL. No credential is read.
    pub(crate) fn surroundings(
        &self,
        descriptor: &Descriptor,
        environment: Environment<'_>,
    ) -> Result<(Map<String, Value>, Option<String>), Error> {
        let config = self.config()?;
        let chosen = self.chosen(config.as_ref(), descriptor)?;
        let mut settings = self.settings(descriptor, chosen.as_ref(), environment, Completeness::AsFarAsGiven)?;
        keywright_settings::fill_defaults(&descriptor.settings, &mut settings);
        Ok((settings, self.endpoint(chosen.as_ref())?.map(|endpoint| endpoint.url)))
    }

    fn config(&self) -> Result<Option<Config>, Error> {
        match &self.account {
            None => Ok(None),
            Some(_) => Config::read(self.config.as_deref().unwrap_or(Path::new("keywright.toml"))).map(Some),
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

    fn settings(
        &self,
        descriptor: &Descriptor,
        chosen: Option<&Chosen<'_>>,
        environment: Environment<'_>,
        completeness: Completeness,
    ) -> Result<Map<String, Value>, Error> {
        let schema = Schema::new(&descriptor.settings);
        let mut settings = Map::new();
        if let Some(Chosen { config, account }) = chosen {
            settings.clone_from(&account.settings);
            if let Some(name) = settings.keys().find(|name| schema.property(name).is_none() && schema.is_closed()) {
                let within = format!("{}, line {}", config.path().display(), account.settings_line);
                return Err(unknown_setting(descriptor, name).within(&within));
            }
        }
        for Pair { name, value } in &self.set {
            let value = match schema.property(name) {
                Some(setting) => setting.read(value).map_err(|problem| {
                    Error::usage(format!("the setting {} given with --set {problem}", quoted(name)))
                })?,
                None if descriptor.part(name).is_some() => {
                    return Err(Error::usage(format!(
                        "{} is a part of the administrator credential, not a setting: {}",
                        quoted(name),
                        part_advice(descriptor, name)
                    )));
                }
                None if schema.is_closed() => return Err(unknown_setting(descriptor, name)),
                None => read_untyped(value),
            };
            settings.insert(name.clone(), value);
        }
        for setting in schema.properties() {
            if settings.contains_key(setting.name) {
                continue;
            }
            let variables = setting.environment();
            if let Some((variable, text)) = first_set(&variables, environment)? {
                let value = setting
                    .read(&text)
                    .map_err(|problem| Error::config(format!("the variable {variable} {problem}")))?;
                settings.insert(setting.name.to_owned(), value);
            } else if completeness == Completeness::Complete && setting.required && setting.default().is_none() {
                return Err(missing_setting(descriptor, setting.name));
            }
        }
        Ok(settings)
    }

    fn endpoint(&self, chosen: Option<&Chosen<'_>>) -> Result<Option<EndpointOverride>, Error> {
        let of_account =
            |field: fn(&config::Account) -> Option<String>| chosen.and_then(|chosen| field(chosen.account));
        let url = self.endpoint.clone().or_else(|| of_account(|account| account.endpoint.clone()));
        let ca_file = self.ca_file.clone().or_else(|| chosen.and_then(|chosen| chosen.account.ca_file.clone()));
        let ca_pem = match &ca_file {
            None => None,
            Some(file) => Some(fs::read_to_string(file).map_err(|error| {
                Error::config(format!(
                    "the CA file {} cannot be read ({error}): name a file with certificates in PEM",
                    file.display()
                ))
            })?),
        };
        match (url, ca_pem) {
            (Some(url), ca_pem) => Ok(Some(EndpointOverride { url, ca_pem })),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Error::config(
                "a CA file goes with an endpoint of one's own: give --endpoint too, or leave the CA file out",
            )),
        }
    }
}

/// Whether what a setting is missing for is said, or left to who needs it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completeness {
    Complete,
    AsFarAsGiven,
}

struct Chosen<'c> {
    config: &'c Config,
    account: &'c config::Account,
}

fn credential(
    descriptor: &Descriptor,
    chosen: Option<&Chosen<'_>>,
    environment: Environment<'_>,
) -> Result<Parts, Error> {
    let mut parts = Parts::new();
    if let Some(Chosen { config, account }) = chosen {
        for (name, place) in &account.credential {
            let within = format!("{}, line {}", config.path().display(), place.line);
            let Some(part) = descriptor.part(name) else {
                let instead = instead(name, descriptor.parts.iter().map(|part| part.name.as_str()));
                let vendor = &descriptor.vendor;
                return Err(Error::config(format!(
                    "{within}: a credential of {vendor} has no part {}: {instead}",
                    quoted(name)
                )));
            };
            if part.secret && matches!(place.source, PartSource::Plain(_)) {
                return Err(Error::config(format!(
                    "{within}: the secret part `{name}` is written in plain: give {{ env = \"VARIABLE\" }}, \
                     {{ file = \"PATH\" }} or {{ command = [\"PROGRAM\"] }}, and consider it known to others"
                )));
            }
            let value = place
                .source
                .read(environment)
                .map_err(|problem| Error::config(format!("{within}: there is no `{name}`, as {problem}")))?;
            parts.insert(name.clone(), value);
        }
    }
    // A credential comes from one place: parts of two would make one that nobody has.
    if parts.is_empty() {
        for part in &descriptor.parts {
            if let Some((_, value)) = first_set(&part.environment, environment)? {
                parts.insert(part.name.clone(), SecretString::from(value));
            }
        }
    }
    let needed = descriptor.scheme.part_names();
    if let Some(missing) = needed.into_iter().find(|name| parts.get(name).is_none()) {
        return Err(Error::config(format!(
            "the administrator credential has no `{missing}`: {}",
            part_advice(descriptor, missing)
        )));
    }
    Ok(parts)
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
        return Ok(Some((variable.to_owned(), value)));
    }
    Ok(None)
}

fn part_advice(descriptor: &Descriptor, part: &str) -> String {
    match descriptor.part(part).map(|part| part.environment.as_slice()) {
        None | Some([]) => "give it in an account of keywright.toml".to_owned(),
        Some(variables) => format!("set {}, or give it in an account of keywright.toml", series(variables, "or")),
    }
}

/// The sentence on a setting that an account lacks, with all the places where it may be given.
pub(crate) fn missing_setting(descriptor: &Descriptor, name: &str) -> Error {
    let setting = Schema::new(&descriptor.settings).property(name);
    let variables = match setting.map(|setting| setting.environment()).as_deref() {
        None | Some([]) => String::new(),
        Some(variables) => format!("set {}, ", series(variables, "or")),
    };
    Error::config(format!(
        "the account has no setting `{name}`: {variables}give --set {name}=…, or put it into an account of keywright.toml"
    ))
}

fn unknown_setting(descriptor: &Descriptor, name: &str) -> Error {
    let instead = instead(name, Schema::new(&descriptor.settings).properties().map(|setting| setting.name));
    Error::config(format!("an account at {} has no setting {}: {instead}", descriptor.vendor, quoted(name)))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;
    use serde_json::json;

    use super::*;
    use crate::fixture::descriptor;

    fn resolve(set: &[&str], variables: &[(&str, &str)]) -> Result<AccountConfig, String> {
        let environment =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(*value));
        let arguments =
            AccountArgs { set: set.iter().map(|pair| pair.parse().unwrap()).collect(), ..AccountArgs::default() };
        arguments.resolve(&descriptor(), &environment).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn settings_have_the_types_of_the_schema() {
        let account = resolve(&[], &[("INITECH_TENANT", "42"), ("INITECH_TOKEN", "t")]).unwrap();
        assert_eq!(account.settings["tenant"], json!(42));
        let account = resolve(&["tenant=7"], &[("INITECH_TENANT", "42"), ("INITECH_TOKEN", "t")]).unwrap();
        assert_eq!(account.settings["tenant"], json!(7), "a flag goes before the environment");
        assert_eq!(
            resolve(&["tenant=x"], &[]).unwrap_err(),
            "the setting `tenant` given with --set must be a whole number"
        );
        assert_eq!(
            resolve(&[], &[("INITECH_TENANT", "x")]).unwrap_err(),
            "the variable INITECH_TENANT must be a whole number"
        );
    }

    #[test]
    fn the_first_variable_that_is_set_counts() {
        let account = resolve(&[], &[("TENANT", "2"), ("INITECH_TOKEN", "t")]).unwrap();
        assert_eq!(account.settings["tenant"], json!(2));
        let account = resolve(&[], &[("TENANT", "2"), ("INITECH_TENANT", "1"), ("INITECH_TOKEN", "t")]).unwrap();
        assert_eq!(account.settings["tenant"], json!(1));
    }

    #[test]
    fn what_is_missing_is_said_with_all_its_places() {
        assert_eq!(
            resolve(&[], &[]).unwrap_err(),
            "the account has no setting `tenant`: set INITECH_TENANT or TENANT, give --set tenant=…, or put it into \
             an account of keywright.toml"
        );
        assert_eq!(
            resolve(&["tenant=1"], &[]).unwrap_err(),
            "the administrator credential has no `token`: set INITECH_TOKEN, or give it in an account of keywright.toml"
        );
    }

    #[test]
    fn a_public_part_that_nothing_needs_may_be_missing() {
        let account = resolve(&["tenant=1"], &[("INITECH_TOKEN", "t")]).unwrap();
        assert_eq!(account.credential.get("token").unwrap().expose_secret(), "t");
        assert!(account.credential.get("key_id").is_none());
    }

    #[test]
    fn an_empty_variable_is_not_taken_for_a_missing_one() {
        let message = resolve(&["tenant=1"], &[("INITECH_TOKEN", "")]).unwrap_err();
        assert_eq!(message, "INITECH_TOKEN is empty: set it to a value, or unset it");
    }
}
