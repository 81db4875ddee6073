//! Bodies that do not end as they should.

use std::{
    convert::Infallible,
    future::Future as _,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::HttpBody;
use bytes::Bytes;
use hyper::body::Frame;
use tokio::time::{Sleep, sleep};

use crate::connection::Lifeline;

/// How long a connection lives after half of a body was handed over, so that the half really leaves the machine.
const FLUSH: Duration = Duration::from_millis(50);

/// The most that a `huge` body sends.
const HUGE: usize = 64 * 1024 * 1024;

/// The first half of a body, and then an end that no answer should have.
pub(super) struct Half {
    first: Option<Bytes>,
    ending: Ending,
}

enum Ending {
    Stall,
    Cut { after: Pin<Box<Sleep>>, line: Lifeline },
}

impl Half {
    pub(super) fn then_stall(whole: &Bytes) -> Self {
        Self { first: Some(whole.slice(..whole.len() / 2)), ending: Ending::Stall }
    }

    pub(super) fn then_cut(whole: &Bytes, line: Lifeline) -> Self {
        Self {
            first: Some(whole.slice(..whole.len() / 2)),
            ending: Ending::Cut { after: Box::pin(sleep(FLUSH)), line },
        }
    }
}

impl HttpBody for Half {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        if let Ending::Cut { after, line } = &mut self.ending {
            ready!(after.as_mut().poll(context));
            line.sever();
        }
        Poll::Pending
    }
}

/// JSON that goes on and on.
pub(super) fn huge() -> Huge {
    let element = br#"{"id":"00000000-0000-4000-8000-000000000000","description":"and another one"},"#;
    let chunk = Bytes::from(element.repeat(1024));
    Huge { opening: Some(Bytes::from_static(br#"{"items":["#)), chunk, left: HUGE }
}

/// What [`huge`] makes.
pub(super) struct Huge {
    opening: Option<Bytes>,
    chunk: Bytes,
    left: usize,
}

impl HttpBody for Huge {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match self.opening.take() {
            Some(opening) => opening,
            None => self.chunk.slice(..self.chunk.len().min(self.left)),
        };
        self.left -= next.len().min(self.left);
        Poll::Ready((!next.is_empty()).then(|| Ok(Frame::data(next))))
    }
}
