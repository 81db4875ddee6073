//! Signing in a component, with the crates of RustCrypto and dalek, each behind a feature: ring does not build there, and
//! they need no random numbers.

#[cfg(any(test, feature = "jwt-eddsa"))]
mod eddsa;
#[cfg(any(test, feature = "jwt-es256"))]
mod es256;
#[cfg(any(test, feature = "jwt-rs256"))]
mod rs256;

#[cfg(any(test, feature = "jwt-eddsa"))]
pub(super) use eddsa::eddsa;
#[cfg(any(test, feature = "jwt-es256"))]
pub(super) use es256::es256;
#[cfg(not(any(test, feature = "jwt-eddsa")))]
pub(super) use not_built as eddsa;
#[cfg(not(any(test, feature = "jwt-es256")))]
pub(super) use not_built as es256;
#[cfg(not(any(test, feature = "jwt-rs256")))]
pub(super) use not_built as rs256;
#[cfg(any(test, feature = "jwt-rs256"))]
pub(super) use rs256::rs256;

#[cfg(not(any(test, all(feature = "jwt-eddsa", feature = "jwt-es256", feature = "jwt-rs256"))))]
pub(super) fn not_built(_: &str, _: &[u8]) -> Result<Vec<u8>, super::algorithm::KeyError> {
    Err(super::algorithm::KeyError::NotBuilt)
}
