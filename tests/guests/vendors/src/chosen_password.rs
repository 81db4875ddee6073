//! A vendor that lets its callers choose passwords. The host makes one and puts it into the form; a user's own requests are
//! authenticated by HTTP Basic.

use keywright_sdk::Operation::{Create, Get};

use crate::*;

/// The vendor.
pub struct ChosenPassword;

const LETTERS: &str = "abcdefghijkmnopqrstuvwxyz";
const CAPITALS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &str = "23456789";
const OTHERS: &str = "+&=%-";
const ALPHABET: &str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789+&=%-";

impl Vendor for ChosenPassword {
    fn describe() -> Descriptor {
        let password = Part::secret("password", "password").random(40, ALPHABET, &[LETTERS, CAPITALS, DIGITS, OTHERS]);
        administered_by_token(described("chosen-password", "Users", "user"))
            .scheme(Scheme::new("user").basic("{parts.user}", "{parts.password}"))
            .issued_part(Part::public("user", "user name").identifies())
            .issued_part(password)
            .rule(Rule::post(&[Create], "api", "/users").minting().sends("parts.password", "form:password"))
            // It shows the password as long as it was not used.
            .rule(Rule::get(&[Get], "api", "/users/{user}").hides("/password"))
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let (user, password) = (attribute(request, "user"), handle(request)?);
        account.post("api", &["users"])?.form(&[("user", user), ("password", password)]).send()?.success()?;
        Ok(made(user))
    }

    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let answer = found(account.get("api", &["users", id])?.send()?.success())?;
        Ok(answer.map(|answer| Credential::new(id, json!({"seen": seen(&answer, &[])}))))
    }
}

/// What stands for the password.
pub fn handle(request: &CreateRequest) -> Result<&str> {
    request.parts.get("password").ok_or_else(|| Failure::adapter_error("there is no password to send"))
}

/// A user who was made. The password is the host's.
pub fn made(user: &str) -> Issued {
    Issued::new(Credential::new(user, json!({}))).part("user", user)
}
