//! Answers that should hold a secret in a place, and hold none there: what could be it is concealed wherever it stands.

use bytes::Bytes;

/// What stands in the place of each.
const INSTEAD: &[u8] = b"[withheld]";

/// The fewest characters of a secret that a vendor makes.
const SHORTEST: usize = 16;

/// Letters alone, in both cases, are a secret from this length on: shorter ones are names such as `requestIdentifier`.
const LONGEST_NAME: usize = 20;

/// Letters of one case and separators are words up to this length.
const LONGEST_WORDS: usize = 60;

/// The answer without all that could be a secret; none where nothing could.
///
/// That is a run of at least 16 characters between spaces, quotes, brackets and other marks of JSON and XML that has a digit,
/// or is too long for a name.
pub(crate) fn conceal(answer: &[u8]) -> Option<Bytes> {
    let mut concealed = Vec::with_capacity(answer.len());
    let mut found = false;
    for run in answer.chunk_by(|one, other| is_between(*one) == is_between(*other)) {
        if is_likely(run) {
            found = true;
            concealed.extend_from_slice(INSTEAD);
        } else {
            concealed.extend_from_slice(run);
        }
    }
    found.then(|| concealed.into())
}

fn is_between(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'<>,:;{}[]()".contains(&byte)
}

fn is_likely(run: &[u8]) -> bool {
    if run.len() < SHORTEST || run.first().is_some_and(|first| is_between(*first)) {
        return false;
    }
    let has = |is: fn(&u8) -> bool| run.iter().any(is);
    let is_text = run.iter().all(|byte| byte.is_ascii_alphabetic() || b"_-./!?@".contains(byte));
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    !is_text || run.len() > LONGEST_WORDS || (is_mixed && run.len() > LONGEST_NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_secret_is_concealed_and_what_is_said_stays() {
        for (answer, seen) in [
            ("{\"a\":\"0123456789abcdef\",\"b\":1}", "{\"a\":\"[withheld]\",\"b\":1}"),
            ("<A><B>0123456789abcdef</B></A>", "<A><B>[withheld]</B></A>"),
            ("a 0123456789abcdef b", "a [withheld] b"),
            ("{\"11111111-2222-4333-8444-555555555555\":[]}", "{\"[withheld]\":[]}"),
            ("\"AbCdEfGhIjKlMnOpQrStUvWx\"", "\"[withheld]\""),
            ("\"a\\u0062cdefghijkl\\u006d\"", "\"[withheld]\""),
        ] {
            assert_eq!(conceal(answer.as_bytes()).as_deref(), Some(seen.as_bytes()), "{answer}");
        }
        for answer in [
            "",
            "{\"res\":9403,\"res_message\":\"Unknown/unauthorized account_id\"}",
            "{\"errors\":[{\"status\":400,\"title\":\"Invalid expiration_date_of_client\"}]}",
            "{\"requestIdentifier\":\"012345678901234\"}",
            "authentication_parameters_missing_or_incorrect",
        ] {
            assert_eq!(conceal(answer.as_bytes()), None, "{answer}");
        }
    }
}
