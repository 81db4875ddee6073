//! The whole system: real components, in the real host, over real TLS, against simulated and scripted vendors.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod accounts;
mod any_vendor;
mod aws_iam;
mod cache;
mod commercetools;
mod compiling;
mod components;
mod concurrency;
mod contract;
mod datadog;
mod dependencies;
mod digitalocean_spaces;
mod embedding;
mod faults;
mod frozen;
mod gcore;
mod hostile;
mod imperva;
mod inert;
mod languages;
mod limits;
mod loading;
mod network;
mod outbound;
mod outcome;
mod outscale;
mod scaleway;
mod schemes;
mod terraform;
mod vendors;
