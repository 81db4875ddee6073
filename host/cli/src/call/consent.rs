//! What is not done without being said: running a component file, ending or interrupting a credential.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use keywright_runtime::Operation;

use super::{Call, CallArgs};
use crate::error::Error;
use crate::suggest::quoted;
use crate::target::Target;

/// Whether a component file may be run.
pub(super) fn to_run(target: &Target, arguments: &CallArgs) -> Result<(), Error> {
    match (target.is_file(), arguments.grant_requested) {
        (true, false) => {
            let file = &arguments.target;
            Err(Error::usage(format!(
                "the file {file} is not granted anything: look at it with `keywright adapter inspect {file}`, then give \
                 --grant-requested to grant it whatever it asks for"
            )))
        }
        (false, true) => Err(Error::usage(
            "--grant-requested goes with a component file: leave it out, as the program's own adapters have their grants",
        )),
        _ => Ok(()),
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
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Error::usage(format!("{effect}: give --yes to do it")));
    }
    let mut stderr = io::stderr().lock();
    let mut answer = String::new();
    let asked = write!(stderr, "{effect}; go on? [y/N] ").and_then(|()| stderr.flush());
    let heard = asked.and_then(|()| io::stdin().lock().read_line(&mut answer));
    match heard {
        Ok(_) if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") => Ok(()),
        _ => Err(Error::usage("nothing was done, as the answer was not yes")),
    }
}
