//! What to do about a call that failed: how to look for what it may have made, how to go on with it, what to give.

use keywright_runtime::{CallError, CreateRequest, Failure, FieldProblem, PendingCreation, Problem, Reason};

use super::Call;
use super::secret_output::SecretOutput;
use crate::error::Error;
use crate::schema::Schema;
use crate::shell::quote;
use crate::text::series;

impl Call<'_> {
    /// A creation that failed: hands over what it leaves behind, and says how to go on where it may have made something.
    pub(super) fn unfinished(&self, error: CallError, request: &CreateRequest, secret_output: SecretOutput) -> Error {
        let pending = match &error {
            CallError::Failed(Failure { reason: Reason::Pending(pending), .. }) => Some(pending.clone()),
            _ => None,
        };
        let error = secret_output.hand_over(self.output, error);
        match pending {
            Some(pending) => error.advise(&self.how_to_continue(&pending)),
            None if error.kind() == "in-doubt" => error.advise(&self.how_to_look(request)),
            None => error,
        }
    }

    fn how_to_continue(&self, pending: &PendingCreation) -> String {
        let mut again =
            format!("keywright call {} create --continue {}", quote(&self.arguments.target), quote(&pending.cursor));
        if !pending.parts.is_empty() {
            let file = self.arguments.secret_file.as_ref().map(|file| file.display().to_string());
            again.push_str(&format!(" --credential-file {}", file.as_deref().map_or("FILE".to_owned(), quote)));
        }
        format!(
            "the vendor has not finished the creation, so ask again with `{again}`, a new --secret-file and the other \
             arguments as they were"
        )
    }

    /// A creation in doubt may have made a credential: how to find it.
    fn how_to_look(&self, request: &CreateRequest) -> String {
        let mut look = format!("keywright call {} list", quote(&self.arguments.target));
        // Some vendors list the credentials of one owner at a time, so the list is to be of the one that was given.
        for property in Schema::new(&self.descriptor.attributes).properties().filter(|it| it.filter().is_some()) {
            if let Some(value) = request.attributes.get(property.name).filter(|value| !value.is_object()) {
                let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                look.push_str(&format!(" --filter {}", quote(&format!("{}={plain}", property.name))));
            }
        }
        match &request.marker {
            Some(marker) => format!(
                "a credential may have been made, so look with `{look} --marker {marker}` and revoke what is found before \
                 you try again"
            ),
            None => format!(
                "a credential may have been made, so look with `{look}` before you try again, and give it a --marker next \
                 time"
            ),
        }
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
