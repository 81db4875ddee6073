//! Small vendors, each of one kind that the contract makes possible, and what their twins share.
//!
//! A vendor's module says what it is like; the example of the same name exports its adapter. The example `hostile_NAME`
//! exports its twin: the same descriptor, and an adapter that tries to see what is hidden, or to do what the rules do not
//! mean. Which attack it makes is for the caller to choose: `create` by the attribute `attack`, `list` by the cursor.

pub mod account_keys;
pub mod asynchronous;
pub mod chosen_password;
pub mod client_certificate;
pub mod derived_secret;
pub mod header_secret;
pub mod json_in_text;
pub mod login_session;
pub mod query_key;
pub mod secret_setting;
pub mod signed_client;
pub mod uploaded_key;
pub mod whole_text;
pub mod xml_actions;

mod twin;

pub use keywright_sdk::{
    Account, Adapter, CreateRequest, Credential, Descriptor, Failure, Fields, Filter, Issued, Method, Outcome, Page,
    Part, Reason, Request, Response, Result, Rule, Scheme, Verdict, found, xml,
};
pub use serde_json::{Value, json};
pub use twin::{Twin, attack, ended, refused_or, seen, told, veiled};

use keywright_sdk::Operation::{Create, Get, List, Revoke, Verify};

/// A vendor: what is of its own kind, and what is as usual.
pub trait Vendor {
    /// What its adapter tells of itself.
    fn describe() -> Descriptor;

    /// Makes a key.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued>;

    /// Shows a key.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>> {
        let answer = found(account.get("api", &["keys", id])?.send()?.success())?;
        Ok(answer.map(|_| Credential::new(id, json!({}))))
    }

    /// Lists all keys on one page.
    fn list(account: &Account, _: &Filter, _: Option<&str>) -> Result<Page> {
        let answer = account.get("api", &["keys"])?.send()?.success()?;
        let body: Value = answer.json()?;
        let ids = Fields::of(&body).list("keys").iter().filter_map(Value::as_str);
        Ok(Page { credentials: ids.map(|id| Credential::new(id, json!({}))).collect(), ..Page::default() })
    }

    /// Whether the vendor takes a key: it shows itself to whom it accepts.
    fn verify(account: &Account, _: &str) -> Result<Verdict> {
        verdict(&account.get("api", &["self"])?.send()?)
    }

    /// Ends a key.
    fn revoke(account: &Account, id: &str) -> Result<()> {
        found(account.delete("api", &["keys", id])?.send()?.success()).map(|_| ())
    }
}

/// A descriptor of the rules that [`Vendor`]'s own functions need: all but the one that creates. Keys are verified by this
/// scheme.
pub fn described(vendor: &'static str, title: &'static str, verified_by: &'static str) -> Descriptor {
    begun(vendor, title)
        .rule(Rule::get(&[Get], "api", "/keys/{id}"))
        .rule(Rule::get(&[List], "api", "/keys"))
        .rule(Rule::get(&[Verify], "api", "/self").scheme(verified_by))
        .rule(Rule::delete(&[Revoke], "api", "/keys/{id}"))
}

/// A descriptor without rules.
pub fn begun(vendor: &'static str, title: &'static str) -> Descriptor {
    Descriptor::new(vendor, title, "1.0.0")
        .attributes(r#"{"type": "object"}"#)
        .endpoint("api", "https://api.vendor.example")
        .id("^[A-Za-z0-9-]+$", &["ID"])
}

/// The rule of the usual request that makes a key.
pub fn creation() -> Rule {
    Rule::post(&[Create], "api", "/keys")
}

/// The credential of an administrator who has a token, and how requests are authenticated with it.
pub fn administered_by_token(descriptor: Descriptor) -> Descriptor {
    descriptor
        .scheme(Scheme::new("administrator").header("X-Token", "{parts.token}"))
        .administrator_part(Part::secret("token", "token"))
}

/// A key that is issued, of an id and a secret.
pub fn issues_id_and_secret(descriptor: Descriptor) -> Descriptor {
    descriptor
        .scheme(Scheme::new("key").header("X-Key", "{parts.secret}"))
        .issued_part(Part::public("id", "id").identifies())
        .issued_part(Part::secret("secret", "secret"))
}

/// A text attribute.
pub fn attribute<'r>(request: &'r CreateRequest, name: &str) -> &'r str {
    Fields::of_map(&request.attributes).text(name).unwrap_or_default()
}

