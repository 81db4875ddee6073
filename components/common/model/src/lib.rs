//! The words of the contract between vendor adapters and their host, as plain data.
//!
//! Hosts, adapters and their tools share these types, so that each list of names exists once: [`Operation`],
//! [`Reason`](reason::ReasonKind), [`Problem`], [`Outcome`], and all that an adapter [describes](descriptor) of itself.
//! They mirror `wit/`, where each is documented in full. No I/O, no dependencies.
//!
//! ```
//! use keywright_model::Operation;
//!
//! let operation: Operation = "set-enabled".parse()?;
//! assert!(operation.is_mutating());
//! assert_eq!(operation.to_string(), "set-enabled");
//! # Ok::<(), keywright_model::UnknownOperation>(())
//! ```

pub mod descriptor;
mod extension;
mod operation;
mod outcome;
mod problem;
mod quota;
mod reason;

pub use extension::{Extension, Extensions, Text};
pub use operation::{Operation, UnknownOperation};
pub use outcome::Outcome;
pub use problem::{FieldProblem, Problem};
pub use quota::Quota;
pub use reason::ReasonKind;
