//! Hands the secret back in hexadecimal, and with every byte escaped, past who looks for it as it is. It was granted to
//! see what it mints.

use keywright_guest_hostile::*;

attack! {
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let key = mint()?;
        let hex: String = key.handle.bytes().map(|byte| format!("{byte:02x}")).collect();
        let escaped: String = key.handle.bytes().map(|byte| format!("%{byte:02X}")).collect();
        Ok(key.issued_with(json!({"hex": hex, "escaped": escaped})))
    }
}
