//! Environment variables that an adapter names, each with the one thing that it stands for.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::description::{Descriptor, flag};
use crate::error::DescriptorError;
use crate::extensions::shorten;

/// Where a setting's schema names variables.
const VARIABLES: &str = "x-keywright-env";

/// What the value of an environment variable is used for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VariableRole {
    /// A secret part of the administrator's credential, which the host keeps.
    SecretPart(String),
    /// A public part of it, which the adapter gets.
    PublicPart(String),
    /// A secret setting, which the host keeps.
    SecretSetting(String),
    /// A setting, which the adapter gets.
    Setting(String),
}

impl VariableRole {
    /// Whether the adapter gets to see the value.
    pub fn is_public(&self) -> bool {
        matches!(self, Self::PublicPart(_) | Self::Setting(_))
    }

    fn part(name: &str, secret: bool) -> Self {
        if secret { Self::SecretPart(name.to_owned()) } else { Self::PublicPart(name.to_owned()) }
    }

    fn setting(name: &str, secret: bool) -> Self {
        if secret { Self::SecretSetting(name.to_owned()) } else { Self::Setting(name.to_owned()) }
    }
}

/// As a lock file has it: `secret part token`.
impl fmt::Display for VariableRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, name) = match self {
            Self::SecretPart(name) => ("secret part", name),
            Self::PublicPart(name) => ("public part", name),
            Self::SecretSetting(name) => ("secret setting", name),
            Self::Setting(name) => ("setting", name),
        };
        write!(formatter, "{what} {name}")
    }
}

impl Descriptor {
    /// The environment variables from which an account takes settings and the administrator's credential, and what each
    /// is used for.
    pub fn variables(&self) -> BTreeMap<&str, VariableRole> {
        let parts = self.administrator.iter().flat_map(|part| {
            part.environment.iter().map(|name| (name.as_str(), VariableRole::part(&part.name, part.secret)))
        });
        parts.chain(self.setting_variables()).collect()
    }

    fn setting_variables(&self) -> impl Iterator<Item = (&str, VariableRole)> {
        let settings = self.settings.get("properties").and_then(Value::as_object).into_iter().flatten();
        settings.flat_map(|(name, schema)| {
            let variables = schema.get(VARIABLES).and_then(Value::as_array).into_iter().flatten();
            let role = VariableRole::setting(name, flag(schema, "writeOnly"));
            variables.filter_map(Value::as_str).map(move |variable| (variable, role.clone()))
        })
    }

    /// One environment variable has one role, so that what is secret in one place is not read as something public in
    /// another. The issued credential may keep a part in the variable of an administrator's part that is as secret.
    pub(crate) fn check_variables(&self) -> Result<(), DescriptorError> {
        check_settings(&self.settings)?;
        // Some systems do not tell upper case from lower.
        let mut roles: BTreeMap<String, VariableRole> = BTreeMap::new();
        let administrator = self.administrator.iter().flat_map(|part| {
            part.environment.iter().map(|name| (name.as_str(), VariableRole::part(&part.name, part.secret)))
        });
        for (variable, role) in administrator.chain(self.setting_variables()) {
            check_name(variable)?;
            let first = roles.entry(variable.to_ascii_uppercase()).or_insert_with(|| role.clone());
            if *first != role {
                return Err(two_roles(variable, first, &role));
            }
        }
        let mut issued: BTreeMap<String, VariableRole> = BTreeMap::new();
        for part in &self.issued {
            for variable in &part.environment {
                check_name(variable)?;
                let (key, role) = (variable.to_ascii_uppercase(), VariableRole::part(&part.name, part.secret));
                if let Some(first) = roles.get(&key).filter(|first| !is_as_secret_a_part(first, part.secret)) {
                    return Err(two_roles(variable, first, &role));
                }
                let first = issued.entry(key).or_insert_with(|| role.clone());
                if *first != role {
                    return Err(two_roles(variable, first, &role));
                }
            }
        }
        Ok(())
    }
}

fn is_as_secret_a_part(role: &VariableRole, secret: bool) -> bool {
    match role {
        VariableRole::SecretPart(_) => secret,
        VariableRole::PublicPart(_) => !secret,
        VariableRole::SecretSetting(_) | VariableRole::Setting(_) => false,
    }
}

fn two_roles(variable: &str, one: &VariableRole, other: &VariableRole) -> DescriptorError {
    DescriptorError::Variable { name: shorten(variable), one: one.clone(), other: other.clone() }
}

fn check_name(name: &str) -> Result<(), DescriptorError> {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Ok(());
    }
    Err(DescriptorError::VariableName(shorten(name)))
}

/// Which variables a setting is read from, and whether it is secret, is said in its own property and nowhere else: behind a
/// reference one reader would find it and another would not.
fn check_settings(schema: &Value) -> Result<(), DescriptorError> {
    let malformed = |how: String| Err(DescriptorError::Schema { what: "settings", how });
    let mut pending: Vec<(&Value, Level)> = vec![(schema, Level::Root)];
    while let Some((value, level)) = pending.pop() {
        match value {
            Value::Object(members) => {
                let says = [VARIABLES, "writeOnly"].into_iter().find(|name| members.contains_key(*name));
                match (level, says) {
                    (Level::Root | Level::Deeper, Some(name)) => {
                        return malformed(format!(
                            "has `{name}` elsewhere than in a property of its own: move it there"
                        ));
                    }
                    (Level::Property, Some(name)) if members.contains_key("$ref") => {
                        return malformed(format!("has `{name}` next to a `$ref`: write the property out"));
                    }
                    _ => {}
                }
                pending.extend(members.iter().map(|(name, member)| (member, level.below(name))));
            }
            Value::Array(items) => pending.extend(items.iter().map(|item| (item, Level::Deeper))),
            _ => {}
        }
    }
    Ok(())
}

/// Where in a settings schema a value stands.
#[derive(Clone, Copy)]
enum Level {
    Root,
    /// The list of the settings.
    Properties,
    /// A setting.
    Property,
    Deeper,
}

impl Level {
    fn below(self, name: &str) -> Self {
        match self {
            Self::Root if name == "properties" => Self::Properties,
            Self::Properties => Self::Property,
            _ => Self::Deeper,
        }
    }
}
