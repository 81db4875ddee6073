//! Random bytes.

use rand::TryCryptoRng;

use crate::SealingError;

/// Where keys, nonces and salts come from: the operating system, asked each time, so that a copy of a process or of a
/// virtual machine does not repeat them.
pub(crate) fn system() -> impl TryCryptoRng {
    rand::rngs::SysRng
}

/// Fills these bytes.
pub(crate) fn fill<R: TryCryptoRng>(random: &mut R, bytes: &mut [u8]) -> Result<(), SealingError> {
    random.try_fill_bytes(bytes).map_err(|error| SealingError::Random(error.to_string()))
}

/// Bytes that need not be secret: a nonce or a salt.
pub(crate) fn array<R: TryCryptoRng, const N: usize>(random: &mut R) -> Result<[u8; N], SealingError> {
    let mut bytes = [0; N];
    fill(random, &mut bytes)?;
    Ok(bytes)
}
