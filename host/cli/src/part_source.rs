//! Where a part of a credential is: in the environment, in a file, at a command, or, when it is public, in plain sight.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::{self, MapAccess, Visitor};

/// Where a part is.
#[derive(Clone)]
pub(crate) enum PartSource {
    /// `{ env = "VARIABLE" }`
    Env(String),
    /// `{ file = "PATH" }`
    File(PathBuf),
    /// `{ command = ["PROGRAM", "ARGUMENT", …] }`
    Command(Vec<String>),
    /// A plain string.
    Plain(SecretString),
}

impl PartSource {
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

    /// Gets the part.
    ///
    /// # Errors
    ///
    /// When it is not to be had, or is empty: one sentence, without a subject before it.
    pub(crate) fn read(&self, environment: &dyn Fn(&str) -> Option<OsString>) -> Result<SecretString, String> {
        let (value, place) = match self {
            Self::Env(variable) => {
                let value = environment(variable).ok_or_else(|| format!("{variable} is not set: set it"))?;
                let value = value.into_string().map_err(|_| format!("{variable} is not text: set it to UTF-8 text"))?;
                (value, variable.clone())
            }
            Self::File(file) => {
                let value = fs::read_to_string(file)
                    .map_err(|error| format!("the file {} cannot be read ({error})", file.display()))?;
                (trimmed(value), format!("the file {}", file.display()))
            }
            Self::Command(words) => (trimmed(run(words)?), format!("the output of {}", program(words))),
            Self::Plain(value) => (value.expose_secret().to_owned(), "its value".to_owned()),
        };
        if value.is_empty() { Err(format!("{place} is empty")) } else { Ok(value.into()) }
    }
}

/// Shows where a part is, not what it is.
impl fmt::Debug for PartSource {
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

impl<'de> Deserialize<'de> for PartSource {
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
    type Value = PartSource;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(r#"{ env = "VARIABLE" }, { file = "PATH" } or { command = ["PROGRAM", "ARGUMENT"] }"#)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<PartSource, E> {
        Ok(PartSource::Plain(text.to_owned().into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PartSource, A::Error> {
        let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
        match table {
            Table { env: Some(variable), file: None, command: None } => Ok(PartSource::Env(variable)),
            Table { env: None, file: Some(file), command: None } => Ok(PartSource::File(file)),
            Table { env: None, file: None, command: Some(words) } if !words.is_empty() => {
                Ok(PartSource::Command(words))
            }
            Table { command: Some(words), .. } if words.is_empty() => {
                Err(de::Error::custom("the command of a part has no program"))
            }
            _ => Err(de::Error::custom("a part has one source: env, file or command")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: PartSource) -> Result<String, String> {
        let environment = |name: &str| match name {
            "KEY" => Some(OsString::from("hush")),
            "EMPTY" => Some(OsString::new()),
            _ => None,
        };
        source.read(&environment).map(|secret| secret.expose_secret().to_owned())
    }

    fn command(words: &[&str]) -> PartSource {
        PartSource::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn a_part_comes_from_the_environment() {
        assert_eq!(read(PartSource::Env("KEY".to_owned())), Ok("hush".to_owned()));
        assert_eq!(read(PartSource::Env("EMPTY".to_owned())), Err("EMPTY is empty".to_owned()));
        assert_eq!(read(PartSource::Env("OTHER".to_owned())), Err("OTHER is not set: set it".to_owned()));
    }

    #[test]
    fn a_part_comes_from_a_file_without_its_line_break() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        for (content, part) in [("hush", "hush"), ("hush\n", "hush"), ("hush\r\n", "hush"), ("hush\n\n", "hush\n")] {
            fs::write(&file, content).unwrap();
            assert_eq!(read(PartSource::File(file.clone())), Ok(part.to_owned()));
        }
        fs::write(&file, "\n").unwrap();
        assert!(read(PartSource::File(file)).unwrap_err().ends_with(" is empty"));
        assert!(read(PartSource::File(directory.path().join("none"))).unwrap_err().contains("cannot be read"));
    }

    #[cfg(unix)]
    #[test]
    fn a_part_comes_from_a_command() {
        assert_eq!(read(command(&["echo", "hush"])), Ok("hush".to_owned()));
        assert!(read(command(&["false"])).unwrap_err().starts_with("the command `false` failed"));
        assert_eq!(read(command(&["true"])), Err("the output of the command `true` is empty".to_owned()));
        assert!(read(command(&["no-such-program-here"])).unwrap_err().contains("cannot be run"));
    }

    #[test]
    fn a_plain_part_is_not_empty() {
        assert_eq!(read(PartSource::Plain("public".into())), Ok("public".to_owned()));
        assert_eq!(read(PartSource::Plain("".into())), Err("its value is empty".to_owned()));
    }

    #[test]
    fn a_plain_part_is_not_printed() {
        assert_eq!(format!("{:?}", PartSource::Plain("hush".into())), "Plain([redacted])");
    }
}
