//! Demands with an account's settings in their places, and whether a request satisfies them.

use std::cell::OnceCell;

use http::HeaderMap;
use keywright_settings::{ExpandError, Template};
use serde_json::{Map, Value};

use crate::content_type::BodyFormat;
use crate::demand::{Demand, DemandLocation, DemandValue};
use crate::denial::DenialReason;
use crate::json;
use crate::json_string::characters;
use crate::pairs::{self, Found};

/// A demand that is bound to settings.
#[derive(Clone, Debug)]
pub(crate) struct BoundDemand {
    pub(crate) location: DemandLocation,
    values: Box<[BoundValue]>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum BoundValue {
    Text(Box<str>),
    Number(Box<str>),
    Bool(bool),
    Null,
}

/// What is known of a request besides its head. What is not known counts as satisfied.
pub(crate) struct Evidence<'a> {
    pub(crate) headers: Option<&'a HeaderMap>,
    pub(crate) body: Option<&'a [u8]>,
    /// The body as a form, once it was validated.
    form: OnceCell<Option<&'a str>>,
}

impl<'a> Evidence<'a> {
    pub(crate) fn new(headers: Option<&'a HeaderMap>, body: Option<&'a [u8]>) -> Self {
        Self { headers, body, form: OnceCell::new() }
    }

    /// The body as a form, when it is one that has one reading.
    fn form(&self) -> Option<&'a str> {
        let form = || std::str::from_utf8(self.body?).ok().filter(|form| pairs::validate_form(form).is_ok());
        *self.form.get_or_init(form)
    }
}

/// Whether a request is one that a rule, or a demand of it, is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is.
    Match,
    /// It is not: every reader sees another value, or none.
    Mismatch(DenialReason),
    /// It is not by the strict reading, but some reader could see it so.
    Unclear(DenialReason),
}

impl Verdict {
    /// Both hold.
    pub(crate) fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Mismatch(_) => self,
            Self::Match => other(),
            Self::Unclear(_) => match other() {
                Self::Mismatch(reason) => Self::Mismatch(reason),
                _ => self,
            },
        }
    }
}

impl Demand {
    pub(crate) fn bind(&self, settings: &Map<String, Value>) -> Result<BoundDemand, ExpandError> {
        let expand = |template: &Template| template.expand(settings, &|_| None);
        let bind = |value: &DemandValue| {
            Ok(match value {
                DemandValue::Text(template) => BoundValue::Text(expand(template)?.into()),
                DemandValue::Number(number) => BoundValue::Number(number.as_str().into()),
                DemandValue::Bool(value) => BoundValue::Bool(*value),
                DemandValue::Null => BoundValue::Null,
            })
        };
        let values = self.values.iter().map(bind).collect::<Result<_, _>>()?;
        Ok(BoundDemand { location: self.location.clone(), values })
    }
}

impl BoundDemand {
    /// Whether a request satisfies this demand. Allocates nothing.
    pub(crate) fn verdict(&self, query: &str, evidence: &Evidence<'_>) -> Verdict {
        match &self.location {
            // The query was validated when the request's target was read.
            DemandLocation::Query(key) => self.judge(pairs::find(query, key), BoundValue::is_part),
            DemandLocation::Header(name) => {
                let Some(headers) = evidence.headers else { return Verdict::Match };
                let mut found = headers.get_all(name).iter();
                let found = match (found.next(), found.next()) {
                    (None, _) => Found::Absent,
                    (Some(value), None) => Found::Once(value.as_bytes()),
                    _ => Found::Ambiguous,
                };
                self.judge(found, |value, found| value.text().is_some_and(|text| text.as_bytes() == *found))
            }
            DemandLocation::Form(key) => self.body(evidence, BodyFormat::Form, |_| match evidence.form() {
                Some(form) => self.judge(pairs::find(form, key), BoundValue::is_part),
                None => Verdict::Unclear(DenialReason::Body),
            }),
            DemandLocation::Json(pointer) => {
                self.body(evidence, BodyFormat::Json, |body| match json::find(body, pointer.tokens()) {
                    Ok(found) => self.judge(found, BoundValue::is_json),
                    Err(_) => Verdict::Unclear(DenialReason::Body),
                })
            }
        }
    }

