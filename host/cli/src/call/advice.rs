//! What to do about a call that failed: how to look for what it may have made, how to go on with it, what to give.

use keywright_runtime::{CallError, CreateRequest, Failure, FieldProblem, Operation, PendingCreation, Problem, Reason};

use super::Call;
use super::secret_output::SecretOutput;
use crate::error::Error;
use crate::schema::Schema;
use crate::shell::quote;
use crate::signals::Interrupted;
use crate::text::series;

impl Call<'_> {
    /// A creation that failed: hands over what it leaves behind, and says how to go on where it may have made something.
    pub(super) fn unfinished(&self, error: CallError, request: &CreateRequest, secret_output: SecretOutput) -> Error {
        let pending = match &error {
            CallError::Failed(Failure { reason: Reason::Pending(pending), .. }) => Some(pending.clone()),
            _ => None,
        };
        let exists = error.minted().is_some();
        let error = secret_output.hand_over(self.output, error);
        match pending {
            Some(pending) => error.advise(&self.how_to_continue(&pending)),
            None if error.kind() == Reason::InDoubt.name() => error.advise(&self.how_to_look(request, exists)),
            None => error,
        }
    }

    /// A call of the same account, through the same adapter under the same grant.
    fn command(&self, operation: &str) -> String {
        let arguments = self.arguments;
        let mut command = format!("keywright call {} {operation}", quote(&arguments.target));
        for (flag, is_given) in [
            ("--grant-requested", arguments.grant_requested),
            ("--expose-secrets", arguments.expose_secrets),
            ("--expose-administrator", arguments.expose_administrator),
            ("--inert-wasi", arguments.inert_wasi),
        ] {
            if is_given {
                command.push_str(&format!(" {flag}"));
            }
        }
        command.push_str(&arguments.account.flags());
        command
    }

    /// A call that a second signal ended before the vendor had answered.
    pub(super) fn interrupted(&self, by: Interrupted, look: Option<&str>) -> Error {
        let message =
            format!("{} ended `{}` before the vendor answered: it may have taken effect", by.signal, self.operation);
        let error = Error::new(Reason::InDoubt.name().to_owned(), message).with_exit_status(128 + by.number);
        match look {
            Some(look) => error.advise(look),
            None if self.descriptor.supports(Operation::Get) => error.advise(&self.how_to_see()),
            None => error,
        }
    }

    fn how_to_continue(&self, pending: &PendingCreation) -> String {
        let mut create = format!("create --continue {}", quote(&pending.cursor));
        if !pending.parts.is_empty() {
            let file = self.arguments.secret_file.as_ref().map(|file| file.display().to_string());
            create.push_str(&format!(" --credential-file {}", file.as_deref().map_or("FILE".to_owned(), quote)));
        }
        let again = self.command(&create);
        format!(
            "the vendor has not finished the creation, so ask again with `{again}`, a new --secret-file and the other \
             arguments as they were"
        )
    }

    /// A creation in doubt may have made a credential: how to find it. `exists`: the vendor has said so.
    pub(super) fn how_to_look(&self, request: &CreateRequest, exists: bool) -> String {
        let mut list = "list".to_owned();
        // Some vendors list the credentials of one owner at a time, so the list is to be of the one that was given.
        for property in Schema::new(&self.descriptor.attributes).properties().filter(|it| it.filter().is_some()) {
            if let Some(value) = request.attributes.get(property.name).filter(|value| !value.is_object()) {
                let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                list.push_str(&format!(" --filter {}", quote(&format!("{}={plain}", property.name))));
            }
        }
        if let Some(marker) = &request.marker {
            list.push_str(&format!(" --marker {}", quote(marker)));
        }
        let look = self.command(&list);
        match (exists, request.marker.is_some()) {
            (true, _) => format!("find it with `{look}`, and revoke it unless it is kept, before you try again"),
            (false, true) => format!(
                "a credential may have been made, so look with `{look}` and revoke what is found before you try again"
            ),
            (false, false) => format!(
                "a credential may have been made, so look with `{look}` before you try again, and give it a --marker next \
                 time"
            ),
        }
    }

    /// A change in doubt: how to see what the credential is now.
    pub(super) fn changed_in_doubt(&self, error: Error) -> Error {
        if error.kind() == Reason::InDoubt.name() && self.descriptor.supports(Operation::Get) {
            error.advise(&self.how_to_see())
        } else {
            error
        }
    }

    fn how_to_see(&self) -> String {
        format!("see what is there now with `{}`", self.command(&format!("get {}", quote(self.id()))))
    }
}

/// A list that was refused because the vendor lists nothing without some attribute: the flags to give.
pub(super) fn demanded_filters(error: CallError) -> Error {
    let problems: &[FieldProblem] = match &error {
        CallError::Failed(Failure { reason: Reason::Invalid { problems }, .. }) => problems,
        _ => &[],
    };
    let missing = problems.iter().filter(|problem| problem.problem == Problem::Required);
    let names = missing.filter_map(|problem| problem.pointer.strip_prefix("/filter/attributes/"));
    let flags: Vec<String> = names.map(|name| format!("--filter {name}=VALUE")).collect();
    let error = Error::from(error);
    if flags.is_empty() { error } else { error.advise(&format!("give {}", series(flags, "and"))) }
}
