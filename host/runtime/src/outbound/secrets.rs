//! The secrets of one call: those that the vendor mints are kept by the host, and the adapter gets a handle for each.

use bytes::Bytes;
use keywright_auth::Parts;
use keywright_egress::Minted;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::outbound::redaction::Redactor;

/// What an adapter gets to read in place of an answer that could hold a secret anywhere.
const WITHHELD: &[u8] = b"(withheld: a new secret was to be in this answer, which is no JSON)";

/// The secrets that were captured in one call. A handle is good for the call that it was made in, and for the part that
/// it stands for.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The operator lets this adapter see what it mints.
    exposes_secrets: bool,
    captured: Vec<Captured>,
    redactor: Redactor,
}

struct Captured {
    part: String,
    /// What the adapter knows it by.
    handle: String,
    value: SecretString,
}

impl Secrets {
    /// No secrets yet; an adapter to which they are `exposed` gets to see those to come.
    pub(crate) fn new(exposes_secrets: bool) -> Self {
        Self { exposes_secrets, ..Self::default() }
    }

    /// Takes the secrets out of an answer, at the places where they are documented to stand, and puts handles there. An
    /// answer that is no JSON is withheld whole: a cut-off body can hold the secret too.
    pub(crate) fn capture(&mut self, places: &[Minted], body: Bytes) -> Bytes {
        if places.is_empty() || body.is_empty() {
            return self.clean(body);
        }
        let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else {
            return if self.exposes_secrets { body } else { Bytes::from_static(WITHHELD) };
        };
        for minted in places {
            if let Some(place) = answer.pointer_mut(&minted.pointer) {
                // What is no text cannot be a secret part, and is not for the adapter to see either.
                *place = match place.take() {
                    Value::String(value) if value.is_empty() => Value::String(value),
                    Value::String(value) => Value::String(self.keep(minted, value)),
                    _ => Value::Null,
                };
            }
        }
        if self.exposes_secrets {
            return body;
        }
        // Written anew, so that nothing passes beside what was read: a member that stands twice, say.
        self.clean(answer.to_string().into())
    }

    /// What the vendor says beside the places of secrets, and in later answers, without those that were captured.
    pub(crate) fn clean(&self, bytes: Bytes) -> Bytes {
        if self.exposes_secrets { bytes } else { self.redactor.bytes(bytes) }
    }

    /// Keeps a secret, and says what stands in its place.
    fn keep(&mut self, minted: &Minted, value: String) -> String {
        let ends = |character: char| minted.public_prefix_ends_with.contains(character);
        let prefix = value.find(ends).map_or(0, |at| at + value[at..].chars().next().map_or(0, char::len_utf8));
        let handle = format!("{}secret-{:032x}", &value[..prefix], rand::random::<u128>());
        let value = SecretString::from(value);
        self.captured.push(Captured { part: minted.part.clone(), handle: handle.clone(), value });
        self.redactor = Redactor::new(self.captured.iter().map(|captured| captured.value.expose_secret()));
        handle
    }

    /// The secret for which an adapter hands back this handle. One to which secrets are exposed hands back the secret
    /// itself.
    pub(crate) fn redeem(&self, part: &str, handle: &str) -> Option<SecretString> {
        if self.exposes_secrets {
            return Some(handle.into());
        }
        let captured = self.captured.iter().find(|captured| captured.part == part && captured.handle == handle)?;
        Some(captured.value.clone())
    }

    /// All that was captured: what is left of a call that ends badly.
    pub(crate) fn parts(&self) -> Parts {
        self.captured.iter().map(|captured| (captured.part.as_str(), captured.value.clone())).collect()
    }

