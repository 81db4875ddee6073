//! The settings of an account.

use keywright_runtime::Descriptor;
use secrecy::ExposeSecret as _;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::credential::{where_to_give, written_in_plain};
use super::vendor_variables::VendorVariables;
use super::{AccountArgs, Chosen, Environment, first_set};
use crate::config::{Config, Located, without_values};
use crate::error::Error;
use crate::schema::{Property, Schema, read_untyped};
use crate::source::Source;
use crate::suggest::{instead, quoted};
use crate::text::series;
use crate::values::Pair;

/// How much of the settings is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of them: a required one that is missing is an error.
    Complete,
    /// Those that are given and not secret.
    Public,
}

impl AccountArgs {
    /// All settings.
    pub(super) fn settings(
        &self,
        descriptor: &Descriptor,
        chosen: Option<&Chosen<'_>>,
        variables: &VendorVariables,
        environment: Environment<'_>,
    ) -> Result<Map<String, Value>, Error> {
        self.read_settings(descriptor, chosen, variables, environment, Extent::Complete)
    }

    /// The settings that are given, without the secret ones, which are not read.
    pub(super) fn public_settings(
        &self,
        descriptor: &Descriptor,
        chosen: Option<&Chosen<'_>>,
        variables: &VendorVariables,
        environment: Environment<'_>,
    ) -> Result<Map<String, Value>, Error> {
        self.read_settings(descriptor, chosen, variables, environment, Extent::Public)
    }

    fn read_settings(
        &self,
        descriptor: &Descriptor,
        chosen: Option<&Chosen<'_>>,
        variables: &VendorVariables,
        environment: Environment<'_>,
        extent: Extent,
    ) -> Result<Map<String, Value>, Error> {
        let schema = Schema::new(&descriptor.settings);
        let mut settings = Map::new();
        let is_wanted = |property: &Property<'_>| extent == Extent::Complete || !property.is_secret();
        if let Some(Chosen { config, account }) = chosen {
            for (name, located) in &account.settings {
                let value = match schema.property(name) {
                    None if schema.is_closed() => {
                        return Err(unknown_setting(descriptor, name).within(&config.at(located)));
                    }
                    Some(property) if property.is_secret() => match is_wanted(&property) {
                        true => secret_of_config(config, property, located, environment)?,
                        false => continue,
                    },
                    _ => located.value.clone(),
                };
                settings.insert(name.clone(), value);
            }
        }
        for pair in &self.set {
            settings.insert(pair.name.clone(), of_command_line(descriptor, schema, pair)?);
        }
        for property in schema.properties().filter(is_wanted) {
            if settings.contains_key(property.name) {
                continue;
            }
            if let Some((variable, text)) = first_set(&property.environment(), environment)? {
                let value = property
                    .read(&text)
                    .map_err(|problem| Error::config(format!("the variable {variable} {problem}")))?;
                settings.insert(property.name.to_owned(), value);
            } else if let Some(value) = variables.setting(property.name).filter(|_| !property.is_secret()) {
                settings.insert(property.name.to_owned(), value.into());
            } else if extent == Extent::Complete && property.required && property.default().is_none() {
                return Err(missing_setting(descriptor, property.name));
            }
        }
        Ok(settings)
    }
}

/// A setting that is given with `--set`.
fn of_command_line(descriptor: &Descriptor, schema: Schema<'_>, pair: &Pair) -> Result<Value, Error> {
    let Pair { name, value } = pair;
    match schema.property(name) {
        Some(property) if property.is_secret() => {
            let advice = where_to_give(&property.environment().into_iter().map(str::to_owned).collect::<Vec<_>>());
            Err(Error::usage(format!(
                "the setting {} is secret, and others can see command lines: {advice}",
                quoted(name)
            )))
        }
        Some(property) => property
            .read(value)
            .map_err(|problem| Error::usage(format!("the setting {} given with --set {problem}", quoted(name)))),
        None => match descriptor.administrator.get(name) {
            Some(part) => Err(Error::usage(format!(
                "{} is a part of the administrator's credential, not a setting: {}",
                quoted(name),
                where_to_give(&part.environment)
            ))),
            None if schema.is_closed() => Err(unknown_setting(descriptor, name)),
            None => Ok(read_untyped(value)),
        },
    }
}

/// A secret setting of the configuration, which says where it is.
fn secret_of_config(
    config: &Config,
    property: Property<'_>,
    located: &Located<Value>,
    environment: Environment<'_>,
) -> Result<Value, Error> {
    let (at, name) = (config.at(located), property.name);
    if !located.value.is_object() {
        return Err(Error::config(written_in_plain(&at, "setting", name)));
    }
    let source = Source::deserialize(&located.value).map_err(|error| {
        let problem = without_values(&error.to_string());
        Error::config(format!("{at}: the secret setting `{name}` does not say where it is: {problem}"))
    })?;
    let source = source.relative_to(config.base());
    let text = source
        .read(environment)
        .map_err(|problem| Error::config(format!("{at}: the setting `{name}` cannot be read: {problem}")))?;
    property
        .read(text.expose_secret())
        .map_err(|problem| Error::config(format!("{at}: the setting `{name}`, which comes from {source}, {problem}")))
}

/// The sentence on a setting that an account lacks, with all the places where it may be given.
pub(crate) fn missing_setting(descriptor: &Descriptor, name: &str) -> Error {
    let setting = Schema::new(&descriptor.settings).property(name);
    let variables = match setting.map(|setting| setting.environment()).as_deref() {
        None | Some([]) => String::new(),
        Some(variables) => format!("set {}, ", series(variables, "or")),
    };
    let flag = match setting.is_some_and(|setting| setting.is_secret()) {
        true => "or give it in an account of keywright.toml".to_owned(),
        false => format!("give --set {name}=…, or give it in an account of keywright.toml"),
    };
    let advice = format!("{variables}{flag}");
    Error::config(format!(
        "the account has no setting `{name}`: {}",
        if variables.is_empty() { advice.trim_start_matches("or ") } else { &advice }
    ))
}

fn unknown_setting(descriptor: &Descriptor, name: &str) -> Error {
    let instead = instead(name, Schema::new(&descriptor.settings).properties().map(|setting| setting.name));
    Error::config(format!("an account at {} has no setting {}: {instead}", descriptor.vendor, quoted(name)))
}
