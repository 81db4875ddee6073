//! JSON, and JSON in a string of JSON.

use bytes::Bytes;
use keywright_egress::{AnswerLocation, JsonPointer, PointerToken, SecretLocation};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{Keep, Unreadable, wipe, without_bom};

pub(super) fn capture(locations: &[&SecretLocation], body: &[u8], keep: &mut Keep<'_>) -> Result<Bytes, Unreadable> {
    let mut answer: Value = serde_json::from_slice(without_bom(body)).map_err(|_| Unreadable)?;
    let swapped = locations.iter().try_for_each(|location| match &location.location {
        AnswerLocation::Json(pointer) => visit(&mut answer, pointer.tokens(), &mut |value| swap(location, value, keep)),
        AnswerLocation::EmbeddedJson { outer, inner } => {
            visit(&mut answer, outer.tokens(), &mut |value| embedded(location, inner, value, keep))
        }
        _ => Ok(()),
    });
    let written = swapped.map(|()| answer.to_string().into());
    wipe::json(&mut answer);
    written
}

/// Swaps a value for what is to stand in its place. Nothing and an empty text are not secrets; what is neither a text nor
/// a number is kept as its JSON text, for the adapter cannot be let to see it either.
fn swap(location: &SecretLocation, value: &mut Value, keep: &mut Keep<'_>) -> Result<(), Unreadable> {
    let text = match &*value {
        Value::Null => return Ok(()),
        Value::String(text) if text.is_empty() => return Ok(()),
        Value::String(text) => Zeroizing::new(text.clone()),
        other => Zeroizing::new(other.to_string()),
    };
    let kept = keep(location, &text).ok_or(Unreadable)?;
    wipe::json(value);
    *value = Value::String(kept);
    Ok(())
}

fn embedded(
    location: &SecretLocation,
    inner: &JsonPointer,
    value: &mut Value,
    keep: &mut Keep<'_>,
) -> Result<(), Unreadable> {
    let text = match &*value {
        Value::Null => return Ok(()),
        Value::String(text) if text.trim().is_empty() => return Ok(()),
        Value::String(text) => text,
        _ => return Err(Unreadable),
    };
    let mut document: Value = serde_json::from_str(text).map_err(|_| Unreadable)?;
    let swapped = visit(&mut document, inner.tokens(), &mut |value| swap(location, value, keep));
    let written = swapped.map(|()| document.to_string());
    wipe::json(&mut document);
    let written = written?;
    wipe::json(value);
    *value = Value::String(written);
    Ok(())
}

fn visit(
    value: &mut Value,
    tokens: &[PointerToken],
    found: &mut dyn FnMut(&mut Value) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let Some((token, rest)) = tokens.split_first() else { return found(value) };
    match (token, value) {
        (PointerToken::Any, Value::Array(items)) => items.iter_mut().try_for_each(|item| visit(item, rest, found)),
        (PointerToken::Any, Value::Object(members)) => {
            members.values_mut().try_for_each(|member| visit(member, rest, found))
        }
        (PointerToken::Member(name), Value::Object(members)) => {
            members.get_mut(name).map_or(Ok(()), |member| visit(member, rest, found))
        }
        (PointerToken::Member(index), Value::Array(items)) => {
            let item = index.parse().ok().and_then(|index: usize| items.get_mut(index));
            item.map_or(Ok(()), |item| visit(item, rest, found))
        }
        _ => Ok(()),
    }
}
