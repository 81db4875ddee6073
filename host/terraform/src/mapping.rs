//! From an instance of a resource type to a credential of a vendor.

use serde_json::{Map, Value};

use crate::address::{Address, shown};
use crate::attributes::{InstanceAttributes, WrongType};
use crate::date;
use crate::found::{Found, Skipped, VendorId};
use crate::instance::{Attributes, Instance};
use crate::table::{Absent, ResourceType, Segment, Source};
use crate::value::Kind;

/// What brings a state up to date.
const REFRESH: &str = "run `terraform apply -refresh-only` and give the new state";

/// Finds an attribute of another resource: its type, its id, the attribute's name.
pub(crate) type Related<'r> = &'r dyn Fn(&str, &str, &str) -> Option<Value>;

/// Reads an instance of this resource type.
pub(crate) fn credential(
    instance: Instance<'_>,
    of: &'static ResourceType,
    related: Related<'_>,
) -> Result<Found, Skipped> {
    let Some(address) = Address::new(&instance.modules, &instance.resource_type, &instance.name, instance.key.as_ref())
    else {
        let modules = if instance.modules.is_empty() { String::new() } else { instance.modules + "." };
        let address = shown(&format!("{modules}{}.{}", instance.resource_type, instance.name));
        let reason = "has an address that Terraform cannot have written: write the file again, unchanged";
        return Err(Skipped { address, resource: None, reason: reason.to_owned(), deposed: false });
    };
    let deposed = instance.deposed.is_some();
    let skip =
        |reason: String| Skipped { address: address.to_string(), resource: Some(address.resource()), reason, deposed };
    let raw = match instance.attributes {
        Attributes::Object(raw) => raw,
        Attributes::Flat => {
            return Err(skip(format!("has its attributes in the form of Terraform before 0.12: {REFRESH}")));
        }
        Attributes::None => return Err(skip(format!("has no attributes: {REFRESH}"))),
    };
    let Some(mut attributes) = InstanceAttributes::read(raw) else {
        return Err(skip("has attributes that cannot be read: write the file again, unchanged".to_owned()));
    };
    let mut problems = Vec::new();
    let id = id(&attributes, of, &mut problems);
    if deposed {
        let which = id.map_or_else(|_| "a credential".to_owned(), |id| format!("the credential {}", id.known()));
        return Err(skip(format!(
            "is a deposed object, {which}, which has a successor and which Terraform still has to destroy: run `terraform apply`, \
             or revoke it at the vendor, before Terraform forgets the resource"
        )));
    }
    let id = id.map_err(&skip)?;
    if instance.tainted {
        problems.push(
            "it is tainted, so the next `terraform apply` would replace it: take it out of Terraform before that"
                .to_owned(),
        );
    }
    let found = Found {
        resource_type: of,
        vendor: of.vendor,
        provider: shown(&instance.provider.source),
        provider_alias: instance.provider.alias.as_deref().map(shown),
        id,
        attributes: attributes_of(&attributes, of, &mut problems),
        settings: settings_of(&attributes, of, related, &mut problems),
        expires_at: of.expires_at.and_then(|name| expires_at(&attributes, name, &mut problems)),
        public_parts: of
            .public_parts
            .iter()
            .filter_map(|(part, from)| Some((*part, text(&attributes, from)?)))
            .collect(),
        secrets: secrets_of(&mut attributes, of, &mut problems),
        problems,
        address,
    };
    Ok(found)
}

/// The adapter's id, or why there is none.
fn id(attributes: &InstanceAttributes, of: &ResourceType, problems: &mut Vec<String>) -> Result<VendorId, String> {
    let mut segments = Vec::new();
    for Segment { from, absent } in of.id {
        match (attributes.at(from), absent) {
            (Ok(Some(value)), _) if !is_empty(value) => segments.push(segment(value).ok_or_else(|| {
                format!("has `{from}` in a form that no id of {} has: write the file again, unchanged", of.vendor)
            })?),
            (Err(WrongType), _) => return Err(format!("has `{from}` in a form that cannot be read: {REFRESH}")),
            (_, Absent::NoId) => {
                return Err(format!("has no `{from}`, without which it is not found at the vendor: {REFRESH}"));
            }
            (_, Absent::Shorter) => {}
            (_, Absent::Doubtful(problem)) => problems.push((*problem).to_owned()),
        }
    }
    let id = segments.join("/");
    Ok(if of.id_is_end { VendorId::End(id) } else { VendorId::Whole(id) })
}

