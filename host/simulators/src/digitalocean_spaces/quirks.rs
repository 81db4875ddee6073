//! What may differ between one account or day and another, or is not known of the real service.

use std::{num::NonZeroU32, str::FromStr};

use chrono::TimeDelta;

use crate::{
    Error,
    options::{OptionHelp, Options, words},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp { name: "quota", values: "a whole number", about: "most access keys in the account; 200 unless given" },
    OptionHelp {
        name: "quota-answer",
        values: "400, 403, 412 or 422",
        about: "the status with which one key too many is refused; 422 unless given",
    },
    OptionHelp {
        name: "scopes",
        values: "spaces_key:read, spaces_key:create_credentials, spaces_key:update or spaces_key:delete, or several of \
                 them with commas and no spaces between",
        about: "what the token may do; everything unless given",
    },
    OptionHelp {
        name: "forbidden-id",
        values: "Forbidden or forbidden",
        about: "the id of a 403; Forbidden unless given",
    },
    OptionHelp {
        name: "request-id",
        values: "true or false",
        about: "whether the body of an error has a request_id; true unless given",
    },
    OptionHelp {
        name: "consistency-delay",
        values: "a whole number of milliseconds",
        about: "how long the S3 endpoint does not know a new key; 0 unless given",
    },
    OptionHelp {
        name: "list-delay",
        values: "a whole number of milliseconds",
        about: "how long a new key is missing from the list; 0 unless given",
    },
    OptionHelp {
        name: "deletion-delay",
        values: "a whole number of milliseconds",
        about: "how long the S3 endpoint still accepts a deleted key; 0 unless given",
    },
    OptionHelp {
        name: "name-filter",
        values: "exact or substring",
        about: "how a list is filtered by name; exact unless given",
    },
    OptionHelp {
        name: "longest-name",
        values: "a whole number of characters",
        about: "the longest name of a key; 255 unless given",
    },
    OptionHelp {
        name: "name-characters",
        values: "any or plain",
        about: "the characters of a name: all there are, or only letters, digits, dots, hyphens and underscores; any unless \
                given",
    },
    OptionHelp {
        name: "unknown-bucket",
        values: "refuse or accept",
        about: "what happens to a grant for a bucket that does not exist; refuse unless given",
    },
    OptionHelp {
        name: "grants-change",
        values: "accept, refuse or ignore",
        about: "what happens to an update that changes the grants of a limited key; accept unless given",
    },
    OptionHelp {
        name: "conversion",
        values: "refuse or ignore",
        about: "what happens to an update that would make a full access key of a limited one, or the reverse; refuse \
                unless given",
    },
    OptionHelp {
        name: "patch-without-grants",
        values: "keep or clear",
        about: "what a PATCH without grants does to them; keep unless given",
    },
    OptionHelp {
        name: "anonymous-list",
        values: "empty or denied",
        about: "what the S3 endpoint answers to a list of buckets that is not signed; empty unless given",
    },
    OptionHelp {
        name: "hourly-limit",
        values: "a whole number; 0 for none",
        about: "most requests of the token in an hour; 5000 unless given",
    },
    OptionHelp {
        name: "burst-limit",
        values: "a whole number; 0 for none",
        about: "most requests of the token in a minute; 250 unless given",
    },
    OptionHelp {
        name: "retry-after",
        values: "a whole number of seconds; 0 for none",
        about: "what the fault rate-limit tells of how long to wait; 1 unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) quota: usize,
    pub(super) quota_answer: QuotaAnswer,
    pub(super) scopes: Scopes,
    pub(super) forbidden_id: ForbiddenId,
    pub(super) request_id: bool,
    pub(super) consistency_delay: TimeDelta,
    pub(super) list_delay: TimeDelta,
    pub(super) deletion_delay: TimeDelta,
    pub(super) name_filter: NameFilter,
    pub(super) longest_name: usize,
    pub(super) name_characters: NameCharacters,
    pub(super) unknown_bucket: UnknownBucket,
    pub(super) grants_change: GrantsChange,
    pub(super) conversion: Conversion,
    pub(super) patch_without_grants: PatchWithoutGrants,
    pub(super) anonymous_list: AnonymousList,
    pub(super) hourly_limit: usize,
    pub(super) burst_limit: usize,
    pub(super) retry_after: Option<NonZeroU32>,
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let delay = |name: &str| -> Result<TimeDelta, Error> {
            let milliseconds = options.get::<u32>(name)?.unwrap_or(0);
            Ok(TimeDelta::milliseconds(milliseconds.into()))
        };
        Ok(Self {
            // An older page of limits said 100.
            quota: options.get("quota")?.unwrap_or(200),
            quota_answer: options.get("quota-answer")?.unwrap_or(QuotaAnswer::UnprocessableEntity),
            scopes: options.get("scopes")?.unwrap_or(Scopes::ALL),
            forbidden_id: options.get("forbidden-id")?.unwrap_or(ForbiddenId::Capital),
            request_id: options.get("request-id")?.unwrap_or(true),
            // A new key was seen to be accepted within two seconds.
            consistency_delay: delay("consistency-delay")?,
            list_delay: delay("list-delay")?,
            deletion_delay: delay("deletion-delay")?,
            name_filter: options.get("name-filter")?.unwrap_or(NameFilter::Exact),
            longest_name: options.get("longest-name")?.unwrap_or(255),
            name_characters: options.get("name-characters")?.unwrap_or(NameCharacters::Any),
            unknown_bucket: options.get("unknown-bucket")?.unwrap_or(UnknownBucket::Refuse),
            grants_change: options.get("grants-change")?.unwrap_or(GrantsChange::Accept),
            conversion: options.get("conversion")?.unwrap_or(Conversion::Refuse),
            patch_without_grants: options.get("patch-without-grants")?.unwrap_or(PatchWithoutGrants::Keep),
            anonymous_list: options.get("anonymous-list")?.unwrap_or(AnonymousList::Empty),
            // DigitalOcean's API description names both limits; that they are counted for each token is likely.
            hourly_limit: options.get("hourly-limit")?.unwrap_or(5000),
            burst_limit: options.get("burst-limit")?.unwrap_or(250),
            retry_after: NonZeroU32::new(options.get("retry-after")?.unwrap_or(1)),
        })
    }
}

