//! The log, on standard error: what is sent and answered, and what an adapter writes to its own standard error.

use std::io;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::error::Error;

/// The variable that asks for a log where no flag can.
const VARIABLE: &str = "KEYWRIGHT_LOG";

/// The crates whose events are logged. Those of others, such as HTTP libraries, may hold what was sent as it was sent.
const CRATES: [&str; 3] = ["keywright", "keywright_runtime", "keywright_simulators"];

/// Starts the log: by the flags `-v` and `-vv`, or else by the variable.
///
/// # Errors
///
/// When the variable is not a level.
pub(crate) fn start(verbosity: u8) -> Result<(), Error> {
    let level = match verbosity {
        0 => of_variable(std::env::var_os(VARIABLE).map(|value| value.to_string_lossy().into_owned()).as_deref())?,
        1 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    if level == LevelFilter::OFF {
        return Ok(());
    }
    let targets = Targets::new().with_targets(CRATES.map(|name| (name, level)));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false).with_target(false);
    // A second start, in tests, changes nothing.
    let _started = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
    Ok(())
}

fn of_variable(value: Option<&str>) -> Result<LevelFilter, Error> {
    match value.map(str::trim).map(str::to_ascii_lowercase).as_deref() {
        None | Some("" | "off" | "0") => Ok(LevelFilter::OFF),
        Some("error") => Ok(LevelFilter::ERROR),
        Some("warn") => Ok(LevelFilter::WARN),
        Some("info") => Ok(LevelFilter::INFO),
        Some("debug" | "1") => Ok(LevelFilter::DEBUG),
        Some("trace" | "2") => Ok(LevelFilter::TRACE),
        Some(_) => {
            Err(Error::usage(format!("{VARIABLE} is not a level: set it to error, warn, info, debug, trace or off")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_a_word() {
        assert_eq!(of_variable(None).unwrap(), LevelFilter::OFF);
        assert_eq!(of_variable(Some("")).unwrap(), LevelFilter::OFF);
        assert_eq!(of_variable(Some("Debug")).unwrap(), LevelFilter::DEBUG);
        assert!(of_variable(Some("h2=trace")).unwrap_err().message().contains("KEYWRIGHT_LOG is not a level"));
    }
}
