//! What may differ between one account or day and another, or is not known of the real API.

use chrono::TimeDelta;

use super::errors::Code;
use crate::{
    Error,
    options::{OptionHelp, Options, words},
};

const MILLISECONDS: &str = "a whole number of milliseconds";

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "administrator",
        values: "user, root or session",
        about: "whose credential administers: that of an IAM user who may do everything, root's, or the session of a role; user \
                unless given",
    },
    OptionHelp {
        name: "region",
        values: "us-east-1, us-gov-west-1, cn-north-1 or eusc-de-east-1",
        about: "the region that IAM is signed for, which determines the partition; us-east-1 unless given",
    },
    OptionHelp { name: "quota", values: "a whole number", about: "most access keys of one owner; 2 unless given" },
    OptionHelp {
        name: "users",
        values: "a whole number",
        about: "how many further IAM users there are, called user-1, user-2 and so on; 0 unless given",
    },
    OptionHelp {
        name: "user-lookup",
        values: "exact or any-case",
        about: "whether a user is found by a name in other letters than its own; exact unless given",
    },
    OptionHelp {
        name: "page-size",
        values: "a whole number from 1 to 1000",
        about: "most items in a page, even if more are asked for; 1000 unless given",
    },
    OptionHelp {
        name: "consistency-delay",
        values: MILLISECONDS,
        about: "how long a new access key is refused as unknown; 0 unless given",
    },
    OptionHelp {
        name: "change-delay",
        values: MILLISECONDS,
        about: "how long an access key goes on as before when its status was changed or it was deleted; 0 unless given",
    },
    OptionHelp {
        name: "listing-delay",
        values: MILLISECONDS,
        about: "how long a new access key is missing in lists; 0 unless given",
    },
    OptionHelp {
        name: "last-used-delay",
        values: "a whole number of seconds",
        about: "how long a use of an access key is not reported; 300 unless given",
    },
    OptionHelp {
        name: "session-lifetime",
        values: "a whole number of seconds",
        about: "how long the session lives, where that administers; 3600 unless given",
    },
    OptionHelp {
        name: "clock-offset",
        values: "a whole number of seconds; negative for behind",
        about: "how far the vendor's clock is ahead of this machine's; 0 unless given",
    },
    OptionHelp {
        name: "endpoint-policy",
        values: "allow or deny",
        about: "whether a policy of the endpoint or the organization lets callers in; allow unless given",
    },
    OptionHelp {
        name: "throttle",
        values: "Throttling, ThrottlingException, RequestLimitExceeded or TooManyRequestsException",
        about: "the code for too many requests: of status 400, 400, 503, 429; Throttling unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) administrator: Administrator,
    pub(super) region: Region,
    pub(super) quota: usize,
    pub(super) users: u16,
    pub(super) user_lookup: UserLookup,
    pub(super) page_size: usize,
    pub(super) consistency_delay: TimeDelta,
    pub(super) change_delay: TimeDelta,
    pub(super) listing_delay: TimeDelta,
    /// Minutes at AWS; how many is unknown, a choice.
    pub(super) last_used_delay: TimeDelta,
    pub(super) session_lifetime: TimeDelta,
    pub(super) clock_offset: TimeDelta,
    pub(super) endpoint_policy: EndpointPolicy,
    pub(super) throttle: Code,
}

words! {
    /// Whose credential administers.
    Administrator { "user" => User, "root" => Root, "session" => Session }
}
words! {
    /// The region of IAM, one in each partition (botocore's endpoint rules).
    Region {
        "us-east-1" => UsEast1, "us-gov-west-1" => UsGovWest1, "cn-north-1" => CnNorth1, "eusc-de-east-1" => EuscDeEast1,
    }
}
words! {
    /// Whether the lookup of a user heeds case. Unknown; names are unique without regard to it.
    UserLookup { "exact" => Exact, "any-case" => AnyCase }
}
words! {
    /// Whether a policy in front of everything, `GetCallerIdentity` too, lets callers in.
    EndpointPolicy { "allow" => Allow, "deny" => Deny }
}

impl Region {
    pub(super) fn name(self) -> &'static str {
        self.into()
    }

    pub(super) fn partition(self) -> &'static str {
        match self {
            Self::UsEast1 => "aws",
            Self::UsGovWest1 => "aws-us-gov",
            Self::CnNorth1 => "aws-cn",
            Self::EuscDeEast1 => "aws-eusc",
        }
    }
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let milliseconds = |name| {
            let given = options.get::<u32>(name)?.unwrap_or(0);
            Ok::<_, Error>(TimeDelta::milliseconds(given.into()))
        };
        let seconds = |name, usual: u32| {
            let given = options.get::<u32>(name)?.unwrap_or(usual);
            Ok::<_, Error>(TimeDelta::seconds(given.into()))
        };
        Ok(Self {
            administrator: options.get("administrator")?.unwrap_or(Administrator::User),
            region: options.get("region")?.unwrap_or(Region::UsEast1),
            quota: options.get("quota")?.unwrap_or(2),
            users: options.get("users")?.unwrap_or(0),
            user_lookup: options.get("user-lookup")?.unwrap_or(UserLookup::Exact),
            page_size: match options.get("page-size")?.unwrap_or(1000) {
                size @ 1..=1000 => size,
                _ => return Err(options.bad("page-size")),
            },
            consistency_delay: milliseconds("consistency-delay")?,
            change_delay: milliseconds("change-delay")?,
            listing_delay: milliseconds("listing-delay")?,
            last_used_delay: seconds("last-used-delay", 300)?,
            session_lifetime: seconds("session-lifetime", 3600)?,
            clock_offset: TimeDelta::seconds(options.get::<i32>("clock-offset")?.unwrap_or(0).into()),
            endpoint_policy: options.get("endpoint-policy")?.unwrap_or(EndpointPolicy::Allow),
            throttle: throttle(options)?,
        })
    }
}

/// `Throttling` is what AWS documents for IAM; clients look for the others too (botocore's list of retried codes).
fn throttle(options: &Options<'_>) -> Result<Code, Error> {
    match options.get("throttle")?.unwrap_or(Code::Throttling) {
        code @ (Code::Throttling
        | Code::ThrottlingException
        | Code::RequestLimitExceeded
        | Code::TooManyRequestsException) => Ok(code),
        _ => Err(options.bad("throttle")),
    }
}
