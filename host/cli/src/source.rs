//! Where a part of a credential or a secret setting comes from: the environment, a file, a command, or, when it is public,
//! the configuration itself.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};

/// Where a value comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// `{ env = "VARIABLE" }`
    Env(String),
    /// `{ file = "PATH" }`
    File(PathBuf),
    /// `{ command = ["PROGRAM", "ARGUMENT", …] }`
    Command(Vec<String>),
    /// A plain string.
    Plain(SecretString),
}

impl Source {
    /// With relative paths seen from `base`.
    pub(crate) fn relative_to(self, base: &Path) -> Self {
        match self {
            Self::File(file) => Self::File(base.join(file)),
            Self::Command(mut words) => {
                // A bare name is looked up in PATH.
                if let Some(program) = words.first_mut()
                    && program.contains('/')
                {
                    *program = base.join(&*program).to_string_lossy().into_owned();
                }
                Self::Command(words)
            }
            other => other,
        }
    }

    /// Gets the value.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or is empty: one sentence that does not name the value.
    pub(crate) fn read(&self, environment: &dyn Fn(&str) -> Option<OsString>) -> Result<SecretString, String> {
        let value = match self {
            Self::Env(variable) => {
                let value = environment(variable).ok_or_else(|| format!("{variable} is not set: set it"))?;
                value.into_string().map_err(|_| format!("{variable} is not text: set it to UTF-8 text"))?
            }
            Self::File(file) => trimmed(
                fs::read_to_string(file)
                    .map_err(|error| format!("the file {} cannot be read ({error})", file.display()))?,
            ),
            Self::Command(words) => trimmed(run(words)?),
            Self::Plain(value) => value.expose_secret().to_owned(),
        };
        if value.is_empty() { Err(format!("{self} is empty")) } else { Ok(value.into()) }
    }
}

/// A few words that name the source, never the value.
impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(variable) => formatter.write_str(variable),
            Self::File(file) => write!(formatter, "the file {}", file.display()),
            Self::Command(words) => write!(formatter, "the output of {}", program(words)),
            Self::Plain(_) => formatter.write_str("its value"),
        }
    }
}

/// Shows the source, not the value.
impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(variable) => write!(formatter, "Env({variable})"),
            Self::File(file) => write!(formatter, "File({})", file.display()),
            Self::Command(words) => write!(formatter, "Command({})", program(words)),
            Self::Plain(_) => formatter.write_str("Plain([redacted])"),
        }
    }
}

fn program(words: &[String]) -> String {
    format!("the command `{}`", words.first().map_or("", String::as_str))
}

/// Without the one line break at the end that editors and programs leave.
fn trimmed(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    text
}

fn run(words: &[String]) -> Result<String, String> {
    let [name, arguments @ ..] = words else { return Err("the command is empty".to_owned()) };
    let output = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{} cannot be run ({error})", program(words)))?;
    if !output.status.success() {
        return Err(format!("{} failed ({})", program(words), output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("the output of {} is not text", program(words)))
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
}

impl<'de> Visitor<'de> for Sources {
    type Value = Source;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(r#"{ env = "VARIABLE" }, { file = "PATH" } or { command = ["PROGRAM", "ARGUMENT"] }"#)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Source, E> {
        Ok(Source::Plain(text.to_owned().into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
        match table {
            Table { env: Some(variable), file: None, command: None } => Ok(Source::Env(variable)),
            Table { env: None, file: Some(file), command: None } => Ok(Source::File(file)),
            Table { env: None, file: None, command: Some(words) } if !words.is_empty() => Ok(Source::Command(words)),
            Table { command: Some(words), .. } if words.is_empty() => {
                Err(de::Error::custom("the command has no program"))
            }
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
            _ => None,
        };
        source.read(&environment).map(|secret| secret.expose_secret().to_owned())
    }

    fn command(words: &[&str]) -> Source {
        Source::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_value_comes_from_the_environment() {
        assert_eq!(read(Source::Env("KEY".to_owned())), Ok("hush".to_owned()));
        assert_eq!(read(Source::Env("EMPTY".to_owned())), Err("EMPTY is empty".to_owned()));
        assert_eq!(read(Source::Env("OTHER".to_owned())), Err("OTHER is not set: set it".to_owned()));
    }

    #[test]
    fn a_value_comes_from_a_file_without_its_line_break() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        for (content, value) in [("hush", "hush"), ("hush\n", "hush"), ("hush\r\n", "hush"), ("hush\n\n", "hush\n")] {
            fs::write(&file, content).unwrap();
            assert_eq!(read(Source::File(file.clone())), Ok(value.to_owned()));
        }
        fs::write(&file, "\n").unwrap();
        assert!(read(Source::File(file)).unwrap_err().ends_with(" is empty"));
        assert!(read(Source::File(directory.path().join("none"))).unwrap_err().contains("cannot be read"));
    }

    #[cfg(unix)]
    #[test]
    fn a_value_comes_from_a_command() {
        assert_eq!(read(command(&["echo", "hush"])), Ok("hush".to_owned()));
        assert!(read(command(&["false"])).unwrap_err().starts_with("the command `false` failed"));
        assert_eq!(read(command(&["true"])), Err("the output of the command `true` is empty".to_owned()));
        assert!(read(command(&["no-such-program-here"])).unwrap_err().contains("cannot be run"));
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
