//! Asking before something is done that cannot be taken back.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::error::Error;
use crate::text::one_line;

/// Whether there is a person to ask.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question to be answered with yes or no.
///
/// # Errors
///
/// When the answer is not yes.
pub(crate) fn ask(question: &str) -> Result<(), Error> {
    let mut stderr = io::stderr().lock();
    let mut answer = String::new();
    let asked = write!(stderr, "{} [y/N] ", one_line(question)).and_then(|()| stderr.flush());
    let read = asked.and_then(|()| io::stdin().lock().read_line(&mut answer));
    match read {
        Ok(_) if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
        _ => Err(Error::usage("nothing was done, as the answer was not yes")),
    }
}
