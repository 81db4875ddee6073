//! `json`: one object with the parts as its members, as `--secret-file` writes it, and the record as one more.
//!
//! ```json
//! { "access_key": "…", "secret_key": "…", "keywright": { "credential": "ci", "generation": 3, … } }
//! ```
//!
//! With the previous generation there is a member `previous`, an object with its `generation` and its parts.

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::layout::{Found, Layout, Trouble};
use super::record::Record;
use crate::delivery::{Delivery, Part, PartSpec, Subject};

const RECORD: &str = "keywright";
const PREVIOUS: &str = "previous";
const GENERATION: &str = "generation";

/// One JSON object, which is the whole file.
#[derive(Debug)]
pub(super) struct Json;

impl Layout for Json {
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble> {
        parts.iter().try_for_each(|part| check_name(&part.name))
    }

    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble> {
        Ok(Zeroizing::new(Value::Object(members(delivery)?).to_string()))
    }

    fn find(&self, text: &str, _subject: &Subject) -> Result<Found, Trouble> {
        if text.trim().is_empty() {
            return Ok(Found::Nothing);
        }
        // Not an object with a record, so not ours.
        let Ok(Value::Object(mut members)) = serde_json::from_str(text) else { return Ok(Found::Foreign) };
        let Some(record) = members.remove(RECORD) else { return Ok(Found::Foreign) };
        let Ok(record) = serde_json::from_value::<Record>(record) else { return Ok(Found::Foreign) };
        let text = Zeroizing::new(Value::Object(members).to_string());
        Ok(Found::Region { text, record: Some(record) })
    }

    fn put(&self, _text: Option<&str>, delivery: &Delivery, record: &Record) -> Result<Zeroizing<String>, Trouble> {
        let mut members = members(delivery)?;
        members.insert(RECORD.to_owned(), json!(record));
        // The alternate form is the indented one.
        Ok(Zeroizing::new(format!("{:#}\n", Value::Object(members))))
    }

    fn take(&self, _text: &str, _subject: &Subject) -> Result<Option<Zeroizing<String>>, Trouble> {
        Ok(None)
    }

    fn place(&self) -> Option<&str> {
        None
    }
}

fn members(delivery: &Delivery) -> Result<Map<String, Value>, Trouble> {
    let mut members = exposed(&delivery.parts)?;
    if let Some(previous) = &delivery.previous {
        let mut before = exposed(&previous.parts)?;
        before.insert(GENERATION.to_owned(), json!(previous.generation));
        members.insert(PREVIOUS.to_owned(), Value::Object(before));
    }
    Ok(members)
}

fn exposed(parts: &[Part]) -> Result<Map<String, Value>, Trouble> {
    let member = |part: &Part| {
        check_name(&part.name)?;
        Ok((part.name.clone(), json!(part.value.expose_secret())))
    };
    parts.iter().map(member).collect()
}

fn check_name(name: &str) -> Result<(), Trouble> {
    if matches!(name, RECORD | PREVIOUS | GENERATION) {
        let reason = "the format json has a member of that name itself: use a template".to_owned();
        return Err(Trouble::Unrepresentable { part: name.to_owned(), reason });
    }
    Ok(())
}
