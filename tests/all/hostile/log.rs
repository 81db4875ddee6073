//! Everything that is logged in this process, at every level, from when the first hostile adapter is started.

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static LOG: Mutex<String> = Mutex::new(String::new());

/// Starts to collect, and says how much there is.
pub(super) fn start() -> usize {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| tracing::subscriber::set_global_default(Collector::default()).expect("nobody else collects"));
    LOG.lock().unwrap_or_else(PoisonError::into_inner).len()
}

/// What was logged since there was so much.
pub(super) fn since(start: usize) -> String {
    LOG.lock().unwrap_or_else(PoisonError::into_inner)[start..].to_owned()
}

/// Takes whatever is said, by whatever level.
#[derive(Default)]
struct Collector {
    spans: AtomicU64,
    spans_seen: Mutex<HashSet<String>>,
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _written = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        // A span for each call of an import says nothing new after the first of its kind.
        let mut said = String::new();
        span.record(&mut Fields(&mut said));
        if self.spans_seen.lock().unwrap_or_else(PoisonError::into_inner).insert(said.clone()) {
            LOG.lock().unwrap_or_else(PoisonError::into_inner).push_str(&said);
        }
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut LOG.lock().unwrap_or_else(PoisonError::into_inner)));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        let _written = write!(log, "\n{}", event.metadata().target());
        event.record(&mut Fields(&mut log));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
