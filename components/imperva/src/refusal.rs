//! What Imperva says when it refuses. Which of its forms this API uses is not documented, so all are read that its other
//! APIs and the SDKs made by it know.

use keywright_sdk::{FieldProblem, Fields, Problem};
use serde_json::Value;

/// An error in one of Imperva's own forms, or a body that at least has a message.
#[derive(Default)]
pub(crate) struct Refusal {
    /// The status that the error itself gives, for one that comes with 200.
    pub(crate) status: Option<u16>,
    /// The `res` or `error_code`; empty when there is none.
    pub(crate) code: String,
    /// The vendor's id of the request.
    pub(crate) request_id: Option<String>,
    /// Whether it has a form of Imperva's own, and is not just any JSON with a message.
    pub(crate) own: bool,
    /// Whether it is no JSON at all: a page of the firewall in front of Imperva's own API, or of a proxy.
    pub(crate) foreign: bool,
    /// All that it says; may be empty.
    pub(crate) text: String,
    /// What it says of single fields of the input.
    pub(crate) problems: Vec<FieldProblem>,
}

impl Refusal {
    /// The refusal that an answer is, if it is one.
    pub(crate) fn read(answer: &Value) -> Option<Self> {
        let mut refusal = Self::default();
        match answer.get("errors") {
            Some(Value::Array(errors)) if !errors.is_empty() => {
                refusal.own = true;
                for error in errors {
                    refusal.add_error(error);
                }
                return Some(refusal);
            }
            _ => {}
        }
        // `{"res": 9415, "res_message": "…", "debug_info": {"id-info": "…"}}`, with a zero when all is well; or
        // `{"error_code": "…", "message": "…"}`.
        let fields = Fields::of(answer);
        let has_res = fields.has("res");
        refusal.code = fields.id(if has_res { "res" } else { "error_code" }).unwrap_or_default();
        refusal.own = if has_res { refusal.code != "0" } else { fields.has("error_code") };
        refusal.request_id = fields.object("debug_info").id("id-info");
        for name in ["res_message", "message", "error"] {
            if refusal.text.is_empty() {
                refusal.add(None, text(fields, name));
            }
        }
        // An API client with a message is not a refusal.
        let bare = !["res", "id", "data"].iter().any(|name| fields.has(name));
        if !refusal.own && (refusal.text.is_empty() || !bare) {
            return None;
        }
        if refusal.text.is_empty() {
            refusal.text = ["code ", &refusal.code].concat();
        } else if !refusal.code.is_empty() {
            refusal.text = [&refusal.text, " (code ", &refusal.code, ")"].concat();
        }
        Some(refusal)
    }

    /// `{"status": 401, "id": "…", "source": {"pointer": "…"}, "title": "…", "detail": "…"}`; the form before that has a
    /// `message` and writes the status as text.
    fn add_error(&mut self, error: &Value) {
        let fields = Fields::of(error);
        if self.status.is_none() {
            self.status = fields.integer("status").and_then(|status| status.try_into().ok());
            self.request_id = fields.id("id");
        }
        let mut said = String::new();
        for name in ["title", "detail", "message"] {
            append(&mut said, ": ", text(fields, name));
        }
        self.add(fields.object("source").text("pointer"), &said);
    }

    fn add(&mut self, pointer: Option<&str>, said: &str) {
        append(&mut self.text, "; ", said);
        // The field that the pointer ends at, or that the sentence names.
        let pointed = pointer.and_then(|pointer| place(pointer.rsplit(['/', '.']).next()?));
        let named = || said.split(|character: char| !character.is_ascii_alphanumeric()).find_map(place);
        if let Some(place) = pointed.or_else(named) {
            self.problems.push(problem(place, "is", said));
        }
    }

    /// What is wrong with the input: with single fields, or else with all of it.
    pub(crate) fn into_problems(self) -> Vec<FieldProblem> {
        if self.problems.is_empty() { vec![problem("/attributes", "are", &self.text)] } else { self.problems }
    }

    /// Whether the credential that was used is switched off.
    pub(crate) fn is_disabled(&self) -> bool {
        self.code == "9418" || self.says(&["disabled"])
    }

    /// Whether the user who is to own the API client does not exist (the provider's acceptance test waits for these words).
    pub(crate) fn is_unknown_user(&self) -> bool {
        self.says(&["find user with email"])
    }

    /// Whether there are too many API clients. How that is refused is not known but for what words it must use.
    pub(crate) fn is_quota(&self) -> bool {
        self.problems.is_empty() && self.says(&["quota", "limit", "maximum", "exceed"]) && self.says(&["key", "client"])
    }

    fn says(&self, words: &[&str]) -> bool {
        let text = self.text.to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    }
}

pub(crate) fn problem(pointer: &str, is: &str, said: &str) -> FieldProblem {
    let required = said.contains("required") || said.contains("missing");
    let kind = if required { Problem::Required } else { Problem::Constraint };
    FieldProblem::new(pointer, kind, [is, " not accepted by Imperva: ", said].concat())
}

/// Where a field or a parameter of Imperva's stands in a call's input.
pub(crate) fn place(word: &str) -> Option<&'static str> {
    const PLACES: [(&str, &str); 7] = [
        ("name", "/attributes/name"),
        ("description", "/attributes/description"),
        ("expirationdate", "/expires_at"),
        ("expiration", "/expires_at"),
        ("enabled", "/attributes/enabled"),
        ("useremail", "/attributes/user_email"),
        ("caid", "/attributes/account_id"),
    ];
    PLACES.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, place)| *place)
}

fn append(all: &mut String, separator: &str, more: &str) {
    if !all.is_empty() && !more.is_empty() {
        all.push_str(separator);
    }
    all.push_str(more);
}

fn text<'a>(fields: Fields<'a>, name: &str) -> &'a str {
    fields.text(name).unwrap_or_default().trim()
}
