//! The calls there are.

use super::{
    access_keys,
    account::Account,
    authentication::Caller,
    caller_identity,
    errors::{Code, Refusal},
    form,
    input::Input,
    service::Service::{self, Iam, Sts},
    users,
    xml::Element,
};

/// What a call that was granted answers: the content of its result, or no result at all.
pub(super) type Outcome = Result<Option<Vec<Element>>, Refusal>;

/// A call.
pub(super) struct Action {
    pub(super) service: Service,
    pub(super) name: &'static str,
    /// The lifecycle operation that it belongs to.
    pub(super) operation: Option<&'static str>,
    pub(super) run: fn(&Account, &Caller, Input<'_>) -> Outcome,
}

const ACTIONS: &[Action] = &[
    Action { service: Iam, name: "CreateAccessKey", operation: Some("create"), run: access_keys::create },
    Action { service: Iam, name: "ListAccessKeys", operation: Some("list"), run: access_keys::list },
    Action { service: Iam, name: "UpdateAccessKey", operation: Some("update"), run: access_keys::update },
    Action { service: Iam, name: "DeleteAccessKey", operation: Some("revoke"), run: access_keys::delete },
    Action { service: Iam, name: "GetAccessKeyLastUsed", operation: Some("get"), run: access_keys::last_used },
    Action { service: Iam, name: "CreateUser", operation: None, run: users::create },
    Action { service: Iam, name: "GetUser", operation: None, run: users::get },
    Action { service: Iam, name: "ListUsers", operation: None, run: users::list },
    Action { service: Iam, name: "UpdateUser", operation: None, run: users::update },
    Action { service: Iam, name: "DeleteUser", operation: None, run: users::delete },
    Action { service: Sts, name: "GetCallerIdentity", operation: Some("verify"), run: caller_identity::get },
];

/// The call that a request is for; nothing when it names none.
///
/// # Errors
///
/// [`Code::InvalidAction`] when there is no such call in that version.
pub(super) fn find(parameters: &[(String, String)]) -> Result<Option<&'static Action>, Refusal> {
    let Some(name) = form::first(parameters, "Action") else {
        return Ok(None);
    };
    let version = form::first(parameters, "Version").unwrap_or("NO_VERSION_SPECIFIED");
    let action = ACTIONS.iter().find(|action| action.name == name && action.service.version() == version);
    match action {
        Some(action) => Ok(Some(action)),
        None => Err(Code::InvalidAction.because(format!("Could not find operation {name} for version {version}"))),
    }
}