words! {
    /// How one key too many is refused. Unknown: the description of the operation has no answer for it, other operations of
    /// the API answer 422 for a limit, and the Terraform provider takes 412 for final.
    QuotaAnswer { "400" => BadRequest, "403" => Forbidden, "412" => PreconditionFailed, "422" => UnprocessableEntity }
}
words! {
    /// The id of a 403. It has a capital in an answer recorded on another route; the others have none.
    ForbiddenId { "Forbidden" => Capital, "forbidden" => Small }
}
words! {
    /// How `name` filters a list. Unknown.
    NameFilter { "exact" => Exact, "substring" => Substring }
}
words! {
    /// What a name may be made of. Unknown.
    NameCharacters { "any" => Any, "plain" => Plain }
}
words! {
    /// Whether a grant may name a bucket that does not exist. Unknown: the control panel offers only those that do, and the
    /// Terraform provider's tests named invented ones at first and create them since.
    UnknownBucket { "refuse" => Refuse, "accept" => Accept }
}
words! {
    /// Whether the grants of a limited key can change. The description of the operation says that only the name can, the
    /// Terraform provider's tests change them in place.
    GrantsChange { "accept" => Accept, "refuse" => Refuse, "ignore" => Ignore }
}
words! {
    /// How a conversion between full and limited access fails. That it does not work is described, how is unknown.
    Conversion { "refuse" => Refuse, "ignore" => Ignore }
}
words! {
    /// Whether a PATCH leaves alone what it does not name. Unknown.
    PatchWithoutGrants { "keep" => Keep, "clear" => Clear }
}
words! {
    /// Ceph's object gateway tells a caller without a signature that it owns no buckets, with 200. Whether Spaces does is
    /// unknown.
    AnonymousList { "empty" => Empty, "denied" => Denied }
}

/// What a token may do with access keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scopes {
    pub(super) read: bool,
    pub(super) create_credentials: bool,
    pub(super) update: bool,
    pub(super) delete: bool,
}

impl Scopes {
    const ALL: Self = Self { read: true, create_credentials: true, update: true, delete: true };
}

impl FromStr for Scopes {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut scopes = Self { read: false, create_credentials: false, update: false, delete: false };
        for name in text.split(',') {
            match name {
                "spaces_key:read" => scopes.read = true,
                // Not `spaces_key:create`.
                "spaces_key:create_credentials" => scopes.create_credentials = true,
                "spaces_key:update" => scopes.update = true,
                "spaces_key:delete" => scopes.delete = true,
                _ => return Err(()),
            }
        }
        Ok(scopes)
    }
}
