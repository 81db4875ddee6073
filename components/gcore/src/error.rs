//! Gcore's errors. They come in three shapes: fields with lists of texts below `errors`; one text in `message` or
//! `detail`, perhaps with a `code`; and the platform's, with an `exception_class` (IAM API description and error page).

use keywright_sdk::{ErrorBody, FieldProblem, Fields, Problem};
use serde_json::Value;

use crate::role;

/// As many texts as anyone reads.
const MOST_TEXTS: usize = 20;

/// What an error says. Nothing, when the answer is not a JSON object: a gateway may answer HTML.
pub(crate) struct Error {
    body: ErrorBody,
    texts: Vec<Text>,
    /// How many of them, the first, are about the input.
    of_input: usize,
}

/// A text of a field, or of the whole, whose path is empty.
struct Text {
    /// Names with dots between.
    path: String,
    text: String,
}

impl Error {
    pub(crate) fn read(body: ErrorBody) -> Self {
        let mut texts = Vec::new();
        let mut of_input = 0;
        for name in ["errors", "invalid_fields", "message", "detail"] {
            if name == "message" {
                of_input = texts.len();
            }
            collect(body.value().get(name).unwrap_or(&Value::Null), "", &mut texts);
        }
        Self { body, texts, of_input }
    }

    /// The error's kind, in Gcore's words.
    pub(crate) fn code(&self) -> Option<&str> {
        let fields = Fields::of(self.body.value());
        fields.text("exception_class").or_else(|| fields.text("code"))
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        self.body.request_id()
    }

    pub(crate) fn says_no_token(&self) -> bool {
        self.any(|text| text.trim().trim_end_matches('.') == "api token not found")
    }

    pub(crate) fn says_no_account(&self) -> bool {
        self.any(|text| text.trim().trim_end_matches('.') == "account not found")
    }

    /// One of the texts that Gcore refuses a credential with; they belong to a 401.
    pub(crate) fn is_about_authentication(&self) -> bool {
        const TEXTS: [&str; 5] = [
            "credentials were not provided",
            "token is invalid or expired",
            "token not valid for any token type",
            "bad token",
            "bad permanent token",
        ];
        let of_code = matches!(self.code(), Some("not_authenticated" | "authentication_failed" | "token_not_valid"));
        of_code || self.any(|text| TEXTS.iter().any(|known| text.contains(known)))
    }

    pub(crate) fn is_about_permission(&self) -> bool {
        matches!(self.code(), Some("ForbiddenError" | "permission_denied"))
            || self.any(|text| text.contains("permission"))
    }

    /// That the account has as many tokens as it may. How IAM says it is not documented: a choice.
    pub(crate) fn is_about_the_cap(&self) -> bool {
        self.code().is_some_and(|code| code.starts_with("QuotaLimitExceed"))
            || self.any(|text| {
                let most = ["limit", "maximum", "too many"].iter().any(|word| text.contains(word));
                text.contains("quota") || (text.contains("token") && most)
            })
    }

    /// What is wrong with which part of the input. `role` is the attribute that a refusal of the role is about. An error
    /// without fields is about none.
    pub(crate) fn problems(&self, role: &str) -> Vec<FieldProblem> {
        self.texts
            .iter()
            .take(self.of_input)
            .map(|Text { path, text }| {
                let (verb, of) = if path.is_empty() { ("are", "") } else { ("is", path.as_str()) };
                let message =
                    [verb, " not accepted by Gcore: ", of, if of.is_empty() { "" } else { ": " }, text].concat();
                FieldProblem::new(pointer(path, role), kind(text), message)
            })
            .collect()
    }

    /// All that it says.
    pub(crate) fn sentence(&self) -> Option<String> {
        let mut sentence = String::from("Gcore answers");
        for Text { text, .. } in &self.texts {
            sentence.push_str(": ");
            sentence.push_str(text);
        }
        (!self.texts.is_empty()).then_some(sentence)
    }

    fn any(&self, holds: fn(&str) -> bool) -> bool {
        self.texts.iter().any(|text| text.path.is_empty() && holds(&text.text.to_ascii_lowercase()))
    }
}

/// The texts below `value`, each with its path. Gcore puts texts of the whole below names of their own.
fn collect(value: &Value, path: &str, found: &mut Vec<Text>) {
    match value {
        Value::String(text) if found.len() < MOST_TEXTS && !text.is_empty() => {
            found.push(Text { path: path.to_owned(), text: text.clone() });
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (path, name.as_str()) {
                    ("", "errors" | "non_field_errors") => collect(value, "", found),
                    ("", name) => collect(value, name, found),
                    (path, name) => collect(value, &[path, ".", name].concat(), found),
                }
            }
        }
        _ => {}
    }
}

