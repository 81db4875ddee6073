//! What may differ between one account, gateway or day and another, or is not known of the real API.

use chrono::TimeDelta;

use super::errors::Code;
use crate::{
    Error,
    options::{OptionHelp, Options, words},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "administrator",
        values: "root or user",
        about: "whose key administers: the root user's, or that of an EIM user who may do everything; root unless given",
    },
    OptionHelp { name: "quota", values: "a whole number", about: "most access keys of one owner; 10 unless given" },
    OptionHelp {
        name: "update-without-expiry",
        values: "keep or clear",
        about: "what an update without an expiration date does to it; clear unless given",
    },
    OptionHelp {
        name: "state-required",
        values: "true or false",
        about: "whether an update must give the state, as before version 1.40.1; false unless given",
    },
    OptionHelp {
        name: "unknown-key",
        values: "4000, 4120 or 5027",
        about: "the code for a key to be changed or deleted that does not exist; 4000 unless given",
    },
    OptionHelp {
        name: "dead-key",
        values: "denied or unknown",
        about: "whether a key that is inactive or expired signs badly (code 1) or is not known (code 4120); denied unless given",
    },
    OptionHelp {
        name: "active-delete",
        values: "4047, 6003 or 9011",
        about: "the code for the deletion of an EIM user's key that is active; 6003 unless given",
    },
    OptionHelp {
        name: "past-expiry",
        values: "refuse or accept",
        about: "what happens to an expiration date that has passed; refuse unless given",
    },
    OptionHelp {
        name: "max-key-expiration",
        values: "a whole number of seconds; 0 for none",
        about: "the API access policy's MaxAccessKeyExpirationSeconds: every key must then expire in time; 0 unless given",
    },
    OptionHelp {
        name: "access-rules",
        values: "met or unmet",
        about: "whether callers meet the account's API access rules; met unless given",
    },
    OptionHelp {
        name: "lockout",
        values: "key or account",
        about: "what four failed authentications in a row lock; key unless given",
    },
    OptionHelp {
        name: "no-right",
        values: "4, 5 or 7",
        about: "the code for a caller who may not do this; 7 unless given",
    },
    OptionHelp {
        name: "throttle",
        values: "6, 24 or 25",
        about: "the code for too many requests: of the platform, the account, the call; 24 unless given",
    },
    OptionHelp {
        name: "error-form",
        values: "errors, type or problem",
        about: "how a gateway in front tells its errors (too many requests, failures, bad signatures): as the API does, as \
                __type, or as problem+json; errors unless given",
    },
    OptionHelp {
        name: "date-form",
        values: "offset, zulu or seconds",
        about: "how dates are written: with +0000, with Z, or with Z and no milliseconds; offset unless given",
    },
    OptionHelp {
        name: "tag-length",
        values: "a whole number",
        about: "the longest tag, in characters; 255 unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) administrator: Administrator,
    pub(super) quota: usize,
    /// The API description says that it is cleared; the Terraform provider relies on its being kept since March 2026.
    pub(super) update_without_expiry: WithoutExpiry,
    pub(super) state_required: bool,
    pub(super) unknown_key: Code,
    pub(super) dead_key: DeadKey,
    pub(super) active_delete: Code,
    pub(super) past_expiry: PastExpiry,
    pub(super) max_key_expiration: Option<TimeDelta>,
    pub(super) access_rules: AccessRules,
    pub(super) lockout: Lockout,
    pub(super) no_right: Code,
    pub(super) throttle: Code,
    pub(super) error_form: ErrorForm,
    pub(super) date_form: DateForm,
    pub(super) tag_length: usize,
}

words! {
    /// Whose key administers.
    Administrator { "root" => Root, "user" => User }
}
words! {
    /// What an update without an expiration date does to it.
    WithoutExpiry { "keep" => Keep, "clear" => Clear }
}
words! {
    /// What is said of a key that exists and cannot sign. Unknown: a choice.
    DeadKey { "denied" => Denied, "unknown" => Unknown }
}
words! {
    /// What happens to a date that has passed. The provider refuses one itself; the API's own check is unknown.
    PastExpiry { "refuse" => Refuse, "accept" => Accept }
}
words! {
    /// Whether callers meet the account's API access rules.
    AccessRules { "met" => Met, "unmet" => Unmet }
}
words! {
    /// What failed authentications lock; unknown.
    Lockout { "key" => Key, "account" => Account }
}
words! {
    /// The forms that the Python SDK reads (`problem.py`).
    ErrorForm { "errors" => Errors, "type" => Type, "problem" => Problem }
}
words! {
    /// The forms that have been seen.
    DateForm { "offset" => Offset, "zulu" => Zulu, "seconds" => Seconds }
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let seconds = options.get::<u32>("max-key-expiration")?.unwrap_or(0);
        Ok(Self {
            administrator: options.get("administrator")?.unwrap_or(Administrator::Root),
            quota: options.get("quota")?.unwrap_or(10),
            update_without_expiry: options.get("update-without-expiry")?.unwrap_or(WithoutExpiry::Clear),
            state_required: options.get("state-required")?.unwrap_or(false),
            unknown_key: code(
                options,
                "unknown-key",
                &[Code::AccessKeysNotFound, Code::UnknownAccessKey, Code::NoSuchKey],
            )?,
            dead_key: options.get("dead-key")?.unwrap_or(DeadKey::Denied),
            active_delete: code(options, "active-delete", &[Code::InvalidState, Code::InvalidValue, Code::Conflict])?,
            past_expiry: options.get("past-expiry")?.unwrap_or(PastExpiry::Refuse),
            max_key_expiration: (seconds > 0).then(|| TimeDelta::seconds(seconds.into())),
            access_rules: options.get("access-rules")?.unwrap_or(AccessRules::Met),
            lockout: options.get("lockout")?.unwrap_or(Lockout::Key),
            no_right: code(options, "no-right", &[Code::NotAllowed, Code::Unauthorized, Code::NotAuthorized])?,
            throttle: code(
                options,
                "throttle",
                &[Code::AccountThrottled, Code::CallThrottled, Code::PlatformThrottled],
            )?,
            error_form: options.get("error-form")?.unwrap_or(ErrorForm::Errors),
            date_form: options.get("date-form")?.unwrap_or(DateForm::Offset),
            tag_length: options.get("tag-length")?.unwrap_or(255),
        })
    }
}

/// An option that is one of these codes; the first unless given.
fn code(options: &Options<'_>, name: &str, codes: &[Code]) -> Result<Code, Error> {
    let given = options.get::<Code>(name)?;
    let code = given.unwrap_or(codes[0]);
    if codes.contains(&code) { Ok(code) } else { Err(options.bad(name)) }
}