    /// Takes out the captured secrets.
    pub(crate) fn redact(&self, text: String) -> String {
        self.redactor.text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(pointer: &str, public_prefix_ends_with: &str) -> Minted {
        Minted::new("token", pointer, public_prefix_ends_with).unwrap()
    }

    fn captured(place: &Minted, answer: &Value) -> (Secrets, Value) {
        let mut secrets = Secrets::default();
        let seen = secrets.capture(std::slice::from_ref(place), answer.to_string().into());
        (secrets, serde_json::from_slice(&seen).unwrap())
    }

    fn redeemed(secrets: &Secrets, handle: &Value) -> Option<String> {
        secrets.redeem("token", handle.as_str()?).map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_is_swapped_for_a_handle_and_back() {
        let (secrets, seen) = captured(&at("/key/token", ""), &json!({"id": 7, "key": {"token": "the-secret"}}));
        assert_eq!(seen["id"], 7);
        assert!(!seen.to_string().contains("the-secret"));
        assert_eq!(redeemed(&secrets, &seen["key"]["token"]).as_deref(), Some("the-secret"));
        assert_eq!(secrets.parts().get("token").unwrap().expose_secret(), "the-secret");
    }

    #[test]
    fn a_public_prefix_stays_readable_up_to_its_separator() {
        for (value, prefix) in [("768660$a$b_c", "768660$"), ("42_a1b2$", "42_"), ("plain-secret", "")] {
            let (secrets, seen) = captured(&at("/token", "$_"), &json!({"token": value}));
            let handle = seen["token"].as_str().unwrap();
            assert!(handle.starts_with(&format!("{prefix}secret-")), "{handle}");
            assert_eq!(redeemed(&secrets, &seen["token"]).as_deref(), Some(value));
        }
    }

    #[test]
    fn a_secret_that_stands_a_second_time_is_taken_out_there() {
        let answer = json!({"token": "the-secret", "curl": "curl -H 'Authorization: the-secret'"});
        let (_, seen) = captured(&at("/token", ""), &answer);
        assert_eq!(seen["curl"], "curl -H 'Authorization: [redacted]'");
    }

    #[test]
    fn a_secret_that_a_later_answer_repeats_is_taken_out_there() {
        let (mut secrets, _) = captured(&at("/token", ""), &json!({"token": "the-secret"}));
        let later = Bytes::from_static(br#"{"tokens":["the-secret"]}"#);
        assert_eq!(secrets.capture(&[], later), &br#"{"tokens":["[redacted]"]}"#[..]);
        assert_eq!(secrets.clean("token=the-secret".into()), &b"token=[redacted]"[..]);
    }

    #[test]
    fn a_member_that_stands_twice_is_captured_and_its_twin_is_gone() {
        let mut secrets = Secrets::default();
        let body = Bytes::from_static(br#"{"token":"first-secret","token":"second-secret"}"#);
        let seen = String::from_utf8(secrets.capture(&[at("/token", "")], body).to_vec()).unwrap();
        assert!(!seen.contains("-secret\""), "{seen}");
        assert_eq!(secrets.parts().get("token").unwrap().expose_secret(), "second-secret");
    }

    #[test]
    fn what_is_no_text_is_neither_kept_nor_shown() {
        for value in [json!(12345678), json!(["the-secret"]), json!({"a": "the-secret"}), json!(true)] {
            let (secrets, seen) = captured(&at("/token", ""), &json!({"token": value}));
            assert_eq!(seen, json!({"token": null}));
            assert!(secrets.parts().is_empty());
        }
    }

    #[test]
    fn an_answer_without_the_secret_is_passed_on() {
        for answer in [json!({"error": "no"}), json!({"token": null}), json!({"token": ""}), json!([])] {
            let (secrets, seen) = captured(&at("/token", ""), &answer);
            assert_eq!(seen, answer);
            assert!(secrets.parts().is_empty());
        }
    }

    #[test]
    fn an_answer_that_is_no_json_is_withheld() {
        for body in ["{\"token\":\"the-sec", "<html>the-secret", "\u{feff}{\"token\":\"the-secret\"}"] {
            let mut secrets = Secrets::default();
            let seen = secrets.capture(&[at("/token", "")], body.to_owned().into());
            assert!(!String::from_utf8(seen.to_vec()).unwrap().contains("the-sec"));
        }
    }

    #[test]
    fn a_handle_is_good_for_its_own_part_and_call_only() {
        let (secrets, seen) = captured(&at("/token", ""), &json!({"token": "the-secret"}));
        let handle = seen["token"].as_str().unwrap();
        assert!(secrets.redeem("password", handle).is_none());
        assert!(secrets.redeem("token", &handle.to_uppercase()).is_none());
        assert!(secrets.redeem("token", "the-secret").is_none());
        assert!(captured(&at("/token", ""), &json!({"token": "the-secret"})).0.redeem("token", handle).is_none());
    }
}
