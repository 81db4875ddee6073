//! `[sinks.NAME]` of `keywright.toml`.

mod values;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::values::{Mode, TimeLimit};
use crate::Sink;
use crate::error::ConfigError;
use crate::exec::ExecSink;
use crate::file::FileSink;
use crate::locations::Locations;

/// A sink as it is configured: `[sinks.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum SinkConfig {
    /// `type = "file"`
    File(FileConfig),
    /// `type = "exec"`
    Exec(ExecConfig),
}

/// `type = "file"`: a file, written whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileConfig {
    /// The file. `{credential}` stands for the credential's name; `~/` and relative paths are resolved.
    pub path: String,
    /// The format.
    pub format: Format,
    /// Of `raw`: the part that is the whole content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Of `template`: the template itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Of `template`: the file that has it, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_file: Option<String>,
    /// Of the vendors' profile files: the profile. `default` when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Of `dotenv`: variables by the name of the part, where they differ from the vendor's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Whether the previous generation is delivered too, while it works: `dotenv`, `json` and `template`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub previous: bool,
    /// The permissions of the file.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: Mode,
    /// The group of the file, by name or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether a missing directory is made, with mode 0700.
    #[serde(default, skip_serializing_if = "is_default")]
    pub create_directory: bool,
    /// Whether something in the same place that Keywright did not write is replaced.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replace_existing: bool,
    /// How long to wait for others that write in the same directory.
    #[serde(default, skip_serializing_if = "is_default")]
    pub time_limit: TimeLimit,
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// `NAME=value` lines, for docker compose, systemd, shells and the dotenv libraries.
    Dotenv,
    /// One JSON object with the parts as its members.
    Json,
    /// The value of one part, and nothing else.
    Raw,
    /// A template of the user's.
    Template,
    /// Scaleway's `~/.config/scw/config.yaml`.
    ScwConfig,
    /// OUTSCALE's `~/.osc/config.json`.
    OscConfig,
    /// The shared credentials file of AWS and of what reads the same: `~/.aws/credentials`.
    AwsCredentials,
}

impl Format {
    /// As it is written in a configuration.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dotenv => "dotenv",
            Self::Json => "json",
            Self::Raw => "raw",
            Self::Template => "template",
            Self::ScwConfig => "scw-config",
            Self::OscConfig => "osc-config",
            Self::AwsCredentials => "aws-credentials",
        }
    }
}

/// `type = "exec"`: a command, which takes the delivery from its standard input.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExecConfig {
    /// The program and its arguments. No shell reads them.
    pub command: Vec<String>,
    /// Whether the command can say what it holds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub read: bool,
    /// Whether the previous generation is delivered too, while it works.
    #[serde(default, skip_serializing_if = "is_default")]
    pub previous: bool,
    /// How long the command may take.
    #[serde(default, skip_serializing_if = "is_default")]
    pub time_limit: TimeLimit,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl SinkConfig {
    /// Makes the sink. Of the outside world it reads the file of a template and the number of a group, and no more.
    ///
    /// # Errors
    ///
    /// When options do not go together, a value is not usable, or those cannot be read.
    pub fn build(&self, locations: &Locations) -> Result<Box<dyn Sink>, ConfigError> {
        Ok(match self {
            Self::File(config) => Box::new(FileSink::new(config, locations)?),
            Self::Exec(config) => Box::new(ExecSink::new(config, locations)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<SinkConfig, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| error.message().to_owned())
    }

    fn build(text: &str) -> Result<Box<dyn Sink>, String> {
        let config = parse(text)?;
        config.build(&Locations::new("/base", Some("/home/me".into()))).map_err(|error| error.to_string())
    }

    #[test]
    fn a_sink_is_read_from_toml() {
        let sink =
            build("type = 'file'\npath = 'a.env'\nformat = 'dotenv'\nprevious = true\ntime-limit = '5s'").unwrap();
        assert!(sink.wants_previous());
        assert_eq!(sink.time_limit().as_secs(), 5);
        let sink = build("type = 'exec'\ncommand = ['notify', 'me']\nread = true").unwrap();
        assert!(!sink.wants_previous());
        assert_eq!(sink.time_limit().as_secs(), 30);
    }

    #[test]
    fn a_configuration_is_written_as_it_was_read() {
        for text in [
            "type = \"file\"\npath = \"a\"\nformat = \"aws-credentials\"\nprofile = \"ci\"\nmode = \"0640\"\ngroup = \"app\"\n",
            "type = \"exec\"\ncommand = [\"notify\"]\ntime-limit = \"90s\"\n",
        ] {
            assert_eq!(toml::to_string(&parse(text).unwrap()).unwrap(), text);
        }
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for (text, says) in [
            ("type = 'file'\npath = 'a'\nformat = 'dotenv'\npth = 'b'", "unknown field `pth`"),
            ("type = 'exec'\ncommand = ['a']\npath = 'b'", "unknown field `path`"),
            ("type = 'pigeon'", "unknown variant `pigeon`"),
            ("type = 'file'\npath = 'a'\nformat = 'xml'", "unknown variant `xml`"),
            ("path = 'a'", "missing field `type`"),
            ("type = 'file'\nformat = 'raw'", "missing field `path`"),
            ("type = 'file'\npath = 'a'\nformat = 'json'\nmode = '0644'", "mode"),
            ("type = 'file'\npath = 'a'\nformat = 'json'\nmode = 'rw'", "mode"),
            ("type = 'exec'\ncommand = ['a']\ntime-limit = '0s'", "time limit"),
            ("type = 'exec'\ncommand = ['a']\ntime-limit = '30'", "time limit"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.contains(says), "{problem}");
        }
    }

    #[test]
    fn options_that_do_not_go_together_are_refused() {
        let file = |options: &str| format!("type = 'file'\npath = 'a'\n{options}");
        for (text, says) in [
            (file("format = 'raw'"), "needs `part`"),
            (file("format = 'json'\npart = 'a'"), "`part` is an option of the format raw"),
            (file("format = 'template'"), "needs `template` or `template-file`"),
            (file("format = 'template'\ntemplate = 'a'\ntemplate-file = 'b'"), "leave one of them out"),
            (file("format = 'template'\ntemplate-file = 'none'"), "/base/none cannot be read"),
            (file("format = 'dotenv'\ntemplate = 'a'"), "`template` is an option of the format template"),
            (file("format = 'raw'\npart = 'a'\nprofile = 'a'"), "`profile` is an option of the formats"),
            (file("format = 'json'\nvariables = { a = 'B' }"), "`variables` is an option of the format dotenv"),
            (file("format = 'dotenv'\nvariables = { a = 'B-C' }"), "`B-C` is not the name of a variable"),
            (file("format = 'raw'\npart = 'a'\nprevious = true"), "no place for the previous generation"),
            (file("format = 'scw-config'\nprevious = true"), "no place for the previous generation"),
            (file("format = 'scw-config'\nprofile = 'a b'"), "profile"),
            (file("format = 'json'\ngroup = 'no-such-group-here'"), "there is no group `no-such-group-here`"),
            ("type = 'file'\npath = 'a/'\nformat = 'json'".to_owned(), "does not end with the name of a file"),
            ("type = 'file'\npath = '{name}'\nformat = 'json'".to_owned(), "`{name}`"),
            ("type = 'exec'\ncommand = []".to_owned(), "has no program"),
        ] {
            let problem = build(&text).unwrap_err();
            assert!(problem.contains(says), "{text}: {problem}");
        }
    }
}
