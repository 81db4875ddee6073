//! Parts that the vendor does not make.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::DateTime;
use keywright_auth::origin::{Derived, DerivedForm, KeyPair, KeyPairKind, PublicForm, RandomText, RandomTextError};
use keywright_auth::{Parts, Values};
use rand::rngs::StdRng;
use rand::{SeedableRng, TryCryptoRng, TryRng};
use secrecy::ExposeSecret;
use serde_json::{Map, Value};

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

/// Random numbers that a test chooses.
struct Chosen<I>(I);

impl<I: Iterator<Item = u8>> Chosen<I> {
    fn next(&mut self) -> u8 {
        self.0.next().unwrap()
    }
}

impl<I: Iterator<Item = u8>> TryRng for Chosen<I> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from(self.next()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.next()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill_with(|| self.next());
        Ok(())
    }
}

impl<I: Iterator<Item = u8>> TryCryptoRng for Chosen<I> {}

#[test]
fn a_part_is_derived_from_others() {
    // The text and digest of FIPS 180-2 appendix B.1.
    let parts = Parts::from_iter([("first", "ab"), ("second", "c")]);
    let values = Values { settings: &Map::new(), parts: &parts, now: DateTime::UNIX_EPOCH, nonce: [0; 16] };
    for (form, expected) in [
        (DerivedForm::Text, "abc"),
        (DerivedForm::Sha256Hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (DerivedForm::Sha256Base64, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    ] {
        let derived = Derived { form, text: "{parts.first}{parts.second}".parse().unwrap() };
        assert_eq!(derived.derive(&values).unwrap().expose_secret(), expected);
    }
    let missing = Derived { form: DerivedForm::Text, text: "{parts.third}".parse().unwrap() };
    assert!(missing.derive(&values).unwrap_err().to_string().contains("`third`"));
}

#[test]
fn an_ed25519_key_pair_of_a_seed_is_that_of_rfc_8037() {
    // Appendix A.1 and A.2.
    let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let pair = KeyPair::generate(KeyPairKind::Ed25519, &mut Chosen(seed.into_iter())).unwrap();
    assert_eq!(
        pair.public_key(PublicForm::Jwk),
        r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    );
    // The others as OpenSSL and the Python package cryptography write the same key.
    assert_eq!(
        pair.public_key(PublicForm::SpkiDerBase64),
        "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    );
    assert_eq!(
        pair.public_key(PublicForm::OpenSsh),
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
    );
    assert_eq!(
        pair.private_key_pem().expose_secret(),
        "-----BEGIN PRIVATE KEY-----\n\
         MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
         -----END PRIVATE KEY-----\n"
    );
    assert!(!format!("{pair:?}").contains("PRIVATE"), "{pair:?}");
}

#[test]
fn an_ecdsa_key_pair_is_written_in_every_form_and_is_new_each_time() {
    for (kind, curve, size, ssh) in [
        (KeyPairKind::EcdsaP256, "P-256", 32, "ecdsa-sha2-nistp256"),
        (KeyPairKind::EcdsaP384, "P-384", 48, "ecdsa-sha2-nistp384"),
    ] {
        let pair = KeyPair::generate(kind, &mut StdRng::from_seed([1; 32])).unwrap();
        assert_eq!(pair.kind(), kind);
        let jwk: Value = serde_json::from_str(&pair.public_key(PublicForm::Jwk)).unwrap();
        assert_eq!((&jwk["crv"], &jwk["kty"]), (&curve.into(), &"EC".into()));
        let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        assert_eq!(point.len(), 2 * size + 1);

        let der = STANDARD.decode(pair.public_key(PublicForm::SpkiDerBase64)).unwrap();
        assert!(der.ends_with(&point));
        let pem = pair.public_key(PublicForm::SpkiPem);
        let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && pem.lines().all(|line| line.len() <= 64), "{pem}");
        assert_eq!(STANDARD.decode(lines).unwrap(), der);

        let line = pair.public_key(PublicForm::OpenSsh);
        let blob = STANDARD.decode(line.strip_prefix(&format!("{ssh} ")).unwrap()).unwrap();
        assert!(blob.starts_with(&[0, 0, 0, 19]) && blob[4..].starts_with(ssh.as_bytes()) && blob.ends_with(&point));

        let other = KeyPair::generate(kind, &mut StdRng::from_seed([1; 32])).unwrap();
        assert_ne!(pair.public_key(PublicForm::Jwk), other.public_key(PublicForm::Jwk));
    }
}

#[test]
fn a_key_pair_can_sign_what_its_public_key_verifies() {
    use p256::pkcs8::{DecodePrivateKey, DecodePublicKey};
    let mut random = StdRng::from_seed([2; 32]);

    let pair = KeyPair::generate(KeyPairKind::EcdsaP256, &mut random).unwrap();
    let private = pair.private_key_pem();
    let der =
        STANDARD.decode(private.expose_secret().lines().filter(|line| !line.starts_with("---")).collect::<String>());
    let secret = p256::SecretKey::from_pkcs8_der(&der.unwrap()).unwrap();
    let public = STANDARD.decode(pair.public_key(PublicForm::SpkiDerBase64)).unwrap();
    assert_eq!(secret.public_key(), p256::PublicKey::from_public_key_der(&public).unwrap());

    let pair = KeyPair::generate(KeyPairKind::Ed25519, &mut random).unwrap();
    let private = pair.private_key_pem();
    let der =
        STANDARD.decode(private.expose_secret().lines().filter(|line| !line.starts_with("---")).collect::<String>());
    let secret = ed25519_dalek::SigningKey::from_pkcs8_der(&der.unwrap()).unwrap();
    let public = STANDARD.decode(pair.public_key(PublicForm::SpkiDerBase64)).unwrap();
    assert_eq!(secret.verifying_key(), ed25519_dalek::VerifyingKey::from_public_key_der(&public).unwrap());
}

#[test]
fn a_random_text_keeps_to_its_policy() {
    let alphabet = format!("{LETTERS}{DIGITS}!#");
    let policy = RandomText::new(16, &alphabet, &["!#", DIGITS, LETTERS]).unwrap();
    let mut random = StdRng::from_seed([3; 32]);
    for _ in 0..1000 {
        let text = policy.generate(&mut random);
        let text = text.expose_secret();
        assert_eq!(text.len(), 16);
        assert!(text.chars().all(|c| alphabet.contains(c)), "{text}");
        assert!(text.contains(['!', '#']) && text.contains(|c: char| c.is_ascii_digit()), "{text}");
    }
}

#[test]
fn every_character_is_as_likely() {
    // 62 characters do not divide 256: the bytes from 248 on must be thrown away, not wrapped.
    let policy = RandomText::new(62, &format!("{LETTERS}{DIGITS}"), &[]).unwrap();
    let thrown_away = [248, 255];
    let bytes = (0..4u8).flat_map(|round| (0..62).map(move |at| round * 62 + at));
    let mut counts = BTreeMap::new();
    let mut random = Chosen(bytes.flat_map(|byte| thrown_away.into_iter().chain([byte])));
    for _ in 0..4 {
        for character in policy.generate(&mut random).expose_secret().chars() {
            *counts.entry(character).or_insert(0) += 1;
        }
    }
    assert_eq!(counts.len(), 62);
    assert!(counts.values().all(|count| *count == 4), "{counts:?}");
}

#[test]
fn a_text_without_a_required_character_is_thrown_away_whole() {
    let policy = RandomText::new(32, "abcdefghij", &["j"]).unwrap();
    // 32 times `a`, then `b…bj`.
    let bytes = [0; 32].into_iter().chain([1; 31]).chain([9]);
    let text = policy.generate(&mut Chosen(bytes));
    assert_eq!(text.expose_secret(), format!("{}j", "b".repeat(31)));
}

#[test]
fn a_text_is_worth_its_bits() {
    let alphabet = format!("{LETTERS}{DIGITS}");
    let bits = RandomText::new(22, &alphabet, &[]).unwrap().entropy_bits();
    assert!((bits - 130.99).abs() < 0.01, "{bits}");
    assert!(!RandomText::new(22, &alphabet, &[]).unwrap().is_weak());
    let weak = RandomText::new(12, &alphabet, &[DIGITS]).unwrap();
    // 12 of 62 without a digit are (52/62)^12 = 0.1212 of all.
    assert!((weak.entropy_bits() - (71.4504 - 0.1864)).abs() < 0.001, "{}", weak.entropy_bits());
    assert!(weak.is_weak());
}

#[test]
fn a_policy_that_cannot_be_kept_or_could_be_guessed_is_refused() {
    let alphabet = format!("{LETTERS}{DIGITS}");
    let new = |length, alphabet: &str, required: &[&str]| RandomText::new(length, alphabet, required).map(|_| ());
    assert_eq!(new(0, &alphabet, &[]), Err(RandomTextError::Length));
    assert_eq!(new(1025, &alphabet, &[]), Err(RandomTextError::Length));
    for alphabet in ["", "aa", "a b", "é", "a\n"] {
        assert_eq!(new(100, alphabet, &[]), Err(RandomTextError::Alphabet), "{alphabet}");
    }
    for set in ["", "!", "aa"] {
        assert_eq!(new(20, &alphabet, &[set]), Err(RandomTextError::Required), "{set}");
    }
    assert_eq!(new(20, &alphabet, &["a"; 9]), Err(RandomTextError::Required));
    assert_eq!(new(20, &alphabet, &["a", "b", "c", "d"]), Err(RandomTextError::Unlikely));
    assert_eq!(new(3, &alphabet, &["a", "b", "c", "d"]), Err(RandomTextError::Unlikely));
    assert_eq!(new(10, &alphabet, &[]), Err(RandomTextError::Weak { bits: 59 }));
    assert_eq!(new(11, &alphabet, &[]), Ok(()));
    assert_eq!(new(1024, "a", &[]), Err(RandomTextError::Weak { bits: 0 }));
}
