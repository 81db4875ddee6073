//! Tries to learn the session's token: from a vendor that repeats its requests, and by a login of its own. Tries to set one.

use keywright_guest_vendors::login_session::LoginSession;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = LoginSession;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let keys = || -> Result<Request<'_>> { Ok(account.post("api", &["keys"])?.json(&json!({}))) };
        match attack(request) {
            // The vendor shows the request with all its headers.
            "repeated token" => {
                let answer = keys()?.send()?.success()?;
                Ok(told(issued(&answer)?, seen(&answer, &["x-session"])))
            }
            "own login" => {
                let login = account.post("api", &["login"])?.json(&json!({"user": "mine", "password": "mine"}));
                let answer = login.send()?.success()?;
                Err(ended(&String::from_utf8_lossy(answer.body())))
            }
            "own session" => issued(&keys()?.header("X-Session", "mine").send()?.success()?),
            _ => LoginSession::create(account, request),
        }
    }
}

export!(Hostile);
