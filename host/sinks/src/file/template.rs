//! `template`: the user's own text, with the parts in it.
//!
//! `{{ secret_key }}` is a part, `{{ previous.secret_key }}` the same part of the previous generation (empty when there
//! is none), `{{ credential }}` and `{{ generation }}` are what they say. `| json` makes a quoted JSON string of a
//! value, `| base64` what its name says. `{{ "{{" }}` is two braces.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::layout::{Layout, Trouble};
use crate::config::FileConfig;
use crate::delivery::{Delivery, PartSpec, value};
use crate::error::ConfigError;
use crate::locations::Locations;

const ADVICE: &str = "correct the template";
const PREVIOUS: &str = "previous.";

/// A template that was read.
#[derive(Debug)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value { name: Name, filter: Filter },
}

#[derive(Debug, PartialEq, Eq)]
enum Name {
    Credential,
    Generation,
    Part(String),
    PreviousPart(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    None,
    Json,
    Base64,
}

impl Template {
    pub(super) fn new(config: &FileConfig, locations: &Locations) -> Result<Self, ConfigError> {
        let text = match (&config.template, &config.template_file) {
            (Some(text), None) => text.clone(),
            (None, Some(file)) => {
                let file = locations.resolve(file)?;
                fs::read_to_string(&file).map_err(|error| {
                    ConfigError::new(format!("the template {} cannot be read ({error})", file.display()))
                })?
            }
            (None, None) => {
                return Err(ConfigError::new("the format template needs `template` or `template-file`: add one"));
            }
            (Some(_), Some(_)) => {
                return Err(ConfigError::new("there are both `template` and `template-file`: leave one of them out"));
            }
        };
        Self::parse(&text, config.previous).map_err(ConfigError::new)
    }

    fn parse(text: &str, previous: bool) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let line = text[..text.len() - after.len()].matches('\n').count() + 1;
            let at = |problem: &str| format!("the template, line {line}: {problem}");
            pieces.push(Piece::Text(before.to_owned()));
            // The literal has braces itself.
            if let Some(after) =
                after.trim_start().strip_prefix("\"{{\"").and_then(|it| it.trim_start().strip_prefix("}}"))
            {
                pieces.push(Piece::Text("{{".to_owned()));
                rest = after;
                continue;
            }
            let (inside, after) = after.split_once("}}").ok_or_else(|| at("`{{` has no `}}`: close it"))?;
            pieces.push(expression(inside, previous).map_err(|problem| at(&problem))?);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        if !pieces.iter().any(|piece| matches!(piece, Piece::Value { name: Name::Part(_), .. })) {
            return Err("the template uses no part of the credential: write for instance `{{ secret_key }}`".to_owned());
        }
        Ok(Self { pieces })
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Value { name: Name::Part(part) | Name::PreviousPart(part), .. } => Some(part.as_str()),
            _ => None,
        })
    }
}

fn expression(text: &str, previous: bool) -> Result<Piece, String> {
    let (name, filter) = match text.split_once('|') {
        None => (text, Filter::None),
        Some((name, filter)) => match filter.trim() {
            "json" => (name, Filter::Json),
            "base64" => (name, Filter::Base64),
            other => return Err(format!("`{other}` is not a filter: use `json` or `base64`")),
        },
    };
    let name = match name.trim() {
        "credential" => Name::Credential,
        "generation" => Name::Generation,
        name => {
            let (part, is_previous) = match name.strip_prefix(PREVIOUS) {
                Some(part) => (part, true),
                None => (name, false),
            };
            let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if part.is_empty() || !part.bytes().all(allowed) {
                let form = "write `{{ PART }}`, `{{ previous.PART }}`, `{{ credential }}` or `{{ generation }}`";
                return Err(format!("`{name}` is not the name of a part: {form}"));
            }
            match is_previous {
                false => Name::Part(part.to_owned()),
                true if previous => Name::PreviousPart(part.to_owned()),
                true => return Err(format!("`{name}` needs the previous generation: set `previous = true`")),
            }
        }
    };
    Ok(Piece::Value { name, filter })
}

