//! The one trait.

use crate::{
    Account, CreateRequest, Credential, Descriptor, Failure, Filter, Issued, Operation, Page, Principal,
    RegenerateRequest, Result, UpdateRequest, Updated, Verdict,
};

/// A vendor adapter. Implement it under [`#[adapter]`](macro@crate::adapter).
///
/// Functions have no `self`: an adapter keeps nothing between calls. A function that is left out answers `unsupported`
/// and is absent from the operations that the descriptor lists.
pub trait Adapter {
    /// What the vendor is and can do. Pure: no network, no clock.
    fn describe() -> Descriptor;

    /// Who the account's credential is.
    fn check(_account: &Account) -> Result<Principal> {
        Err(Failure::unsupported(Operation::Check))
    }

    /// Makes a new credential. Send the request that mints once; return what it minted even if a later step fails.
    fn create(account: &Account, request: &CreateRequest) -> Result<Issued>;

    /// A credential by its id; `None` only when the vendor says that it does not exist.
    fn get(account: &Account, id: &str) -> Result<Option<Credential>>;

    /// One page of credentials, the first when there is no cursor.
    fn list(_account: &Account, _filter: &Filter, _cursor: Option<&str>) -> Result<Page> {
        Err(Failure::unsupported(Operation::List))
    }

    /// Changes a credential in place, or refuses with [`Problem::Immutable`](crate::Problem::Immutable).
    fn update(_account: &Account, _id: &str, _request: &UpdateRequest) -> Result<Updated> {
        Err(Failure::unsupported(Operation::Update))
    }

    /// Enables or disables a credential.
    fn set_enabled(_account: &Account, _id: &str, _enabled: bool) -> Result<Credential> {
        Err(Failure::unsupported(Operation::SetEnabled))
    }

    /// Replaces the secret of a credential in place.
    fn regenerate(_account: &Account, _id: &str, _request: &RegenerateRequest) -> Result<Issued> {
        Err(Failure::unsupported(Operation::Regenerate))
    }

    /// Whether the credential works; `account` is authenticated with that credential.
    fn verify(_account: &Account, _id: &str) -> Result<Verdict> {
        Err(Failure::unsupported(Operation::Verify))
    }

    /// Ends a credential. One that does not exist any more is a success.
    fn revoke(account: &Account, id: &str) -> Result<()>;
}

/// Which operations an adapter implements. [`#[adapter]`](macro@crate::adapter) writes it from the `impl` block.
pub trait Supports {
    /// The operations.
    const OPERATIONS: &'static [Operation];
}
