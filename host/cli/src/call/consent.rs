//! What is not done without being said: running a component file, ending or interrupting a credential.

use keywright_runtime::Operation;

use super::{Call, CallArgs};
use crate::consent;
use crate::error::Error;
use crate::suggest::quoted;
use crate::target::{FileGrant, Target};

/// The adapter, if it may be run: a file that is not locked only when it is granted what it asks for.
pub(super) fn to_run(target: Target, arguments: &CallArgs) -> Result<Target, Error> {
    if !arguments.grant_requested {
        return match target {
            Target::File(file, _) => {
                let file = file.display();
                Err(Error::usage(format!(
                    "the file {file} is not granted anything: look at it with `keywright adapter inspect {file}` and lock \
                     it with `keywright adapter add {file}`, or give --grant-requested to grant it whatever it asks for \
                     this once"
                )))
            }
            target => Ok(target),
        };
    }
    let grant = FileGrant { exposes_secrets: arguments.expose_secrets, inert_wasi: arguments.inert_wasi };
    match target.into_file(&arguments.target) {
        Some(file) => Ok(Target::File(file, grant)),
        None => Err(Error::usage(format!(
            "--grant-requested goes with a component file: leave it out, as {} has its grant already",
            quoted(&arguments.target)
        ))),
    }
}

/// Whether a credential may be ended or interrupted.
pub(super) fn to_destroy(call: &Call<'_>) -> Result<(), Error> {
    let id = quoted(call.id());
    let effect = match call.operation {
        Operation::Revoke => format!("this ends the credential {id} for good"),
        Operation::Regenerate => format!("this stops the present secret of {id}"),
        Operation::SetEnabled if call.arguments.enabled == Some(false) => format!("this stops the credential {id}"),
        Operation::Update if call.mints() => format!("this stops the present secret of {id}"),
        _ => return Ok(()),
    };
    if call.arguments.yes {
        return Ok(());
    }
    if !consent::is_attended() {
        return Err(Error::usage(format!("{effect}: give --yes to do it")));
    }
    consent::ask(&format!("{effect}; go on?"))
}
