//! What is not known of the real API, or differs from one account or day to another. Nobody outside Imperva has a
//! description of it, so there are many of these.

use std::str::FromStr;

use chrono::TimeDelta;
use http::StatusCode;

use crate::{
    Error,
    options::{OptionHelp, Options},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "quota",
        values: "a whole number",
        about: "most API clients of one user; 5 unless given, as the documentation has it",
    },
    OptionHelp {
        name: "quota-status",
        values: "a status from 400 to 499",
        about: "the status that refuses one too many; 406 unless given",
    },
    OptionHelp {
        name: "consent",
        values: "true or false",
        about: "whether the account consents to the creation of API clients; true unless given",
    },
    OptionHelp {
        name: "error-form",
        values: "v3, v2, v1 or role",
        about: "the form of errors, of those that Imperva's APIs use; v3 unless given",
    },
    OptionHelp {
        name: "refuse-with-200",
        values: "true or false",
        about: "whether refusals of an accepted credential come with status 200; false unless given",
    },
    OptionHelp {
        name: "disabled",
        values: "200 or 401",
        about: "the status that refuses a disabled API client, with 200 by `res` 9418; 200 unless given",
    },
    OptionHelp {
        name: "absent",
        values: "empty, 404, bare-404 or 2002",
        about: "the answer about an API client that is not there: an empty list, an error, a 404 without a body, \
                or 200 with `res` 2002; empty unless given",
    },
    OptionHelp {
        name: "nothing",
        values: "null, missing or empty",
        about: "how a field without a value is told; null unless given",
    },
    OptionHelp {
        name: "last-action-time",
        values: "text or milliseconds",
        about: "how the time of the last use is told; text unless given",
    },
    OptionHelp {
        name: "omitted-enabled",
        values: "true or false",
        about: "whether a new API client of which nothing is said is enabled; false unless given",
    },
    OptionHelp {
        name: "default-lifetime",
        values: "a whole number of seconds; 0 for no end",
        about: "how long an API client lives that is made without an expiry; 0 unless given",
    },
    OptionHelp {
        name: "expired-shown",
        values: "true or false",
        about: "whether an expired API client is still shown; true unless given",
    },
    OptionHelp {
        name: "date-regenerates",
        values: "true or false",
        about: "whether a change of the expiry alone makes a new API key too; false unless given",
    },
    OptionHelp {
        name: "empty-description",
        values: "clear, ignore or refuse",
        about: "what a change to an empty description does; clear unless given",
    },
    OptionHelp {
        name: "unique-names",
        values: "true or false",
        about: "whether a user's API clients must have different names; false unless given",
    },
    OptionHelp {
        name: "unknown-user-status",
        values: "a status from 400 to 499",
        about: "the status that refuses an API client for a user who does not exist; 400 unless given",
    },
    OptionHelp {
        name: "paging",
        values: "honour, ignore or refuse",
        about: "what is made of the parameters pageNumber and pageSize; honour unless given",
    },
    OptionHelp { name: "first-page", values: "0 or 1", about: "the number of the first page; 0 unless given" },
    OptionHelp {
        name: "page-size",
        values: "a whole number from 1 to 100",
        about: "how many API clients a page holds when nothing is asked; 50 unless given",
    },
    OptionHelp {
        name: "total",
        values: "visible or account",
        about: "whether a list counts what the caller sees or all of the account; visible unless given",
    },
    OptionHelp {
        name: "user-filter",
        values: "honour or ignore",
        about: "what a list makes of the parameter userEmail; honour unless given",
    },
    OptionHelp {
        name: "id-filter",
        values: "honour or ignore",
        about: "what a list makes of the parameter id; honour unless given",
    },
    OptionHelp {
        name: "consistency-delay",
        values: "a whole number of milliseconds",
        about: "how long a new API key is refused with 401; 0 unless given",
    },
    OptionHelp {
        name: "retry-after",
        values: "a whole number of seconds; 0 to say none",
        about: "what a 429 says of how long to wait; 0 unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) quota: usize,
    pub(super) quota_status: StatusCode,
    pub(super) consent: bool,
    pub(super) error_form: ErrorForm,
    pub(super) refuse_with_200: bool,
    /// Whether a disabled API client is refused with status 401.
    pub(super) disabled_is_401: bool,
    pub(super) absent: Absent,
    pub(super) nothing: Nothing,
    pub(super) milliseconds: bool,
    pub(super) omitted_enabled: bool,
    pub(super) default_lifetime: Option<TimeDelta>,
    pub(super) expired_shown: bool,
    pub(super) date_regenerates: bool,
    pub(super) empty_description: EmptyDescription,
    pub(super) unique_names: bool,
    pub(super) unknown_user_status: StatusCode,
    pub(super) paging: Paging,
    pub(super) first_page: usize,
    pub(super) page_size: usize,
    /// Whether a list counts all of the account.
    pub(super) total_of_account: bool,
    pub(super) user_filter: bool,
    pub(super) id_filter: bool,
    pub(super) consistency_delay: TimeDelta,
    pub(super) retry_after: Option<u32>,
}

