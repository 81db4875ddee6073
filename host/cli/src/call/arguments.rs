//! The arguments of `keywright call`, and which operation takes which.

use std::path::PathBuf;

use chrono::TimeDelta;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
use clap::{ArgAction, Args};
use keywright_runtime::Operation;

use crate::account::AccountArgs;
use crate::cli::example_vendor;
use crate::error::Error;
use crate::text::series;
use crate::values::{ExpiresAt, Pair, duration};

/// `keywright call VENDOR|FILE OPERATION [ID]`
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub(crate) struct CallArgs {
    /// A vendor's name, or the file of a component
    #[arg(value_name = "VENDOR|FILE")]
    pub(crate) target: String,

    /// What to do
    #[arg(value_parser = operations())]
    pub(crate) operation: Operation,

    /// The credential to work on
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,

    #[command(flatten)]
    pub(crate) account: AccountArgs,

    /// create, update: attributes as a JSON object, from a file, or from standard input
    #[arg(long, value_name = "JSON|@FILE|-", help_heading = "Input")]
    pub(crate) attributes: Option<String>,

    /// create, update: one attribute, of the type in the adapter's schema; a list has commas; repeatable
    #[arg(long = "attr", value_name = "NAME=VALUE", help_heading = "Input")]
    pub(crate) attr: Vec<Pair>,

    /// create, update, list: text kept at the vendor, by which the credential is found again; update keeps
    /// the one that is there
    #[arg(long, value_name = "TEXT", help_heading = "Input")]
    pub(crate) marker: Option<String>,

    /// create, update, regenerate: when the vendor shall end the credential, in RFC 3339; update also takes `never`
    #[arg(long, value_name = "TIME", help_heading = "Input", conflicts_with = "expires_in")]
    pub(crate) expires_at: Option<ExpiresAt>,

    /// create, update, regenerate: the same, counted from now: 30d, 12h
    #[arg(long, value_name = "DURATION", help_heading = "Input", value_parser = duration)]
    pub(crate) expires_in: Option<TimeDelta>,

    /// create, update, regenerate: a key under which the vendor does this once however often it is asked, for vendors that
    /// take one
    #[arg(long, value_name = "KEY", help_heading = "Input")]
    pub(crate) idempotency_key: Option<String>,

    /// create: ask what became of a creation that the vendor had accepted and not finished; the rest as it was
    #[arg(long = "continue", value_name = "CURSOR", help_heading = "Input")]
    pub(crate) continuation: Option<String>,

    /// list: only credentials with this attribute; repeatable. Some vendors require one, as `keywright adapter inspect` shows
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Input")]
    pub(crate) filter: Vec<Pair>,

    /// list: one page only, with the cursor of the next
    #[arg(long, help_heading = "Input")]
    pub(crate) page_only: bool,

    /// list: the page after this cursor
    #[arg(long, value_name = "CURSOR", help_heading = "Input", requires = "page_only")]
    pub(crate) cursor: Option<String>,

    /// set-enabled: whether the credential shall work
    #[arg(long, value_name = "BOOL", help_heading = "Input", action = ArgAction::Set)]
    pub(crate) enabled: Option<bool>,

    /// create, regenerate, update: print the new secret
    #[arg(long, help_heading = "Secrets")]
    pub(crate) reveal: bool,

    /// create, regenerate, update: write the credential's parts to this new file, as JSON that only its owner can read
    #[arg(long, value_name = "PATH", help_heading = "Secrets")]
    pub(crate) secret_file: Option<PathBuf>,

    /// verify: the credential's parts, from a file that --secret-file wrote; create --continue: the parts that were made for
    /// the creation
    #[arg(long, value_name = "PATH", help_heading = "Secrets")]
    pub(crate) credential_file: Option<PathBuf>,

    /// verify: one part of the credential, from this environment variable; repeatable
    #[arg(long, value_name = "PART=VAR", help_heading = "Secrets")]
    pub(crate) credential_env: Vec<Pair>,

    /// verify: enable a credential that is disabled to verify it, and disable it again
    #[arg(long, help_heading = "Input")]
    pub(crate) enable: bool,

    /// Do not ask before a credential is ended or interrupted
    #[arg(long, short, help_heading = "Consent")]
    pub(crate) yes: bool,

    /// Run a component file that is not in keywright.lock and grant it all that it asks for, this once: for work in
    /// progress. Look at it with `keywright adapter inspect FILE` first
    #[arg(long, help_heading = "Consent")]
    pub(crate) grant_requested: bool,

    /// With --grant-requested: show the component the secrets that it mints
    #[arg(long, help_heading = "Consent", requires = "grant_requested")]
    pub(crate) expose_secrets: bool,

    /// With --grant-requested: give the component the administrator's credential
    #[arg(long, help_heading = "Consent", requires = "grant_requested")]
    pub(crate) expose_administrator: bool,

    /// With --grant-requested: allow the component to import files and sockets, with nothing behind them; for those of
    /// Python and JavaScript
    #[arg(long, help_heading = "Consent", requires = "grant_requested")]
    pub(crate) inert_wasi: bool,
}

