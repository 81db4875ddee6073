//! Signals that ask the program to stop while a vendor is at work. What the vendor makes then, it makes once and shows
//! once: its answer is waited for, and only a second signal ends the program without it.

use std::future::Future;
use std::io;
use std::pin::pin;

use crate::error::Error;
use crate::output::Output;

/// The signals, from the time that this is made. Until then each of them ends the program at once, as it does by itself.
pub(crate) struct Signals {
    receivers: Receivers,
}

/// A second signal came: its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interrupted {
    /// The name, such as `SIGINT`.
    pub(crate) signal: &'static str,
    /// Its number, of which shells make an exit status.
    pub(crate) number: u8,
}

impl Signals {
    /// Takes the signals over.
    ///
    /// # Errors
    ///
    /// When the operating system refuses.
    pub(crate) fn take_over() -> Result<Self, Error> {
        let receivers = Receivers::new().map_err(|error| {
            Error::new("system", format!("signals cannot be waited for ({error}): run the program elsewhere"))
        })?;
        Ok(Self { receivers })
    }

    /// Carries `work` to its end although a signal comes, which is said; a second one drops it.
    ///
    /// `work` has to end by itself: every call of the runtime has a limit on its time.
    pub(crate) async fn outlast<T>(self, output: Output, work: impl Future<Output = T>) -> Result<T, Interrupted> {
        self.finish_step(output, || {}, work).await
    }

    /// As [`outlast`](Self::outlast); `stop` is called with the first signal, so that `work` begins nothing more.
    pub(crate) async fn finish_step<T>(
        mut self,
        output: Output,
        stop: impl Fn(),
        work: impl Future<Output = T>,
    ) -> Result<T, Interrupted> {
        let mut work = pin!(work);
        let mut first = true;
        loop {
            tokio::select! {
                // A result that is there is taken.
                biased;
                result = &mut work => return Ok(result),
                signal = self.receivers.next() => {
                    if !first {
                        return Err(signal);
                    }
                    first = false;
                    stop();
                    output.note(&format!(
                        "{}: waiting for the vendor's answer, as what was asked for may be done already; a second signal \
                         ends the program at once",
                        signal.signal
                    ));
                }
            }
        }
    }
}

#[cfg(unix)]
struct Receivers([(tokio::signal::unix::Signal, Interrupted); 3]);

#[cfg(unix)]
impl Receivers {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let receiver = |kind: SignalKind, signal_name, number| {
            Ok::<_, io::Error>((signal(kind)?, Interrupted { signal: signal_name, number }))
        };
        Ok(Self([
            receiver(SignalKind::interrupt(), "SIGINT", 2)?,
            receiver(SignalKind::terminate(), "SIGTERM", 15)?,
            receiver(SignalKind::hangup(), "SIGHUP", 1)?,
        ]))
    }

    async fn next(&mut self) -> Interrupted {
        let [(interrupt, by_interrupt), (terminate, by_terminate), (hangup, by_hangup)] = &mut self.0;
        tokio::select! {
            Some(()) = interrupt.recv() => *by_interrupt,
            Some(()) = terminate.recv() => *by_terminate,
            Some(()) = hangup.recv() => *by_hangup,
            else => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
struct Receivers;

#[cfg(not(unix))]
impl Receivers {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Interrupted {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Interrupted { signal: "Ctrl-C", number: 2 },
            Err(_) => std::future::pending().await,
        }
    }
}
