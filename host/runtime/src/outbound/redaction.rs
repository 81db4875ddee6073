//! Secrets taken out of texts.
//!
//! All secrets, in all their forms, are looked for on the original bytes, overlapping; what was found is merged before
//! anything is replaced. Taken out one after another, a secret that is a part of a second one would cut that in two, and
//! leave the rest of it to be read.

use std::collections::BTreeSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;

use crate::outbound::escape::{Escape, Reading};

/// What stands where a secret stood.
pub(crate) const REDACTED: &str = "[redacted]";

/// Shorter texts are not secrets that anyone could keep, and would be found in every other word.
const SHORTEST: usize = 6;

/// Below so many forms they are looked for one by one: building an automaton costs more than a few searches of an answer.
const FEW: usize = 64;

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Secrets, as they are and as they are usually encoded, to be looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needles {
    forms: BTreeSet<Vec<u8>>,
    /// Finds all forms at once; for secrets that are looked for in many texts.
    automaton: Option<AhoCorasick>,
}

impl Needles {
    /// The forms of these secrets. Empty and very short ones are not looked for.
    pub(crate) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut needles = Self::default();
        for secret in secrets {
            needles.add(secret);
        }
        needles
    }

    /// [`new`](Self::new) for secrets that stay: looking for them is prepared once.
    pub(crate) fn prepared<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut needles = Self::new(secrets);
        // Without it the forms are looked for one by one.
        needles.automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&needles.forms)
            .ok()
            .filter(|_| !needles.forms.is_empty());
        needles
    }

    /// Adds the forms of one more secret.
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.forms.extend(forms(secret));
            // Some quote a key in PEM line by line, or wrap it anew.
            for line in pem_lines(secret) {
                self.forms.extend(forms(line));
            }
            self.automaton = None;
        }
    }

    /// Whether there is nothing to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Whether any form occurs.
    pub(crate) fn occur_in(&self, bytes: &[u8]) -> bool {
        let mut found = Vec::new();
        self.find(bytes, &mut found);
        !found.is_empty()
    }

    fn find(&self, bytes: &[u8], found: &mut Vec<Range<usize>>) {
        self.find_written(bytes, found);
        for reading in Escape::ALL.iter().filter_map(|escape| Reading::of(bytes, *escape)) {
            let mut within = Vec::new();
            self.find_written(&reading.bytes, &mut within);
            found.extend(within.into_iter().map(|place| reading.starts[place.start]..reading.starts[place.end]));
        }
    }

    /// [`find`](Self::find) in the bytes as they stand.
    fn find_written(&self, bytes: &[u8], found: &mut Vec<Range<usize>>) {
        match &self.automaton {
            Some(automaton) => found.extend(automaton.find_overlapping_iter(bytes).map(|found| found.range())),
            None if self.forms.len() <= FEW => {
                for form in &self.forms {
                    // One place after the last: a form may overlap itself.
                    let mut from = 0;
                    while let Some(at) = memchr::memmem::find(&bytes[from..], form) {
                        found.push(from + at..from + at + form.len());
                        from += at + 1;
                    }
                }
            }
            None => {
                let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&self.forms);
                match automaton {
                    Ok(automaton) => {
                        found.extend(automaton.find_overlapping_iter(bytes).map(|found| found.range()));
                    }
                    // What cannot be looked through is not shown.
                    Err(_) => found.push(0..bytes.len()),
                }
            }
        }
    }
}

/// The bytes without the secrets: the same bytes, when there are none in them.
pub(crate) fn bytes(needles: &[&Needles], bytes: Bytes) -> Bytes {
    match places(needles, &bytes) {
        places if places.is_empty() => bytes,
        places => replaced(&bytes, &places).into(),
    }
}

