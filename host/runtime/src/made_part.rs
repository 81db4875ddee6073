//! Parts of credentials that the host makes.

use keywright_auth::origin::KeyPair;
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
/// The rest of a sentence: the key pair cannot be made.
pub(crate) fn make(origin: &Origin) -> Result<Option<MadePart>, String> {
    let mut random = rand::rng();
    Ok(match origin {
        Origin::Vendor | Origin::Derived(_) => None,
        Origin::Random(text) => {
            let kept = text.generate(&mut random);
            Some(MadePart { sent: kept.clone(), kept })
        }
        Origin::KeyPair(pair) => {
            let made = KeyPair::generate(pair.kind, &mut random).map_err(|error| error.to_string())?;
            let sent = made.public_key(pair.public_form).into();
            Some(MadePart { kept: made.private_key_pem(), sent })
        }
    })
}

/// A part that was made for an earlier call, for one that continues it: the vendor has it already, and gets no other.
pub(crate) fn again(origin: &Origin, kept: &SecretString) -> Result<Option<MadePart>, String> {
    let sent = match origin {
        Origin::Vendor | Origin::Derived(_) => return Ok(None),
        Origin::Random(_) => kept.clone(),
        // Never sent again: nothing that mints is.
        Origin::KeyPair(_) => SecretString::default(),
    };
    Ok(Some(MadePart { kept: kept.clone(), sent }))
}
