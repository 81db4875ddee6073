//! The certificates of authorities in PEM text, as curl and OpenSSL read it: text between them is a comment.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::outbound::tls::TlsError;

/// The authorities in the text. One that cannot vouch for anybody is left out, as long as there is another.
pub(crate) fn read(pem: &str) -> Result<Arc<RootCertStore>, TlsError> {
    let mut roots = RootCertStore::empty();
    let mut unusable = None;
    for certificate in CertificateDer::pem_slice_iter(plain(pem).as_bytes()) {
        let certificate = certificate.map_err(|_| TlsError::NotPem)?;
        if let Err(error) = roots.add(without_trust(certificate)) {
            unusable.get_or_insert(error);
        }
    }
    match unusable {
        _ if !roots.is_empty() => Ok(Arc::new(roots)),
        Some(error) => Err(TlsError::Certificate(error.to_string())),
        None => Err(TlsError::NoCertificate),
    }
}

/// With one name for what has three, and without a byte order mark and blanks around lines.
fn plain(pem: &str) -> String {
    let pem = pem.strip_prefix('\u{feff}').unwrap_or(pem);
    let mut plain = String::with_capacity(pem.len());
    for line in pem.lines().map(str::trim) {
        plain.push_str(match line {
            "-----BEGIN TRUSTED CERTIFICATE-----" | "-----BEGIN X509 CERTIFICATE-----" => "-----BEGIN CERTIFICATE-----",
            "-----END TRUSTED CERTIFICATE-----" | "-----END X509 CERTIFICATE-----" => "-----END CERTIFICATE-----",
            line => line,
        });
        plain.push('\n');
    }
    plain
}

/// The certificate without what OpenSSL's "trusted" form has after it, which says for what it is trusted.
fn without_trust(certificate: CertificateDer<'static>) -> CertificateDer<'static> {
    // A SEQUENCE whose length is in two bytes, as that of every certificate is.
    match certificate.as_ref() {
        [0x30, 0x82, high, low, rest @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            match rest.len() > length {
                true => CertificateDer::from(certificate[..4 + length].to_vec()),
                false => certificate,
            }
        }
        _ => certificate,
    }
}
