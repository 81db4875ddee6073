//! Simulators as their clients see them: over real connections, trusting the simulator's own CA.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod client;
mod commercetools_client;
mod commercetools_clients;
mod commercetools_list;
mod commercetools_provider;
mod commercetools_tokens;
mod gcore;
mod gcore_list;
mod gcore_refusals;
mod gcore_sdk;
mod gcore_tokens;
mod imperva;
mod imperva_clients;
mod imperva_list;
mod imperva_refusals;
mod imperva_terraform;
mod outscale_client;
mod outscale_keys;
mod outscale_refusals;
mod outscale_sdk;
mod scaleway_faults;
mod scaleway_keys;
mod scaleway_list;
mod scaleway_neighbours;
mod scaleway_refusals;
mod scaleway_sdk;
mod server;
