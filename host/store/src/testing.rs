//! What every store must do, as one suite of tests.
//!
//! [`suite`] runs random transactions of two nodes on one backing against the store and against a simple model in
//! memory, and compares all that can be read after each of them. Time passes and steps back, leases run out and are
//! stolen, connections break in the middle of a transaction.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod action;
mod clock;
mod compare;
mod life;
mod model;
mod run;

use chrono::TimeDelta;
use proptest::test_runner::{Config, TestRunner};

use crate::{Store, StoreFuture};
pub use clock::ManualClock;

/// One place where data is kept, on which any number of stores can be opened.
pub trait Backing {
    /// The store that is opened on it.
    type Store: Store;

    /// Opens a store.
    fn open(&self) -> StoreFuture<'_, Self::Store>;

    /// Opens a store whose connection breaks while it writes: the greater `after`, the later. It may also write what it
    /// is asked to and break then.
    fn open_breaking(&self, after: u32) -> StoreFuture<'_, Self::Store>;

    /// Lets time pass for all stores that are open on it, or sets back what their clocks follow.
    fn shift_clock(&self, by: TimeDelta);
}

/// Runs `cases` random histories, each on a new backing.
///
/// # Panics
///
/// When a store does not do what the model does; with the shortest history that shows it.
pub fn suite<B: Backing>(cases: u32, make: impl Fn() -> B) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let histories = proptest::collection::vec(action::action(), 10..80);
    let outcome = runner.run(&histories, |actions| runtime.block_on(run::history(&make(), actions)));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}
