//! Where a part of a credential or a secret setting comes from: the environment, a file, a command, or, when it is public,
//! the configuration itself.

mod command;
mod selection;

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use keywright_runtime::Stray;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};

use crate::text;
use command::Ended;
pub(crate) use selection::Selection;

/// Where a value comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// `{ env = "VARIABLE" }`
    Env(String),
    /// `{ file = "PATH" }`
    File(PathBuf, Selection),
    /// `{ command = ["PROGRAM", "ARGUMENT", …] }`
    Command(Vec<String>, Selection),
    /// A plain string.
    Plain(SecretString),
}

impl Source {
    /// With relative paths seen from `base`.
    pub(crate) fn relative_to(self, base: &Path) -> Self {
        match self {
            Self::File(file, selection) => Self::File(base.join(file), selection),
            Self::Command(mut words, selection) => {
                // A bare name is looked up in PATH.
                if let Some(program) = words.first_mut()
                    && program.contains('/')
                {
                    *program = base.join(&*program).to_string_lossy().into_owned();
                }
                Self::Command(words, selection)
            }
            other => other,
        }
    }

    /// Gets the value. One line end is taken off, as editors and programs leave it.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is empty, or has what no credential has: one sentence that does not name the value.
    pub(crate) fn read(&self, environment: &dyn Fn(&str) -> Option<OsString>) -> Result<SecretString, String> {
        let value = match self {
            Self::Env(variable) => {
                let value = environment(variable).ok_or_else(|| format!("{variable} is not set: set it"))?;
                let value = value.into_string().map_err(|_| format!("{variable} is not text: set it to UTF-8 text"))?;
                return of_variable(variable, value).map(SecretString::from);
            }
            Self::File(file, selection) => {
                let bytes =
                    fs::read(file).map_err(|error| format!("the file {} cannot be read ({error})", file.display()))?;
                selection.select(&text::decode(bytes).map_err(|problem| format!("{self} {problem}"))?)
            }
            Self::Command(words, selection) => selection.select(&run(words)?),
            Self::Plain(value) => Ok(value.expose_secret().to_owned()),
        };
        let value = value.map_err(|problem| format!("{self} {problem}"))?;
        let value = checked(without_line_end(value), SELECT).map_err(|problem| format!("{self} {problem}"))?;
        Ok(value.into())
    }
}

/// What to do about several lines, and about all else that is in a value by mistake.
const SELECT: &str = "choose it with `line = 1`, or by its name with `key = \"NAME\"`";
const ALONE: &str = "give the value alone, as the vendor gave it";

/// The value of an environment variable, without the line end that it may have; one sentence when it cannot be the value.
pub(crate) fn of_variable(variable: &str, value: String) -> Result<String, String> {
    // Containers are given secrets as files, with paths to them in variables of other names.
    if value.starts_with('/') && Path::new(&value).is_file() {
        return Err(format!(
            "{variable} is the path of a file, not the value: set it to what the file holds, or name the file in \
             keywright.toml"
        ));
    }
    checked(without_line_end(value), ALONE).map_err(|problem| format!("{variable} {problem}"))
}

/// The value, if it is there and nothing is in it by mistake; else the rest of a sentence.
fn checked(value: String, of_lines: &str) -> Result<String, String> {
    if value.is_empty() {
        return Err("is empty".to_owned());
    }
    match Stray::find(&value) {
        None => Ok(value),
        Some(stray @ Stray::Lines(_)) => Err(format!("{stray}: {of_lines}")),
        Some(stray) => Err(format!("{stray}: {ALONE}")),
    }
}

/// A few words that name the source, never the value.
impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(variable) => formatter.write_str(variable),
            Self::File(file, _) => write!(formatter, "the file {}", file.display()),
            Self::Command(words, _) => write!(formatter, "the output of {}", program(words)),
            Self::Plain(_) => formatter.write_str("its value"),
        }
    }
}

/// Shows the source, not the value.
impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(variable) => write!(formatter, "Env({variable})"),
            Self::File(file, _) => write!(formatter, "File({})", file.display()),
            Self::Command(words, _) => write!(formatter, "Command({})", program(words)),
            Self::Plain(_) => formatter.write_str("Plain([redacted])"),
        }
    }
}

fn program(words: &[String]) -> String {
    format!("the command `{}`", words.first().map_or("", String::as_str))
}

/// Without the one line end that editors and programs leave, of whichever system they are.
fn without_line_end(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
    }
    if text.ends_with('\r') {
        text.pop();
    }
    text
}

fn run(words: &[String]) -> Result<String, String> {
    let [name, arguments @ ..] = words else { return Err("the command is empty".to_owned()) };
    let ended = command::run(name, arguments, command::TIME)
        .map_err(|error| format!("{} cannot be run ({error})", program(words)))?;
    let output = match ended {
        Ended::Itself(status, output) if status.success() => output,
        Ended::Itself(status, _) => return Err(format!("{} failed ({status})", program(words))),
        Ended::TimedOut => {
            return Err(format!("{} did not end within {} s", program(words), command::TIME.as_secs()));
        }
        Ended::TooMuch => return Err(format!("{} prints more than {} bytes", program(words), command::MOST)),
    };
    text::decode(output).map_err(|problem| format!("the output of {} {problem}", program(words)))
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Sources)
    }
}

struct Sources;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    env: Option<String>,
    file: Option<PathBuf>,
    command: Option<Vec<String>>,
    line: Option<usize>,
    key: Option<String>,
}

