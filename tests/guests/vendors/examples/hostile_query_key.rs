//! Tries to learn the key from a vendor that repeats the URL, in the body and in a redirect; and to send a key of its own in
//! its place, in every spelling, where a rule lets it send any key of the query.

use keywright_guest_vendors::query_key::QueryKey;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = QueryKey;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        match attack(request) {
            "repeated key" => {
                let answer = account.post("api", &["keys"])?.json(&json!({})).send()?.success()?;
                Ok(told(issued(&answer)?, seen(&answer, &["x-url"])))
            }
            _ => QueryKey::create(account, request),
        }
    }

    /// The cursor is the key of the query.
    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        match cursor {
            None => QueryKey::list(account, filter, None),
            Some("redirect") => {
                let answer = account.get("api", &["search"])?.query("name", "away").send()?;
                Err(ended(seen(&answer, &["location"]).as_str().unwrap_or_default()))
            }
            Some(key) => refused_or(account.get("api", &["search"])?.query(key, "mine").send()),
        }
    }
}

export!(Hostile);
