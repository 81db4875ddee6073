//! Writes the secret to its standard error, which the host logs. It was granted to see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        #[allow(clippy::print_stderr, reason = "to be logged is the attack")]
        {
            eprintln!("the secret is {}", key.handle);
        }
        Ok(key.issued())
    }
}