impl Layout for Template {
    fn check(&self, parts: &[PartSpec]) -> Result<(), Trouble> {
        match self.parts().find(|name| parts.iter().all(|part| part.name != *name)) {
            Some(part) => Err(Trouble::MissingPart { part: part.to_owned(), advice: ADVICE }),
            None => Ok(()),
        }
    }

    fn render(&self, delivery: &Delivery) -> Result<Zeroizing<String>, Trouble> {
        let mut text = Zeroizing::new(String::new());
        for piece in &self.pieces {
            let (name, filter) = match piece {
                Piece::Text(literal) => {
                    text.push_str(literal);
                    continue;
                }
                Piece::Value { name, filter } => (name, *filter),
            };
            let generation;
            let value = match name {
                Name::Credential => delivery.subject.credential(),
                Name::Generation => {
                    generation = delivery.generation.to_string();
                    &generation
                }
                Name::Part(part) => {
                    let missing = || Trouble::MissingPart { part: part.clone(), advice: ADVICE };
                    delivery.part(part).ok_or_else(missing)?
                }
                Name::PreviousPart(part) => {
                    delivery.previous.as_ref().and_then(|previous| value(&previous.parts, part)).unwrap_or_default()
                }
            };
            match filter {
                Filter::None => text.push_str(value),
                Filter::Json => text.push_str(&Zeroizing::new(serde_json::Value::from(value).to_string())),
                Filter::Base64 => text.push_str(&Zeroizing::new(STANDARD.encode(value))),
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Part, Previous, Subject};

    fn part(name: &str, value: &str) -> Part {
        Part { name: name.to_owned(), variable: None, value: value.into(), secret: true }
    }

    fn render(template: &str, previous: Option<&str>) -> String {
        let delivery = Delivery {
            subject: Subject::new("ci").unwrap(),
            generation: 3,
            parts: vec![part("key", "a\"b")],
            previous: previous.map(|value| Previous { generation: 2, parts: vec![part("key", value)] }),
        };
        Template::parse(template, true).unwrap().render(&delivery).unwrap().to_string()
    }

    #[test]
    fn a_template_has_the_parts_in_it() {
        assert_eq!(render("{{ key }}", None), "a\"b");
        assert_eq!(render("k={{key}} # {{ credential }} {{generation}}\n", None), "k=a\"b # ci 3\n");
        assert_eq!(render("{{ key | json }},{{ key|base64 }}", None), "\"a\\\"b\",YSJi");
        assert_eq!(render("{{ key }}{{ previous.key }}", None), "a\"b");
        assert_eq!(render("{{ key }}{{ previous.key }}", Some("old")), "a\"bold");
        assert_eq!(render("{{ key }} {{ \"{{\" }} x }} {{\"{{\"}}", None), "a\"b {{ x }} {{");
        assert_eq!(render("{ {{ key }} }", Some("old")), "{ a\"b }");
    }

    #[test]
    fn a_wrong_template_is_refused_with_its_line() {
        for (template, says) in [
            ("a\n{{ key", "line 2: `{{` has no `}}`"),
            ("{{ Key }}", "line 1: `Key` is not the name of a part"),
            ("\n\n{{ }}", "line 3: `` is not the name of a part"),
            ("{{ a.b }}", "`a.b` is not the name of a part"),
            ("{{ key | upper }}", "`upper` is not a filter"),
            ("{{ previous.key }}{{ key }}", "set `previous = true`"),
            ("nothing", "uses no part"),
        ] {
            let problem = Template::parse(template, false).unwrap_err();
            assert!(problem.contains(says), "{problem}");
        }
    }

    #[test]
    fn a_part_that_the_credential_does_not_have_is_noticed_before_there_is_a_value() {
        let spec = |name: &str| PartSpec { name: name.to_owned(), variable: None };
        let template = Template::parse("{{ key }}{{ previous.other }}", true).unwrap();
        assert!(template.check(&[spec("key"), spec("other")]).is_ok());
        let trouble = template.check(&[spec("key")]).unwrap_err();
        assert!(matches!(trouble, Trouble::MissingPart { part, .. } if part == "other"));
    }
}
