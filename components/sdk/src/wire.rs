//! Between the contract's generated types and this crate's own.

#[allow(missing_docs, unreachable_pub, unsafe_code, clippy::all, clippy::unwrap_used, clippy::panic)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "keywright:vendor/vendor-adapter",
        pub_export_macro: true,
        export_macro_name: "export_adapter",
        default_bindings_module: "keywright_sdk::private::bindings",
        generate_all,
    });
}

mod from_host;
mod to_host;

use std::marker::PhantomData;

use bindings::exports::keywright::vendor::credential_lifecycle as contract;

use crate::{Account, Adapter, Failure, Supports};

/// What is exported for an adapter.
pub struct Exported<A>(PhantomData<A>);

impl<A: Adapter + Supports> contract::Guest for Exported<A> {
    fn describe() -> contract::Descriptor {
        to_host::descriptor(A::describe(), A::OPERATIONS)
    }

    fn check(account: contract::Account) -> Result<contract::Principal, contract::Failure> {
        call::<A, _, _>(account, |account| A::check(account)).map(to_host::principal)
    }

    fn create(account: contract::Account, request: contract::Creation) -> Result<contract::Issued, contract::Failure> {
        call::<A, _, _>(account, |account| A::create(account, &from_host::creation(request)?)).map(to_host::issued)
    }

    fn get(account: contract::Account, id: String) -> Result<Option<contract::Credential>, contract::Failure> {
        call::<A, _, _>(account, |account| A::get(account, &id)).map(|found| found.map(to_host::credential))
    }

    fn list(
        account: contract::Account,
        filter: contract::Filter,
        cursor: Option<String>,
    ) -> Result<contract::Page, contract::Failure> {
        call::<A, _, _>(account, |account| A::list(account, &from_host::filter(filter)?, cursor.as_deref()))
            .map(to_host::page)
    }

    fn update(
        account: contract::Account,
        id: String,
        change: contract::Change,
    ) -> Result<contract::Updated, contract::Failure> {
        call::<A, _, _>(account, |account| A::update(account, &id, &from_host::change(change)?)).map(to_host::updated)
    }

    fn set_enabled(
        account: contract::Account,
        id: String,
        enabled: bool,
    ) -> Result<contract::Credential, contract::Failure> {
        call::<A, _, _>(account, |account| A::set_enabled(account, &id, enabled)).map(to_host::credential)
    }

    fn regenerate(
        account: contract::Account,
        id: String,
        expires_at: Option<contract::Timestamp>,
    ) -> Result<contract::Issued, contract::Failure> {
        call::<A, _, _>(account, |account| A::regenerate(account, &id, from_host::expiry(expires_at)?))
            .map(to_host::issued)
    }

    fn verify(account: contract::Account, id: String) -> Result<contract::Verdict, contract::Failure> {
        call::<A, _, _>(account, |account| A::verify(account, &id)).map(to_host::verdict)
    }

    fn revoke(account: contract::Account, id: String) -> Result<(), contract::Failure> {
        call::<A, _, _>(account, |account| A::revoke(account, &id))
    }
}

fn call<A: Adapter, T, F>(account: contract::Account, function: F) -> Result<T, contract::Failure>
where
    F: FnOnce(&Account) -> Result<T, Failure>,
{
    from_host::account(&A::describe(), account).and_then(|account| function(&account)).map_err(to_host::failure)
}
