//! A vendor that wants its key in the query of every request.

use keywright_sdk::Operation::List;

use crate::*;

/// The vendor.
pub struct QueryKey;

impl Vendor for QueryKey {
    fn describe() -> Descriptor {
        described("query-key", "Keys in the query", "query")
            .scheme(Scheme::new("query").query("api_key", "{parts.secret}"))
            .part(Part::public("id", "id").identifies())
            .part(Part::secret("secret", "key"))
            .rule(creation().mints("secret", "/secret"))
            // Searches take any field of a key.
            .rule(Rule::get(&[List], "api", "/search").any_query())
    }

    fn create(account: &Account, _: &CreateRequest) -> Result<Issued> {
        issued(&account.post("api", &["keys"])?.json(&json!({})).send()?.success()?)
    }
}
