//! A vendor that wants a secret of the account's own in the body of a creation: a setting that adapters get a handle of.

use crate::*;

/// The vendor.
pub struct SecretSetting;

const SETTINGS: &str = r#"{
    "type": "object",
    "properties": {"pin": {"type": "string", "writeOnly": true}},
    "required": ["pin"],
    "additionalProperties": false
}"#;

impl Vendor for SecretSetting {
    fn describe() -> Descriptor {
        let descriptor = administered_by_token(described("secret-setting", "Keys for a PIN", "key"))
            .settings(SETTINGS)
            .rule(creation().mints("secret", "/secret").sends("settings.pin", "/approval/pin"));
        issues_id_and_secret(descriptor)
    }

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let key = json!({"name": attribute(request, "name"), "approval": {"pin": account.setting("pin")?}});
        issued(&account.post("api", &["keys"])?.json(&key).send()?.success()?)
    }
}
