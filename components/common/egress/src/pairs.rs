//! Keys and values of queries and forms, read strictly.
//!
//! Both are `application/x-www-form-urlencoded`: pairs separated by `&`, with `+` for a space. Refused is what readers
//! disagree on: empty pairs and keys, `;`, which some take for `&`, and characters that are not encoded and should be.

use crate::fold::{folded_key, same_key};
use crate::percent::{Characters, Malformed, Plain, encode_unless, is_unreserved, normalise};

/// What was looked for in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found<Value> {
    /// It stands there once.
    Once(Value),
    /// It does not stand there.
    Absent,
    /// It stands there more than once, or under a name that some servers take for the same.
    Ambiguous,
}

/// The pairs of a query or a form, not decoded. A key without `=` has no value.
fn pairs(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.split('&').filter(move |_| !text.is_empty()).map(split)
}

fn split(pair: &str) -> (&str, Option<&str>) {
    pair.split_once('=').map_or((pair, None), |(key, value)| (key, Some(value)))
}

/// The keys of a query or a form that was validated.
pub(crate) fn keys(text: &str) -> impl Iterator<Item = &str> {
    pairs(text).map(|(key, _)| key)
}

/// What may stand in a query as it is: that of RFC 3986 section 3.4 without `;`, and with the brackets that many APIs use in
/// the names of keys.
const RAW_IN_QUERY: Plain = Plain::alphanumeric_and(b"-._~!$'()*+,/:=?@[]");

/// What may stand in a form as it is: visible ASCII without `;`, and without what has a meaning.
const RAW_IN_FORM: Plain = Plain::alphanumeric_and(b"!\"#$'()*+,-./:<=>?@[\\]^_`{|}~");

/// Refuses a query that readers could take for different ones.
pub(crate) fn validate_query(query: &str) -> Result<(), Malformed> {
    validate(query, &RAW_IN_QUERY)
}

/// Refuses a form that readers could take for different ones.
pub(crate) fn validate_form(form: &str) -> Result<(), Malformed> {
    validate(form, &RAW_IN_FORM)
}

fn validate(text: &str, raw: &Plain) -> Result<(), Malformed> {
    for (key, value) in pairs(text) {
        if key.is_empty() {
            return Err(Malformed);
        }
        validate_part(key, raw, char::is_control)?;
        validate_part(value.unwrap_or_default(), raw, |character| character == '\0')?;
    }
    Ok(())
}

fn validate_part(text: &str, raw: &Plain, is_forbidden: impl Fn(char) -> bool) -> Result<(), Malformed> {
    // Decoding is for what is encoded; most is not.
    if raw.contains_all(text) {
        return Ok(());
    }
    for character in Characters::of(text) {
        let character = character?;
        let plain = match character.encoded {
            true => !is_forbidden(character.value),
            false => raw.contains_character(character.value),
        };
        if !plain {
            return Err(Malformed);
        }
    }
    Ok(())
}

/// The value of a key in a query or a form that was validated, not decoded.
pub(crate) fn find<'t>(text: &'t str, key: &str) -> Found<&'t str> {
    let mut found = Found::Absent;
    // A pair starts with its key, so that most need not be taken apart.
    let could_be = |pair: &&str| !pair.is_empty() && !starts_otherwise(pair, key);
    for (name, value) in text.split('&').filter(could_be).map(split) {
        if !same_key(decoded(name), key.chars()) {
            continue;
        }
        found = match found {
            Found::Absent if is(name, key) => Found::Once(value.unwrap_or_default()),
            _ => return Found::Ambiguous,
        };
    }
    found
}

/// Whether some server takes a key, not decoded, for the one with this name.
pub(crate) fn is_same(key: &str, name: &str) -> bool {
    !starts_otherwise(key, name) && same_key(decoded(key), name.chars())
}

/// Whether two names differ in their first letter, so that no server takes them for one: quick, and mostly enough.
fn starts_otherwise(name: &str, key: &str) -> bool {
    let first = |text: &str| text.bytes().next().filter(u8::is_ascii_alphanumeric);
    matches!((first(name), first(key)), (Some(name), Some(key)) if !name.eq_ignore_ascii_case(&key))
}

/// Whether a part of a query or a form that was validated decodes to a text.
pub(crate) fn is(part: &str, text: &str) -> bool {
    match part.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        false => part == text,
        true => decoded(part).eq(text.chars()),
    }
}

/// The characters of a part of a query or a form that was validated.
pub(crate) fn decoded(part: &str) -> impl Iterator<Item = char> {
    Characters::of_form(part).map_while(|character| character.ok().map(|character| character.value))
}

/// A query that was validated, in its one spelling: spaces are `%20`, unreserved characters stand as themselves, and
/// reserved ones as they stood.
pub(crate) fn canonical_query(query: &str) -> Result<String, Malformed> {
    let mut out = String::with_capacity(query.len());
    for (index, pair) in query.split('&').enumerate() {
        if index > 0 {
            out.push('&');
        }
        normalise(&mut out, Characters::of_form(pair))?;
    }
    Ok(out)
}

/// A form that was validated, in its one spelling: every pair has a value, and all but unreserved characters is encoded.
pub(crate) fn canonical_form(form: &str) -> String {
    let encoded = |part: &str| encode_unless(&decoded(part).collect::<String>(), is_unreserved);
    let pairs: Vec<String> =
        pairs(form).map(|(key, value)| format!("{}={}", encoded(key), encoded(value.unwrap_or_default()))).collect();
    pairs.join("&")
}