impl<'de> Visitor<'de> for Sources {
    type Value = Source;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            r#"{ env = "VARIABLE" }, { file = "PATH" } or { command = ["PROGRAM", "ARGUMENT"] }, the last two with `line` or `key`"#,
        )
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Source, E> {
        Ok(Source::Plain(text.to_owned().into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let selection = match (table.line, table.key) {
            (None, None) => Selection::Whole,
            (Some(0), None) => return Err(de::Error::custom("lines are counted from 1")),
            (Some(line), None) => Selection::Line(line),
            (None, Some(key)) => Selection::Key(key),
            (Some(_), Some(_)) => return Err(de::Error::custom("there is `line` or `key`, not both")),
        };
        match (table.env, table.file, table.command) {
            (Some(variable), None, None) if selection == Selection::Whole => Ok(Source::Env(variable)),
            (Some(_), None, None) => Err(de::Error::custom("`line` and `key` go with `file` and `command`")),
            (None, Some(file), None) => Ok(Source::File(file, selection)),
            (None, None, Some(words)) if !words.is_empty() => Ok(Source::Command(words, selection)),
            (_, _, Some(words)) if words.is_empty() => Err(de::Error::custom("the command has no program")),
            _ => Err(de::Error::custom("there is one source: env, file or command")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: Source) -> Result<String, String> {
        let environment = |name: &str| match name {
            "KEY" => Some(OsString::from("hush")),
            "EMPTY" => Some(OsString::new()),
            "CR" => Some(OsString::from("hush\r")),
            "BLANK" => Some(OsString::from("hush ")),
            _ => None,
        };
        source.read(&environment).map(|secret| secret.expose_secret().to_owned())
    }

    fn command(words: &[&str]) -> Source {
        Source::Command(words.iter().map(|word| (*word).to_owned()).collect(), Selection::Whole)
    }

    #[test]
    fn a_value_comes_from_the_environment() {
        assert_eq!(read(Source::Env("KEY".to_owned())), Ok("hush".to_owned()));
        assert_eq!(read(Source::Env("EMPTY".to_owned())), Err("EMPTY is empty".to_owned()));
        assert_eq!(read(Source::Env("OTHER".to_owned())), Err("OTHER is not set: set it".to_owned()));
        assert_eq!(read(Source::Env("CR".to_owned())), Ok("hush".to_owned()));
        let problem = "BLANK ends with a blank: give the value alone, as the vendor gave it";
        assert_eq!(read(Source::Env("BLANK".to_owned())), Err(problem.to_owned()));
    }

    #[test]
    fn a_value_comes_from_a_file_without_its_line_break() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        let of_file = |file: &Path| read(Source::File(file.to_owned(), Selection::Whole));
        for content in ["hush", "hush\n", "hush\r\n", "hush\r"] {
            fs::write(&file, content).unwrap();
            assert_eq!(of_file(&file), Ok("hush".to_owned()));
        }
        let pem = "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n";
        fs::write(&file, pem).unwrap();
        assert_eq!(of_file(&file).as_deref(), Ok(pem.trim_end()), "a document has lines");
        for (content, says) in [
            ("\n", "is empty"),
            ("hush\n\n", "ends with a line end"),
            ("hush \n", "ends with a blank"),
            (" hush", "starts with a blank"),
            ("\u{feff}hush", "starts with a byte order mark"),
            ("hu\u{200b}sh", "has an invisible character (U+200B) at place 3"),
            ("hush\nuser: me\n", "has 2 lines, where one is the value: choose it with `line = 1`"),
        ] {
            fs::write(&file, content).unwrap();
            let problem = of_file(&file).unwrap_err();
            assert!(problem.starts_with(&format!("the file {} {says}", file.display())), "{problem}");
            assert!(!problem.contains("hush"), "{problem}");
        }
        fs::write(&file, [0xff, 0xfe, b'h', 0, b'u', 0]).unwrap();
        assert!(of_file(&file).unwrap_err().contains("is UTF-16"));
        assert!(of_file(&directory.path().join("none")).unwrap_err().contains("cannot be read"));
    }

    #[cfg(unix)]
    #[test]
    fn a_value_comes_from_a_command() {
        assert_eq!(read(command(&["echo", "hush"])), Ok("hush".to_owned()));
        assert!(read(command(&["false"])).unwrap_err().starts_with("the command `false` failed"));
        assert_eq!(read(command(&["true"])), Err("the output of the command `true` is empty".to_owned()));
        assert!(read(command(&["no-such-program-here"])).unwrap_err().contains("cannot be run"));
        let problem = read(command(&["printf", "hush\nuser: me\n"])).unwrap_err();
        assert!(problem.starts_with("the output of the command `printf` has 2 lines"), "{problem}");
        let words = vec!["printf".to_owned(), "title: x\npassword: hush\n".to_owned()];
        assert_eq!(read(Source::Command(words, Selection::Key("password".to_owned()))), Ok("hush".to_owned()));
    }

    #[test]
    fn a_variable_with_the_path_of_a_file_is_not_the_value() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        assert!(of_variable("KEY", path.to_owned()).unwrap_err().starts_with("KEY is the path of a file"));
        assert_eq!(of_variable("KEY", "/not/a/file+of=base64".to_owned()).as_deref(), Ok("/not/a/file+of=base64"));
    }

    #[test]
    fn a_plain_value_is_not_empty() {
        assert_eq!(read(Source::Plain("public".into())), Ok("public".to_owned()));
        assert_eq!(read(Source::Plain("".into())), Err("its value is empty".to_owned()));
    }

    #[test]
    fn a_plain_value_is_not_printed() {
        assert_eq!(format!("{:?}", Source::Plain("hush".into())), "Plain([redacted])");
    }
}
