//! `GetCallerIdentity`: who calls. It takes no right and works even under an explicit deny (documentation).

use super::{account::Account, actions::Outcome, authentication::Caller, input::Input, xml::text};

pub(super) fn get(account: &Account, caller: &Caller, input: Input<'_>) -> Outcome {
    input.finish()?;
    Ok(Some(vec![
        text("Arn", caller.arn.as_str()),
        text("UserId", caller.user_id.as_str()),
        text("Account", account.id.as_str()),
    ]))
}
