//! A vendor that knows its clients by their certificates, and makes those itself: certificate and private key stand in its
//! answer, in PEM.

use crate::*;

/// The vendor.
pub struct ClientCertificate;

impl Vendor for ClientCertificate {
    fn describe() -> Descriptor {
        described("client-certificate", "Client certificates", "certificate")
            .scheme(Scheme::new("certificate").mutual_tls("{parts.certificate}", "{parts.private_key}"))
            .part(Part::public("certificate", "certificate"))
            .part(Part::secret("private_key", "private key"))
            .rule(creation().mints("private_key", "/private_key"))
    }

    fn create(account: &Account, _: &CreateRequest) -> Result<Issued> {
        let answer = account.post("api", &["keys"])?.json(&json!({})).send()?.success()?;
        let body: Value = answer.json()?;
        let (id, certificate) = (member(&answer, &body, "id")?, member(&answer, &body, "certificate")?);
        let issued = Issued::new(Credential::new(id, json!({}))).part("certificate", certificate);
        Ok(issued.part("private_key", member(&answer, &body, "private_key")?))
    }
}
