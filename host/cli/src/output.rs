//! What the program prints: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::panic;

use serde::Serialize;
use serde_json::json;

use crate::error::Error;
use crate::text::{self, one_line};

/// The form of results and errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    #[default]
    Table,
    /// JSON for programs
    Json,
}

/// Prints in one form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    format: Format,
}

impl Output {
    /// In this form.
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// Whether results are JSON.
    pub(crate) fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Whether progress can be shown: standard output and standard error are terminals, and no program reads the results.
    pub(crate) fn is_interactive(self) -> bool {
        !self.is_json() && io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// A result: lines of text, each with its line break. Whatever it is made of, nothing of it steers the terminal.
    pub(crate) fn text(self, text: &str) -> Result<(), Error> {
        self.write(&text::lines(text))
    }

    fn write(self, text: &str) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| write_error(&error))
    }

    /// A result as one JSON value: on one line for programs, indented on a terminal.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Error> {
        let json =
            if io::stdout().is_terminal() { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
        let json =
            json.map_err(|error| Error::new("output", format!("the result cannot be written as JSON: {error}")))?;
        self.write(&format!("{}\n", text::json(&json)))
    }

    /// A result as one JSON value on one line, also on a terminal.
    pub(crate) fn json_line(self, value: &serde_json::Value) -> Result<(), Error> {
        self.write(&format!("{}\n", text::json(&value.to_string())))
    }

    /// Something that is not part of the result.
    pub(crate) fn note(self, text: &str) {
        say(&text::lines(text));
    }

    /// Something that did not go as asked.
    pub(crate) fn warn(self, warning: &str) {
        self.note(&format!("warning: {}", one_line(warning)));
    }

    /// Why the command failed.
    pub(crate) fn error(self, error: &anyhow::Error) {
        let typed = error.downcast_ref::<Error>();
        if typed.is_some_and(Error::is_quiet) {
            return;
        }
        let message = one_line(&format!("{error:#}"));
        if self.is_json() {
            let internal = || json!({ "error": { "kind": "internal", "message": message } });
            say(&text::json(&typed.map_or_else(internal, Error::to_json).to_string()));
        } else {
            self.note(&format!("error: {message}"));
        }
    }
}

/// To standard error. When that is closed there is nowhere to report it.
fn say(text: &str) {
    let _closed = writeln!(io::stderr().lock(), "{text}");
}

fn write_error(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Error::broken_pipe()
    } else {
        Error::new("output", format!("the result cannot be written to standard output ({error}): send it elsewhere"))
    }
}

/// A panic is a bug. Its report is one line that names the place, and not the message, which could quote a secret.
pub(crate) fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _closed = writeln!(io::stderr().lock(), "error: keywright panicked{place}: please report this bug");
    }));
}
