//! The host's check of how a vendor adapter describes itself.
//!
//! A [model](keywright_model::descriptor::Descriptor) is what a component answers, word for word.
//! [`Descriptor::read`] turns it into typed rules, schemes and parts, and finds what contradicts itself: a rule without an
//! endpoint, a secret that nothing hides, a verification that proves nothing. The host reads every component with it at
//! load; the SDK offers the same as `Descriptor::check`, so that an author's unit test finds what a host would refuse.
//!
//! [`Schemas`] checks an account's settings and a credential's attributes against the adapter's JSON Schemas before any
//! call. No I/O.

mod canonical;
mod description;
mod error;
mod extensions;
mod part;
mod pattern;
mod printable;
mod rules;
mod schema;
mod schema_size;
mod schemes;
mod variable;

pub use canonical::canonical;
pub use description::Descriptor;
pub use error::DescriptorError;
pub use part::{KeyPair, Origin, Part, Parts};
pub use pattern::{Pattern, PatternError};
pub use printable::is_unprintable;
pub use rules::AUTHENTICATE;
pub use schema::{CANNOT_CHANGE, Schemas};
pub use schema_size::SchemaSizeError;
pub use variable::VariableRole;
