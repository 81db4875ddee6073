//! Tries to have the vendor take a password that its author knows, where the host's belongs: in its place, before it, behind
//! it, beside it in another spelling, in the query, in JSON, or in none that the host replaces. Tries to see the host's.

use keywright_guest_vendors::chosen_password::{ChosenPassword, handle, made};
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

impl Twin for Hostile {
    type Of = ChosenPassword;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let handle = handle(request)?;
        let users = || account.post("api", &["users"]);
        let write = |kind: &str, text: &str| users()?.body(kind, text).send()?.success();
        let answer = match attack(request) {
            "own password" => users()?.form(&[("user", "jo"), ("password", "mine-mine-mine")]).send()?.success(),
            "no password" => users()?.form(&[("user", "jo")]).send()?.success(),
            "behind the host's" => write(FORM, &format!("user=jo&password={handle}&password=mine-mine-mine")),
            "before the host's" => write(FORM, &format!("user=jo&password=mine-mine-mine&password={handle}")),
            "other spelling" => write(FORM, &format!("user=jo&password={handle}&Password=mine-mine-mine")),
            "list of passwords" => write(FORM, &format!("user=jo&password={handle}&password[]=mine-mine-mine")),
            "encoded name" => write(FORM, &format!("user=jo&password={handle}&pass%77ord=mine-mine-mine")),
            "in the query" => {
                let users = users()?.query("password", "mine-mine-mine");
                users.form(&[("user", "jo"), ("password", handle)]).send()?.success()
            }
            "JSON" => write(JSON, r#"{"user": "jo", "password": "mine-mine-mine"}"#),
            // To whoever takes it for a form it has the field, with the handle.
            "JSON with the field in a text" => {
                write(JSON, &format!(r#"{{"user": "jo", "a": "&password={handle}&", "password": "mine-mine-mine"}}"#))
            }
            "handle elsewhere" => users()?.form(&[("user", handle), ("password", handle)]).send()?.success(),
            "handle of nothing" => {
                let handle = format!("secret-{:032x}", 7);
                users()?.form(&[("user", "jo"), ("password", &handle)]).send()?.success()
            }
            "repeated password" => {
                let answer = users()?.form(&[("user", "jo"), ("password", handle)]).send()?.success()?;
                return Ok(told(made("jo"), seen(&answer, &["x-password"])));
            }
            "password handed back" => {
                users()?.form(&[("user", "jo"), ("password", handle)]).send()?.success()?;
                return Ok(made("jo").part("password", "mine-mine-mine"));
            }
            _ => return ChosenPassword::create(account, request),
        };
        answer.map(|_| made("jo"))
    }
}

export!(Hostile);
