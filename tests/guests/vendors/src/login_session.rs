//! A vendor with a login: user name and password are exchanged for a session, which every other request names in a header.

use keywright_sdk::Session;

use crate::*;

/// The vendor.
pub struct LoginSession;

impl Vendor for LoginSession {
    fn describe() -> Descriptor {
        let session = Session::new(Method::Post, "api", "/login")
            .json(r#"{"user": "{parts.user}", "password": "{parts.password}", "remember": false}"#)
            .token("/session/token")
            .expires_in("/session/expires_in")
            .send("X-Session", "{session.token}");
        let descriptor = described("login-session", "Keys behind a login", "key")
            .scheme(Scheme::new("session").session(session))
            .administrator_part(Part::public("user", "user name"))
            .administrator_part(Part::secret("password", "password"))
            .rule(creation().mints("secret", "/secret"));
        issues_id_and_secret(descriptor)
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let name = attribute(request, "name");
        issued(&account.post("api", &["keys"])?.json(&json!({"name": name})).send()?.success()?)
    }
}
