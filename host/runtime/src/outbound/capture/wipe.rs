//! Wiping what held a secret, as far as this program holds it alone.

use bytes::{Bytes, BytesMut};
use serde_json::Value;
use zeroize::Zeroize as _;

/// Wipes a body that nobody else holds. The HTTP client's own buffer, which an answer of one piece may be a part of, is not
/// this program's to wipe.
pub(crate) fn body(body: Bytes) {
    drop(wiped(body));
}

/// What is left of it; none where others hold it too.
fn wiped(body: Bytes) -> Option<BytesMut> {
    let mut bytes = body.try_into_mut().ok()?;
    bytes.as_mut().zeroize();
    Some(bytes)
}

/// Wipes a JSON value, and all texts in it. Recursive, and no deeper than the parser goes.
pub(super) fn json(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(json),
        Value::Object(members) => members.values_mut().for_each(json),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    *value = Value::Null;
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_is_left_of_a_value() {
        let mut value = json!({"a": ["secret", {"b": "secret"}], "c": 7});
        json(&mut value);
        assert_eq!(value, Value::Null);
    }

    #[test]
    fn a_body_is_wiped_where_nobody_else_holds_it() {
        let whole = BytesMut::from(&b"the secret"[..]).freeze();
        let other = whole.clone();
        assert!(wiped(whole).is_none());
        assert_eq!(other, &b"the secret"[..]);
        assert_eq!(wiped(other).unwrap(), [0; 10][..]);
    }
}
