//! Signatures against those of the RFCs, made by the host's code and by that of components.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;
use sha2::Sha256;

use super::algorithm::{JwtAlgorithm, KeyError};
use super::{native, portable};
use crate::mac::compute;

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    algorithm: String,
    #[serde(default)]
    pem: Vec<String>,
    key_base64url: Option<String>,
    public_key_base64url: Option<String>,
    input: String,
    signature: String,
}

type Sign = fn(&str, &[u8]) -> Result<Vec<u8>, KeyError>;

fn vectors(algorithm: &str) -> Vec<Vector> {
    let all: Vectors = serde_json::from_str(include_str!("../../testdata/jwt-vectors.json")).unwrap();
    let found: Vec<Vector> = all.vectors.into_iter().filter(|vector| vector.algorithm == algorithm).collect();
    assert!(!found.is_empty(), "{algorithm}");
    found
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

#[test]
fn hs256_is_that_of_rfc_7515() {
    for vector in vectors("HS256") {
        let key = decode(&vector.key_base64url.unwrap());
        let signature = compute::<Sha256>(&key, vector.input.as_bytes()).unwrap();
        assert_eq!(signature, decode(&vector.signature), "{}", vector.name);
    }
}

#[test]
fn rs256_and_eddsa_are_those_of_the_rfcs() {
    let signers: [(&str, [Sign; 2]); 2] =
        [("RS256", [native::rs256, portable::rs256]), ("EdDSA", [native::eddsa, portable::eddsa])];
    for (algorithm, sign) in signers {
        for vector in vectors(algorithm) {
            for pem in &vector.pem {
                for sign in sign {
                    let signature = sign(pem, vector.input.as_bytes()).unwrap();
                    assert_eq!(signature, decode(&vector.signature), "{}", vector.name);
                }
            }
        }
    }
}

#[test]
fn es256_verifies_with_the_public_key_of_rfc_7515() {
    let sign: [Sign; 2] = [native::es256, portable::es256];
    for vector in vectors("ES256") {
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(&vector.public_key_base64url.unwrap()));
        public.verify(vector.input.as_bytes(), &decode(&vector.signature)).unwrap();
        assert_eq!(vector.pem.len(), 2);
        for pem in &vector.pem {
            for sign in sign {
                let signature = sign(pem, vector.input.as_bytes()).unwrap();
                public.verify(vector.input.as_bytes(), &signature).unwrap();
                assert!(public.verify(b"other", &signature).is_err());
            }
        }
    }
}

#[test]
fn es256_of_a_component_is_deterministic_as_in_rfc_6979() {
    let vector = vectors("ES256").remove(0);
    let signature = || portable::es256(&vector.pem[0], b"sample").unwrap();
    assert_eq!(signature(), signature());
}

#[test]
fn a_key_of_another_kind_is_refused() {
    let pem = |algorithm: &str| vectors(algorithm).remove(0).pem;
    let keys = [pem("RS256"), pem("ES256"), pem("EdDSA")].concat();
    let others: [(&str, [Sign; 2], &[usize]); 3] = [
        ("an RSA", [native::rs256, portable::rs256], &[0, 1]),
        ("a P-256", [native::es256, portable::es256], &[2, 3]),
        ("an Ed25519", [native::eddsa, portable::eddsa], &[4]),
    ];
    for (kind, sign, own) in others {
        for sign in sign {
            for (at, key) in keys.iter().map(String::as_str).chain(["", "s3cr3t"]).enumerate() {
                match sign(key, b"") {
                    Ok(_) => assert!(own.contains(&at), "{kind} {at}"),
                    Err(KeyError::Malformed(expected)) => {
                        assert!(expected.starts_with(kind) && !own.contains(&at), "{kind} {at}");
                    }
                    Err(KeyError::NotBuilt) => unreachable!("all are built"),
                }
            }
        }
    }
}

#[test]
fn an_algorithm_is_found_by_its_name_only() {
    for algorithm in [JwtAlgorithm::RS256, JwtAlgorithm::ES256, JwtAlgorithm::EDDSA, JwtAlgorithm::HS256] {
        assert_eq!(JwtAlgorithm::from_name(algorithm.name()), Some(algorithm));
    }
    for name in ["none", "rs256", "RS512", ""] {
        assert_eq!(JwtAlgorithm::from_name(name), None);
    }
}
