//! Simulated histories: nodes that die and are paused, a network that loses and delays, and vendors of every kind, all in
//! one thread and from one seed.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod clock;
mod crashes;
mod histories;
mod judge;
mod kinds;
mod node;
mod random;
mod run;
mod sink;
mod store;
mod vendor;
mod world;
