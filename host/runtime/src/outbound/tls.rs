//! TLS: whom to trust.

use std::sync::{Arc, OnceLock};

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// TLS 1.2 or later, HTTP/2 when the vendor offers it, and a session store that nobody shares. Trusts the authorities in
/// the PEM text, or the machine's own when there is none.
pub(crate) fn config(ca_pem: Option<&str>) -> Result<Arc<ClientConfig>, String> {
    let roots = match ca_pem {
        Some(pem) => Arc::new(authorities(pem)?),
        None => machine_authorities()?,
    };
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn authorities(pem: &str) -> Result<RootCertStore, String> {
    const ADVICE: &str = "give the PEM text of the authority's certificate";
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| format!("it is no PEM text: {ADVICE}"))?;
        roots.add(certificate).map_err(|error| format!("a certificate in it is unusable ({error}): {ADVICE}"))?;
    }
    if roots.is_empty() { Err(format!("there is no certificate in it: {ADVICE}")) } else { Ok(roots) }
}

/// Read once: it is a file of a hundred certificates or more.
fn machine_authorities() -> Result<Arc<RootCertStore>, String> {
    static ROOTS: OnceLock<Result<Arc<RootCertStore>, String>> = OnceLock::new();
    ROOTS
        .get_or_init(|| {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err("this machine has no CA certificates: install them (often the package ca-certificates), \
                            or name a file of them in SSL_CERT_FILE"
                    .to_owned());
            }
            Ok(Arc::new(roots))
        })
        .clone()
}
