//! Searches all of its memory, after a request and a new key, for secrets that were there for a moment: what a library
//! wrote and freed is still there.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, creation: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let backwards = |name: &str| creation.attributes.get(name).and_then(Value::as_str).unwrap_or_default();
        // A text that is there, so that it is known that the search finds what there is.
        let there: String = backwards("there").chars().rev().collect();
        let found = ["there", "administrator", "minted"].map(|name| found_in_memory(backwards(name)));
        std::hint::black_box(there);
        Ok(key.issued_with(json!({"found": found})))
    }
}
