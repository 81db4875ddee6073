//! A command line that cannot be parsed, reported in one sentence.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::Error;
use crate::output::Format;
use crate::text::one_line;

/// The parser's error as one sentence. Its own text is a paragraph with usage and hints on lines of their own, and
/// quotes values.
pub(super) fn to_error(error: &clap::Error) -> Error {
    if error.kind() == ErrorKind::ValueValidation {
        let argument = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(argument)) => argument.as_str(),
            _ => "an argument",
        };
        let cause = error.source().map_or_else(|| "is not valid".to_owned(), |cause| one_line(&cause.to_string()));
        return Error::usage(format!("the value of {argument} cannot be read: {cause}"));
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let mut sentence = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        let line = line.strip_prefix("tip: ").unwrap_or(line);
        let between = match sentence.chars().last() {
            None => "",
            Some(':') => " ",
            Some(_) if line.starts_with('[') => " ",
            Some(_) if line.starts_with('-') || line.starts_with('<') => ", ",
            Some(_) => ": ",
        };
        sentence.push_str(between);
        sentence.push_str(line);
    }
    Error::usage(format!("{sentence} (see `keywright --help`)"))
}

/// The form that the arguments ask for, when they cannot be parsed as a whole.
pub(super) fn requested_format(arguments: &[OsString]) -> Format {
    let arguments: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    let is_json = arguments.windows(2).any(|pair| matches!(pair, ["-o" | "--output", "json"]))
        || arguments.iter().any(|argument| matches!(*argument, "-ojson" | "-o=json" | "--output=json"));
    if is_json { Format::Json } else { Format::Table }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    fn message(arguments: &[&str]) -> String {
        let arguments = std::iter::once("keywright").chain(arguments.iter().copied());
        to_error(&Cli::try_parse_from(arguments).unwrap_err()).message().to_owned()
    }

    #[test]
    fn a_refusal_is_one_sentence_with_a_hint() {
        assert_eq!(
            message(&["simulte", "x"]),
            "unrecognized subcommand 'simulte': a similar subcommand exists: 'simulate' (see `keywright --help`)"
        );
        assert_eq!(
            message(&["call", "scaleway"]),
            "the following required arguments were not provided: <OPERATION> (see `keywright --help`)"
        );
        let unknown = message(&["call", "scaleway", "creat"]);
        assert!(unknown.contains("'creat'") && unknown.contains("set-enabled"), "{unknown}");
        assert!(unknown.contains("a similar value exists: 'create'"), "{unknown}");
    }

    #[test]
    fn a_value_that_cannot_be_read_is_not_quoted() {
        let message = message(&["call", "scaleway", "list", "--set", "hush-1234"]);
        assert_eq!(message, "the value of --set <NAME=VALUE> cannot be read: write NAME=VALUE");
    }

    #[test]
    fn the_form_of_an_error_is_the_one_asked_for() {
        let format = |arguments: &[&str]| requested_format(&arguments.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(format(&["call", "-o", "json"]), Format::Json);
        assert_eq!(format(&["--output=json", "x"]), Format::Json);
        assert_eq!(format(&["-o", "table"]), Format::Table);
        assert_eq!(format(&["json"]), Format::Table);
    }
}
