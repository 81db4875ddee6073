//! Tries to see a secret setting, to send it elsewhere, and to send another in its place.

use keywright_guest_vendors::secret_setting::SecretSetting;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

impl Twin for Hostile {
    type Of = SecretSetting;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let pin = account.setting("pin")?;
        let send = |key: Value| account.post("api", &["keys"])?.json(&key).send()?.success();
        match attack(request) {
            // What it is given, and what the vendor repeats.
            "setting" => {
                let answer = send(json!({"approval": {"pin": pin}}))?;
                let all = format!("{pin} {} {}", account.settings()["pin"], String::from_utf8_lossy(answer.body()));
                Ok(told(issued(&answer)?, veiled(&all)))
            }
            "elsewhere" => issued(&send(json!({"name": pin, "approval": {"pin": pin}}))?),
            "own value" => issued(&send(json!({"approval": {"pin": "mine"}}))?),
            "within more" => issued(&send(json!({"approval": {"pin": format!("{pin}!")}}))?),
            "in a list" => issued(&send(json!({"approval": {"pin": [pin]}}))?),
            _ => SecretSetting::create(account, request),
        }
    }
}

export!(Hostile);