/// What a provider writes for an argument that was not given.
fn is_empty(value: &Value) -> bool {
    value.as_str() == Some("") || value.as_u64() == Some(0)
}

fn segment(value: &Value) -> Option<String> {
    let segment = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_u64()?.to_string(),
        _ => return None,
    };
    let fits = segment.len() <= 256 && segment.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
    fits.then_some(segment)
}

fn text(attributes: &InstanceAttributes, from: &str) -> Option<String> {
    attributes.at(from).ok().flatten().and_then(segment)
}

fn attributes_of(attributes: &InstanceAttributes, of: &ResourceType, problems: &mut Vec<String>) -> Map<String, Value> {
    let mut taken = Map::new();
    for attribute in of.attributes {
        match read(attributes, attribute.from, attribute.kind) {
            Ok(Some(value)) => {
                taken.insert(attribute.to.to_owned(), value);
            }
            Ok(None) if attribute.required => {
                problems
                    .push(format!("`{}` is not in the state: set the attribute `{}`", attribute.from, attribute.to));
            }
            Ok(None) => {}
            Err(expected) => problems.push(format!(
                "`{}` is not {expected}: set the attribute `{}` as it is at the vendor",
                attribute.from, attribute.to
            )),
        }
    }
    taken
}

fn read(attributes: &InstanceAttributes, from: &str, kind: Kind) -> Result<Option<Value>, String> {
    attributes.at(from).map_err(|WrongType| kind.article()).and_then(|value| kind.read(value))
}

fn settings_of(
    attributes: &InstanceAttributes,
    of: &ResourceType,
    related: Related<'_>,
    problems: &mut Vec<String>,
) -> Map<String, Value> {
    let mut settings = Map::new();
    for setting in of.settings {
        let value = match setting.source {
            Source::Attribute(from, kind) => read(attributes, from, kind).map_err(|expected| {
                format!("`{from}` is not {expected}: set `{}` in the account's settings", setting.to)
            }),
            Source::ProjectOfScopes(from) => project_of_scopes(attributes, from),
            Source::Related { by, resource_type, from } => {
                let value = text(attributes, by).and_then(|id| related(resource_type, &id, from));
                Kind::Text.read(value.as_ref()).or(Ok(None))
            }
        };
        match value {
            Ok(Some(value)) => {
                settings.insert(setting.to.to_owned(), value);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    settings
}

/// The one project that all scopes name. Whether the attribute is a list of texts is said elsewhere.
fn project_of_scopes(attributes: &InstanceAttributes, from: &str) -> Result<Option<Value>, String> {
    let Ok(Some(Value::Array(scopes))) = read(attributes, from, Kind::TextSet) else { return Ok(None) };
    let mut projects = scopes.iter().filter_map(Value::as_str).map(|scope| scope.split(':').nth(1).unwrap_or_default());
    let Some(project) = projects.next() else { return Ok(None) };
    if project.is_empty() || projects.any(|other| other != project) {
        return Err(format!(
            "`{from}` does not name one project throughout: an API client belongs to one project only"
        ));
    }
    Ok(Some(project.into()))
}

fn expires_at(
    attributes: &InstanceAttributes,
    from: &str,
    problems: &mut Vec<String>,
) -> Option<chrono::DateTime<chrono::Utc>> {
    match read(attributes, from, Kind::Text) {
        Ok(None) => None,
        Ok(Some(value)) if let Some(date) = value.as_str().and_then(date::read) => Some(date),
        Ok(Some(_)) | Err(_) => {
            problems
                .push(format!("`{from}` is not a date with its time zone: see at the vendor when the credential ends"));
            None
        }
    }
}

fn secrets_of(
    attributes: &mut InstanceAttributes,
    of: &ResourceType,
    problems: &mut Vec<String>,
) -> Vec<(&'static str, secrecy::SecretString)> {
    let mut secrets = Vec::new();
    for (part, from) in of.secrets {
        match attributes.take_secret(from) {
            Ok(Some(secret)) => secrets.push((*part, secret)),
            Ok(None) => {}
            Err(WrongType) => problems.push(format!("`{from}` is not text: the secret is not taken over")),
        }
    }
    let encrypted = of.encrypted.filter(|from| matches!(attributes.at(from), Ok(Some(value)) if !is_empty(value)));
    if let Some(encrypted) = encrypted {
        problems.push(format!(
            "`{encrypted}` holds the secret encrypted with a key that the state does not have: the secret is not taken over"
        ));
    }
    secrets
}
