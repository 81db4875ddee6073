//! A vendor that tells a new secret in a header of its answer.

use crate::*;

/// The vendor.
pub struct HeaderSecret;

impl Vendor for HeaderSecret {
    fn describe() -> Descriptor {
        let descriptor = administered_by_token(described("header-secret", "Keys in headers", "key"))
            .rule(creation().mints("secret", "header:X-Subject-Token"));
        issues_id_and_secret(descriptor)
    }

    fn create(account: &Account, _: &CreateRequest) -> Result<Issued> {
        from_header(&account.post("api", &["keys"])?.json(&json!({})).send()?.success()?)
    }
}

/// The key of an answer whose secret stands in its header.
pub fn from_header(answer: &Response) -> Result<Issued> {
    let body: Value = answer.json()?;
    let id = member(answer, &body, "id")?;
    let secret = answer.header("x-subject-token").ok_or_else(|| answer.unexpected("it has no x-subject-token"))?;
    Ok(Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret))
}
