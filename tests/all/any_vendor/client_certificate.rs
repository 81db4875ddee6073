//! Client certificates: who a client is, TLS says.

use std::sync::Arc;

use keywright_runtime::Outcome;
use keywright_tests::{Arrived, Reply, ScriptedVendor, exposed};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;

use super::keys::{Caller, Keys};
use super::stage::Stage;

const GRANT: &str = "
    create POST   https://api.vendor.example/keys? mints private_key=/private_key
    get    GET    https://api.vendor.example/keys/{id}?
    list   GET    https://api.vendor.example/keys?
    verify GET    https://api.vendor.example/self?
    revoke DELETE https://api.vendor.example/keys/{id}?
";

/// A vendor that issues certificates, and knows its clients by them.
#[derive(Clone)]
struct Certificates {
    keys: Keys,
    authority: Arc<CertifiedIssuer<'static, KeyPair>>,
    /// The administrator's certificate and private key.
    administrator: Arc<(String, String)>,
}

/// A certificate and its private key, in PEM.
fn issue(authority: &CertifiedIssuer<'static, KeyPair>) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(Vec::<String>::new()).expect("parameters").signed_by(&key, authority);
    (certificate.expect("a certificate").pem(), key.serialize_pem())
}

/// A line from within a key.
fn line(key: &str) -> &str {
    key.lines().nth(1).expect("a line")
}

impl Certificates {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = CertifiedIssuer::self_signed(params, key).expect("an authority");
        let administrator = Arc::new(issue(&authority));
        Self { keys: Keys::default(), authority: Arc::new(authority), administrator }
    }

    fn answer(&self, request: &Arrived) -> Reply {
        let caller = match &request.certificate {
            Some(certificate) if *certificate == self.administrator.0 => Caller::Administrator,
            Some(certificate) => self.keys.of(certificate).map_or(Caller::Nobody, Caller::Key),
            None => Caller::Nobody,
        };
        if caller != Caller::Administrator || request.line() != "POST /keys" {
            return self.keys.answer(request, &caller);
        }
        let (certificate, key) = issue(&self.authority);
        let id = self.keys.make(|_| certificate.clone());
        // It repeats a line of either key.
        let lines = [line(&key), line(&self.administrator.1)];
        Reply::json(201, &json!({"id": id, "certificate": certificate, "private_key": key, "lines": lines}))
    }

    async fn stage(&self, guest: &str) -> Stage {
        let certificates = self.clone();
        let authority = self.authority.pem();
        let vendor = ScriptedVendor::knowing_certificates_of(&authority, move |request| certificates.answer(request));
        let credential = &[("certificate", self.administrator.0.as_str()), ("private_key", &self.administrator.1)];
        Stage::set(vendor.await, guest, GRANT, json!({}), credential).await
    }
}

#[tokio::test]
async fn a_certificate_lives_its_whole_life() {
    let stage = Certificates::new().stage("client_certificate").await;
    let issued = stage.create(json!({})).await.unwrap();
    assert!(exposed(&issued.parts, "certificate").starts_with("-----BEGIN CERTIFICATE-----\n"));
    assert!(exposed(&issued.parts, "private_key").starts_with("-----BEGIN PRIVATE KEY-----\n"));
    stage.lives_and_ends(&issued).await;
}

/// The connections of one credential are not used for another.
#[tokio::test]
async fn each_credential_has_connections_of_its_own() {
    let stage = Certificates::new().stage("client_certificate").await;
    let (first, second) = (stage.create(json!({})).await.unwrap(), stage.create(json!({})).await.unwrap());
    for _ in 0..2 {
        assert_eq!(stage.outcome(&first).await, Outcome::Active);
        assert_eq!(stage.outcome(&second).await, Outcome::Active);
    }
    let owner = |request: &Arrived| request.certificate.clone();
    for one in stage.vendor.arrived() {
        let others = stage.vendor.arrived().into_iter().filter(|other| other.connection == one.connection);
        assert!(others.into_iter().all(|other| owner(&other) == owner(&one)));
    }
}

#[tokio::test]
async fn a_key_of_another_certificate_proves_nothing() {
    let stage = Certificates::new().stage("client_certificate").await;
    let mut issued = stage.create(json!({})).await.unwrap();
    issued.parts.insert("private_key", KeyPair::generate().unwrap().serialize_pem());
    let error = stage.account.verify(&issued.credential.id, &issued.parts).await.unwrap_err();
    assert!(!format!("{error:?}").contains("BEGIN PRIVATE KEY"), "{error:?}");
}

#[tokio::test]
async fn the_twin_sees_no_line_of_a_key() {
    let certificates = Certificates::new();
    let stage = certificates.stage("hostile_client_certificate").await;
    let (issued, seen) = stage.sees("repeated keys").await;
    assert!(seen.starts_with("not to be seen "), "{seen}");
    assert!(!seen.contains(line(&certificates.administrator.1)), "{seen}");
    assert!(!seen.contains(line(&exposed(&issued.parts, "private_key"))), "{seen}");
}