/// The text without the secrets.
pub(crate) fn text(needles: &[&Needles], text: String) -> String {
    let places = places(needles, text.as_bytes());
    if places.is_empty() {
        return text;
    }
    match String::from_utf8(replaced(text.as_bytes(), &places)) {
        Ok(text) => text,
        // A place begins and ends within a character only if a form does, and forms are texts.
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}

/// [`bytes`] of an answer: JSON can write any character of a secret as an escape, so its strings are looked through as
/// they read.
pub(crate) fn answer(needles: &[&Needles], answer: Bytes) -> Bytes {
    let answer = bytes(needles, answer);
    if needles.iter().all(|needles| needles.is_empty()) || memchr::memchr(b'\\', &answer).is_none() {
        return answer;
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(&answer) else { return answer };
    if strings(needles, &mut value) { value.to_string().into() } else { answer }
}

/// Takes the secrets out of every string and name of a JSON value. Whether there was any.
pub(crate) fn strings(needles: &[&Needles], value: &mut Value) -> bool {
    match value {
        Value::String(string) => {
            let places = places(needles, string.as_bytes());
            if !places.is_empty() {
                *string = text(needles, std::mem::take(string));
            }
            !places.is_empty()
        }
        Value::Array(items) => items.iter_mut().fold(false, |changed, item| strings(needles, item) | changed),
        Value::Object(members) => {
            let mut changed = false;
            let named: Vec<String> =
                members.keys().filter(|name| !places(needles, name.as_bytes()).is_empty()).cloned().collect();
            for name in named {
                if let Some(value) = members.remove(&name) {
                    members.insert(text(needles, name), value);
                    changed = true;
                }
            }
            members.values_mut().fold(changed, |changed, value| strings(needles, value) | changed)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Where secrets stand, in their order, without overlaps.
fn places(needles: &[&Needles], bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for needles in needles.iter().filter(|needles| !needles.is_empty()) {
        needles.find(bytes, &mut found);
    }
    found.sort_unstable_by_key(|place| (place.start, place.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for place in found {
        match merged.last_mut() {
            Some(last) if place.start < last.end => last.end = last.end.max(place.end),
            _ => merged.push(place),
        }
    }
    merged
}

fn replaced(bytes: &[u8], places: &[Range<usize>]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for place in places {
        replaced.extend_from_slice(&bytes[from..place.start]);
        replaced.extend_from_slice(REDACTED.as_bytes());
        from = place.end;
    }
    replaced.extend_from_slice(&bytes[from..]);
    replaced
}

/// The lines of a key in PEM, wherever in a text it stands, be it a JSON string with its line breaks escaped.
fn pem_lines(secret: &str) -> impl Iterator<Item = &str> {
    /// Shorter ones are the last of a key, and say little.
    const SHORTEST_LINE: usize = 16;
    let is_body = |line: &&str| {
        line.len() >= SHORTEST_LINE && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    };
    let pem = if secret.contains("-----BEGIN ") { secret } else { "" };
    pem.split(['\n', '\r']).flat_map(|line| line.split("\\n")).map(str::trim).filter(is_body)
}

/// A secret as it is and as it is usually encoded. Escapes need not be among them: see [`Escape`].
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let mut forms = vec![bytes.to_vec()];
    forms.extend(json(secret));
    forms.extend(xml(secret));
    forms.extend(base64(bytes));
    let lower: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let reserved = percent_encode(bytes, RESERVED).to_string();
    // As forms are written: a space is `+`.
    let form = reserved.replace("%20", "+");
    forms.extend([lower.to_uppercase(), escaped.to_uppercase(), lower_escapes(&reserved)].map(String::into_bytes));
    forms.extend([lower, escaped, reserved, lower_escapes(&form), form].map(String::into_bytes));
    forms
}

/// Percent-encoded text with its digits in lower case, as some write them.
fn lower_escapes(encoded: &str) -> String {
    let mut pieces = encoded.split('%');
    let mut lower = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        // An escape is two ASCII digits.
        let (digits, rest) = piece.split_at(2.min(piece.len()));
        lower.push('%');
        lower.push_str(&digits.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

/// Within a JSON string: what must be escaped, and what some writers escape as well.
fn json(secret: &str) -> [Vec<u8>; 3] {
    let plain = serde_json::Value::from(secret).to_string();
    let plain = plain[1..plain.len() - 1].to_owned();
    let solidus = plain.replace('/', "\\/");
    let html = plain.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    [plain, solidus, html].map(String::into_bytes)
}

/// Within XML text and attributes.
fn xml(secret: &str) -> [Vec<u8>; 2] {
    let text = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let attribute = text.replace('"', "&quot;").replace('\'', "&apos;");
    [text, attribute].map(String::into_bytes)
}

/// Alone, and within a longer text that was encoded: there the secret may begin at any of three places of a group, and
/// the characters at its ends mix with its neighbours.
fn base64(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms: Vec<String> = [&STANDARD, &URL_SAFE].iter().map(|engine| engine.encode(secret)).collect();
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let shifted = [&[0; 2][..before], secret].concat();
            let encoded = engine.encode(&shifted);
            // One byte before reaches into the second character, two into the third.
            let mixed_before = if before == 0 { 0 } else { before + 1 };
            let mixed_after = usize::from(shifted.len() % 3 != 0);
            forms.push(encoded[mixed_before..encoded.len() - mixed_after].to_owned());
        }
    }
    forms.into_iter().map(String::into_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const SECRET: &str = "s3cr/t+K\"y&<>é~9";

    fn redacted(text: &str) -> String {
        super::text(&[&Needles::prepared([SECRET, "another-secret"])], text.to_owned())
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn a_secret_is_found_in_every_form_in_which_it_is_usually_written() {
        let percent = percent_encode(SECRET.as_bytes(), NON_ALPHANUMERIC).to_string();
        let json = serde_json::to_string(SECRET).unwrap();
        for form in [
            SECRET.to_owned(),
            json.trim_matches('"').to_owned(),
            json.trim_matches('"').replace('/', "\\/"),
            STANDARD.encode(SECRET),
            STANDARD_NO_PAD.encode(SECRET),
            URL_SAFE.encode(SECRET),
            URL_SAFE_NO_PAD.encode(SECRET),
            hex(SECRET),
            hex(SECRET).to_uppercase(),
            percent_encode(SECRET.as_bytes(), RESERVED).to_string(),
            lower_escapes(&percent_encode(SECRET.as_bytes(), RESERVED).to_string()),
            SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            percent.replace("%2E", ".").replace("%7E", "~"),
            SECRET.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        ] {
            let text = redacted(&format!("it is {form}, they say"));
            assert!(text.starts_with("it is [redacted]"), "{form}: {text}");
            assert!(text.ends_with(", they say"), "{form}: {text}");
        }
    }

    #[test]
    fn a_text_without_secrets_is_left_as_it_is() {
        let text = "nothing to see: s3cr another-secre [redacted]";
        assert_eq!(redacted(text), text);
        let plain = Bytes::from_static(b"nothing");
        assert_eq!(super::bytes(&[&Needles::new([SECRET])], plain.clone()).as_ptr(), plain.as_ptr());
    }

    #[test]
    fn several_secrets_and_several_places_are_found_at_once() {
        let text = format!("{SECRET} another-secret {SECRET}{SECRET}");
        assert_eq!(redacted(&text), "[redacted] [redacted] [redacted][redacted]");
    }

    #[test]
    fn too_short_a_secret_would_be_everywhere_and_is_not_looked_for() {
        assert_eq!(super::text(&[&Needles::new(["", "a", "abcde"])], "abcde".to_owned()), "abcde");
        assert_eq!(super::text(&[&Needles::new(["abcdef"])], "abcdef".to_owned()), "[redacted]");
    }

    #[test]
    fn a_secret_that_is_the_front_of_another_does_not_uncover_the_rest() {
        let (minted, administrator) = (Needles::new(["abcdefgh"]), Needles::prepared(["abcdefghijklmnop"]));
        assert_eq!(super::text(&[&minted, &administrator], "<abcdefghijklmnop>".to_owned()), "<[redacted]>");
    }

    #[test]
    fn a_secret_behind_any_json_escapes_is_found() {
        let needles = Needles::new(["tok+en=secret"]);
        let body = r#"{"a":["tok\u002Ben\u003dsecret"],"tok\u002ben=secret":1,"b":"x\ny"}"#;
        let clean = super::answer(&[&needles], Bytes::from_static(body.as_bytes()));
        let clean: Value = serde_json::from_slice(&clean).unwrap();
        assert_eq!(clean, json!({"a": ["[redacted]"], "[redacted]": 1, "b": "x\ny"}));
    }

    #[test]
    fn a_secret_is_found_whichever_of_its_characters_are_escaped() {
        let needles = Needles::new(["abc/def+ghi=*~!x"]);
        for text in [
            "abc/def%2Bghi%3D%2A~%21x",
            "abc%2Fdef%2bghi%3D*~!x",
            "abc/def&#43;ghi&#x3D;*~!x",
            "abc/def\\u002bghi=*~!x, in no JSON",
            "\u{feff}{\"a\":\"abc/def\\u002bghi=*~!x\"}",
            r#"{"a":"abc/def\u002bghi=*~!x","a":1}"#,
            r#"{"a":"{\"b\":\"abc\\/def\\u002bghi=*~!x\"}"}"#,
        ] {
            let seen = super::answer(&[&needles], Bytes::copy_from_slice(text.as_bytes()));
            let seen = String::from_utf8(seen.to_vec()).unwrap();
            assert!(seen.contains(REDACTED) && !seen.contains("def"), "{text}: {seen}");
        }
    }

    #[test]
    fn each_line_of_a_key_in_pem_is_found_wherever_the_key_stands() {
        let (one, other) = ("MIIEvQIBADANBgkqhkiG9w0B", "AQEFAASCBKcwggSjAgEAAoIB");
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{one}\n{other}\n-----END PRIVATE KEY-----\n");
        let account = json!({"private_key": pem}).to_string();
        for secret in [pem.clone(), format!(" \r\n{}", pem.replace('\n', "\r\n")), account] {
            let needles = Needles::new([secret.as_str()]);
            for text in [one.to_owned(), other.to_owned(), format!("{one}{other}"), format!("{one}\\n{other}")] {
                let clean = super::text(&[&needles], text.clone());
                assert!(clean.contains(REDACTED) && !clean.contains(one) && !clean.contains(other), "{text}: {clean}");
            }
        }
        // What only looks like a line of one is no secret.
        let other = Needles::new(["a sentence\nMIIEvQIBADANBgkqhkiG9w0B"]);
        assert_eq!(super::text(&[&other], one.to_owned()), one);
    }

    fn encode(form: u8, text: &str) -> String {
        match form {
            0 => text.to_owned(),
            1 => STANDARD.encode(text),
            2 => URL_SAFE_NO_PAD.encode(text),
            3 => hex(text),
            4 => percent_encode(text.as_bytes(), RESERVED).to_string(),
            _ => serde_json::to_string(text).unwrap().trim_matches('"').to_owned(),
        }
    }

    proptest! {
        #[test]
        fn no_secret_is_left_whatever_stands_around_it(
            secret in "[ -~]{6,60}", before in "\\PC{0,8}", after in "\\PC{0,8}",
        ) {
            let needles = Needles::new([secret.as_str()]);
            let text = format!("{before}{secret}{after}");
            prop_assert!(!super::text(&[&needles], text.clone()).contains(&secret));
            let bytes = super::bytes(&[&needles], text.clone().into());
            prop_assert!(!String::from_utf8(bytes.to_vec()).unwrap().contains(&secret));
            // Encoded together with its neighbours, enough goes that the rest does not show it.
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let left = super::text(&[&needles], encoded.clone());
                prop_assert!(left != encoded && left.contains(REDACTED), "{left}");
            }
            prop_assert!(super::text(&[&needles], hex(&text)).contains(REDACTED));
        }

        /// Secrets that are prefixes, infixes, overlaps and encodings of each other: each is gone from the text, and so is
        /// every part of it that is long enough to be worth something.
        #[test]
        fn secrets_that_overlap_leave_nothing_of_each_other(
            base in "[a-zA-Z0-9+/=]{24,48}", cut in 6_usize..18, form in 0_u8..6, order in prop::bool::ANY,
        ) {
            let (front, back, middle) = (&base[..cut], &base[cut..], &base[4..4 + cut]);
            let encoded = encode(form, &base);
            let secrets = [base.as_str(), front, back, middle, encoded.as_str()];
            let one = Needles::new(secrets[..2].iter().copied());
            let other = Needles::prepared(secrets[2..].iter().copied());
            let needles: [&Needles; 2] = if order { [&one, &other] } else { [&other, &one] };
            let clean = super::text(&needles, format!("<{base}> <{encoded}>"));
            prop_assert_eq!(clean, "<[redacted]> <[redacted]>");
        }
    }
}
