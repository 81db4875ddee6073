//! The life of a credential, step by step.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod accidents;
mod driven;
mod journal;
mod ordinary;
