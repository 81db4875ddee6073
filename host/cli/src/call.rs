//! `keywright call`: one call of an adapter, without a store.

mod arguments;
mod consent;
mod input;
mod minted;
mod show;

pub(crate) use arguments::CallArgs;

use std::env;

use keywright_runtime::{Account, AccountError, CreateRequest, Descriptor, Filter, Operation, UpdateRequest};
use serde_json::json;

use crate::account::Environment;
use crate::error::Error;
use crate::lock::Lock;
use crate::output::Output;
use crate::schema::Schema;
use crate::suggest::quoted;
use crate::target::{self, Target};
use crate::text::series;
use minted::Destination;

/// Runs it: everything that can be refused without a request is, and in an order in which no secret is read for a call
/// that will not be made.
pub(crate) async fn run(arguments: CallArgs, output: Output) -> Result<(), Error> {
    arguments.refuse_strays()?;
    let lock = Lock::beside(arguments.account.config.as_deref())?;
    let target = consent::to_run(Target::find(&arguments.target, &lock)?, &arguments)?;
    arguments.account.refuse_stray_config(&target)?;
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
    let destination = Destination::of(&call)?;
    consent::to_destroy(&call)?;
    let input = input::read(&call)?;
    let config = arguments.account.resolve(call.descriptor, call.environment)?;
    let account = adapter.account(config).map_err(|error| call.unusable_account(&error))?;
    call.make(&account, input, destination).await
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
    Nothing,
    CreateRequest(CreateRequest),
    UpdateRequest(UpdateRequest),
    List(Filter),
    Expiry(Option<chrono::DateTime<chrono::Utc>>),
    Own(keywright_auth::Parts),
}

