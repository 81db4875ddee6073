//! Key pairs, of which the vendor gets the public key.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::CryptoRng;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING};
use ring::signature::{EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// A kind of key pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyPairKind {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA with the curve P-256.
    EcdsaP256,
    /// ECDSA with the curve P-384.
    EcdsaP384,
}

/// How a public key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicForm {
    /// A SubjectPublicKeyInfo (RFC 5280 section 4.1) in PEM, `-----BEGIN PUBLIC KEY-----`.
    SpkiPem,
    /// A SubjectPublicKeyInfo in DER, in base64 on one line.
    SpkiDerBase64,
    /// A line of OpenSSH's `authorized_keys` without a comment (RFC 4253 section 6.6, RFC 5656, RFC 8709).
    OpenSsh,
    /// A JSON Web Key (RFC 7517, RFC 8037).
    Jwk,
}

/// A key pair. `Debug` shows the public key only.
#[derive(Clone)]
pub struct KeyPair {
    kind: KeyPairKind,
    /// The point: 32 bytes for Ed25519, uncompressed (SEC 1 section 2.3.3) for ECDSA.
    public: Vec<u8>,
    /// In PKCS#8.
    private: Zeroizing<Vec<u8>>,
}

/// A key pair could not be made: the operating system gave no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key pair could be made, because the operating system gave no random numbers: try again")]
pub struct KeyPairError;

impl KeyPair {
    /// A new key pair. Ed25519 is made from `random`; ring, which makes the ECDSA ones, takes the operating system's
    /// random numbers only.
    ///
    /// # Errors
    ///
    /// When the operating system gives no random numbers.
    pub fn generate(kind: KeyPairKind, random: &mut impl CryptoRng) -> Result<Self, KeyPairError> {
        match kind {
            KeyPairKind::Ed25519 => {
                let mut seed = Zeroizing::new([0; 32]);
                random.fill_bytes(&mut *seed);
                Self::ed25519(&seed)
            }
            KeyPairKind::EcdsaP256 => Self::ecdsa(kind, &ECDSA_P256_SHA256_FIXED_SIGNING),
            KeyPairKind::EcdsaP384 => Self::ecdsa(kind, &ECDSA_P384_SHA384_FIXED_SIGNING),
        }
    }

    fn ed25519(seed: &[u8; 32]) -> Result<Self, KeyPairError> {
        /// Version 0 of PKCS#8 without a public key (RFC 8410 section 7), which every reader takes.
        const HEAD: &[u8] = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyPairError)?;
        Ok(Self {
            kind: KeyPairKind::Ed25519,
            public: pair.public_key().as_ref().to_vec(),
            private: Zeroizing::new([HEAD, seed].concat()),
        })
    }

    fn ecdsa(kind: KeyPairKind, algorithm: &'static EcdsaSigningAlgorithm) -> Result<Self, KeyPairError> {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(|_| KeyPairError)?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).map_err(|_| KeyPairError)?;
        let private = Zeroizing::new(document.as_ref().to_vec());
        Ok(Self { kind, public: pair.public_key().as_ref().to_vec(), private })
    }

    /// The kind.
    pub fn kind(&self) -> KeyPairKind {
        self.kind
    }

    /// The public key.
    pub fn public_key(&self, form: PublicForm) -> String {
        match form {
            PublicForm::SpkiPem => pem("PUBLIC KEY", &self.spki()).to_string(),
            PublicForm::SpkiDerBase64 => STANDARD.encode(self.spki()),
            PublicForm::OpenSsh => self.openssh(),
            PublicForm::Jwk => self.jwk(),
        }
    }

    /// The private key in PKCS#8, in PEM, `-----BEGIN PRIVATE KEY-----`.
    pub fn private_key_pem(&self) -> SecretString {
        SecretString::from(pem("PRIVATE KEY", &self.private).as_str())
    }

    fn spki(&self) -> Vec<u8> {
        let head: &[u8] = match self.kind {
            // RFC 8410 section 4.
            KeyPairKind::Ed25519 => b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00",
            // RFC 5480 section 2: id-ecPublicKey with secp256r1, with secp384r1.
            KeyPairKind::EcdsaP256 => {
                b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"
            }
            KeyPairKind::EcdsaP384 => {
                b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00"
            }
        };
        [head, &self.public].concat()
    }

    fn openssh(&self) -> String {
        let (kind, curve) = match self.kind {
            KeyPairKind::Ed25519 => ("ssh-ed25519", None),
            KeyPairKind::EcdsaP256 => ("ecdsa-sha2-nistp256", Some("nistp256")),
            KeyPairKind::EcdsaP384 => ("ecdsa-sha2-nistp384", Some("nistp384")),
        };
        let fields = [Some(kind.as_bytes()), curve.map(str::as_bytes), Some(&self.public)];
        let mut blob = Vec::new();
        for field in fields.into_iter().flatten() {
            // A field is a few bytes long, which any length holds.
            blob.extend(u32::try_from(field.len()).unwrap_or_default().to_be_bytes());
            blob.extend(field);
        }
        [kind, " ", &STANDARD.encode(blob)].concat()
    }

    fn jwk(&self) -> String {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = self.public.get(1..).unwrap_or_default();
        let (x, y) = point.split_at(point.len() / 2);
        let curve = match self.kind {
            KeyPairKind::Ed25519 => {
                return format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(&self.public));
            }
            KeyPairKind::EcdsaP256 => "P-256",
            KeyPairKind::EcdsaP384 => "P-384",
        };
        format!(r#"{{"crv":"{curve}","kty":"EC","x":"{}","y":"{}"}}"#, encode(x), encode(y))
    }
}

/// RFC 7468 section 2: lines of 64 characters.
fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    let encoded = Zeroizing::new(STANDARD.encode(der));
    let mut pem = Zeroizing::new(String::with_capacity(2 * encoded.len() + 2 * label.len() + 40));
    pem.extend(["-----BEGIN ", label, "-----\n"]);
    for (at, character) in encoded.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.extend(["\n-----END ", label, "-----\n"]);
    pem
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("public_key", &self.public_key(PublicForm::OpenSsh)).finish_non_exhaustive()
    }
}
