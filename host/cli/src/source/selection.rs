//! Which part of a file, or of what a command prints, is the value.

use serde_json::Value;

/// What to take of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All of it.
    Whole,
    /// This line, counted from 1.
    Line(usize),
    /// The value with this name: of a JSON object, or of lines `NAME=VALUE` or `NAME: VALUE`.
    Key(String),
}

impl Selection {
    /// The value; the rest of a sentence when there is none. Neither quotes the text.
    pub(crate) fn select(&self, text: &str) -> Result<String, String> {
        match self {
            Self::Whole => Ok(text.to_owned()),
            Self::Line(number) => match text.lines().nth(number - 1) {
                Some(line) => Ok(line.to_owned()),
                None => Err(format!("has no line {number}")),
            },
            Self::Key(name) => keyed(text, name),
        }
    }
}

fn keyed(text: &str, name: &str) -> Result<String, String> {
    if let Ok(Value::Object(members)) = serde_json::from_str(text) {
        return match members.get(name) {
            Some(Value::String(value)) => Ok(value.clone()),
            Some(_) => Err(format!("has the key `{name}`, whose value is not text")),
            None => Err(format!("has no key `{name}`")),
        };
    }
    let mut values = text.lines().filter_map(|line| value_of(line, name));
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value.to_owned()),
        (Some(_), Some(_)) => Err(format!("has the key `{name}` more than once")),
        (None, _) => Err(format!("has no key `{name}`")),
    }
}

/// `NAME=VALUE` as in the files of shells, `NAME: VALUE` as password managers print it.
fn value_of<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    let rest = line.strip_prefix(name)?.trim_start();
    let value = rest.strip_prefix(['=', ':'])?.trim();
    let unquoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    Some(unquoted('"').or_else(|| unquoted('\'')).unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(text: &str) -> Result<String, String> {
        Selection::Key("token".to_owned()).select(text)
    }

    #[test]
    fn a_value_is_found_by_its_name() {
        for text in [
            "hunter\nuser: me\ntoken: hush\n",
            "export token=hush\r\nother=1\r\n",
            "token = \"hush\"\ntokens=2",
            "token='hush'",
            r#"{"user": "me", "token": "hush"}"#,
        ] {
            assert_eq!(keyed(text).as_deref(), Ok("hush"), "{text}");
        }
    }

    #[test]
    fn a_value_that_is_not_there_or_not_alone_is_refused_without_quoting_the_text() {
        for (text, says) in [
            ("hush\n", "has no key `token`"),
            ("token: hush\ntoken: hush2\n", "has the key `token` more than once"),
            (r#"{"token": ["hush"]}"#, "has the key `token`, whose value is not text"),
            (r#"{"tokens": "hush"}"#, "has no key `token`"),
        ] {
            assert_eq!(keyed(text), Err(says.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_line_is_counted_from_one() {
        assert_eq!(Selection::Line(1).select("hush\r\nuser: me\n").as_deref(), Ok("hush"));
        assert_eq!(Selection::Line(3).select("hush\nuser: me\n"), Err("has no line 3".to_owned()));
    }
}
