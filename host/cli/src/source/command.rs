//! What a command prints: within a time, and no more than a secret can be.

use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How long a command may take: a person may have to touch a key, or to type a passphrase.
pub(super) const TIME: Duration = Duration::from_secs(120);

/// The most that is read of its output, in bytes.
pub(super) const MOST: u64 = 1 << 20;

/// How a command ended.
pub(super) enum Ended {
    /// By itself: its status, and what it printed.
    Itself(ExitStatus, Vec<u8>),
    /// It took too long, and was ended.
    TimedOut,
    /// It printed too much, and was ended.
    TooMuch,
}

/// Runs a command without input. What it writes to its standard error is shown.
pub(super) fn run(name: &str, arguments: &[String], time: Duration) -> io::Result<Ended> {
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = command.spawn()?;
    let Some(stdout) = child.stdout.take() else { return Err(io::Error::other("its output cannot be read")) };
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut output = Vec::new();
        let read = stdout.take(MOST + 1).read_to_end(&mut output);
        // Nobody waits for what comes too late.
        let _late = sender.send(read.map(|_| output));
    });
    let ends = Instant::now() + time;
    let output = match receiver.recv_timeout(time) {
        Ok(output) => output?,
        Err(_) => return end(child, Ended::TimedOut),
    };
    if output.len() as u64 > MOST {
        return end(child, Ended::TooMuch);
    }
    // It has closed its output, and is about to end.
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(Ended::Itself(status, output)),
            None if Instant::now() >= ends => return end(child, Ended::TimedOut),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Ends a command, and leaves no zombie.
fn end(mut child: Child, how: Ended) -> io::Result<Ended> {
    // It may have ended by itself meanwhile.
    let _ended = child.kill();
    child.wait()?;
    Ok(how)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, time: Duration) -> Ended {
        run("sh", &["-c".to_owned(), script.to_owned()], time).unwrap()
    }

    #[test]
    fn a_command_that_takes_too_long_or_prints_too_much_is_ended() {
        assert!(matches!(shell("exec sleep 600", Duration::from_millis(100)), Ended::TimedOut));
        assert!(matches!(shell("exec >&-; exec sleep 600", Duration::from_millis(200)), Ended::TimedOut));
        assert!(matches!(shell("exec yes", Duration::from_secs(60)), Ended::TooMuch));
        let Ended::Itself(status, output) = shell("printf hush; exit 3", Duration::from_secs(60)) else { panic!() };
        assert_eq!((status.code(), output.as_slice()), (Some(3), &b"hush"[..]));
    }
}
