//! What the program says: results on standard output, talk on standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::panic;

use serde::Serialize;

use crate::error::Error;
use crate::text::one_line;

/// The form of results and errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    #[default]
    Table,
    /// JSON for programs
    Json,
}

/// Says things in one form.
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

    /// Whether a person watches: both results and talk go to a terminal, and no program reads the results.
    pub(crate) fn is_watched(self) -> bool {
        !self.is_json() && io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// A result: lines of text, each with its line break.
    pub(crate) fn text(self, text: &str) -> Result<(), Error> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| unwritten(&error))
    }

    /// A result as one JSON value: on one line for programs, spread out on a terminal.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Error> {
        let json =
            if io::stdout().is_terminal() { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
        let json =
            json.map_err(|error| Error::new("output", format!("the result cannot be written as JSON: {error}")))?;
        self.text(&format!("{json}\n"))
    }

    /// A result as one JSON value on one line, whoever reads it.
    pub(crate) fn json_line(self, value: &serde_json::Value) -> Result<(), Error> {
        self.text(&format!("{value}\n"))
    }

    /// Something to know beside the result.
    pub(crate) fn talk(self, text: &str) {
        // When nobody hears it there is nobody to tell that.
        let _unheard = writeln!(io::stderr().lock(), "{text}");
    }

    /// Something that did not go as asked.
    pub(crate) fn warn(self, warning: &str) {
        self.talk(&format!("warning: {}", one_line(warning)));
    }

    /// Why the command failed.
    pub(crate) fn error(self, error: &Error) {
        if error.is_quiet() {
            return;
        }
        if self.is_json() {
            self.talk(&error.to_json().to_string());
        } else {
            self.talk(&format!("error: {}", one_line(error.message())));
        }
    }
}

fn unwritten(error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Error::nobody_listens()
    } else {
        Error::new("output", format!("the result cannot be written to standard output ({error}): send it elsewhere"))
    }
}

/// A panic is a bug of ours: it is told in one line that names the place, and not what was at hand there.
pub(crate) fn tell_of_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _unheard = writeln!(io::stderr().lock(), "error: keywright broke down{place}: please report it");
    }));
}
