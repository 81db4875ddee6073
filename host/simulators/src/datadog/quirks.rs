//! What may differ between one organization or day and another, or is not known of the real API.

use std::num::NonZeroU32;

use chrono::TimeDelta;

use super::{authentication::Permission, rate::Limit};
use crate::{
    Error,
    options::{OptionHelp, Options, words},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "site",
        values: "datadoghq.com, us3.datadoghq.com, us5.datadoghq.com, datadoghq.eu, ap1.datadoghq.com, \
                 ap2.datadoghq.com, uk1.datadoghq.com, ddog-gov.com or us2.ddog-gov.com",
        about: "the site that the account's settings name; datadoghq.com unless given",
    },
    OptionHelp {
        name: "quota",
        values: "a whole number",
        about: "most API keys in the organization, those that integrations made not counted; 50 unless given",
    },
    OptionHelp {
        name: "quota-answer",
        values: "400 or 403",
        about: "the status with which one key too many is refused; 400 unless given",
    },
    OptionHelp {
        name: "duplicate-name",
        values: "400, 409 or accept",
        about: "what happens to a name that another key has: refused with this status, or accepted; 400 unless given",
    },
    OptionHelp {
        name: "revoked-name",
        values: "free or held",
        about: "whether the name of a revoked key is free at once, or held while it can be restored; free unless given",
    },
    OptionHelp {
        name: "longest-name",
        values: "a whole number of characters",
        about: "the longest name; 255 unless given",
    },
    OptionHelp {
        name: "key-after-creation",
        values: "shown or hidden",
        about: "whether reading or changing a key answers its value again; shown unless given",
    },
    OptionHelp {
        name: "attributes",
        values: "current or recorded",
        about: "which attributes are answered: those of the current models, or the few of recordings up to 2022; \
                current unless given",
    },
    OptionHelp {
        name: "remote-config",
        values: "on or off",
        about: "whether the organization has remote configuration; while off, no key reads it; on unless given",
    },
    OptionHelp {
        name: "filter-match",
        values: "substring or words",
        about: "how a list's filter matches names, without regard to case; substring unless given",
    },
    OptionHelp {
        name: "managed-key",
        values: "true or false",
        about: "whether the organization has a key that an integration manages; false unless given",
    },
    OptionHelp {
        name: "leaked-key",
        values: "true or false",
        about: "whether the organization has a key that was found in public; false unless given",
    },
    OptionHelp {
        name: "missing-permission",
        values: "none, api_keys_read, api_keys_write or api_keys_delete",
        about: "the permission that the administrator's application key lacks; none unless given",
    },
    OptionHelp {
        name: "forbidden-form",
        values: "plain, verbose or html",
        about: "the body of a 403: the texts alone, with more fields as in older answers, or a page of the edge; plain \
                unless given",
    },
    OptionHelp {
        name: "validate-keys-refusal",
        values: "401 or 403",
        about: "the status with which /api/v2/validate_keys refuses a wrong pair of keys; 401 unless given",
    },
    OptionHelp {
        name: "preview",
        values: "served or gone",
        about: "whether there is /api/v2/validate, which is a preview; served unless given",
    },
    OptionHelp {
        name: "acceptance-delay",
        values: "a whole number of milliseconds",
        about: "how long a new key is not accepted yet; 0 unless given",
    },
    OptionHelp {
        name: "revocation-delay",
        values: "a whole number of milliseconds",
        about: "how long a revoked key is still accepted; 0 unless given",
    },
    OptionHelp {
        name: "last-used-delay",
        values: "a whole number of seconds",
        about: "how long after a use date_last_used tells of it; 0 unless given",
    },
    OptionHelp {
        name: "rate-limit",
        values: "a whole number; 0 for none",
        about: "most requests in a period; every answer then has the headers; 0 unless given",
    },
    OptionHelp {
        name: "rate-limit-period",
        values: "a whole number of seconds from 1",
        about: "the period of the limit; 60 unless given",
    },
    OptionHelp {
        name: "rate-limit-reset",
        values: "a whole number of seconds; 0 for no headers",
        about: "what the fault rate-limit says of how long to wait; 1 unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) site: Site,
    pub(super) quota: usize,
    pub(super) quota_answer: QuotaAnswer,
    pub(super) duplicate_name: DuplicateName,
    pub(super) revoked_name: RevokedName,
    pub(super) longest_name: usize,
    pub(super) key_after_creation: KeyAfterCreation,
    pub(super) attributes: AttributeSet,
    pub(super) remote_config: RemoteConfig,
    pub(super) filter_match: FilterMatch,
    pub(super) managed_key: bool,
    pub(super) leaked_key: bool,
    pub(super) missing_permission: MissingPermission,
    pub(super) forbidden_form: ForbiddenForm,
    pub(super) validate_keys_refusal: ValidateKeysRefusal,
    pub(super) preview: Preview,
    pub(super) acceptance_delay: TimeDelta,
    pub(super) revocation_delay: TimeDelta,
    pub(super) last_used_delay: TimeDelta,
    rate_limit: u32,
    pub(super) rate_limit_period: NonZeroU32,
    pub(super) rate_limit_reset: u32,
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let number = |name| Ok::<u32, Error>(options.get(name)?.unwrap_or(0));
        Ok(Self {
            site: options.get("site")?.unwrap_or(Site::Us1),
            // A recorded list says 200; support raises the limit on demand.
            quota: options.get("quota")?.unwrap_or(50),
            quota_answer: options.get("quota-answer")?.unwrap_or(QuotaAnswer::BadRequest),
            duplicate_name: options.get("duplicate-name")?.unwrap_or(DuplicateName::BadRequest),
            revoked_name: options.get("revoked-name")?.unwrap_or(RevokedName::Free),
            longest_name: options.get("longest-name")?.unwrap_or(255),
            key_after_creation: options.get("key-after-creation")?.unwrap_or(KeyAfterCreation::Shown),
            attributes: options.get("attributes")?.unwrap_or(AttributeSet::Current),
            remote_config: options.get("remote-config")?.unwrap_or(RemoteConfig::On),
            filter_match: options.get("filter-match")?.unwrap_or(FilterMatch::Substring),
            managed_key: options.get("managed-key")?.unwrap_or(false),
            leaked_key: options.get("leaked-key")?.unwrap_or(false),
            missing_permission: options.get("missing-permission")?.unwrap_or(MissingPermission::None),
            forbidden_form: options.get("forbidden-form")?.unwrap_or(ForbiddenForm::Plain),
            validate_keys_refusal: options.get("validate-keys-refusal")?.unwrap_or(ValidateKeysRefusal::Unauthorized),
            preview: options.get("preview")?.unwrap_or(Preview::Served),
            acceptance_delay: TimeDelta::milliseconds(number("acceptance-delay")?.into()),
            revocation_delay: TimeDelta::milliseconds(number("revocation-delay")?.into()),
            last_used_delay: TimeDelta::seconds(number("last-used-delay")?.into()),
            rate_limit: number("rate-limit")?,
            rate_limit_period: options.get("rate-limit-period")?.unwrap_or(MINUTE),
            rate_limit_reset: options.get("rate-limit-reset")?.unwrap_or(1),
        })
    }

    /// The limit of requests, if there is one.
    pub(super) fn limit(&self) -> Option<Limit> {
        (self.rate_limit > 0).then_some(Limit { requests: self.rate_limit, period: self.rate_limit_period })
    }
}

