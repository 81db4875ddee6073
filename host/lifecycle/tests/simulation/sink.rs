//! Model sinks.

use keywright_lifecycle::{FailureClass, GenerationNumber, Outcome};

use crate::vendor::failure;

/// A place that a secret is delivered to.
#[derive(Clone, Debug)]
pub(crate) struct Sink {
    pub(crate) name: &'static str,
    pub(crate) content: Option<(GenerationNumber, String)>,
    /// Whether it refuses a generation that is lower than what it has or had. One that does not is a file: nothing
    /// reaches it late.
    pub(crate) fenced: bool,
    /// All up to this one were taken out.
    withdrawn: GenerationNumber,
    /// The generations that it took, in order.
    pub(crate) taken: Vec<GenerationNumber>,
}

impl Sink {
    pub(crate) fn new(name: &'static str, fenced: bool) -> Self {
        Self { name, content: None, fenced, withdrawn: 0, taken: Vec::new() }
    }

    pub(crate) fn write(&mut self, generation: GenerationNumber, secret: &str) -> Outcome {
        let there = self.content.as_ref().map_or(0, |(there, _)| *there);
        if self.fenced && (generation < there || generation <= self.withdrawn) {
            return Outcome::Published(Err(failure(FailureClass::Rejected, "a later generation is there")));
        }
        self.taken.push(generation);
        self.content = Some((generation, secret.to_owned()));
        Outcome::Published(Ok(()))
    }

    /// Takes out what is not later than this generation.
    pub(crate) fn withdraw(&mut self, last: GenerationNumber) -> Outcome {
        self.withdrawn = self.withdrawn.max(last);
        if self.content.as_ref().is_some_and(|(there, _)| *there <= last) {
            self.content = None;
        }
        Outcome::Withdrawn(Ok(()))
    }
}
