//! What goes into a call, from the command line, files, standard input and the environment.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;

use chrono::{DateTime, Utc};
use keywright_auth::Parts;
use keywright_runtime::{CreateRequest, Descriptor, ExpiryChange, Filter, Operation, UpdateRequest};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use super::{Call, Input};
use crate::error::Error;
use crate::schema::{Schema, read_untyped};
use crate::suggest::{instead, quoted};
use crate::values::{ExpiresAt, Pair, from_now, instant};

/// Reads what the operation takes.
pub(super) fn read(call: &Call<'_>) -> Result<Input, Error> {
    let arguments = call.arguments;
    Ok(match call.operation {
        Operation::Create => Input::CreateRequest(CreateRequest {
            attributes: attributes(call)?,
            marker: arguments.marker.clone(),
            expires_at: expiry(call)?,
        }),
        Operation::Update => Input::UpdateRequest(UpdateRequest {
            attributes: attributes(call)?,
            marker: arguments.marker.clone(),
            expiry: match (arguments.expires_at, expiry(call)?) {
                (Some(ExpiresAt::Never), _) => ExpiryChange::Clear,
                (_, Some(at)) => ExpiryChange::Set(at),
                (_, None) => ExpiryChange::Keep,
            },
        }),
        Operation::List => Input::List(Filter {
            marker: arguments.marker.clone(),
            attributes: filter(call.descriptor, &arguments.filter)?,
        }),
        Operation::Regenerate => Input::Expiry(expiry(call)?),
        Operation::Verify => Input::Own(own_parts(call)?),
        Operation::Check | Operation::Get | Operation::SetEnabled | Operation::Revoke => Input::Nothing,
    })
}

/// The instant that the credential shall end, when there is one.
fn expiry(call: &Call<'_>) -> Result<Option<DateTime<Utc>>, Error> {
    let now = Utc::now();
    let at = match (call.arguments.expires_at, call.arguments.expires_in) {
        (Some(ExpiresAt::Instant(at)), _) => Some(at),
        (_, Some(duration)) => {
            let at = from_now(now, duration);
            Some(at.ok_or_else(|| Error::usage("--expires-in is too long: give a shorter duration"))?)
        }
        (Some(ExpiresAt::Never) | None, None) => None,
    };
    match at {
        Some(at) if at <= now => {
            Err(Error::usage(format!("--expires-at {} is in the past: give a later time", instant(at))))
        }
        at => Ok(at),
    }
}

fn attributes(call: &Call<'_>) -> Result<Map<String, Value>, Error> {
    let schema = Schema::new(&call.descriptor.attributes);
    let mut attributes = match call.arguments.attributes.as_deref() {
        None => Map::new(),
        Some(argument) => {
            let attributes = attributes_object(argument)?;
            if !(argument == "-" || argument.starts_with('@'))
                && let Some(secret) =
                    schema.properties().find(|it| it.is("writeOnly") && attributes.contains_key(it.name))
            {
                return Err(secret_in_argv(secret.name));
            }
            attributes
        }
    };
    for name in attributes.keys() {
        if schema.property(name).is_none() && schema.is_closed() {
            return Err(unknown_attribute(call.descriptor, name));
        }
    }
    for Pair { name, value } in &call.arguments.attr {
        let value = match schema.property(name) {
            Some(attribute) if attribute.is("writeOnly") => return Err(secret_in_argv(name)),
            Some(attribute) => attribute
                .read(value)
                .map_err(|problem| Error::usage(format!("the attribute {} {problem}", quoted(name))))?,
            None if schema.is_closed() => return Err(unknown_attribute(call.descriptor, name)),
            None => read_untyped(value),
        };
        attributes.insert(name.clone(), value);
    }
    Ok(attributes)
}

/// `JSON`, `@FILE` or `-`.
fn attributes_object(argument: &str) -> Result<Map<String, Value>, Error> {
    let (text, place) = if argument == "-" {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(|error| Error::usage(format!("the attributes cannot be read from standard input: {error}")))?;
        (text, "on standard input".to_owned())
    } else if let Some(file) = argument.strip_prefix('@') {
        let text = fs::read_to_string(file).map_err(|error| {
            Error::usage(format!("the attributes cannot be read from the file {file} ({error}): name another"))
        })?;
        (text, format!("in the file {file}"))
    } else {
        (argument.to_owned(), "given with --attributes".to_owned())
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(attributes)) => Ok(attributes),
        Ok(_) => Err(Error::usage(format!("the attributes {place} are no JSON object: write {{\"NAME\": VALUE}}"))),
        Err(error) => {
            Err(Error::usage(format!("the attributes {place} are not JSON ({error}): write {{\"NAME\": VALUE}}")))
        }
    }
}

