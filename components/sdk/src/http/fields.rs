//! The members of a JSON object, read leniently.

use serde_json::{Map, Value};

use crate::{Date, Timestamp};

/// The members of a JSON object. What is missing, null or of another type is nothing, so that a change at the vendor never
/// costs a secret that was just minted.
///
/// ```
/// use keywright_sdk::Fields;
/// use serde_json::json;
///
/// let key = json!({"name": "ci", "uses": "42", "expires": null, "owner": {"id": 7}});
/// let key = Fields::of(&key);
/// assert_eq!((key.text("name"), key.integer("uses")), (Some("ci"), Some(42)));
/// assert!(key.date("expires").is_none());
/// assert_eq!(key.object("owner").id("id").as_deref(), Some("7"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(Option<&'a Map<String, Value>>);

impl<'a> Fields<'a> {
    /// The members of a value; none, when it is not an object.
    pub fn of(value: &'a Value) -> Self {
        Self(value.as_object())
    }

    /// The members of a map, such as the attributes of a request.
    pub fn of_map(members: &'a Map<String, Value>) -> Self {
        Self(Some(members))
    }

    /// A member that is not null.
    #[inline(never)]
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).filter(|value| !value.is_null())
    }

    /// Whether there is a member of this name that is not null.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Text that is not empty.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// An id: text that is not empty, or a whole number.
    pub fn id(&self, name: &str) -> Option<String> {
        match self.text(name) {
            Some(text) => Some(text.to_owned()),
            None => self.integer(name).map(|number| number.to_string()),
        }
    }

    /// A whole number: `42`, `42.0` or `"42"`.
    pub fn integer(&self, name: &str) -> Option<i64> {
        /// From here on a float no longer tells whole numbers apart.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        match self.get(name)? {
            Value::Number(number) => number.as_i64().or_else(|| {
                let float = number.as_f64()?;
                let integer = float as i64;
                (float.abs() < LARGEST && integer as f64 == float).then_some(integer)
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A boolean: `true`, `"true"`, `1`, and so for false.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => match self.integer(name)? {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            },
        }
    }

    /// A date as [`parse_lenient`](crate::parse_lenient) reads it.
    pub fn date(&self, name: &str) -> Date {
        self.date_with(name, crate::parse_lenient)
    }

    /// A date as `parse` reads it. A member that is neither text nor null is a date that cannot be read.
    pub fn date_with(&self, name: &str, parse: fn(&str) -> Option<Timestamp>) -> Date {
        match self.get(name) {
            None => Date::None,
            Some(Value::String(text)) => Date::read_with(text, parse),
            Some(value) => Date::unreadable(&serde_json::to_string(value).unwrap_or_default()),
        }
    }

    /// The members of a member.
    pub fn object(&self, name: &str) -> Self {
        Self(self.get(name).and_then(Value::as_object))
    }

    /// The elements of a member that is a list.
    pub fn list(&self, name: &str) -> &'a [Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_whole_number_is_read_in_every_form_that_vendors_write() {
        for (value, expected) in [
            (json!(42), Some(42)),
            (json!(42.0), Some(42)),
            (json!("42"), Some(42)),
            (json!(-1), Some(-1)),
            (json!(42.5), None),
            (json!(1e300), None),
            (json!(u64::MAX), None),
            (json!("4.2"), None),
            (json!(true), None),
            (json!(null), None),
        ] {
            assert_eq!(Fields::of(&json!({"n": value})).integer("n"), expected, "{value}");
        }
    }

    #[test]
    fn a_boolean_is_read_in_every_form_that_vendors_write() {
        for (value, expected) in [
            (json!(true), Some(true)),
            (json!("True"), Some(true)),
            (json!("false"), Some(false)),
            (json!(0), Some(false)),
            (json!("1"), Some(true)),
            (json!(2), None),
            (json!("yes"), None),
        ] {
            assert_eq!(Fields::of(&json!({"b": value})).boolean("b"), expected, "{value}");
        }
    }

    #[test]
    fn a_date_that_cannot_be_read_is_not_the_absence_of_a_date() {
        let date = |value: Value| Fields::of(&json!({"d": value})).date("d");
        assert_eq!(date(json!(null)), Date::None);
        assert_eq!(date(json!("2035-07-06")), crate::parse_rfc3339("2035-07-06T00:00:00Z").into());
        assert_eq!(date(json!(1_700_000_000)), Date::Unreadable("1700000000".to_owned()));
        assert_eq!(date(json!("")), Date::Unreadable(String::new()));
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        let list = json!(["name"]);
        assert_eq!(Fields::of(&list).text("name"), None);
        assert!(Fields::of(&list).object("name").list("items").is_empty());
    }
}