/// Where in a call's input a field of Gcore's is.
fn pointer(path: &str, role: &str) -> String {
    let attribute = match path {
        "exp_date" => return "/expires_at".to_owned(),
        "client_id" | "clientId" => return "/settings/client_id".to_owned(),
        "name" | "description" => path,
        "client_user.role.id" => role::ID,
        "client_user.role.name" => role::NAME,
        path if path.starts_with("client_user") => role,
        _ => return "/attributes".to_owned(),
    };
    ["/attributes/", attribute].concat()
}

fn kind(text: &str) -> Problem {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["is required", "may not be null", "may not be blank"]) {
        Problem::Required
    } else if says(&["wrong format", "not a valid", "a valid "]) {
        Problem::Format
    } else {
        Problem::Constraint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keywright_sdk::Response;
    use serde_json::json;

    fn error(body: Value) -> Error {
        answered(&body.to_string())
    }

    fn answered(body: &str) -> Error {
        Error::read(Response::made_up(true, 400, &[], body).error())
    }

    fn problems(body: Value) -> Vec<(String, Problem)> {
        error(body).problems(role::ID).into_iter().map(|problem| (problem.pointer, problem.problem)).collect()
    }

    #[test]
    fn a_fields_text_points_at_the_input_that_it_is_about() {
        for (errors, pointer, kind) in [
            (json!({"name": ["This field is required."]}), "/attributes/name", Problem::Required),
            (json!({"description": ["Too long."]}), "/attributes/description", Problem::Constraint),
            (json!({"exp_date": ["Datetime has wrong format."]}), "/expires_at", Problem::Format),
            (json!({"client_user": {"role": ["Invalid role: X"]}}), "/attributes/role_id", Problem::Constraint),
            (json!({"client_user": {"role": {"name": ["No."]}}}), "/attributes/role_name", Problem::Constraint),
            (json!({"client_user": ["This field may not be null."]}), "/attributes/role_id", Problem::Required),
            (json!({"colour": ["Unknown."]}), "/attributes", Problem::Constraint),
            (json!({"errors": ["No."]}), "/attributes", Problem::Constraint),
            (json!(["No."]), "/attributes", Problem::Constraint),
        ] {
            assert_eq!(problems(json!({"errors": errors})), [(pointer.to_owned(), kind)], "{errors}");
        }
        let platform =
            json!({"exception_class": "ValidationError", "message": "No.", "invalid_fields": {"name": "No."}});
        assert_eq!(problems(platform)[0].0, "/attributes/name");
    }

    #[test]
    fn an_error_without_fields_is_about_none() {
        assert_eq!(problems(json!({"message": "JSON parse error - Expecting value"})), []);
        assert_eq!(
            error(json!({"message": "No.", "detail": "Never."})).sentence().as_deref(),
            Some("Gcore answers: No.: Never.")
        );
    }

    #[test]
    fn what_is_not_an_object_says_nothing() {
        for body in [json!([]), json!("API token not found."), json!(null)] {
            assert_eq!(error(body.clone()).sentence(), None, "{body}");
            assert!(!error(body).says_no_token());
        }
        assert_eq!(answered("<html>API token not found.</html>").sentence(), None);
    }

    #[test]
    fn only_the_vendors_own_words_say_that_a_token_does_not_exist() {
        for body in [
            json!({"message": "API token not found."}),
            json!({"detail": "API token not found"}),
            json!({"exception_class": "NotFoundError", "message": "API token not found.", "request_id": "r"}),
            json!({"errors": {"errors": ["API token not found."]}}),
        ] {
            assert!(error(body.clone()).says_no_token(), "{body}");
        }
        for body in [
            json!({"message": "Account not found."}),
            json!({"detail": "Not found."}),
            json!({"message": "Page not found: API token not found."}),
        ] {
            assert!(!error(body.clone()).says_no_token(), "{body}");
        }
    }

    #[test]
    fn the_cap_is_known_by_its_class_or_its_words() {
        for body in [
            json!({"exception_class": "QuotaLimitExceed", "message": "No."}),
            json!({"message": "Quota exceeded"}),
            json!({"errors": {"non_field_errors": ["You have reached the limit of API tokens."]}}),
        ] {
            assert!(error(body.clone()).is_about_the_cap(), "{body}");
        }
        for body in [
            json!({"errors": {"client_user": {"role": ["Can't create token with role Administrators"]}}}),
            json!({"errors": {"name": ["The maximum length of a token's name is 10."]}}),
            json!({"message": "You do not have permission to perform this action."}),
        ] {
            assert!(!error(body.clone()).is_about_the_cap(), "{body}");
        }
    }

    #[test]
    fn an_error_without_end_is_cut() {
        let many: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
        assert_eq!(error(json!({"errors": {"name": many}})).problems(role::ID).len(), MOST_TEXTS);
    }
}