    fn judge<Found_>(&self, found: Found<Found_>, is: impl Fn(&BoundValue, &Found_) -> bool) -> Verdict {
        match found {
            Found::Once(found) if self.values.iter().any(|value| is(value, &found)) => Verdict::Match,
            Found::Once(_) | Found::Absent => Verdict::Mismatch(DenialReason::Demand),
            Found::Ambiguous => Verdict::Unclear(DenialReason::Duplicate),
        }
    }

    fn body(&self, evidence: &Evidence<'_>, format: BodyFormat, read: impl FnOnce(&[u8]) -> Verdict) -> Verdict {
        match (evidence.body, evidence.headers) {
            (None, _) => Verdict::Match,
            (Some([]), _) => Verdict::Mismatch(DenialReason::Demand),
            (Some(_), Some(headers)) if !format.is_declared(headers) => Verdict::Unclear(DenialReason::ContentType),
            (Some(body), _) => read(body),
        }
    }

    /// Whether one request could satisfy both demands.
    pub(crate) fn is_compatible(&self, other: &Self) -> bool {
        self.location != other.location || self.values.iter().any(|value| other.values.contains(value))
    }

    /// The format of the body that it is about.
    pub(crate) fn body_format(&self) -> Option<BodyFormat> {
        match &self.location {
            DemandLocation::Form(_) => Some(BodyFormat::Form),
            DemandLocation::Json(_) => Some(BodyFormat::Json),
            DemandLocation::Query(_) | DemandLocation::Header(_) => None,
        }
    }
}

impl BoundValue {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn is_part(&self, found: &&str) -> bool {
        self.text().is_some_and(|text| pairs::is(found, text))
    }

    fn is_json(&self, found: &json::Value<'_>) -> bool {
        match (self, found) {
            (Self::Text(text), json::Value::String(found)) => characters(found).eq(text.chars()),
            (Self::Number(number), json::Value::Number(found)) => **number == **found,
            (Self::Bool(value), json::Value::Bool(found)) => value == found,
            (Self::Null, json::Value::Null) => true,
            _ => false,
        }
    }
}

impl DemandLocation {
    /// The value that a request carries there, as a rule demands it: for the line that would allow the request. None when
    /// there is not exactly one, or when it is nothing that a person would paste.
    pub(crate) fn value_in(&self, query: &str, evidence: &Evidence<'_>) -> Option<DemandValue> {
        let text = match self {
            Self::Query(key) => one(pairs::find(query, key)).map(|value| pairs::decoded(value).collect::<String>())?,
            Self::Form(key) => one(pairs::find(evidence.form()?, key)).map(|value| pairs::decoded(value).collect())?,
            Self::Header(name) => evidence.headers?.get(name)?.to_str().ok()?.to_owned(),
            Self::Json(pointer) => match one(json::find(evidence.body?, pointer.tokens()).ok()?)? {
                json::Value::String(text) => characters(text).collect(),
                json::Value::Number(number) => {
                    return (number.len() <= LONGEST).then(|| DemandValue::Number(number.to_owned()));
                }
                json::Value::Bool(value) => return Some(DemandValue::Bool(value)),
                json::Value::Null => return Some(DemandValue::Null),
                json::Value::Compound => return None,
            },
        };
        let plain = text.len() <= LONGEST && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let template = text.replace('{', "{{").replace('}', "}}");
        plain.then(|| DemandValue::text(&template).ok())?
    }
}

/// The longest value, in bytes, that a line offers.
const LONGEST: usize = 64;

fn one<Value>(found: Found<Value>) -> Option<Value> {
    match found {
        Found::Once(value) => Some(value),
        Found::Absent | Found::Ambiguous => None,
    }
}
