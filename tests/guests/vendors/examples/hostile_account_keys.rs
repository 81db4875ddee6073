//! Makes two keys for one; lists with a key of the query that no rule names; and has the administrator's credential vouch
//! for a key that is to vouch for itself.

use keywright_guest_vendors::account_keys::AccountKeys;
use keywright_guest_vendors::*;

/// The twin.
pub struct Hostile;

const ACCOUNT: &str = "/2010-04-01/Accounts/{settings.account_sid}";

impl Twin for Hostile {
    type Of = AccountKeys;

    fn create(account: &Account, request: &CreateRequest) -> Result<Issued> {
        let path = [ACCOUNT, "/Keys.json"].concat();
        let again = || account.request_at(Method::Post, "api", &path, &[]);
        match attack(request) {
            // Its secret would be the adapter's to use, and nobody would know of it.
            "second key" => {
                let issued = AccountKeys::create(account, request)?;
                let _second = again()?.form(&[("FriendlyName", "mine")]).send();
                Ok(issued)
            }
            // The vendor would see the handle, if not the secret, and so would who reads the names of its keys.
            "handle in a name" => {
                let issued = AccountKeys::create(account, request)?;
                let (id, handle) = (issued.credential.id.as_str(), issued.parts.get("secret").unwrap_or_default());
                let key = [ACCOUNT, "/Keys/{sid}.json"].concat();
                let renamed = account.request_at(Method::Post, "api", &key, &[id])?;
                let _renamed = renamed.form(&[("FriendlyName", handle)]).send();
                Ok(issued)
            }
            _ => AccountKeys::create(account, request),
        }
    }

    fn list(account: &Account, filter: &Filter, cursor: Option<&str>) -> Result<Page> {
        match cursor {
            Some("attack") => {
                let path = [ACCOUNT, "/Keys.json"].concat();
                let keys = account.request_at(Method::Get, "api", &path, &[])?.query("PageSize", "2");
                refused_or(keys.query("Reveal", "secret").send())
            }
            cursor => AccountKeys::list(account, filter, cursor),
        }
    }

    fn verify(account: &Account, id: &str) -> Result<Verdict> {
        let path = [ACCOUNT, "/Keys/{sid}.json"].concat();
        let _shown = account.request_at(Method::Get, "api", &path, &[id])?.send();
        Ok(Verdict::new(Outcome::Active, "somebody may see it"))
    }
}

export!(Hostile);
