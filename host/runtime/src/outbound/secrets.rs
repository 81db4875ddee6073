//! The secrets of one call: those that the vendor makes are kept by the host, and so are those that the host makes for
//! it; the adapter gets a handle for each.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use keywright_auth::Parts;
use keywright_egress::{AnswerLocation, SecretLocation};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::outbound::redaction::Needles;
use crate::outbound::{capture, likely_secret};

/// What an adapter gets to read in place of an answer that could hold a secret anywhere.
const WITHHELD: &[u8] = b"(withheld: a secret was to be in this answer, which cannot be read)";

/// The longest secret that is kept, in bytes. Private keys take a few thousand.
const LONGEST: usize = 64 << 10;

/// The secrets of one call. A handle is good for the call that it was made in, and for the part that it stands for.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The operator lets this adapter see what is minted.
    exposed: bool,
    /// Whether what is captured by any rule counts as made in this call: not where the vendor shows secrets again.
    issues: bool,
    captured: Vec<Captured>,
    made: Vec<Made>,
    /// Finds all of them.
    needles: Needles,
    /// An answer that could not be read, to a request that mints.
    withheld: Option<SecretString>,
    /// The answer that what was made stood in.
    answer: Option<SecretString>,
    /// What the adapter sent: a value that it chose itself cannot be captured as a secret.
    sent: Vec<Bytes>,
    violation: Option<&'static str>,
    /// The vendor accepted a request with a part that the host made.
    accepted: bool,
}

struct Captured {
    part: Option<String>,
    /// What the adapter knows it by.
    handle: String,
    value: SecretString,
    /// Whether it was made in this call.
    minted: bool,
    /// Whether the adapter handed it back.
    redeemed: bool,
}

/// A part that the host made.
struct Made {
    part: String,
    handle: String,
    kept: SecretString,
    /// What the vendor gets: the same, or of a key pair its public half.
    sent: SecretString,
    /// Whether a request carried it.
    placed: bool,
}

/// What an answer was captured under.
pub(crate) struct Place<'p> {
    pub(crate) locations: &'p [SecretLocation],
    /// Those of the locations of which some rule says that what stands there was made now.
    pub(crate) minted: &'p [SecretLocation],
    /// Whether the request was to make a secret.
    pub(crate) mints: bool,
    pub(crate) status: StatusCode,
}

impl Secrets {
    /// No secrets yet; an adapter to which they are `exposed` gets to see those to come.
    pub(crate) fn new(exposed: bool, issues: bool) -> Self {
        Self { exposed, issues, ..Self::default() }
    }

    /// Keeps a part that the host made, and says what the adapter is to know it by.
    pub(crate) fn make(&mut self, part: &str, kept: &SecretString, sent: SecretString) -> String {
        let handle = handle("");
        self.needles.add(kept.expose_secret());
        let (part, kept) = (part.to_owned(), kept.clone());
        self.made.push(Made { part, handle: handle.clone(), kept, sent, placed: false });
        handle
    }

    /// What to send in the place of a handle of a made part.
    pub(crate) fn value_to_place(&mut self, part: &str, handle: &str) -> Option<&SecretString> {
        let made = self.made.iter_mut().find(|made| made.part == part && made.handle == handle)?;
        made.placed = true;
        Some(&made.sent)
    }

    /// Whether a request carried this part, which the host made.
    pub(crate) fn was_placed(&self, part: &str) -> bool {
        self.made.iter().any(|made| made.part == part && made.placed)
    }

    /// Says that the vendor accepted a request with a part that the host made.
    pub(crate) fn accept(&mut self) {
        self.accepted = true;
    }