/// Names of query keys that authenticate a request, make the server take it for another, or change the form of its answer,
/// in the spelling of [`folded_key`]. Only a rule that names them opens them.
const GUARDED: [&str; 52] = [
    // Authentication. `key` is how Google's APIs take one.
    "key",
    "apikey",
    "apitoken",
    "accesskey",
    "accesskeyid",
    "accesstoken",
    "appkey",
    "applicationkey",
    "auth",
    "authkey",
    "authorization",
    "authtoken",
    "awsaccesskeyid",
    "bearer",
    "bearertoken",
    "clientsecret",
    "credential",
    "credentials",
    "hmac",
    "idtoken",
    "jwt",
    "oauthsignature",
    "oauthtoken",
    "passwd",
    "password",
    "privatetoken",
    "refreshtoken",
    "secret",
    "secretkey",
    "securitytoken",
    "sessionid",
    "sessiontoken",
    "sig",
    "signature",
    "subscriptionkey",
    "token",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    // The method.
    "httpmethod",
    "httpmethodoverride",
    "method",
    "methodoverride",
    "xhttpmethod",
    "xhttpmethodoverride",
    "xmethodoverride",
    // The form of the answer.
    "accept",
    "alt",
    "callback",
    "format",
    "jsonp",
    "jsonpcallback",
];

/// Whether a key, not decoded, is one that only a rule that names it opens.
pub(crate) fn is_guarded(key: &str) -> bool {
    is_guarded_key(decoded(key))
}

/// Whether a key, as a rule names it, is one that only a rule that names it opens.
pub(crate) fn is_guarded_name(key: &str) -> bool {
    is_guarded_key(key.chars())
}

fn is_guarded_key(key: impl Iterator<Item = char>) -> bool {
    /// No name of the list is longer.
    const LONGEST: usize = 20;
    let (mut folded, mut length) = ([0; LONGEST], 0);
    for character in folded_key(key) {
        let (Some(place), Ok(byte)) = (folded.get_mut(length), u8::try_from(character)) else { return false };
        *place = byte;
        length += 1;
    }
    GUARDED.iter().any(|guarded| guarded.as_bytes() == &folded[..length])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_query_with_two_readings_is_refused() {
        for query in
            ["a=1&", "&a=1", "a=1&&b=2", "=1", "a;b=1", "a=1;b=2", "%", "a=%zz", "a=%c0%ae", "%0a=1", "a=%00", "a=|"]
        {
            assert_eq!(validate_query(query), Err(Malformed), "{query}");
            assert!(query.contains('|') || validate_form(query).is_err(), "{query}");
        }
        for query in ["", "a", "a=", "a=1&b=2", "a=1&a=2", "a==", "filter[x]=a%3Bb", "a+b=c+d", "$top=5", "a=%0A"] {
            assert_eq!(validate_query(query), Ok(()), "{query}");
        }
        assert_eq!(validate_form("a=b c"), Err(Malformed));
        assert_eq!(validate_form("a=b\r\n"), Err(Malformed));
    }

    #[test]
    fn a_key_is_found_when_it_stands_there_once() {
        for (form, found) in [
            ("Action=a", Found::Once("a")),
            ("b=1&Acti%6fn=a+b&c", Found::Once("a+b")),
            ("Action", Found::Once("")),
            ("", Found::Absent),
            ("Actions=a", Found::Absent),
            ("Action=a&Action=a", Found::Ambiguous),
            ("Action=a&action=b", Found::Ambiguous),
            ("action=a", Found::Ambiguous),
            ("Action=a&Action%5B%5D=b", Found::Ambiguous),
        ] {
            assert_eq!(find(form, "Action"), found, "{form}");
        }
        assert_eq!(
            (find("", "_"), find("_=a", "_"), find("-=a", "_")),
            (Found::Absent, Found::Once("a"), Found::Ambiguous)
        );
    }

    #[test]
    fn a_key_that_authenticates_is_guarded_in_every_spelling() {
        for key in ["access_token", "Access-Token", "api%5Fkey", "_method", "X-HTTP-Method-Override", "token[]", "KEY"]
        {
            assert!(is_guarded(key), "{key}");
        }
        for key in ["keys", "page", "page_token", "access_key_id_prefix", "methods", "q"] {
            assert!(!is_guarded(key), "{key}");
        }
        for guarded in GUARDED {
            assert!(is_guarded_name(guarded), "{guarded}");
        }
    }

    #[test]
    fn the_canonical_forms_have_one_reading() {
        assert_eq!(canonical_query("a+b=%7e%2c,&c&d=").unwrap(), "a%20b=~%2C,&c&d=");
        assert_eq!(canonical_form("a+b=%7e%2c,&c&d="), "a%20b=~%2C%2C&c=&d=");
    }

    proptest! {
        #[test]
        fn a_canonical_form_says_what_the_form_said(
            pairs in prop::collection::vec(("[a-zA-Z%+é]{1,4}", "\\PC{0,6}"), 0..4)
        ) {
            let form = pairs.iter().map(|(key, value)| {
                format!("{}={}", encode_unless(key, is_unreserved), encode_unless(value, is_unreserved))
            }).collect::<Vec<_>>().join("&");
            prop_assert_eq!(validate_form(&form), Ok(()));
            let canonical = canonical_form(&form);
            prop_assert_eq!(validate_form(&canonical), Ok(()));
            let read: Vec<(String, String)> = super::pairs(&canonical)
                .map(|(key, value)| (decoded(key).collect(), decoded(value.unwrap_or_default()).collect()))
                .collect();
            prop_assert_eq!(read, pairs);
        }
    }
}