fn secret_in_argv(name: &str) -> Error {
    Error::usage(format!(
        "the attribute {} is secret, and others can see command lines: give it with --attributes @FILE or --attributes -",
        quoted(name)
    ))
}

fn unknown_attribute(descriptor: &Descriptor, name: &str) -> Error {
    let schema = Schema::new(&descriptor.attributes);
    let instead = instead(name, schema.properties().filter(|it| !it.is("readOnly")).map(|it| it.name));
    Error::usage(format!("a credential of {} has no attribute {}: {instead}", descriptor.vendor, quoted(name)))
}

fn filter(descriptor: &Descriptor, pairs: &[Pair]) -> Result<Map<String, Value>, Error> {
    let schema = Schema::new(&descriptor.attributes);
    let mut filter = Map::new();
    for Pair { name, value } in pairs {
        let Some(attribute) = schema.property(name).filter(|it| it.is("x-keywright-filter")) else {
            let instead = instead(name, schema.properties().filter(|it| it.is("x-keywright-filter")).map(|it| it.name));
            return Err(Error::usage(format!(
                "{} does not filter credentials by {}: {instead}",
                descriptor.vendor,
                quoted(name)
            )));
        };
        let value = attribute
            .read(value)
            .map_err(|problem| Error::usage(format!("the attribute {} to filter by {problem}", quoted(name))))?;
        filter.insert(name.clone(), value);
    }
    Ok(filter)
}

/// The parts of the credential that `verify` asks with.
fn own_parts(call: &Call<'_>) -> Result<Parts, Error> {
    let descriptor = call.descriptor;
    let known = |name: &str| {
        if descriptor.part(name).is_some() {
            return Ok(());
        }
        let instead = instead(name, descriptor.parts.iter().map(|part| part.name.as_str()));
        Err(Error::usage(format!("a credential of {} has no part {}: {instead}", descriptor.vendor, quoted(name))))
    };
    let mut parts = Parts::new();
    if let Some(path) = &call.arguments.credential_file {
        let path_shown = path.display();
        let text = fs::read_to_string(path)
            .map(SecretString::from)
            .map_err(|error| Error::usage(format!("the credential file {path_shown} cannot be read: {error}")))?;
        // What the reader says of a wrong value would quote it.
        let of_file: BTreeMap<String, String> = serde_json::from_str(text.expose_secret()).map_err(|_| {
            let form = "write {\"PART\": \"VALUE\"}, as --secret-file does";
            Error::usage(format!("the credential file {path_shown} is no JSON object of strings: {form}"))
        })?;
        for (name, value) in of_file {
            known(&name).map_err(|error| error.within(&format!("the credential file {path_shown}")))?;
            parts.insert(name, value);
        }
    }
    for Pair { name, value: variable } in &call.arguments.credential_env {
        known(name)?;
        let value = (call.environment)(variable)
            .ok_or_else(|| Error::usage(format!("there is no `{name}`, as {} is not set: set it", quoted(variable))))?;
        let value = value.into_string().map_err(|_| Error::usage(format!("{} is not text", quoted(variable))))?;
        parts.insert(name.clone(), value);
    }
    for part in descriptor.parts.iter().filter(|part| part.identifies && !part.secret) {
        if parts.get(&part.name).is_none() {
            let id = call.id();
            parts.insert(part.name.clone(), id.rsplit('/').next().unwrap_or(id).to_owned());
        }
    }
    for name in descriptor.scheme.part_names() {
        let problem = match parts.get(name).map(|value| value.expose_secret().is_empty()) {
            Some(false) => continue,
            Some(true) => "is empty",
            None => "is missing",
        };
        return Err(Error::usage(format!(
            "the part `{name}` of the credential to be verified {problem}: give it with --credential-env {name}=VAR or in \
             --credential-file"
        )));
    }
    Ok(parts)
}
