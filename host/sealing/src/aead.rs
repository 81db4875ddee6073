//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) on buffers that are never moved, so that no copy of a secret stays behind.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret as _, ExposeSecretMut as _, SecretSlice};

use crate::{Key, SealingError};

pub(crate) const NONCE: usize = 24;
pub(crate) const TAG: usize = 16;

/// Encrypts, and appends the tag.
///
/// # Errors
///
/// When the plaintext is longer than the cipher can take: 256 GiB.
pub(crate) fn encrypt(key: &Key, nonce: &[u8; NONCE], aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealingError> {
    // Room for the tag too: were the buffer to grow, its plaintext would stay behind in the old place.
    let mut buffer = Vec::with_capacity(plaintext.len() + TAG);
    buffer.extend_from_slice(plaintext);
    let encrypted = cipher(key).encrypt_in_place(&XNonce::from(*nonce), aad, &mut buffer);
    encrypted.map(|()| buffer).map_err(|_| SealingError::Cipher)
}

/// Decrypts what [`encrypt`] gave. None when it, its nonce, the associated data or the key is another.
pub(crate) fn decrypt(key: &Key, nonce: &[u8; NONCE], aad: &[u8], ciphertext: &[u8]) -> Option<SecretSlice<u8>> {
    let (text, tag) = ciphertext.split_last_chunk::<TAG>()?;
    let mut buffer = SecretSlice::new(Box::<[u8]>::from(text));
    let tag = Tag::from(*tag);
    let plaintext = buffer.expose_secret_mut();
    cipher(key).decrypt_inout_detached(&XNonce::from(*nonce), aad, plaintext.into(), &tag).ok()?;
    Some(buffer)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose_secret().into())
}

#[cfg(test)]
mod tests {
    use secrecy::SecretBox;

    use super::*;

    /// Appendix A.3.1 of draft-irtf-cfrg-xchacha-03.
    #[test]
    fn the_drafts_own_example_comes_out() {
        let plaintext = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
            sunscreen would be it.";
        let key =
            SecretBox::init_with_mut(|key: &mut [u8; 32]| (0x80..).zip(key).for_each(|(value, byte)| *byte = value));
        let mut nonce = [0; NONCE];
        (0x40..).zip(&mut nonce).for_each(|(value, byte)| *byte = value);
        let aad = b"\x50\x51\x52\x53\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7";

        let ciphertext = encrypt(&key, &nonce, aad, plaintext).unwrap();
        assert_eq!(ciphertext[..8], *b"\xbd\x6d\x17\x9d\x3e\x83\xd4\x3b");
        assert_eq!(ciphertext[plaintext.len()..], *b"\xc0\x87\x59\x24\xc1\xc7\x98\x79\x47\xde\xaf\xd8\x78\x0a\xcf\x49");
        assert_eq!(decrypt(&key, &nonce, aad, &ciphertext).unwrap().expose_secret(), plaintext);
        assert!(decrypt(&key, &nonce, b"", &ciphertext).is_none());
        assert!(decrypt(&key, &nonce, aad, &ciphertext[..TAG - 1]).is_none());
    }
}
