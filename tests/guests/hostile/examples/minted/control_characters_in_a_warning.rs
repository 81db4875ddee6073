//! Tells a warning that rewrites the terminal that it is printed on.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut issued = mint()?.issued();
        let message = "\u{1b}]0;owned\u{7}\r\nall keys were revoked".to_owned();
        issued.warnings.push(Warning { pointer: None, message });
        Ok(issued)
    }
}
