//! What needs a yes: running a component file, ending or interrupting a credential.

use keywright_runtime::Operation;

use super::{Call, CallArgs};
use crate::confirm;
use crate::error::Error;
use crate::extra_grants::ExtraGrants;
use crate::suggest::quoted;
use crate::target::Target;

/// The adapter, if it may be run: a file that is not locked only when it is granted what it asks for.
pub(super) fn check_grant(target: Target, arguments: &CallArgs) -> Result<Target, Error> {
    if !arguments.grant_requested {
        return match target {
            Target::File(file, _) => {
                let file = file.display();
                Err(Error::usage(format!(
                    "the file {file} has no grant: look at it with `keywright adapter inspect {file}` and lock it with \
                     `keywright adapter add {file}`, or give --grant-requested to grant it all that it asks for, this once"
                )))
            }
            target => Ok(target),
        };
    }
    let extra = ExtraGrants {
        exposes_secrets: arguments.expose_secrets,
        exposes_administrator: arguments.expose_administrator,
        inert_wasi: arguments.inert_wasi,
    };
    match target.into_file(&arguments.target) {
        Some(file) => Ok(Target::File(file, extra)),
        None => Err(Error::usage(format!(
            "--grant-requested goes with a component file: leave it out, as {} has its grant already",
            quoted(&arguments.target)
        ))),
    }
}

/// Asks before a credential is ended or interrupted.
pub(super) fn confirm_effect(call: &Call<'_>) -> Result<(), Error> {
    let id = quoted(call.id());
    let effect = match call.operation {
        Operation::Revoke => format!("this ends the credential {id} for good"),
        Operation::Regenerate => format!("this ends the present secret of {id}"),
        Operation::SetEnabled if call.arguments.enabled == Some(false) => format!("this disables the credential {id}"),
        Operation::Update if call.mints() => format!("this ends the present secret of {id}"),
        _ => return Ok(()),
    };
    if call.arguments.yes {
        return Ok(());
    }
    if !confirm::is_interactive() {
        return Err(Error::usage(format!("{effect}: give --yes to do it")));
    }
    confirm::ask(&format!("{effect}; go on?"))
}
