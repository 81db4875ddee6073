//! `keywright call`: one call of an adapter, without a store.

mod advice;
mod arguments;
mod confirm;
mod input;
mod own_credential;
mod secret_document;
mod secret_file;
mod secret_output;
mod show;

pub(crate) use arguments::CallArgs;

use std::env;

use keywright_runtime::{
    Account, CallError, CreateRequest, Descriptor, Filter, Operation, RegenerateRequest, UpdateRequest,
};
use serde_json::json;

use crate::account::{Environment, SourcedParts};
use crate::error::Error;
use crate::lock::Lock;
use crate::output::Output;
use crate::signals::Signals;
use crate::suggest::quoted;
use crate::target::{self, Target};
use crate::text::series;
use secret_output::SecretOutput;

/// Runs it. Everything that can be refused without a request is, and no secret is read for a call that will not be made.
pub(crate) async fn run(arguments: CallArgs, output: Output) -> Result<(), Error> {
    arguments.check()?;
    let lock = Lock::of_config(arguments.account.config.as_deref())?;
    let target = confirm::check_grant(Target::find(&arguments.target, &lock)?, &arguments)?;
    arguments.account.check_config_is_used(&target)?;
    let loaded = target.load(&target::engine()?).await?;
    let adapter = &loaded.adapter;
    let call = Call {
        operation: arguments.operation,
        descriptor: adapter.descriptor(),
        environment: &|name| env::var_os(name),
        arguments: &arguments,
        output,
    };
    call.check_supported()?;
    SecretOutput::check(&call)?;
    confirm::confirm_effect(&call)?;
    let input = input::read(&call)?;
    let account = arguments.account.resolve(call.descriptor, call.environment)?.open(adapter)?;
    if !(call.operation.is_mutating() || arguments.enable) {
        return call.make(&account, input, SecretOutput::of(&call)?).await;
    }
    let signals = Signals::take_over()?;
    let secret_output = SecretOutput::of(&call)?;
    let look = match &input {
        Input::Create(request) => Some(call.how_to_look(request, false)),
        _ => None,
    };
    let made = signals.outlast(output, call.make(&account, input, secret_output)).await;
    made.unwrap_or_else(|interrupted| Err(call.interrupted(interrupted, look.as_deref())))
}

/// What a call is made of, apart from the account.
pub(crate) struct Call<'c> {
    operation: Operation,
    descriptor: &'c Descriptor,
    arguments: &'c CallArgs,
    environment: Environment<'c>,
    output: Output,
}

/// What goes into an operation.
enum Input {
    None,
    Create(CreateRequest),
    Update(UpdateRequest),
    List(Filter),
    Regenerate(RegenerateRequest),
    Verify(SourcedParts),
}

impl Call<'_> {
    fn check_supported(&self) -> Result<(), Error> {
        // A change is refused by the field that cannot change, which says more.
        let names_a_field = self.operation == Operation::Update && self.arguments.changes_something();
        if self.descriptor.supports(self.operation) || names_a_field {
            return Ok(());
        }
        let supported = series(self.descriptor.operations.iter().map(|operation| operation.name()), "and");
        let (vendor, operation) = (&self.descriptor.vendor, self.operation);
        Err(Error::new("unsupported", format!("{vendor} has no operation `{operation}`: it has {supported}")))
    }

    /// The id, which [`CallArgs::check`] has found where it is needed.
    fn id(&self) -> &str {
        self.arguments.id.as_deref().unwrap_or_default().trim()
    }

    async fn make(&self, account: &Account, input: Input, secret_output: SecretOutput) -> Result<(), Error> {
        let (id, output) = (self.id(), self.output);
        match (self.operation, input) {
            (Operation::Create, Input::Create(request)) => match account.create(&request).await {
                Ok(issued) => secret_output.deliver(output, &issued.credential, Some(&issued.parts), &issued.warnings),
                Err(error) => Err(self.unfinished(error, &request, secret_output)),
            },
            (Operation::Regenerate, Input::Regenerate(request)) => match account.regenerate(id, &request).await {
                Ok(issued) => secret_output.deliver(output, &issued.credential, Some(&issued.parts), &issued.warnings),
                Err(error) => Err(self.changed_in_doubt(secret_output.hand_over(output, error))),
            },
            (Operation::Update, Input::Update(mut request)) => {
                self.keep_marker(account, &mut request).await?;
                match account.update(id, &request).await {
                    Ok(updated) => {
                        secret_output.deliver(output, &updated.credential, updated.parts.as_ref(), &updated.warnings)
                    }
                    Err(error) => Err(self.changed_in_doubt(secret_output.hand_over(output, error))),
                }
            }
            (Operation::Get, _) => match account.get(id).await? {
                Some(credential) => show::credential(output, &credential),
                None => Err(Error::new("not-found", format!("the vendor knows no credential {}", quoted(id)))),
            },
            (Operation::List, Input::List(filter)) => {
                let page = match self.arguments.page_only {
                    true => account.list(&filter, self.arguments.cursor.as_deref()).await,
                    false => account.list_pages(&filter).await,
                };
                show::page(output, &page.map_err(advice::demanded_filters)?)
            }
            (Operation::SetEnabled, _) => {
                let enabled = self.arguments.enabled.unwrap_or(true);
                let changed = account.set_enabled(id, enabled).await;
                show::credential(output, &changed.map_err(|error| self.changed_in_doubt(error.into()))?)
            }
            (Operation::Verify, Input::Verify(parts)) => {
                let verdict = match self.arguments.enable {
                    true => account.verify_although_disabled(id, parts.parts()).await,
                    false => account.verify(id, parts.parts()).await,
                };
                let verdict = verdict.map_err(|error| match error {
                    CallError::Credential(cause) => parts.explain(&cause, "credential"),
                    error => error.into(),
                });
                let verdict = verdict?;
                show::verdict(output, &verdict)?;
                match show::exit_status(verdict.outcome) {
                    0 => Ok(()),
                    status => Err(Error::reported().with_exit_status(status)),
                }
            }
            (Operation::Revoke, _) => {
                account.revoke(id).await.map_err(|error| self.changed_in_doubt(error.into()))?;
                if output.is_json() {
                    output.json(&json!({ "revoked": id }))
                } else {
                    output.text(&format!("revoked {id}\n"))
                }
            }
            (Operation::Check, _) => show::principal(output, &account.check().await?),
            // `input::read` reads what the operation takes.
            (operation, _) => Err(Error::new("bug", format!("`{operation}` got another operation's input: report it"))),
        }
    }

    /// A change of the attribute that holds the marker would lose it, and with it the way to find the credential again:
    /// the present marker is read first, unless one is given.
    async fn keep_marker(&self, account: &Account, request: &mut UpdateRequest) -> Result<(), Error> {
        let Some(support) = &self.descriptor.traits.marker else { return Ok(()) };
        let can_read = self.descriptor.supports(Operation::Get) && self.descriptor.supports(Operation::Update);
        if request.marker.is_none() && request.attributes.contains_key(&*support.attribute) && can_read {
            request.marker = account.get(self.id()).await?.and_then(|credential| credential.marker);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