/// In seconds.
const MINUTE: NonZeroU32 = match NonZeroU32::new(60) {
    Some(minute) => minute,
    None => NonZeroU32::MIN,
};

words! {
    /// The sites, which share nothing with each other (Datadog's documentation, Python client).
    Site {
        "datadoghq.com" => Us1,
        "us3.datadoghq.com" => Us3,
        "us5.datadoghq.com" => Us5,
        "datadoghq.eu" => Eu1,
        "ap1.datadoghq.com" => Ap1,
        "ap2.datadoghq.com" => Ap2,
        "uk1.datadoghq.com" => Uk1,
        "ddog-gov.com" => Us1Fed,
        "us2.ddog-gov.com" => Us2Fed,
    }
}
words! {
    /// How one key too many is refused. Unknown.
    QuotaAnswer { "400" => BadRequest, "403" => Forbidden }
}
words! {
    /// What a name that is taken leads to. Datadog's documentation calls names unique; what the API does is unknown.
    DuplicateName { "400" => BadRequest, "409" => Conflict, "accept" => Accept }
}
words! {
    /// A revoked key can be restored for seven days. Whether its name is free meanwhile is unknown.
    RevokedName { "free" => Free, "held" => Held }
}
words! {
    /// Recordings of 2020 and 2021 and the reference have the value in later answers; Datadog's Terraform provider has
    /// handled answers without it since 2024.
    KeyAfterCreation { "shown" => Shown, "hidden" => Hidden }
}
words! {
    /// All attributes are optional in the models, and some are younger than the recordings.
    AttributeSet { "current" => Current, "recorded" => Recorded }
}
words! {
    /// Whether the organization has remote configuration.
    RemoteConfig { "on" => On, "off" => Off }
}
words! {
    /// How a name matches. Unknown, but that it is no exact match.
    FilterMatch { "substring" => Substring, "words" => Words }
}
words! {
    /// A permission that is withheld.
    MissingPermission {
        "none" => None,
        "api_keys_read" => Read,
        "api_keys_write" => Write,
        "api_keys_delete" => Delete,
    }
}
words! {
    /// Bodies of a 403, all of them quoted in issues of Datadog's clients.
    ForbiddenForm { "plain" => Plain, "verbose" => Verbose, "html" => Html }
}
words! {
    /// Both are declared for this endpoint.
    ValidateKeysRefusal { "401" => Unauthorized, "403" => Forbidden }
}
words! {
    /// The reference calls `/api/v2/validate` a preview. What its path answers once it is withdrawn is unknown; a choice.
    Preview { "served" => Served, "gone" => Gone }
}

impl MissingPermission {
    pub(super) fn permission(self) -> Option<Permission> {
        match self {
            Self::None => None,
            Self::Read => Some(Permission::Read),
            Self::Write => Some(Permission::Write),
            Self::Delete => Some(Permission::Delete),
        }
    }
}

impl Site {
    /// The site's name, as in `DD_SITE`.
    pub(super) fn name(self) -> &'static str {
        self.into()
    }
}