/// The forms of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorForm {
    V3,
    V2,
    V1,
    Role,
}

/// How an API client is said not to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    Empty,
    NotFound,
    Bare,
    Res,
}

/// How a field is told that has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nothing {
    Null,
    Missing,
    Empty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EmptyDescription {
    Clear,
    Ignore,
    Refuse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paging {
    Honour,
    Ignore,
    Refuse,
}

/// An option's value that is one of some words.
fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, ()> {
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or(())
}

macro_rules! words {
    ($type:ident: $($word:literal => $value:ident),+) => {
        impl FromStr for $type {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                word(text, &[$(($word, Self::$value)),+])
            }
        }
    };
}

words!(ErrorForm: "v3" => V3, "v2" => V2, "v1" => V1, "role" => Role);
words!(Absent: "empty" => Empty, "404" => NotFound, "bare-404" => Bare, "2002" => Res);
words!(Nothing: "null" => Null, "missing" => Missing, "empty" => Empty);
words!(EmptyDescription: "clear" => Clear, "ignore" => Ignore, "refuse" => Refuse);
words!(Paging: "honour" => Honour, "ignore" => Ignore, "refuse" => Refuse);

/// One of two words, of which the second means yes.
struct Second<const PAIR: usize>(bool);

const PAIRS: [[&str; 2]; 5] =
    [["200", "401"], ["text", "milliseconds"], ["0", "1"], ["visible", "account"], ["ignore", "honour"]];

impl<const PAIR: usize> FromStr for Second<PAIR> {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        PAIRS[PAIR].iter().position(|word| *word == text).map(|position| Self(position == 1)).ok_or(())
    }
}

struct ClientError(StatusCode);

impl FromStr for ClientError {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse().ok().filter(StatusCode::is_client_error).map(Self).ok_or(())
    }
}

struct PageSize(usize);

impl FromStr for PageSize {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse().ok().filter(|size| (1..=100).contains(size)).map(Self).ok_or(())
    }
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let flag = |name, usual| Ok::<bool, Error>(options.get(name)?.unwrap_or(usual));
        let status = |name, usual| {
            let given = options.get(name)?.map_or(usual, |ClientError(status)| status);
            Ok::<StatusCode, Error>(given)
        };
        let lifetime = options.get::<u32>("default-lifetime")?.unwrap_or(0);
        let delay = options.get::<u32>("consistency-delay")?.unwrap_or(0);
        Ok(Self {
            quota: options.get("quota")?.unwrap_or(5),
            quota_status: status("quota-status", StatusCode::NOT_ACCEPTABLE)?,
            consent: flag("consent", true)?,
            error_form: options.get("error-form")?.unwrap_or(ErrorForm::V3),
            refuse_with_200: flag("refuse-with-200", false)?,
            disabled_is_401: options.get("disabled")?.is_some_and(|Second::<0>(second)| second),
            absent: options.get("absent")?.unwrap_or(Absent::Empty),
            nothing: options.get("nothing")?.unwrap_or(Nothing::Null),
            milliseconds: options.get("last-action-time")?.is_some_and(|Second::<1>(second)| second),
            omitted_enabled: flag("omitted-enabled", false)?,
            default_lifetime: (lifetime > 0).then(|| TimeDelta::seconds(lifetime.into())),
            expired_shown: flag("expired-shown", true)?,
            date_regenerates: flag("date-regenerates", false)?,
            empty_description: options.get("empty-description")?.unwrap_or(EmptyDescription::Clear),
            unique_names: flag("unique-names", false)?,
            unknown_user_status: status("unknown-user-status", StatusCode::BAD_REQUEST)?,
            paging: options.get("paging")?.unwrap_or(Paging::Honour),
            first_page: options.get("first-page")?.map_or(0, |Second::<2>(second)| usize::from(second)),
            page_size: options.get("page-size")?.map_or(50, |PageSize(size)| size),
            total_of_account: options.get("total")?.is_some_and(|Second::<3>(second)| second),
            user_filter: options.get("user-filter")?.is_none_or(|Second::<4>(second)| second),
            id_filter: options.get("id-filter")?.is_none_or(|Second::<4>(second)| second),
            consistency_delay: TimeDelta::milliseconds(delay.into()),
            retry_after: options.get("retry-after")?.filter(|seconds| *seconds > 0),
        })
    }
}
