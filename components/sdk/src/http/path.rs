//! Paths.

use serde_json::{Map, Value};

use super::encode;
use crate::{Failure, FieldProblem, Problem, Result};

/// The path of these segments, each percent-encoded.
pub(crate) fn of_segments(segments: &[&str]) -> Result<String> {
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        encode(segment, &mut path);
    }
    if path.is_empty() {
        path.push('/');
        return Ok(path);
    }
    // An empty id would have `DELETE /keys/ID` end elsewhere.
    if segments.contains(&"") { Err(elsewhere()) } else { checked(path) }
}

/// The path of a rule, with values in its placeholders, percent-encoded.
pub(crate) fn of_template(template: &str, settings: &Map<String, Value>, values: &[&str]) -> Result<String> {
    let mut values = values.iter();
    let path = fill(template, settings, &mut |path| {
        let value = values.next().filter(|value| !value.is_empty())?;
        encode(value, path);
        Some(())
    })?;
    if values.next().is_some() { Err(elsewhere()) } else { checked(path) }
}

/// Whether a path is one of a rule's, in which a placeholder stands for any text of one segment.
pub(crate) fn fits(template: &str, settings: &Map<String, Value>, path: &str) -> bool {
    /// A character that no path contains.
    const ANY: char = '\0';
    fn segment_fits(pattern: &str, text: &str) -> bool {
        match pattern.split_once(ANY) {
            None => pattern == text,
            Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
                (1..=rest.len()).any(|end| rest.get(end..).is_some_and(|rest| segment_fits(after, rest)))
            }),
        }
    }
    let pattern = fill(template, settings, &mut |pattern| {
        pattern.push(ANY);
        Some(())
    });
    pattern.is_ok_and(|pattern| {
        pattern.split('/').count() == path.split('/').count()
            && pattern.split('/').zip(path.split('/')).all(|(pattern, text)| segment_fits(pattern, text))
    })
}

/// A rule's path with its settings in their places; `placeholder` adds what stands for each other placeholder.
fn fill(
    template: &str,
    settings: &Map<String, Value>,
    placeholder: &mut dyn FnMut(&mut String) -> Option<()>,
) -> Result<String> {
    let mut path = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}', '?']) {
        let (before, found) = rest.split_at(at);
        path.push_str(before);
        if found.starts_with('?') {
            return Ok(path);
        }
        if let Some(brace) = ["{{", "}}"].into_iter().find(|doubled| found.starts_with(doubled)) {
            encode(&brace[1..], &mut path);
            rest = &found[2..];
            continue;
        }
        let (name, after) = found.strip_prefix('{').and_then(|found| found.split_once('}')).ok_or_else(elsewhere)?;
        match name.strip_prefix("settings.") {
            Some(name) => encode(&setting(settings, name)?, &mut path),
            None => placeholder(&mut path).ok_or_else(elsewhere)?,
        }
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

fn setting(settings: &Map<String, Value>, name: &str) -> Result<String> {
    let (name, optional) = name.strip_suffix('?').map_or((name, false), |name| (name, true));
    match settings.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        None | Some(Value::Null) if optional => Ok(String::new()),
        _ => {
            let message = "is missing, or is neither text nor a number";
            Err(FieldProblem::new(["/settings/", name].concat(), Problem::Required, message).into())
        }
    }
}

/// Refuses segments that a server or a proxy would take for steps up and down.
fn checked(path: String) -> Result<String> {
    if path.split('/').any(|segment| segment == "." || segment == "..") { Err(elsewhere()) } else { Ok(path) }
}

fn elsewhere() -> Failure {
    Failure::adapter_error("the adapter built a path that does not lead where its descriptor says")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(segments: &[&str]) -> Option<String> {
        of_segments(segments).ok()
    }

    #[test]
    fn a_segment_cannot_leave_its_place_in_the_path() {
        let path = segments(&["v1", "../admin?x#y", "a b"]);
        assert_eq!(path.as_deref(), Some("/v1/..%2Fadmin%3Fx%23y/a%20b"));
        assert_eq!(segments(&[]).as_deref(), Some("/"));
        for refused in [&["keys", ""][..], &["keys", ".."], &["."]] {
            assert_eq!(segments(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn a_rules_path_takes_settings_and_values() {
        let settings = serde_json::json!({"project": "a/b", "account": 7});
        let path = |template, values: &[&str]| of_template(template, settings.as_object().unwrap(), values).ok();
        assert_eq!(path("/", &[]).as_deref(), Some("/"));
        assert_eq!(path("/v1/keys/", &[]).as_deref(), Some("/v1/keys/"));
        assert_eq!(path("/{settings.project}/keys/{id}:rotate", &["x:y"]).as_deref(), Some("/a%2Fb/keys/x%3Ay:rotate"));
        assert_eq!(path("/{settings.account}/{id/}.json?page,size", &["a/b"]).as_deref(), Some("/7/a%2Fb.json"));
        assert_eq!(path("/v{settings.none?}/keys", &[]).as_deref(), Some("/v/keys"));
        assert_eq!(path("/a{{b}}", &[]).as_deref(), Some("/a%7Bb%7D"));
        for (template, values) in [
            ("/keys/{id}", &[][..]),
            ("/keys/{id}", &["a", "b"]),
            ("/keys/{id}", &[""]),
            ("/keys/{id}", &[".."]),
            ("/keys/{id", &["a"]),
            ("/keys/id}", &[]),
            ("/{settings.none}/keys", &[]),
        ] {
            assert_eq!(path(template, values), None, "{template} {values:?}");
        }
    }

    #[test]
    fn a_placeholder_stands_for_text_of_one_segment() {
        let settings = serde_json::json!({"project": "p"});
        let fits = |template, path| fits(template, settings.as_object().unwrap(), path);
        for (template, path) in [
            ("/", "/"),
            ("/{settings.project}/keys/{id}?page", "/p/keys/a%2Fb"),
            ("/keys/{id}.json", "/keys/a.json.json"),
            ("/keys/{id}:{verb}", "/keys/a:b"),
        ] {
            assert!(fits(template, path), "{template} {path}");
        }
        for (template, path) in [
            ("/keys/{id}", "/keys/"),
            ("/keys/{id}", "/keys/a/b"),
            ("/keys/{id}.json", "/keys/.json"),
            ("/{settings.project}/keys", "/q/keys"),
            ("/{settings.none}", "/p"),
            ("/keys", "/keys/"),
        ] {
            assert!(!fits(template, path), "{template} {path}");
        }
    }
}
