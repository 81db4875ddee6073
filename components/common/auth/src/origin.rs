//! Parts of a credential that the vendor does not make: derived from other parts, a key pair, or random.
//!
//! A vendor may have its users bring a public key, a password or the digest of one. What is made here is as good as the
//! random numbers that it is given: the caller provides a cryptographically secure generator.

mod derived;
mod key_pair;
mod random_text;

pub use derived::{Derived, DerivedForm};
pub use key_pair::{KeyPair, KeyPairError, KeyPairKind, PublicForm};
pub use random_text::{RandomText, RandomTextError};