    /// Remembers what the adapter sent.
    pub(crate) fn sent(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.sent.push(bytes);
        }
    }

    /// Takes the secrets out of an answer, at the places where they are documented to stand, and puts handles there. An
    /// answer that cannot be read is withheld whole: a cut-off body can hold the secret too. So is one that says that
    /// something was made, and holds it in none of the places, loses all that could be it: it can stand anywhere else.
    pub(crate) fn capture(&mut self, place: &Place<'_>, headers: &mut HeaderMap, body: Bytes) -> Bytes {
        if place.locations.is_empty() {
            return body;
        }
        let (original, before) = (headers.clone(), self.captured.len());
        let captured =
            capture::capture(place.locations, headers, &body, &mut |location, value| self.keep(location, value, place));
        if place.status.is_success() && self.captured[before..].iter().any(|captured| captured.minted) {
            self.answer = Some(String::from_utf8_lossy(&body).into_owned().into());
        }
        if self.exposed {
            headers.clone_from(&original);
            return body;
        }
        let is_made = place.mints && place.status.is_success();
        let is_elsewhere = || {
            is_made
                && place.locations.iter().any(|location| location.part.is_some())
                && self.captured[before..].iter().all(|captured| captured.part.is_none())
        };
        let mut concealed = None;
        if let Ok(answer) = &captured
            && is_elsewhere()
        {
            concealed = likely_secret::conceal(answer);
        }
        if let Some(concealed) = concealed {
            self.withheld = Some(String::from_utf8_lossy(&body).into_owned().into());
            capture::wipe::body(body);
            return concealed;
        }
        let seen = captured.unwrap_or_else(|capture::Unreadable| {
            let mut whole = String::new();
            for location in place.locations {
                let AnswerLocation::Header(name) = &location.location else { continue };
                for value in original.get_all(name) {
                    whole.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
                }
                headers.remove(name);
            }
            if is_made {
                whole.push_str(&String::from_utf8_lossy(&body));
                self.withheld = Some(whole.into());
            }
            Bytes::from_static(WITHHELD)
        });
        if self.captured.len() > before || self.withheld.is_some() {
            capture::wipe::body(body);
        }
        seen
    }

    /// Keeps a secret, and says what stands in its place.
    fn keep(&mut self, location: &SecretLocation, value: &str, place: &Place<'_>) -> Option<String> {
        if value.len() > LONGEST {
            return None;
        }
        let decoded;
        let value = if location.base64 {
            decoded = Zeroizing::new(String::from_utf8(STANDARD.decode(value).ok()?).ok()?);
            &decoded
        } else {
            value
        };
        // What is hidden only is not a part of what was made.
        let minted = location.part.is_some() && (place.mints || self.issues || place.minted.contains(location));
        let needles = Needles::new([value]);
        if minted && self.sent.iter().any(|sent| needles.occur_in(sent)) {
            self.violation = Some("the answer holds in the place of a secret what the adapter had sent");
        }
        let handle = handle(location.public_prefix(value));
        self.needles.add(value);
        let value = SecretString::from(value);
        let part = location.part.clone();
        self.captured.push(Captured { part, handle: handle.clone(), value, minted, redeemed: false });
        Some(if location.base64 { STANDARD.encode(handle) } else { handle })
    }

    /// What is to be looked for in every text that leaves the call.
    pub(crate) fn needles(&self) -> &Needles {
        &self.needles
    }

    /// Whether the adapter is let to see them.
    pub(crate) fn exposed(&self) -> bool {
        self.exposed
    }

    /// How the adapter tried to choose the secret itself, if it did.
    pub(crate) fn violation(&self) -> Option<&'static str> {
        self.violation
    }

    /// The secret for which an adapter hands back this handle. One to which secrets are exposed hands back the secret
    /// itself.
    pub(crate) fn redeem(&mut self, part: &str, handle: &str) -> Option<SecretString> {
        if self.exposed {
            return Some(handle.into());
        }
        let is_part = |captured: &&Captured| captured.part.as_deref() == Some(part) && captured.handle == handle;
        let value = self.captured.iter().find(is_part).map(|captured| captured.value.clone())?;
        let same = |captured: &&mut Captured| {
            captured.part.as_deref() == Some(part) && captured.value.expose_secret() == value.expose_secret()
        };
        self.captured.iter_mut().filter(same).for_each(|captured| captured.redeemed = true);
        Some(value)
    }

    /// Whether the adapter handed back less than what the vendor made in this call. One to which secrets are exposed may
    /// hand them back in another form.
    pub(crate) fn kept_back(&self) -> bool {
        !self.exposed && self.captured.iter().any(|captured| captured.minted && !captured.redeemed)
    }

    /// Whether the vendor has a new secret of this call, be it its own or one that it accepted.
    pub(crate) fn changed(&self) -> bool {
        self.accepted || self.captured.iter().any(|captured| captured.minted && captured.part.is_some())
    }

    /// What was made in this call, by the vendor or for it: what is left of one that ends badly.
    pub(crate) fn minted(&self) -> Parts {
        let made = self.made.iter().filter(|made| made.placed).map(|made| (made.part.as_str(), made.kept.clone()));
        let minted = self.captured.iter().filter(|captured| captured.minted);
        let minted = minted.filter_map(|captured| Some((captured.part.as_deref()?, captured.value.clone())));
        made.chain(minted).collect()
    }

    /// An answer that may hold what was made, and could not be read.
    pub(crate) fn withheld(&self) -> Option<&SecretString> {
        self.withheld.as_ref()
    }

    /// The answer that what was made stood in, which also says what it is the secret of.
    pub(crate) fn answer(&self) -> Option<&SecretString> {
        self.answer.as_ref()
    }
}