impl Call<'_> {
    fn check_supported(&self) -> Result<(), Error> {
        // A change is refused by the field that cannot change, which says more.
        let names_a_field = self.operation == Operation::Update && self.arguments.changes_something();
        if self.descriptor.supports(self.operation) || names_a_field {
            return Ok(());
        }
        let there_are = series(self.descriptor.operations.iter().map(|operation| operation.name()), "and");
        let (vendor, operation) = (&self.descriptor.vendor, self.operation);
        Err(Error::new("unsupported", format!("{vendor} has no operation `{operation}`: it has {there_are}")))
    }

    fn unusable_account(&self, error: &AccountError) -> Error {
        let advice = format!("see `keywright adapter inspect {}`", self.arguments.target);
        match error {
            AccountError::Settings(_) => Error::from(error).advise(&advice),
            _ => error.into(),
        }
    }

    /// The id, which [`CallArgs::refuse_strays`] has seen to be there where it is needed.
    fn id(&self) -> &str {
        self.arguments.id.as_deref().unwrap_or_default().trim()
    }

    async fn make(&self, account: &Account, input: Input, destination: Destination) -> Result<(), Error> {
        let (id, output) = (self.id(), self.output);
        match (self.operation, input) {
            (Operation::Create, Input::CreateRequest(creation)) => match account.create(&creation).await {
                Ok(issued) => destination.deliver(output, &issued.credential, Some(&issued.parts), &issued.warnings),
                Err(error) => Err(self.in_doubt(destination.rescue(output, error), &creation)),
            },
            (Operation::Regenerate, Input::Expiry(expires_at)) => match account.regenerate(id, expires_at).await {
                Ok(issued) => destination.deliver(output, &issued.credential, Some(&issued.parts), &issued.warnings),
                Err(error) => Err(destination.rescue(output, error)),
            },
            (Operation::Update, Input::UpdateRequest(mut change)) => {
                self.keep_marker(account, &mut change).await?;
                match account.update(id, &change).await {
                    Ok(updated) => {
                        destination.deliver(output, &updated.credential, updated.parts.as_ref(), &updated.warnings)
                    }
                    Err(error) => Err(destination.rescue(output, error)),
                }
            }
            (Operation::Get, _) => match account.get(id).await? {
                Some(credential) => show::credential(output, &credential),
                None => Err(Error::new("not-found", format!("the vendor knows no credential {}", quoted(id)))),
            },
            (Operation::List, Input::List(filter)) if self.arguments.page_only => {
                show::page(output, &account.list(&filter, self.arguments.cursor.as_deref()).await?)
            }
            (Operation::List, Input::List(filter)) => show::list(output, &account.list_all(&filter).await?),
            (Operation::SetEnabled, _) => {
                let enabled = self.arguments.enabled.unwrap_or(true);
                show::credential(output, &account.set_enabled(id, enabled).await?)
            }
            (Operation::Verify, Input::Own(parts)) => {
                let verdict = match self.arguments.enable {
                    true => account.verify_although_disabled(id, &parts).await?,
                    false => account.verify(id, &parts).await?,
                };
                show::verdict(output, &verdict)
            }
            (Operation::Revoke, _) => {
                account.revoke(id).await?;
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
    /// the marker that is there is read first, unless one is given.
    async fn keep_marker(&self, account: &Account, change: &mut UpdateRequest) -> Result<(), Error> {
        let Some(support) = &self.descriptor.marker else { return Ok(()) };
        let can_read = self.descriptor.supports(Operation::Get) && self.descriptor.supports(Operation::Update);
        if change.marker.is_none() && change.attributes.contains_key(&support.attribute) && can_read {
            change.marker = account.get(self.id()).await?.and_then(|credential| credential.marker);
        }
        Ok(())
    }

    /// A creation in doubt may have made a credential: says how to find it.
    fn in_doubt(&self, error: Error, creation: &CreateRequest) -> Error {
        if error.kind() != "in-doubt" {
            return error;
        }
        let mut look = format!("keywright call {} list", self.arguments.target);
        // Some vendors list the credentials of one owner at a time, so the list is to be of the one that was named.
        for property in Schema::new(&self.descriptor.attributes).properties().filter(|it| it.is("x-keywright-filter")) {
            if let Some(value) = creation.attributes.get(property.name).filter(|value| !value.is_object()) {
                let plain = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                look.push_str(&format!(" --filter {}={}", property.name, quoted_if_needed(&plain)));
            }
        }
        error.advise(&match &creation.marker {
            Some(marker) => format!(
                "a credential may have been made, so look with `{look} --marker {marker}` and revoke what is found before \
                 you try again"
            ),
            None => format!(
                "a credential may have been made, so look with `{look}` before you try again, and give it a --marker next \
                 time"
            ),
        })
    }
}

/// A word as a shell takes it.
fn quoted_if_needed(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@/:,+=".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::fixture::descriptor;
    use crate::output::Format;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        call: CallArgs,
    }

    /// Everything that is looked at before the account, for a call of the vendor that exists in tests only.
    fn prepare(line: &str, variables: &[(&str, &str)]) -> Result<(bool, Input), String> {
        let environment = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| std::ffi::OsString::from(*value))
        };
        let words = ["call", "initech"].into_iter().chain(line.split_whitespace());
        let arguments = Line::try_parse_from(words).map_err(|error| error.to_string())?.call;
        let descriptor = descriptor();
        let call = Call {
            operation: arguments.operation,
            descriptor: &descriptor,
            environment: &environment,
            arguments: &arguments,
            output: Output::new(Format::Table),
        };
        let prepared = arguments
            .refuse_strays()
            .and_then(|()| call.check_supported())
            .and_then(|()| Destination::of(&call))
            .and_then(|_| consent::to_destroy(&call))
            .and_then(|()| input::read(&call));
        prepared.map(|input| (call.mints(), input)).map_err(|error| error.message().to_owned())
    }

    fn refused(line: &str, named: &str) {
        let message = prepare(line, &[]).err().unwrap_or_else(|| panic!("{line} is not refused"));
        assert!(message.contains(named), "{line}: {message}");
    }

    #[test]
    fn a_change_of_expiry_that_makes_a_secret_wants_a_place_for_it_and_a_yes() {
        refused("update a/1 --expires-in 30d", "--secret-file");
        refused("update a/1 --expires-in 30d --reveal", "--yes");
        let (mints, _) = prepare("update a/1 --expires-in 30d --reveal --yes", &[]).unwrap();
        assert!(mints);
        let (mints, input) = prepare("update a/1 --attr owner=x", &[]).unwrap();
        assert!(!mints);
        let Input::UpdateRequest(change) = input else { panic!("an update has a change") };
        assert_eq!(change.expiry, keywright_runtime::ExpiryChange::Keep);
    }

    #[test]
    fn a_word_is_quoted_where_a_shell_would_take_it_apart() {
        for (word, quoted) in [("a@b.example", "a@b.example"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("", "''")] {
            assert_eq!(quoted_if_needed(word), quoted);
        }
    }

    #[test]
    fn an_expiry_can_be_taken_away() {
        let (_, input) = prepare("update a/1 --expires-at never --reveal --yes", &[]).unwrap();
        let Input::UpdateRequest(change) = input else { panic!("an update has a change") };
        assert_eq!(change.expiry, keywright_runtime::ExpiryChange::Clear);
    }

    #[test]
    fn attributes_have_the_types_of_the_schema() {
        let (_, input) = prepare("create --reveal --attr scopes=read,write", &[]).unwrap();
        let Input::CreateRequest(creation) = input else { panic!("a creation has attributes") };
        assert_eq!(creation.attributes["scopes"], json!(["read", "write"]));
    }

    #[test]
    fn a_secret_attribute_is_not_taken_from_the_command_line() {
        refused("create --reveal --attr pin=1234", "--attributes @FILE");
        refused(r#"create --reveal --attributes {"pin":"1234"}"#, "--attributes @FILE");
    }

    #[test]
    fn an_operation_that_the_vendor_lacks_is_refused_with_those_it_has() {
        refused("revoke a/1 --yes", "initech has no operation `revoke`: it has create, get, update and verify");
    }

    #[test]
    fn what_verify_asks_with_is_complete() {
        let line = "verify a/1 --credential-env token=NEW";
        let (_, input) = prepare(line, &[("NEW", "t")]).unwrap();
        let Input::Own(parts) = input else { panic!("verify has parts") };
        assert_eq!(parts.names().collect::<Vec<_>>(), ["key_id", "token"]);
        assert_eq!(secrecy::ExposeSecret::expose_secret(parts.get("key_id").unwrap()), "1");
        refused(line, "`NEW` is not set");
        assert!(prepare(line, &[("NEW", "")]).err().unwrap().contains("is empty"));
        refused("verify a/1 --credential-env tokn=NEW", "did you mean `token`?");
        refused("verify a/1 --credential-file /none", "/none");
    }
}
