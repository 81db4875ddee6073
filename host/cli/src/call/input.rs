//! What goes into a call: from the command line, files and standard input.

use std::io::Read as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use keywright_runtime::{CreateRequest, Descriptor, ExpiryChange, Filter, Operation, RegenerateRequest, UpdateRequest};
use serde_json::{Map, Value};

use super::{Call, Input, own_credential};
use crate::error::Error;
use crate::schema::{Schema, read_untyped};
use crate::suggest::{instead, quoted};
use crate::text::{decode_document, read_document};
use crate::values::{ExpiresAt, Pair, from_now, instant};

/// Reads what the operation takes.
pub(super) fn read(call: &Call<'_>) -> Result<Input, Error> {
    let arguments = call.arguments;
    let (marker, idempotency_key) = (arguments.marker.clone(), arguments.idempotency_key.clone());
    Ok(match call.operation {
        Operation::Create => Input::Create(CreateRequest {
            attributes: attributes(call)?,
            marker,
            expires_at: expiry(call)?,
            idempotency_key,
            continuation: own_credential::pending(call)?,
        }),
        Operation::Update => Input::Update(UpdateRequest {
            attributes: attributes(call)?,
            marker,
            expiry: match (arguments.expires_at, expiry(call)?) {
                (Some(ExpiresAt::Never), _) => ExpiryChange::Clear,
                (_, Some(at)) => ExpiryChange::Set(at),
                (_, None) => ExpiryChange::Keep,
            },
            idempotency_key,
        }),
        Operation::List => Input::List(Filter { marker, attributes: filter(call.descriptor, &arguments.filter)? }),
        Operation::Regenerate => Input::Regenerate(RegenerateRequest { expires_at: expiry(call)?, idempotency_key }),
        Operation::Verify => Input::Verify(own_credential::read(call)?),
        Operation::Check | Operation::Get | Operation::SetEnabled | Operation::Revoke => Input::None,
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
                && let Some(secret) = schema.properties().find(|it| it.is_secret() && attributes.contains_key(it.name))
            {
                return Err(secret_on_command_line(secret.name));
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
            Some(attribute) if attribute.is_secret() => return Err(secret_on_command_line(name)),
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
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| format!("cannot be read ({error})"));
        let text = read.and_then(|_| decode_document(bytes).map_err(str::to_owned));
        let text = text.map_err(|problem| Error::usage(format!("the text on standard input {problem}")))?;
        (text, "on standard input".to_owned())
    } else if let Some(file) = argument.strip_prefix('@') {
        let text = read_document(Path::new(file));
        let text = text.map_err(|problem| Error::usage(format!("the file {file} of --attributes {problem}")))?;
        (text, format!("in the file {file}"))
    } else {
        (argument.to_owned(), "given with --attributes".to_owned())
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(attributes)) => Ok(attributes),
        Ok(_) => Err(Error::usage(format!("the attributes {place} are not a JSON object: write {{\"NAME\": VALUE}}"))),
        Err(error) => {
            Err(Error::usage(format!("the attributes {place} are not JSON ({error}): write {{\"NAME\": VALUE}}")))
        }
    }
}

fn secret_on_command_line(name: &str) -> Error {
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
        let Some(attribute) = schema.property(name).filter(|it| it.filter().is_some()) else {
            let instead = instead(name, schema.properties().filter(|it| it.filter().is_some()).map(|it| it.name));
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
