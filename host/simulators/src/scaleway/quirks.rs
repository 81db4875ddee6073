//! What may differ between one organisation or day and another, or is not known of the real API.

use std::str::FromStr;

use chrono::TimeDelta;

use crate::{
    Error,
    options::{OptionHelp, Options},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "quota",
        values: "a whole number",
        about: "most API keys in the organisation, expired ones included; 100 unless given",
    },
    OptionHelp {
        name: "max-key-duration",
        values: "a whole number of seconds; 0 for no limit",
        about: "longest time that a new key may live; creating one without an expiry is then refused; 0 unless given",
    },
    OptionHelp {
        name: "expiry-change",
        values: "refuse, ignore or accept",
        about: "what happens to an update that changes an expiry; refuse unless given",
    },
    OptionHelp {
        name: "consistency-delay",
        values: "a whole number of milliseconds",
        about: "how long a new key's secret is not known to the gateways; 0 unless given",
    },
    OptionHelp {
        name: "description-filter",
        values: "exact or substring",
        about: "how a list is filtered by description; exact unless given",
    },
    OptionHelp {
        name: "managed-key",
        values: "true or false",
        about: "whether the organisation has a key that Scaleway manages itself; false unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) quota: usize,
    pub(super) max_key_duration: Option<TimeDelta>,
    pub(super) expiry_change: ExpiryChange,
    pub(super) consistency_delay: TimeDelta,
    pub(super) description_filter: DescriptionFilter,
    pub(super) managed_key: bool,
}

/// What an update that changes an existing expiry does. Scaleway's documentation ("set a maximum duration for
/// credentials") says that it is not possible; how it is refused is unknown, so all three are on offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExpiryChange {
    Refuse,
    Ignore,
    Accept,
}

/// How `description` filters a list. Unknown: the recorded answers show one exact hit, which both would give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DescriptionFilter {
    Exact,
    Substring,
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let seconds = options.get::<u32>("max-key-duration")?.unwrap_or(0);
        let milliseconds = options.get::<u32>("consistency-delay")?.unwrap_or(0);
        Ok(Self {
            // The vendor's FAQ says 100 and its page of quotas says 50; neither is known to be wrong.
            quota: options.get("quota")?.unwrap_or(100),
            max_key_duration: (seconds > 0).then(|| TimeDelta::seconds(seconds.into())),
            expiry_change: options.get("expiry-change")?.unwrap_or(ExpiryChange::Refuse),
            consistency_delay: TimeDelta::milliseconds(milliseconds.into()),
            description_filter: options.get("description-filter")?.unwrap_or(DescriptionFilter::Exact),
            managed_key: options.get("managed-key")?.unwrap_or(false),
        })
    }
}

impl FromStr for ExpiryChange {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "refuse" => Ok(Self::Refuse),
            "ignore" => Ok(Self::Ignore),
            "accept" => Ok(Self::Accept),
            _ => Err(()),
        }
    }
}

impl FromStr for DescriptionFilter {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "exact" => Ok(Self::Exact),
            "substring" => Ok(Self::Substring),
            _ => Err(()),
        }
    }
}