fn after_help() -> String {
    const ARGUMENTS: [&str; 6] = [
        "check",
        "list --account production --marker ci-deploy",
        "create --attr NAME=VALUE --expires-in 90d --secret-file key.json",
        "verify ID --credential-file key.json",
        "update ID --attributes @change.json",
        "revoke ID --yes",
    ];
    let vendor = example_vendor();
    let examples: String =
        ARGUMENTS.iter().map(|arguments| format!("  keywright call {vendor} {arguments}\n")).collect();
    format!(
        "Examples:\n{examples}\nThe administrator's credential comes from an account of keywright.toml, or from the \
         environment variables that `keywright adapter inspect` shows. Secrets are never taken from the command line.\n\nExit \
         status of verify: 0 when the credential works, 3 when the vendor refuses it, 4 when its answer proves neither."
    )
}

fn operations() -> impl clap::builder::TypedValueParser<Value = Operation> {
    let value = |operation: Operation| PossibleValue::new(operation.name()).help(about(operation));
    PossibleValuesParser::new(Operation::ALL.map(value)).try_map(|name| name.parse::<Operation>())
}

fn about(operation: Operation) -> &'static str {
    match operation {
        Operation::Check => "Who the administrator's credential is, and what it may do",
        Operation::Create => "Make a credential",
        Operation::Get => "Show one credential",
        Operation::List => "Show the credentials",
        Operation::Update => "Change a credential in place",
        Operation::SetEnabled => "Enable or disable a credential",
        Operation::Regenerate => "Replace the secret of a credential; the old one stops working",
        Operation::Verify => "Whether a credential works, asked with its own parts",
        Operation::Revoke => "End a credential for good",
    }
}

impl CallArgs {
    /// Whether a field is given that is to change.
    pub(crate) fn changes_something(&self) -> bool {
        self.attributes.is_some() || !self.attr.is_empty() || self.changes_expiry()
    }

    /// Whether an expiry is given.
    pub(crate) fn changes_expiry(&self) -> bool {
        self.expires_at.is_some() || self.expires_in.is_some()
    }

    /// Refuses arguments that the operation does not take, and the lack of those that it needs.
    pub(crate) fn check(&self) -> Result<(), Error> {
        use Operation::{Create, Get, List, Regenerate, Revoke, SetEnabled, Update, Verify};
        const WITH_ID: &[Operation] = &[Get, Update, SetEnabled, Regenerate, Verify, Revoke];
        const MINTING: &[Operation] = &[Create, Update, Regenerate];
        let given: [(&str, bool, &[Operation]); 17] = [
            ("ID", self.id.is_some(), WITH_ID),
            ("--attributes", self.attributes.is_some(), &[Create, Update]),
            ("--attr", !self.attr.is_empty(), &[Create, Update]),
            ("--marker", self.marker.is_some(), &[Create, Update, List]),
            ("--expires-at", self.expires_at.is_some(), MINTING),
            ("--expires-in", self.expires_in.is_some(), MINTING),
            ("--idempotency-key", self.idempotency_key.is_some(), MINTING),
            ("--continue", self.continuation.is_some(), &[Create]),
            ("--filter", !self.filter.is_empty(), &[List]),
            ("--page-only", self.page_only, &[List]),
            ("--cursor", self.cursor.is_some(), &[List]),
            ("--enabled", self.enabled.is_some(), &[SetEnabled]),
            ("--reveal", self.reveal, MINTING),
            ("--secret-file", self.secret_file.is_some(), MINTING),
            ("--enable", self.enable, &[Verify]),
            ("--credential-file", self.credential_file.is_some(), &[Verify, Create]),
            ("--credential-env", !self.credential_env.is_empty(), &[Verify]),
        ];
        let operation = self.operation;
        for (name, is_given, takers) in given {
            if is_given && !takers.contains(&operation) {
                let takers = series(takers.iter().map(|taker| taker.name()), "and");
                return Err(Error::usage(format!("unknown argument {name} of `{operation}`: it goes with {takers}")));
            }
        }
        if WITH_ID.contains(&operation) && self.id.as_deref().is_none_or(|id| id.trim().is_empty()) {
            return Err(Error::usage(format!(
                "`{operation}` needs the ID of a credential: give it after `{operation}`"
            )));
        }
        if operation == SetEnabled && self.enabled.is_none() {
            return Err(Error::usage("`set-enabled` needs --enabled true or --enabled false"));
        }
        if operation == Verify && self.credential_file.is_none() && self.credential_env.is_empty() {
            return Err(Error::usage(
                "`verify` asks with the credential's own parts: give them with --credential-file PATH or \
                 --credential-env PART=VAR",
            ));
        }
        if operation == Create && self.credential_file.is_some() && self.continuation.is_none() {
            return Err(Error::usage(
                "`create` takes --credential-file with --continue only: it has the parts that were made for the creation",
            ));
        }
        if self.expires_at == Some(ExpiresAt::Never) && operation != Update {
            return Err(Error::usage(format!(
                "`{operation}` does not take --expires-at never: leave it out, as only update removes an expiry"
            )));
        }
        Ok(())
    }
}
