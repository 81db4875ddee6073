//! A thread of its own for a connection: SQLite blocks, and its callers do not.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::failure::Failure;
use crate::StoreFuture;
use crate::error::StoreError;

/// How long nothing must be asked for before destroyed secrets are taken out of the log.
const IDLE: Duration = Duration::from_millis(100);

/// After this time they are taken out although there is something to do.
const LATEST: Duration = Duration::from_secs(5);

/// How long that waits for those who read the log.
const PATIENCE: Duration = Duration::from_millis(100);

type Job = Box<dyn FnOnce(&mut Session) + Send>;

/// A connection, in its thread.
pub(super) struct Session {
    pub(super) connection: Connection,
    patience: Duration,
    /// Since when the log holds what was destroyed.
    stale_since: Option<Instant>,
}

/// The thread, and the way to it.
#[derive(Debug)]
pub(super) struct Worker {
    verb: &'static str,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread of a connection. `verb` is what its errors say it does.
    pub(super) fn start(verb: &'static str, mut session: Session) -> Result<Self, StoreError> {
        let (jobs, queue) = channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("keywright-store".to_owned())
            .spawn(move || session.serve(&queue))
            .map_err(|error| StoreError::Unavailable {
                verb,
                cause: format!("no thread can be started: {error}"),
                advice: "raise this user's limit of processes",
            })?;
        Ok(Self { verb, jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has a job done, from the first poll on; it is finished though the future is dropped.
    pub(super) fn run<'a, T, F>(&'a self, job: F) -> StoreFuture<'a, T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T, Failure> + Send + 'static,
    {
        Box::pin(async move {
            let verb = self.verb;
            let (answer, answered) = oneshot::channel();
            let job = Box::new(move |session: &mut Session| {
                let done = job(session).map_err(|failure| failure.while_it_is(verb));
                // Nobody waits any more when the future was dropped.
                let _ = answer.send(done);
            });
            let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
            let ended = || StoreError::Unavailable {
                verb,
                cause: "its thread has ended".to_owned(),
                advice: "start this program again",
            };
            if sent { answered.await.map_err(|_| ended())? } else { Err(ended()) }
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // What it had to say was said to those who asked.
            let _ = thread.join();
        }
    }
}

impl Session {
    pub(super) fn new(connection: Connection, patience: Duration) -> Self {
        Self { connection, patience, stale_since: None }
    }

    fn serve(&mut self, queue: &Receiver<Job>) {
        loop {
            let job = match self.stale_since {
                None => queue.recv().map_err(RecvTimeoutError::from),
                Some(since) => queue.recv_timeout(IDLE.min(LATEST.saturating_sub(since.elapsed()))),
            };
            match job {
                Ok(job) => job(self),
                Err(RecvTimeoutError::Timeout) => self.clean_log(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.stale_since.is_some_and(|since| since.elapsed() > LATEST) {
                self.clean_log();
            }
        }
        if self.stale_since.is_some() {
            self.clean_log();
        }
    }

    /// Says that something was destroyed: the log still holds it.
    pub(super) fn has_stale_log(&mut self) {
        self.stale_since.get_or_insert_with(Instant::now);
    }

    /// Writes the log back into the database and empties it. Tried again later when someone reads it.
    fn clean_log(&mut self) {
        let connection = &self.connection;
        let truncated = connection
            .busy_timeout(PATIENCE)
            .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));
        let restored = connection.busy_timeout(self.patience);
        self.stale_since = match (truncated, restored) {
            (Ok(0), Ok(())) => None,
            _ => Some(Instant::now()),
        };
    }
}
