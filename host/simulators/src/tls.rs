//! Certificates of the simulator's own making, and what the server does with them.

use std::{net::IpAddr, sync::Arc};

use chrono::{Datelike as _, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio_rustls::TlsAcceptor;

use crate::Error;

/// A server's end of TLS, and the CA that a client must trust to reach it.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The CA's certificate. Its key is dropped as soon as the one leaf is signed, so nobody can sign with it again.
    pub(crate) ca_pem: String,
}

impl Tls {
    /// Makes a CA and a leaf for the loopback names and for `listen`. TLS 1.2 and 1.3; HTTP/2 and HTTP/1.1 by ALPN.
    pub(crate) fn new(listen: IpAddr) -> Result<Self, Error> {
        let certificate_failed = |source: rcgen::Error| Error::Certificate { source: source.into() };
        let tls_failed = |source: rustls::Error| Error::Certificate { source: source.into() };

        let ca_key = KeyPair::generate().map_err(certificate_failed)?;
        let ca = CertifiedIssuer::self_signed(ca_params(), ca_key).map_err(certificate_failed)?;
        let leaf_key = KeyPair::generate().map_err(certificate_failed)?;
        let leaf =
            leaf_params(listen).and_then(|params| params.signed_by(&leaf_key, &ca)).map_err(certificate_failed)?;

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(tls_failed)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .map_err(tls_failed)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem: ca.pem() })
    }
}

fn ca_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Keywright simulator CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    limit_validity(&mut params);
    params
}

fn leaf_params(listen: IpAddr) -> Result<CertificateParams, rcgen::Error> {
    let mut names = vec!["127.0.0.1".to_owned(), "::1".to_owned(), "localhost".to_owned()];
    let listen = listen.to_string();
    if !names.contains(&listen) {
        names.push(listen);
    }
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Keywright simulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    limit_validity(&mut params);
    Ok(params)
}

/// Two years from the start of last month: some clients refuse a leaf that lives longer than 825 days.
fn limit_validity(params: &mut CertificateParams) {
    let now = Utc::now();
    let (year, month) = (now.year(), u8::try_from(now.month()).unwrap_or(1));
    let (start_year, start_month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    params.not_before = date_time_ymd(start_year, start_month, 1);
    params.not_after = date_time_ymd(start_year + 2, start_month, 1);
}