/// A text of an answer that makes a key.
pub fn member<'b>(answer: &Response, body: &'b Value, name: &str) -> Result<&'b str> {
    Fields::of(body).text(name).ok_or_else(|| answer.unexpected(&["it has no ", name].concat()))
}

/// The key of an answer that has its id and its secret in these members.
pub fn issued(answer: &Response) -> Result<Issued> {
    let body: Value = answer.json()?;
    let (id, secret) = (member(answer, &body, "id")?, member(answer, &body, "secret")?);
    Ok(Issued::new(Credential::new(id, json!({}))).part("id", id).part("secret", secret))
}

/// What an answer to a request with a key's own credential proves of it.
pub fn verdict(answer: &Response) -> Result<Verdict> {
    match answer.status() {
        401 => Ok(Verdict::new(Outcome::Refused, "the vendor does not accept it")),
        _ if answer.is_success() => Ok(Verdict::new(Outcome::Active, "the vendor showed it to itself")),
        _ => Err(answer.refusal()),
    }
}

/// Exports the adapter of a vendor.
#[macro_export]
macro_rules! export {
    ($vendor:ty) => {
        /// The adapter.
        pub struct Exported;

        #[keywright_sdk::adapter]
        impl $crate::Adapter for Exported {
            fn describe() -> $crate::Descriptor {
                <$vendor as $crate::Vendor>::describe()
            }

            fn create(account: &$crate::Account, request: &$crate::CreateRequest) -> $crate::Result<$crate::Issued> {
                <$vendor as $crate::Vendor>::create(account, request)
            }

            fn get(account: &$crate::Account, id: &str) -> $crate::Result<Option<$crate::Credential>> {
                <$vendor as $crate::Vendor>::get(account, id)
            }

            fn list(
                account: &$crate::Account,
                filter: &$crate::Filter,
                cursor: Option<&str>,
            ) -> $crate::Result<$crate::Page> {
                <$vendor as $crate::Vendor>::list(account, filter, cursor)
            }

            fn verify(account: &$crate::Account, id: &str) -> $crate::Result<$crate::Verdict> {
                <$vendor as $crate::Vendor>::verify(account, id)
            }

            fn revoke(account: &$crate::Account, id: &str) -> $crate::Result<()> {
                <$vendor as $crate::Vendor>::revoke(account, id)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use keywright_sdk::{Operation, Supports};

    use super::*;

    struct Exported;

    impl Supports for Exported {
        const OPERATIONS: &'static [Operation] = &[Create, Get, List, Verify, Revoke];
    }

    #[test]
    fn every_descriptor_is_one_that_a_host_takes() {
        for descriptor in [
            account_keys::AccountKeys::describe(),
            asynchronous::Asynchronous::describe(),
            chosen_password::ChosenPassword::describe(),
            client_certificate::ClientCertificate::describe(),
            derived_secret::DerivedSecret::describe(),
            header_secret::HeaderSecret::describe(),
            json_in_text::JsonInText::describe(),
            login_session::LoginSession::describe(),
            query_key::QueryKey::describe(),
            secret_setting::SecretSetting::describe(),
            signed_client::SignedClient::describe(),
            uploaded_key::UploadedKey::describe(),
            whole_text::WholeText::describe(),
            xml_actions::XmlActions::describe(),
        ] {
            let vendor = descriptor.model().vendor;
            assert_eq!(descriptor.check::<Exported>(), Ok(()), "{vendor}");
        }
    }
}
