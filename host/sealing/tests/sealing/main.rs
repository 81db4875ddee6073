//! What a user of the crate relies on.

#![allow(clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

mod formats;
mod instance_key;
mod key_check;
#[cfg(unix)]
mod key_file;
mod passphrase;
mod rotation;
mod secrets;
#[cfg(unix)]
mod systemd;

use std::sync::Arc;

use keywright_sealing::{Context, OpenedPart, Sealed, Sealer, SealingKey};
use secrecy::ExposeSecret as _;

const INSTANCE: &str = "6f1c9d1e-8f6b-4c52-9d6a-2b0a7f0f4a11";
const HERE: Context<'static> = Context { credential: "ci-deploy", generation: 3 };

/// Parts as tests make them: names and secrets.
type Parts = Vec<(String, Vec<u8>)>;

fn key() -> Arc<SealingKey> {
    Arc::new(SealingKey::generate().unwrap())
}

fn sealer() -> Sealer {
    Sealer::new(INSTANCE, key())
}

/// A directory that only its owner may use.
#[cfg(unix)]
fn private_directory() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;

    tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o700)).tempdir().unwrap()
}

fn seal(sealer: &Sealer, context: &Context<'_>, parts: &Parts) -> Sealed {
    let parts: Vec<_> = parts.iter().map(|(name, secret)| (name.as_str(), secret.as_slice())).collect();
    sealer.seal(context, &parts).unwrap()
}

fn exposed(opened: Vec<OpenedPart>) -> Parts {
    opened.into_iter().map(|part| (part.name, part.secret.expose_secret().to_vec())).collect()
}

fn some_parts() -> Parts {
    [("access_key", "AKEXAMPLE"), ("note", ""), ("secret_key", "11111111-2222-4333-8444-555555555555")]
        .map(|(name, secret)| (name.to_owned(), secret.as_bytes().to_vec()))
        .to_vec()
}

/// Calls with each of these bytes changed in each bit.
fn for_each_flipped_bit(bytes: &[u8], mut call: impl FnMut(usize, &[u8])) {
    let mut flipped = bytes.to_vec();
    for bit in 0..bytes.len() * 8 {
        flipped[bit / 8] ^= 1 << (bit % 8);
        call(bit, &flipped);
        flipped[bit / 8] ^= 1 << (bit % 8);
    }
}
