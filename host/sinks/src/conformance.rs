//! What every sink must do, as a test of any sink.
//!
//! ```
//! # use keywright_sinks::{Locations, Part, SinkConfig, Subject, conformance};
//! # let directory = tempfile::tempdir()?;
//! # let config: SinkConfig = toml::from_str("type = 'file'\npath = 'a'\nformat = 'raw'\npart = 'key'")?;
//! let sink = config.build(&Locations::new(directory.path(), None))?;
//! let parts = |generation: u64| {
//!     let value = format!("secret-{generation}").into();
//!     vec![Part { name: "key".to_owned(), variable: None, value, secret: true }]
//! };
//! conformance::check(&*sink, &Subject::new("ci")?, &parts)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::delivery::{Acknowledgement, Delivery, Held, Holding, Part, Previous, Subject};
use crate::error::SinkError;
use crate::{Digest, Sink};

/// A rule that the sink does not follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sink {0}")]
pub struct Violation(String);

/// Checks an empty sink by delivering generations of a credential, and leaves it empty. `parts` makes the parts of a
/// generation, each with other values.
///
/// Of a sink that cannot read back, only that it takes everything twice is checked.
///
/// # Errors
///
/// The first rule that it does not follow.
pub fn check(sink: &dyn Sink, subject: &Subject, parts: &dyn Fn(u64) -> Vec<Part>) -> Result<(), Violation> {
    let suite = Suite { sink, subject, parts };
    let reads = suite.nothing_is_held("at first")?;
    suite.checks_before()?;
    suite.takes_what_it_has_again(reads)?;
    if reads {
        suite.never_goes_back()?;
    }
    suite.takes_the_previous_generation(reads)?;
    suite.withdraws(reads)
}

struct Suite<'a> {
    sink: &'a dyn Sink,
    subject: &'a Subject,
    parts: &'a dyn Fn(u64) -> Vec<Part>,
}

impl Suite<'_> {
    fn delivery(&self, generation: u64) -> Delivery {
        Delivery { subject: self.subject.clone(), generation, parts: (self.parts)(generation), previous: None }
    }

    fn with_previous(&self, generation: u64) -> Delivery {
        let previous = Previous { generation: generation - 1, parts: (self.parts)(generation - 1) };
        Delivery { previous: Some(previous), ..self.delivery(generation) }
    }

    fn write(&self, delivery: &Delivery) -> Result<Acknowledgement, Violation> {
        self.sink.write(delivery).map_err(|error| failed("write", &error))
    }

    /// Gives whether it can read back.
    fn nothing_is_held(&self, when: &str) -> Result<bool, Violation> {
        match self.sink.read_back(self.subject).map_err(|error| failed("read back", &error))? {
            Holding::Nothing => Ok(true),
            Holding::Unknown => Ok(false),
            Holding::Held(held) => Err(Violation(format!("holds generation {} {when}", held.generation))),
        }
    }

    fn holds(&self, generation: u64, digest: Digest) -> Result<(), Violation> {
        let expected = Holding::Held(Held { generation, digest: Some(digest) });
        let holding = self.sink.read_back(self.subject).map_err(|error| failed("read back", &error))?;
        ensure(holding == expected, || format!("reads back {holding:?} after the write of {expected:?}"))
    }

    fn checks_before(&self) -> Result<(), Violation> {
        let delivery = self.delivery(1);
        self.sink.check(self.subject, &delivery.specs()).map_err(|error| failed("be checked", &error))?;
        self.nothing_is_held("after a check").map(|_| ())
    }

    fn takes_what_it_has_again(&self, reads: bool) -> Result<(), Violation> {
        let delivery = self.delivery(3);
        let first = self.write(&delivery)?;
        ensure(first.generation == 3 && first.written, || format!("acknowledges {first:?} for a first write"))?;
        ensure(first.digest == delivery.digest(), || "acknowledges another digest".to_owned())?;
        let again = self.write(&delivery)?;
        let same = (again.generation, again.digest) == (first.generation, first.digest);
        ensure(same, || "acknowledges a repeated write with something else".to_owned())?;
        if reads {
            ensure(!again.written, || "writes again what it holds".to_owned())?;
            self.holds(3, delivery.digest())?;
        }
        Ok(())
    }

    fn never_goes_back(&self) -> Result<(), Violation> {
        let newer = self.delivery(5);
        self.write(&newer)?;
        match self.sink.write(&self.delivery(4)) {
            Err(SinkError::Newer { held: 5, offered: 4, .. }) => {}
            other => return Err(Violation(format!("answers {other:?} to an older generation"))),
        }
        self.holds(5, newer.digest())
    }

    fn takes_the_previous_generation(&self, reads: bool) -> Result<(), Violation> {
        let (alone, both) = (self.delivery(6), self.with_previous(6));
        let expected = if self.sink.wants_previous() { both.digest() } else { alone.digest() };
        let acknowledged = self.write(&both)?.digest;
        ensure(acknowledged == expected, || "acknowledges another digest with a previous generation".to_owned())?;
        if reads {
            self.holds(6, expected)?;
        }
        // When the previous generation has ended, the same one is delivered without it.
        let written = self.write(&alone)?.written;
        let expected = self.sink.wants_previous() || !reads;
        ensure(written == expected, || format!("answers written = {written} without the previous generation"))?;
        if reads { self.holds(6, alone.digest()) } else { Ok(()) }
    }

    fn withdraws(&self, reads: bool) -> Result<(), Violation> {
        for _ in 0..2 {
            self.sink.withdraw(self.subject).map_err(|error| failed("withdraw", &error))?;
            if reads {
                self.nothing_is_held("after it was withdrawn")?;
            }
        }
        // A name can be used again.
        let first = self.delivery(1);
        self.write(&first)?;
        if reads {
            self.holds(1, first.digest())?;
        }
        self.sink.withdraw(self.subject).map_err(|error| failed("withdraw", &error))
    }
}

fn ensure(follows: bool, otherwise: impl FnOnce() -> String) -> Result<(), Violation> {
    if follows { Ok(()) } else { Err(Violation(otherwise())) }
}

fn failed(what: &str, error: &SinkError) -> Violation {
    Violation(format!("cannot {what}: {error}"))
}