/// What an adapter knows a secret by.
pub(crate) fn handle(prefix: &str) -> String {
    format!("{prefix}secret-{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SECRET: &str = "the-secret-of-enough-characters";

    fn at(location: &str, public_prefix_ends_with: &str) -> SecretLocation {
        SecretLocation::new(Some("token"), location, public_prefix_ends_with, false).unwrap()
    }

    fn seen(secrets: &mut Secrets, locations: &[SecretLocation], body: &str) -> String {
        let place = Place { locations, minted: locations, mints: true, status: StatusCode::OK };
        let seen = secrets.capture(&place, &mut HeaderMap::new(), body.to_owned().into());
        String::from_utf8(seen.to_vec()).unwrap()
    }

    fn captured(location: &SecretLocation, answer: &Value) -> (Secrets, Value) {
        let mut secrets = Secrets::default();
        let seen = seen(&mut secrets, std::slice::from_ref(location), &answer.to_string());
        (secrets, serde_json::from_str(&seen).unwrap())
    }

    fn redeemed(secrets: &mut Secrets, handle: &str) -> Option<String> {
        secrets.redeem("token", handle).map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_is_swapped_for_a_handle_and_back() {
        let (mut secrets, seen) = captured(&at("/key/token", ""), &json!({"id": 7, "key": {"token": SECRET}}));
        assert_eq!(seen["id"], 7);
        assert!(!seen.to_string().contains(SECRET));
        assert_eq!(redeemed(&mut secrets, seen["key"]["token"].as_str().unwrap()).as_deref(), Some(SECRET));
        assert_eq!(secrets.minted().get("token").unwrap().expose_secret(), SECRET);
    }

    #[test]
    fn a_secret_is_found_in_every_kind_of_answer() {
        let json = json!({"data": [{"key": SECRET}], "text": json!({"a": {"key": SECRET}}).to_string()}).to_string();
        for (location, body) in [
            ("/data/*/key", json.as_str()),
            ("json:/text#/a/key", json.as_str()),
            (
                "xml:/Answer/Key/Secret",
                &format!("<?xml version=\"1.0\"?><Answer><Key><Secret>{SECRET}</Secret></Key></Answer>"),
            ),
            (
                "xml:/*/Secret",
                &format!("<a:Answer xmlns:a=\"urn:x\"><a:Secret><![CDATA[{SECRET}]]></a:Secret></a:Answer>"),
            ),
            ("form:secret", &format!("id=1&secret={SECRET}")),
            ("text", &format!("{SECRET}\n")),
        ] {
            let mut secrets = Secrets::default();
            let seen = seen(&mut secrets, &[at(location, "")], body);
            // A form's handle is percent-encoded.
            let has_handle = seen.contains("secret-") || seen.contains("secret%2D");
            assert!(has_handle && secrets.minted().get("token").is_some(), "{location}: {seen}");
            assert_eq!(secrets.minted().get("token").unwrap().expose_secret(), SECRET, "{location}");
        }
        let mut headers = HeaderMap::new();
        headers.insert("x-secret", SECRET.parse().unwrap());
        let locations = [at("header:x-secret", "")];
        let place = Place { locations: &locations, minted: &[], mints: true, status: StatusCode::CREATED };
        let mut secrets = Secrets::default();
        secrets.capture(&place, &mut headers, Bytes::new());
        assert!(headers["x-secret"].to_str().unwrap().starts_with("secret-"));
        assert_eq!(secrets.minted().get("token").unwrap().expose_secret(), SECRET);
    }

    #[test]
    fn a_secret_that_the_adapter_sent_is_not_one_however_it_was_escaped() {
        for sent in [
            r#"{"n":"\u0074he-secret-of-enough-characters"}"#,
            "n=the%2dsecret-of-enough-characters",
            "<n>the&#45;secret-of-enough-characters</n>",
        ] {
            let mut secrets = Secrets::default();
            secrets.sent(sent.into());
            seen(&mut secrets, &[at("/token", "")], &json!({"token": SECRET}).to_string());
            assert!(secrets.violation().is_some(), "{sent}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_kept_is_withheld_too() {
        let in_base64 = SecretLocation::new(Some("token"), "header:x-secret", "", true).unwrap();
        for (location, value) in [
            // No base64, no ASCII, and more than is kept.
            (in_base64, SECRET.as_bytes().to_vec()),
            (at("header:x-secret", ""), "sécret-of-enough-characters".as_bytes().to_vec()),
            (at("header:x-secret", ""), vec![b'a'; LONGEST + 1]),
        ] {
            let place = Place { locations: &[location], minted: &[], mints: true, status: StatusCode::CREATED };
            let mut headers = HeaderMap::new();
            headers.insert("x-secret", http::HeaderValue::from_bytes(&value).unwrap());
            let mut secrets = Secrets::default();
            secrets.capture(&place, &mut headers, Bytes::new());
            assert!(!headers.contains_key("x-secret"));
            let withheld = secrets.withheld().unwrap().expose_secret().to_owned();
            assert!(withheld.contains(&*String::from_utf8_lossy(&value)));
        }
    }

    #[test]
    fn a_part_that_the_host_made_is_left_of_a_call_once_a_request_carried_it() {
        let mut secrets = Secrets::default();
        let handle = secrets.make("password", &SECRET.into(), SECRET.into());
        assert!(!secrets.was_placed("password") && secrets.minted().get("password").is_none());
        assert!(secrets.value_to_place("password", "another handle").is_none() && !secrets.was_placed("password"));
        assert_eq!(secrets.value_to_place("password", &handle).unwrap().expose_secret(), SECRET);
        assert!(secrets.was_placed("password") && !secrets.changed());
        assert_eq!(secrets.minted().get("password").unwrap().expose_secret(), SECRET);
        secrets.accept();
        assert!(secrets.changed());
    }

    #[test]
    fn a_secret_in_base64_is_decoded_and_its_handle_is_encoded() {
        let location = SecretLocation::new(Some("token"), "/token", "", true).unwrap();
        let (mut secrets, seen) = captured(&location, &json!({"token": STANDARD.encode(SECRET)}));
        let handle = STANDARD.decode(seen["token"].as_str().unwrap()).unwrap();
        assert_eq!(redeemed(&mut secrets, std::str::from_utf8(&handle).unwrap()).as_deref(), Some(SECRET));
    }

    #[test]
    fn a_public_prefix_stays_readable_where_enough_stays_hidden() {
        for (value, prefix) in [
            ("768660$a$b_cdefghijklmnop", "768660$"),
            ("42_a1b2", ""),
            ("a-public-half-that-is-the-longer-one$0123456789abcdef", ""),
            (SECRET, ""),
        ] {
            let (_, seen) = captured(&at("/token", "$_"), &json!({"token": value}));
            let seen = seen["token"].as_str().unwrap();
            assert_eq!(seen.strip_suffix(&seen[seen.find("secret-").unwrap()..]), Some(prefix), "{value}");
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_withheld_and_kept() {
        for (location, body) in [
            ("/token", format!("{{\"token\":\"{SECRET}")),
            ("/token", format!("<html>{SECRET}")),
            ("xml:/A/B", format!("<A><B>{SECRET}</B>")),
            ("xml:/A/B", format!("<!DOCTYPE A [<!ENTITY x \"y\">]><A><B>{SECRET}</B></A>")),
            ("xml:/A/B", format!("<A><B><C>{SECRET}</C></B></A>")),
            ("xml:/A/B", format!("<A><B>{SECRET}<C/></B></A>")),
            ("xml:/A/B", format!("<A><B>{SECRET}<C>x</C>y</B></A>")),
            ("form:token", format!("{{\"token\":\"{SECRET}\"}}")),
        ] {
            let mut secrets = Secrets::default();
            let seen = seen(&mut secrets, &[at(location, "")], &body);
            assert!(!seen.contains("the-secret"), "{location}: {seen}");
            assert!(secrets.withheld().unwrap().expose_secret().contains(SECRET), "{location}");
        }
    }

    #[test]
    fn an_answer_with_the_secret_elsewhere_loses_it_and_it_is_kept() {
        const SECRET: &str = "0a1b2c3d4e5f6a7b8c9d";
        for body in [
            json!({"data": {"token": SECRET}}),
            json!([{"token": SECRET}]),
            json!({"token": null, "Token": SECRET}),
            json!({"token": "", "value": format!("it is {SECRET}.")}),
            json!({SECRET: 1}),
            json!(SECRET),
        ] {
            let mut secrets = Secrets::default();
            let seen = seen(&mut secrets, &[at("/token", "")], &body.to_string());
            assert!(!seen.contains(SECRET), "{body}: {seen}");
            assert!(secrets.withheld().unwrap().expose_secret().contains(SECRET), "{body}");
        }
        // Some vendors refuse with a success; there is no secret in it, and it says why.
        let mut secrets = Secrets::default();
        let refusal = json!({"res": 2, "res_message": "Invalid input", "debug_info": {"id-info": "13007"}}).to_string();
        assert_eq!(seen(&mut secrets, &[at("/token", "")], &refusal), refusal);
        assert!(secrets.withheld().is_none());
        // A refusal says why, and holds none.
        let locations = [at("/token", "")];
        let place = Place { locations: &locations, minted: &locations, mints: true, status: StatusCode::BAD_REQUEST };
        let mut secrets = Secrets::default();
        let seen = secrets.capture(&place, &mut HeaderMap::new(), r#"{"error":"taken"}"#.into());
        assert_eq!((seen.as_ref(), secrets.withheld().is_some()), (&br#"{"error":"taken"}"#[..], false));
    }

    #[test]
    fn what_a_rule_mints_is_minted_whichever_operation_asked() {
        let locations = [at("/token", "")];
        let place = Place { locations: &locations, minted: &locations, mints: false, status: StatusCode::OK };
        let mut secrets = Secrets::default();
        let seen = secrets.capture(&place, &mut HeaderMap::new(), json!({"token": SECRET}).to_string().into());
        assert!(secrets.changed() && secrets.kept_back());
        let seen: Value = serde_json::from_slice(&seen).unwrap();
        assert_eq!(redeemed(&mut secrets, seen["token"].as_str().unwrap()).as_deref(), Some(SECRET));
        assert!(!secrets.kept_back());
    }

    #[test]
    fn a_byte_order_mark_hides_nothing() {
        let mut secrets = Secrets::default();
        let body = format!("\u{feff}{}", json!({"token": SECRET}));
        let seen = seen(&mut secrets, &[at("/token", "")], &body);
        assert!(seen.contains("secret-") && !seen.contains(SECRET));
    }

    #[test]
    fn a_secret_that_the_adapter_sent_is_not_one() {
        let mut secrets = Secrets::default();
        secrets.sent(format!("{{\"name\":\"{}\"}}", STANDARD.encode(SECRET)).into());
        seen(&mut secrets, &[at("/token", "")], &json!({"token": SECRET}).to_string());
        assert!(secrets.violation().is_some());
    }

    #[test]
    fn a_handle_is_good_for_its_own_part_and_call_only() {
        let (mut secrets, seen) = captured(&at("/token", ""), &json!({"token": SECRET}));
        let handle = seen["token"].as_str().unwrap();
        assert!(secrets.redeem("password", handle).is_none());
        assert!(redeemed(&mut secrets, &handle.to_uppercase()).is_none());
        assert!(redeemed(&mut secrets, SECRET).is_none());
        assert!(redeemed(&mut captured(&at("/token", ""), &json!({"token": SECRET})).0, handle).is_none());
    }

    #[test]
    fn what_is_hidden_by_a_rule_that_does_not_mint_is_not_what_the_call_made() {
        let locations = [at("/token", "")];
        let place = Place { locations: &locations, minted: &[], mints: false, status: StatusCode::OK };
        let mut secrets = Secrets::default();
        let body = json!({"token": SECRET}).to_string();
        let seen = secrets.capture(&place, &mut HeaderMap::new(), body.into());
        assert!(!String::from_utf8_lossy(&seen).contains(SECRET));
        assert!(secrets.minted().is_empty());
    }
}
