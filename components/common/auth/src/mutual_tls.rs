//! Mutual TLS: the client authenticates with a certificate (RFC 8446 section 4.4.2).

use std::fmt;

use keywright_settings::Template;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::AuthError;
use crate::values::Values;

/// A client certificate. It authenticates the connection, not the request: the HTTP client of the host carries this out, and
/// a component cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MutualTls {
    /// The certificate chain in PEM, the client's own certificate first.
    pub certificate: Template,
    /// The private key, in PEM.
    pub key: Template,
}

/// A client certificate and its private key. `Debug` shows neither.
#[derive(Clone)]
pub struct ClientCertificate {
    /// The certificate chain in PEM, the client's own certificate first.
    pub certificate: SecretString,
    /// The private key, in PEM: PKCS#8, PKCS#1 or SEC 1.
    pub key: SecretString,
}

impl MutualTls {
    /// The certificate and its key.
    ///
    /// # Errors
    ///
    /// When a part or a setting is missing or empty, or is not PEM of its kind. Whether key and certificate belong together
    /// is not checked.
    pub fn client_certificate(&self, values: &Values<'_>) -> Result<ClientCertificate, AuthError> {
        let certificate = values.expand(&self.certificate)?;
        let mut count = 0;
        for read in CertificateDer::pem_slice_iter(certificate.as_bytes()) {
            read.map_err(|_| self.not(&self.certificate, values, CERTIFICATE))?;
            count += 1;
        }
        if count == 0 {
            return Err(self.not(&self.certificate, values, CERTIFICATE));
        }
        let key = values.expand(&self.key)?;
        let _: Zeroizing<PrivateKeyDer<'_>> = PrivateKeyDer::from_pem_slice(key.as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| self.not(&self.key, values, "a private key in PEM"))?;
        Ok(ClientCertificate {
            certificate: SecretString::from(certificate.as_str()),
            key: SecretString::from(key.as_str()),
        })
    }

    fn not(&self, template: &Template, values: &Values<'_>, expected: &'static str) -> AuthError {
        AuthError::Key { value: values.source_of(template, |_| true), expected }
    }
}

const CERTIFICATE: &str = "a certificate in PEM";

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate")
    }
}
