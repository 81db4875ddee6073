//! A child process in a process group of its own, with an input, an end to its output and a time limit.

use std::io::{self, ErrorKind, Read, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Pid, Signal};
use zeroize::Zeroizing;

/// How much of its output is kept; the rest is read and dropped.
const MAX_OUTPUT: usize = 16 * 1024;

/// How often it is seen whether the child has ended.
const TICK: Duration = Duration::from_millis(10);

/// How long output is waited for after the end: it may come from a process that the child has left behind.
const DRAIN: Duration = Duration::from_millis(200);

/// How it ended.
pub(super) enum Ended {
    /// By itself.
    Itself(Outcome),
    /// By the time limit, with all processes of its group.
    InTime,
}

/// The end of a child.
pub(super) struct Outcome {
    pub(super) status: ExitStatus,
    /// The beginning of what it wrote to standard output.
    pub(super) output: Zeroizing<Vec<u8>>,
    /// The beginning of what it wrote to standard error.
    pub(super) errors: Zeroizing<Vec<u8>>,
}

/// Runs it. It need not read its input.
///
/// # Errors
///
/// When it cannot be started, or the system fails; it has ended then.
pub(super) fn run(command: &mut Command, input: &[u8], deadline: Instant) -> io::Result<Ended> {
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let ended = Pipes::new(&mut child, input).and_then(|mut pipes| pipes.attend(&mut child, deadline));
    if !matches!(ended, Ok(Ended::Itself(_))) {
        // The child was not waited for, so its number is still its own.
        if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
        child.wait()?;
    }
    ended
}

struct Pipes<'a> {
    input: &'a [u8],
    stdin: Option<ChildStdin>,
    stdout: Output<ChildStdout>,
    stderr: Output<ChildStderr>,
}

struct Output<P> {
    pipe: Option<P>,
    kept: Zeroizing<Vec<u8>>,
}

impl<'a> Pipes<'a> {
    fn new(child: &mut Child, input: &'a [u8]) -> io::Result<Self> {
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let all = [
            stdin.as_ref().map(|pipe| pipe.as_fd()),
            stdout.as_ref().map(|pipe| pipe.as_fd()),
            stderr.as_ref().map(|pipe| pipe.as_fd()),
        ];
        for pipe in all.into_iter().flatten() {
            rustix::io::ioctl_fionbio(pipe, true)?;
        }
        Ok(Self { input, stdin, stdout: Output::of(stdout), stderr: Output::of(stderr) })
    }

    /// Writes and reads until the child has ended, or the time.
    fn attend(&mut self, child: &mut Child, mut deadline: Instant) -> io::Result<Ended> {
        let mut status: Option<ExitStatus> = None;
        loop {
            self.write()?;
            self.stdout.read()?;
            self.stderr.read()?;
            if status.is_none() {
                status = child.try_wait()?;
                if status.is_some() {
                    self.stdin = None;
                    deadline = deadline.min(Instant::now() + DRAIN);
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match status {
                Some(status) if left.is_zero() || self.is_read() => {
                    let (output, errors) = (self.stdout.take(), self.stderr.take());
                    return Ok(Ended::Itself(Outcome { status, output, errors }));
                }
                None if left.is_zero() => return Ok(Ended::InTime),
                _ => self.wait(left.min(TICK))?,
            }
        }
    }

    fn is_read(&self) -> bool {
        self.stdout.pipe.is_none() && self.stderr.pipe.is_none()
    }

    /// Waits until there is something to do, or for this long.
    fn wait(&self, time: Duration) -> io::Result<()> {
        let mut pipes = Vec::with_capacity(3);
        pipes.extend(self.stdin.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::OUT)));
        pipes.extend(self.stdout.pipe.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        pipes.extend(self.stderr.pipe.as_ref().map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        let time = Timespec { tv_sec: 0, tv_nsec: time.subsec_nanos().into() };
        match rustix::event::poll(&mut pipes, Some(&time)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&mut self) -> io::Result<()> {
        while let Some(stdin) = &mut self.stdin {
            if self.input.is_empty() {
                self.stdin = None;
                break;
            }
            match stdin.write(self.input) {
                Ok(written) => self.input = &self.input[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // It does not read what is left.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => self.stdin = None,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl<P: Read> Output<P> {
    fn of(pipe: Option<P>) -> Self {
        Self { pipe, kept: Zeroizing::new(Vec::with_capacity(MAX_OUTPUT)) }
    }

    fn read(&mut self) -> io::Result<()> {
        let mut buffer = Zeroizing::new([0; 4096]);
        // Not for ever, if it writes for ever: there is a time limit to be looked at.
        for _ in 0..16 {
            let Some(pipe) = &mut self.pipe else { break };
            match pipe.read(&mut *buffer) {
                Ok(0) => self.pipe = None,
                Ok(read) => {
                    let room = MAX_OUTPUT - self.kept.len();
                    self.kept.extend_from_slice(&buffer[..read.min(room)]);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn take(&mut self) -> Zeroizing<Vec<u8>> {
        std::mem::take(&mut self.kept)
    }
}
