//! TLS: whom to trust, and what to present.

use std::sync::{Arc, OnceLock};

use keywright_auth::ClientCertificate;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret as _;

use crate::outbound::authorities;
use crate::outbound::client::Trust;

/// Why TLS cannot be set up. The rest of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The text of an authority's certificate is not PEM.
    #[error("it is not PEM text: give the PEM text of the authority's certificate")]
    NotPem,
    /// A certificate cannot be used.
    #[error("a certificate in it is unusable ({0}): give the PEM text of the authority's certificate")]
    Certificate(String),
    /// There is no certificate in the text.
    #[error("there is no certificate in it: give the PEM text of the authority's certificate")]
    NoCertificate,
    /// The machine has no certificate authorities.
    #[error(
        "this machine has no CA certificates: install them (often the package ca-certificates), or name a file of them in \
         SSL_CERT_FILE"
    )]
    NoAuthorities,
    /// The credential's certificate or key cannot be used.
    #[error("the credential's {0} cannot be used: give it as PEM text, the key in PKCS #8")]
    ClientCertificate(&'static str),
    /// TLS itself refuses.
    #[error("{0}")]
    Setup(String),
}

/// The TLS of one account.
#[derive(Clone)]
pub(crate) struct Tls {
    /// For endpoint overrides that have an authority of their own, by host and port.
    overrides: Option<(Vec<(String, u16)>, Authority)>,
    /// For everything else; none where there is nothing else.
    usual: Option<Authority>,
}

#[derive(Clone)]
struct Authority {
    roots: Arc<RootCertStore>,
    config: Arc<ClientConfig>,
}

impl Tls {
    pub(crate) fn new(trust: &Trust) -> Result<Self, TlsError> {
        let overrides = match &trust.ca_pem {
            None => None,
            Some(pem) => {
                let origins = trust.for_origins.iter().map(|origin| (origin.host().to_owned(), origin.port()));
                Some((origins.collect(), Authority::new(authorities::read(pem)?, None)?))
            }
        };
        let usual = match &overrides {
            Some(_) if trust.for_all => None,
            _ => Some(Authority::new(machine_authorities()?, None)?),
        };
        Ok(Self { overrides, usual })
    }

    /// The same, presenting a certificate.
    pub(crate) fn presenting(&self, certificate: &ClientCertificate) -> Result<Self, TlsError> {
        let again = |authority: &Authority| Authority::new(authority.roots.clone(), Some(certificate));
        let overrides = match &self.overrides {
            Some((origins, authority)) => Some((origins.clone(), again(authority)?)),
            None => None,
        };
        Ok(Self { overrides, usual: self.usual.as_ref().map(again).transpose()? })
    }

    /// The configuration for a host.
    pub(crate) fn config(&self, host: &str, port: u16) -> Option<&Arc<ClientConfig>> {
        let is = |origins: &[(String, u16)]| origins.iter().any(|(name, number)| name == host && *number == port);
        match &self.overrides {
            Some((origins, authority)) if is(origins) => Some(&authority.config),
            _ => self.usual.as_ref().map(|authority| &authority.config),
        }
    }
}

impl Authority {
    /// TLS 1.2 or later, HTTP/2 when the vendor offers it, and a session store that nobody shares.
    fn new(roots: Arc<RootCertStore>, presenting: Option<&ClientCertificate>) -> Result<Self, TlsError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Setup(error.to_string()))?
            .with_root_certificates(roots.clone());
        let mut config = match presenting {
            None => builder.with_no_client_auth(),
            Some(certificate) => {
                let unusable = TlsError::ClientCertificate;
                let chain = CertificateDer::pem_slice_iter(certificate.certificate.expose_secret().as_bytes());
                let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(|_| unusable("certificate"))?;
                let key = PrivateKeyDer::from_pem_slice(certificate.key.expose_secret().as_bytes());
                let key = key.map_err(|_| unusable("private key"))?;
                builder.with_client_auth_cert(chain, key).map_err(|_| unusable("certificate"))?
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { roots, config: Arc::new(config) })
    }
}

/// Read once: it is a file of a hundred certificates or more.
fn machine_authorities() -> Result<Arc<RootCertStore>, TlsError> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let roots = ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Arc::new(roots)
    });
    if roots.is_empty() { Err(TlsError::NoAuthorities) } else { Ok(roots.clone()) }
}
