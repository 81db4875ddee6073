//! What may differ between one account or day and another, or is not known of the real API.

use std::num::NonZeroU32;

use chrono::TimeDelta;

use crate::{
    Error,
    options::{OptionHelp, Options, words},
};

pub(super) const OPTIONS: &[OptionHelp] = &[
    OptionHelp {
        name: "quota",
        values: "a whole number",
        about: "most live API tokens in the account; 100 unless given",
    },
    OptionHelp {
        name: "quota-answer",
        values: "platform, errors or message",
        about: "the form in which one token too many is refused; platform unless given",
    },
    OptionHelp {
        name: "error-form",
        values: "message, detail or platform",
        about: "the form of errors without fields; message unless given",
    },
    OptionHelp {
        name: "separator",
        values: "documented, dollar or underscore",
        about: "what stands after a new token's id; as documented unless given: $ in v1, _ in v2",
    },
    OptionHelp {
        name: "creation-answer",
        values: "documented, full or token-only",
        about: "what a creation answers; as documented unless given: the token only in v1, all of it in v2",
    },
    OptionHelp {
        name: "after-delete",
        values: "not-found or flagged",
        about: "whether a deleted token is still shown, with its flag; not-found unless given",
    },
    OptionHelp {
        name: "deletion-delay",
        values: "a whole number of seconds",
        about: "how long after its expiry a token is deleted; 0 unless given",
    },
    OptionHelp {
        name: "exp-date",
        values: "normalised or as-sent",
        about: "how an expiry is shown; normalised unless given",
    },
    OptionHelp {
        name: "date-form",
        values: "rfc3339 or spaced",
        about: "how dates are written; rfc3339 unless given, with microseconds and Z",
    },
    OptionHelp { name: "delete-status", values: "204 or 200", about: "what a deletion answers; 204 unless given" },
    OptionHelp {
        name: "foreign-token",
        values: "not-found or forbidden",
        about: "what a caller who is no administrator is told of another user's token; not-found unless given",
    },
    OptionHelp {
        name: "purge-roles-read-account",
        values: "true or false",
        about: "whether a token of a purge-only role may ask for its account; true unless given",
    },
    OptionHelp {
        name: "reseller",
        values: "true or false",
        about: "whether the account is a reseller's, which can make no tokens; false unless given",
    },
    OptionHelp { name: "v1", values: "served or gone", about: "whether there still is v1; served unless given" },
    OptionHelp {
        name: "retry-after",
        values: "a whole number of seconds; 0 for none",
        about: "what a 429 tells of how long to wait; 1 unless given",
    },
    OptionHelp {
        name: "longest-description",
        values: "a whole number of characters",
        about: "the longest description; 255 unless given",
    },
    OptionHelp {
        name: "deleted-filter",
        values: "as-described or as-named",
        about: "what the list's filter `deleted` selects when true: live tokens, as its description says, or deleted \
                ones, as its name says; as-described unless given",
    },
];

/// The options as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quirks {
    pub(super) quota: usize,
    pub(super) quota_answer: QuotaAnswer,
    pub(super) error_form: ErrorForm,
    pub(super) separator: Separator,
    pub(super) creation_answer: CreationAnswer,
    pub(super) after_delete: AfterDelete,
    pub(super) deletion_delay: TimeDelta,
    pub(super) exp_date: ExpDateForm,
    pub(super) date_form: DateForm,
    pub(super) delete_status: DeleteStatus,
    pub(super) foreign_token: ForeignToken,
    pub(super) purge_roles_read_account: bool,
    pub(super) reseller: bool,
    pub(super) v1: V1,
    pub(super) retry_after: Option<NonZeroU32>,
    pub(super) longest_description: usize,
    pub(super) deleted_filter: DeletedFilter,
}

impl Quirks {
    pub(super) fn read(options: &Options<'_>) -> Result<Self, Error> {
        let delay = options.get::<u32>("deletion-delay")?.unwrap_or(0);
        Ok(Self {
            // The page on API tokens says 100, the one on authentication still says 50.
            quota: options.get("quota")?.unwrap_or(100),
            quota_answer: options.get("quota-answer")?.unwrap_or(QuotaAnswer::Platform),
            error_form: options.get("error-form")?.unwrap_or(ErrorForm::Message),
            separator: options.get("separator")?.unwrap_or(Separator::Documented),
            creation_answer: options.get("creation-answer")?.unwrap_or(CreationAnswer::Documented),
            after_delete: options.get("after-delete")?.unwrap_or(AfterDelete::NotFound),
            deletion_delay: TimeDelta::seconds(delay.into()),
            exp_date: options.get("exp-date")?.unwrap_or(ExpDateForm::Normalised),
            date_form: options.get("date-form")?.unwrap_or(DateForm::Rfc3339),
            delete_status: options.get("delete-status")?.unwrap_or(DeleteStatus::NoContent),
            foreign_token: options.get("foreign-token")?.unwrap_or(ForeignToken::NotFound),
            purge_roles_read_account: options.get("purge-roles-read-account")?.unwrap_or(true),
            reseller: options.get("reseller")?.unwrap_or(false),
            v1: options.get("v1")?.unwrap_or(V1::Served),
            retry_after: NonZeroU32::new(options.get("retry-after")?.unwrap_or(1)),
            longest_description: options.get("longest-description")?.unwrap_or(255),
            deleted_filter: options.get("deleted-filter")?.unwrap_or(DeletedFilter::AsDescribed),
        })
    }
}

words! {
    /// How one token too many is refused. Unknown: the platform's page of errors has a class for quotas, IAM's other
    /// refusals have lists of texts or one message.
    QuotaAnswer { "platform" => Platform, "errors" => Errors, "message" => Message }
}
words! {
    /// The form of errors without fields. The API description shows `message`, texts quoted elsewhere come from a
    /// framework that says `detail`, and the platform's page of errors shows a third form.
    ErrorForm { "message" => Message, "detail" => Detail, "platform" => Platform }
}
words! {
    /// What stands between a token's id and its secret.
    Separator { "documented" => Documented, "dollar" => Dollar, "underscore" => Underscore }
}
words! {
    /// What a creation answers. The v1 description has the token alone, the v2 description all of it.
    CreationAnswer { "documented" => Documented, "full" => Full, "token-only" => TokenOnly }
}
words! {
    /// Whether a deleted token is still shown. There is a flag and a filter for it; whether one ever sees it is unknown.
    AfterDelete { "not-found" => NotFound, "flagged" => Flagged }
}
words! {
    /// Whether an expiry keeps the form that it was sent in. Unknown.
    ExpDateForm { "normalised" => Normalised, "as-sent" => AsSent }
}
words! {
    /// `2021-01-01T12:00:00.000000Z`, or `2021-01-01 12:00:00+00:00` as in an older example.
    DateForm { "rfc3339" => Rfc3339, "spaced" => Spaced }
}
words! {
    /// The operation's description says 204, the introduction of the v1 API 200 with an empty body.
    DeleteStatus { "204" => NoContent, "200" => Ok }
}
words! {
    /// What another user's token is to a caller who is no administrator. Unknown.
    ForeignToken { "not-found" => NotFound, "forbidden" => Forbidden }
}
words! {
    /// v1 was announced to end on 2026-07-17, and is still described. What its paths answer then is unknown; a choice.
    V1 { "served" => Served, "gone" => Gone }
}
words! {
    /// The filter is called `deleted`, but is described as "True: was not deleted".
    DeletedFilter { "as-described" => AsDescribed, "as-named" => AsNamed }
}
