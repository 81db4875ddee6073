//! Parts of credentials that the host makes.

use keywright_auth::origin::{KeyPair, KeyPairError};
use keywright_descriptor::Origin;
use secrecy::SecretString;

/// A part that the host made.
pub(crate) struct MadePart {
    /// What belongs to the credential.
    pub(crate) kept: SecretString,
    /// What the vendor gets: the same, or of a key pair its public half.
    pub(crate) sent: SecretString,
}

/// Makes a part; none where somebody else does.
///
/// # Errors
///
/// When the key pair cannot be made.
pub(crate) fn make(origin: &Origin) -> Result<Option<MadePart>, KeyPairError> {
    let mut random = rand::rng();
    Ok(match origin {
        Origin::Vendor | Origin::Derived(_) => None,
        Origin::Random(text) => {
            let kept = text.generate(&mut random);
            Some(MadePart { sent: kept.clone(), kept })
        }
        Origin::KeyPair(pair) => {
            let made = KeyPair::generate(pair.kind, &mut random)?;
            let sent = made.public_key(pair.public_form).into();
            Some(MadePart { kept: made.private_key_pem(), sent })
        }
    })
}

/// A part that was made for an earlier call, for one that continues it: the vendor has it already, and gets no other.
pub(crate) fn again(origin: &Origin, kept: &SecretString) -> Option<MadePart> {
    let sent = match origin {
        Origin::Vendor | Origin::Derived(_) => return None,
        Origin::Random(_) => kept.clone(),
        // Never sent again: nothing that mints is.
        Origin::KeyPair(_) => SecretString::default(),
    };
    Some(MadePart { kept: kept.clone(), sent })
}
