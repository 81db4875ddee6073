//! What vendors say when they refuse. Most say it in one of a few forms of JSON: problem details (RFC 9457), OAuth 2.0
//! (RFC 6749 section 5.2), `message`, `error`, `errors`.

use serde_json::Value;

use super::Response;
use crate::{Failure, Reason, Result};

/// As many texts as anyone reads.
const MOST_TEXTS: usize = 8;

/// The body of a refusal, as far as it is JSON. Nothing, when it is not: a gateway may answer HTML.
#[derive(Clone, Debug, Default)]
pub struct ErrorBody(Value);

impl ErrorBody {
    /// The whole of it.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The vendor's code for the kind of error; empty when there is none: `code`, `error_code`, `error` and its `code`, or the
    /// `code` of the first of `errors`.
    pub fn code(&self) -> String {
        let pointers = ["/code", "/Code", "/error_code", "/error/code", "/errors/0/code", "/error"];
        pointers.iter().map(|pointer| word(self.0.pointer(pointer))).find(|code| !code.is_empty()).unwrap_or_default()
    }

    /// The vendor's id of the request.
    pub fn request_id(&self) -> Option<&str> {
        let ids = ["request_id", "requestId", "RequestId"].iter().filter_map(|name| self.0.get(name)?.as_str());
        ids.into_iter().find(|id| !id.is_empty())
    }

    /// The vendor's own words, each once; empty when there are none.
    pub fn sentence(&self) -> String {
        let mut texts = Vec::new();
        collect(&self.0, &mut texts);
        texts.join(": ")
    }
}

/// The texts of an error, or of a list of errors.
fn collect<'a>(error: &'a Value, texts: &mut Vec<&'a str>) {
    const NAMES: [&str; 8] =
        ["message", "Message", "title", "detail", "error_description", "error", "errors", "error_message"];
    match error {
        Value::String(text) if !text.is_empty() && !texts.contains(&text.as_str()) && texts.len() < MOST_TEXTS => {
            texts.push(text);
        }
        Value::Array(errors) => errors.iter().for_each(|error| collect(error, texts)),
        Value::Object(members) => {
            for name in NAMES {
                if let Some(member) = members.get(name) {
                    collect(member, texts);
                }
            }
        }
        _ => {}
    }
}

fn word(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

impl Response {
    /// What the body says of an error.
    pub fn error(&self) -> ErrorBody {
        ErrorBody(serde_json::from_slice(self.without_mark()).unwrap_or_default())
    }

    /// This answer, if its status is 2xx; else [`refusal`](Self::refusal).
    pub fn success(self) -> Result<Self> {
        self.success_or(&|_, _| None)
    }

    /// This answer, if its status is 2xx; else [`refusal`](Self::refusal), for the reason that `reason` knows from the
    /// status and the vendor's codes, if it knows one.
    ///
    /// ```
    /// use keywright_sdk::{Reason, Response};
    ///
    /// let answer = Response::made_up(true, 404, &[], r#"{"code": "project-missing", "message": "No such project."}"#);
    /// let failure = answer
    ///     .success_or(&|_, error| (error.code() == "project-missing").then_some(Reason::Conflict))
    ///     .unwrap_err();
    /// assert_eq!(*failure.reason(), Reason::Conflict);
    /// assert_eq!(failure.message(), "the vendor refused the request: No such project.");
    /// ```
    pub fn success_or(self, reason: &dyn Fn(&Self, &ErrorBody) -> Option<Reason>) -> Result<Self> {
        if self.is_success() {
            return Ok(self);
        }
        let error = self.error();
        let reason = reason(&self, &error);
        Err(self.refused(&error, reason))
    }

    /// What the status says, with the vendor's own words, its code where the status says nothing, and its id of the
    /// request.
    pub fn refusal(&self) -> Failure {
        self.refused(&self.error(), None)
    }

    fn refused(&self, error: &ErrorBody, reason: Option<Reason>) -> Failure {
        let by_status = self.failure();
        let (reason, before) = match (reason, by_status.reason()) {
            (Some(reason), by_status_alone) if reason != *by_status_alone => (reason, "the vendor refused the request"),
            (_, Reason::Vendor(status)) => {
                let code = error.code();
                (Reason::Vendor(if code.is_empty() { status.clone() } else { code }), by_status.message())
            }
            (_, reason) => (reason.clone(), by_status.message()),
        };
        let words = error.sentence();
        let message = [before, if words.is_empty() { "" } else { ": " }, &words].concat();
        let failure = self.because(reason, message);
        match error.request_id() {
            Some(id) => failure.with_request_id(Some(id)),
            None => failure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &str) -> Failure {
        Response::made_up(false, status, &[], body).refusal()
    }

    #[test]
    fn the_usual_forms_of_errors_are_read() {
        for (body, words) in [
            (r#"{"type": "about:blank", "title": "Bad name", "detail": "Too long."}"#, "Bad name: Too long."),
            (r#"{"error": "invalid_client", "error_description": "No."}"#, "No.: invalid_client"),
            (r#"{"error": {"code": 7, "message": "No."}}"#, "No."),
            (r#"{"errors": ["No.", "Never.", "No."]}"#, "No.: Never."),
            (r#"{"errors": [{"code": "x", "message": "No.", "detail": "Never."}]}"#, "No.: Never."),
            ("\u{feff}{\"message\": \"No.\"}", "No."),
        ] {
            assert_eq!(refusal(400, body).message(), ["the vendor refused the request: ", words].concat(), "{body}");
        }
        for body in ["", "<html>secret</html>", "[]", r#"{"message": 7}"#] {
            assert_eq!(refusal(400, body).message(), "the vendor refused the request", "{body}");
        }
    }

    #[test]
    fn a_code_stands_in_for_a_status_that_says_nothing() {
        let reason = |status, body| refusal(status, body).reason().clone();
        assert_eq!(reason(400, r#"{"code": "name_taken"}"#), Reason::Vendor("name_taken".to_owned()));
        assert_eq!(reason(400, r#"{"error": {"code": 7}}"#), Reason::Vendor("7".to_owned()));
        assert_eq!(reason(400, "{}"), Reason::Vendor("400".to_owned()));
        assert_eq!(reason(403, r#"{"code": "name_taken"}"#), Reason::Forbidden);
    }

    #[test]
    fn the_id_of_a_request_is_read_from_the_body_too() {
        assert_eq!(refusal(403, r#"{"request_id": "r-1"}"#).request_id(), Some("r-1"));
    }

    #[test]
    fn texts_without_end_are_cut() {
        let many: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
        let body = serde_json::json!({"errors": many}).to_string();
        assert!(refusal(400, &body).message().ends_with(": 6: 7"));
    }
}
