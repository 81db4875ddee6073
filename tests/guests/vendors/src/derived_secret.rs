//! A vendor of tokens that also work for another API of its own, by the token's id and its SHA-256, as Cloudflare R2 takes
//! API tokens for its S3 API. The host derives the latter.

use crate::*;

/// The vendor.
pub struct DerivedSecret;

impl Vendor for DerivedSecret {
    fn describe() -> Descriptor {
        administered_by_token(described("derived-secret", "Tokens for two APIs", "access"))
            .scheme(Scheme::new("access").basic("{parts.id}", "{parts.secret_access_key}"))
            .issued_part(Part::public("id", "token id").identifies())
            .issued_part(Part::secret("secret", "token"))
            .issued_part(Part::secret("secret_access_key", "secret access key").derived("sha256-hex", "{parts.secret}"))
            .rule(creation().mints("secret", "/secret"))
    }

    fn create(account: &Account, _: &CreateRequest) -> Result<Issued> {
        issued(&account.post("api", &["keys"])?.json(&json!({})).send()?.success()?)
    }
}
