//! What the adapter answers: the types of `wit/lifecycle-types.wit` and `wit/failures.wit` that are results, in their layout,
//! and how they are made.
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

use super::arguments::{Instant, Part};
use super::descriptors::Operation;
use super::memory::{Maybe, Slice, lend_list, lend_maybe, lend_text};
use crate::failure::Details;
use crate::{Extensions, Failure as Failed, Reason as Because, Timestamp};

type Text = Slice<u8>;

/// `result`
#[repr(C, u8)]
pub(crate) enum Outcome<T> {
    /// `ok`
    Ok(T),
    /// `err`
    Err(Failure),
}

/// `extension`
#[repr(C)]
pub(crate) struct Extension {
    pub(super) name: Text,
    pub(super) parameters: Text,
}

/// `date`
#[repr(C, u8)]
pub(crate) enum Date {
    /// `none`
    None,
    /// `at`
    At(Instant),
    /// `unreadable`
    Unreadable(Text),
}

/// `credential`
#[repr(C)]
pub(crate) struct Credential {
    pub(super) id: Text,
    pub(super) attributes: Text,
    pub(super) enabled: bool,
    pub(super) marker: Maybe<Text>,
    pub(super) created_at: Date,
    pub(super) expires_at: Date,
    pub(super) last_used_at: Date,
    pub(super) extensions: Maybe<Text>,
}

/// `warning`
#[repr(C)]
pub(crate) struct Warning {
    pub(super) pointer: Maybe<Text>,
    pub(super) message: Text,
}

/// `issued` and `updated`
#[repr(C)]
pub(crate) struct Issued {
    pub(super) credential: Credential,
    pub(super) parts: Slice<Part>,
    pub(super) warnings: Slice<Warning>,
    pub(super) extensions: Maybe<Text>,
}

/// `unreadable-item`
#[repr(C)]
pub(crate) struct UnreadableItem {
    pub(super) id: Maybe<Text>,
    pub(super) message: Text,
}

/// `quota`
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Quota {
    pub(super) limit: Maybe<u32>,
    pub(super) used: Maybe<u32>,
}

/// `page`
#[repr(C)]
pub(crate) struct Page {
    pub(super) credentials: Slice<Credential>,
    pub(super) unreadable: Slice<UnreadableItem>,
    pub(super) next: Maybe<Text>,
    pub(super) quota: Maybe<Quota>,
    pub(super) extensions: Maybe<Text>,
}

/// `principal`
#[repr(C)]
pub(crate) struct Principal {
    pub(super) credential_id: Maybe<Text>,
    pub(super) owner: Maybe<Text>,
    pub(super) expires_at: Date,
    pub(super) allowed: Slice<Operation>,
    pub(super) refused: Slice<Operation>,
    pub(super) details: Text,
    pub(super) extensions: Maybe<Text>,
}

/// `outcome` of a verdict
#[repr(C, u8)]
pub(crate) enum Verified {
    /// `active`
    Active,
    /// `refused`
    Refused,
    /// `inconclusive`
    Inconclusive,
    /// `other`
    Other(Extension),
}

/// `verdict`
#[repr(C)]
pub(crate) struct Verdict {
    pub(super) outcome: Verified,
    pub(super) explanation: Text,
    pub(super) extensions: Maybe<Text>,
}

/// `problem`
#[repr(C, u8)]
pub(crate) enum Problem {
    /// `required`
    Required,
    /// `format`
    Format,
    /// `constraint`
    Constraint,
    /// `immutable`
    Immutable,
    /// `unknown`
    Unknown,
    /// `other`
    Other(Extension),
}

/// `field-problem`
#[repr(C)]
pub(crate) struct FieldProblem {
    pub(super) pointer: Text,
    pub(super) problem: Problem,
    pub(super) message: Text,
}

/// `pending-creation`
#[repr(C)]
pub(crate) struct PendingCreation {
    pub(super) cursor: Text,
    pub(super) retry_after: Maybe<u32>,
}

/// `reason`
#[repr(C, u8)]
pub(crate) enum Reason {
    /// `invalid`
    Invalid(Slice<FieldProblem>),
    /// `unauthenticated`
    Unauthenticated,
    /// `forbidden`
    Forbidden,
    /// `not-found`
    NotFound,
    /// `conflict`
    Conflict,
    /// `quota`
    Quota(Quota),
    /// `rate-limited`
    RateLimited,
    /// `unavailable`
    Unavailable,
    /// `in-doubt`
    InDoubt,
    /// `unsupported`
    Unsupported,
    /// `unexpected-response`
    UnexpectedResponse,
    /// `adapter-error`
    AdapterError,
    /// `pending`
    Pending(PendingCreation),
    /// `vendor`
    Vendor(Text),
    /// `other`
    Other(Extension),
}

/// `failure`
#[repr(C)]
pub(crate) struct Failure {
    pub(super) reason: Reason,
    pub(super) message: Text,
    pub(super) completed: Maybe<Text>,
    pub(super) status: Maybe<u16>,
    pub(super) request_id: Maybe<Text>,
    pub(super) retry_after: Maybe<u32>,
    pub(super) extensions: Maybe<Text>,
}

#[inline(never)]
pub(super) fn credential(credential: crate::Credential) -> Credential {
    Credential {
        id: lend_text(credential.id),
        attributes: json(&credential.attributes),
        enabled: credential.enabled,
        marker: lend_maybe(credential.marker),
        created_at: date(credential.created_at),
        expires_at: date(credential.expires_at),
        last_used_at: date(credential.last_used_at),
        extensions: extensions(credential.extensions),
    }
}

pub(super) fn found(found: Option<crate::Credential>) -> Maybe<Credential> {
    found.map(credential).into()
}

pub(super) fn nothing((): ()) {}

/// By the writer that requests are written with: the one behind `to_string` is one more to carry. A value cannot fail to be
/// written.
fn json(value: &serde_json::Value) -> Text {
    lend_text(serde_json::to_string(value).unwrap_or_default())
}

#[inline(never)]
fn date(date: crate::Date) -> Date {
    match date {
        crate::Date::None => Date::None,
        crate::Date::At(instant) => Date::At(self::instant(instant)),
        crate::Date::Unreadable(text) => Date::Unreadable(lend_text(text)),
    }
}

fn instant(instant: Timestamp) -> Instant {
    // A leap second counts on within the second before it.
    Instant { seconds: instant.timestamp(), nanoseconds: instant.timestamp_subsec_nanos().min(999_999_999) }
}

fn extensions(extensions: Extensions) -> Maybe<Text> {
    lend_maybe(extensions.map(Into::into))
}

#[inline(never)]
fn change(
    credential: crate::Credential,
    parts: crate::Parts,
    warnings: Vec<crate::Warning>,
    extensions: Extensions,
) -> Issued {
    let part = |(name, value)| Part { name: lend_text(name), value: lend_text(value) };
    let warning =
        |warning: crate::Warning| Warning { pointer: lend_maybe(warning.pointer), message: lend_text(warning.message) };
    Issued {
        credential: self::credential(credential),
        parts: lend_list(parts.0.into_iter().map(part)),
        warnings: lend_list(warnings.into_iter().map(warning)),
        extensions: self::extensions(extensions),
    }
}

pub(super) fn issued(issued: crate::Issued) -> Issued {
    change(issued.credential, issued.parts, issued.warnings, issued.extensions)
}

pub(super) fn updated(updated: crate::Updated) -> Issued {
    change(updated.credential, updated.parts, updated.warnings, updated.extensions)
}

pub(super) fn page(page: crate::Page) -> Page {
    let unreadable =
        |item: crate::UnreadableItem| UnreadableItem { id: lend_maybe(item.id), message: lend_text(item.message) };
    Page {
        credentials: lend_list(page.credentials.into_iter().map(credential)),
        unreadable: lend_list(page.unreadable.into_iter().map(unreadable)),
        next: lend_maybe(page.next),
        quota: page.quota.map(quota).into(),
        extensions: extensions(page.extensions),
    }
}

fn quota(quota: crate::Quota) -> Quota {
    Quota { limit: quota.limit.into(), used: quota.used.into() }
}

pub(super) fn principal(principal: crate::Principal) -> Principal {
    Principal {
        credential_id: lend_maybe(principal.credential_id),
        owner: lend_maybe(principal.owner),
        expires_at: date(principal.expires_at),
        allowed: lend_list(principal.allowed.into_iter().map(Operation::from)),
        refused: lend_list(principal.refused.into_iter().map(Operation::from)),
        details: json(&serde_json::Value::Object(principal.details)),
        extensions: extensions(principal.extensions),
    }
}

pub(super) fn verdict(verdict: crate::Verdict) -> Verdict {
    Verdict {
        outcome: match verdict.outcome {
            crate::Outcome::Active => Verified::Active,
            crate::Outcome::Refused => Verified::Refused,
            crate::Outcome::Inconclusive => Verified::Inconclusive,
        },
        explanation: lend_text(verdict.explanation),
        extensions: extensions(verdict.extensions),
    }
}

#[inline(never)]
pub(super) fn failure(failure: Failed) -> Failure {
    let Details { reason, message, completed, status, request_id, retry_after, extensions } = *failure.0;
    Failure {
        reason: match reason {
            Because::Invalid(problems) => Reason::Invalid(lend_list(problems.into_iter().map(field_problem))),
            Because::Unauthenticated => Reason::Unauthenticated,
            Because::Forbidden => Reason::Forbidden,
            Because::NotFound => Reason::NotFound,
            Because::Conflict => Reason::Conflict,
            Because::Quota(count) => Reason::Quota(quota(count)),
            Because::RateLimited => Reason::RateLimited,
            Because::Unavailable => Reason::Unavailable,
            Because::InDoubt => Reason::InDoubt,
            Because::Unsupported => Reason::Unsupported,
            Because::UnexpectedResponse => Reason::UnexpectedResponse,
            Because::AdapterError => Reason::AdapterError,
            Because::Pending { cursor, retry_after } => {
                Reason::Pending(PendingCreation { cursor: lend_text(cursor), retry_after: retry_after.into() })
            }
            Because::Vendor(code) => Reason::Vendor(lend_text(code)),
        },
        message: lend_text(message),
        completed: lend_maybe(completed),
        status: status.into(),
        request_id: lend_maybe(request_id),
        retry_after: retry_after.into(),
        extensions: self::extensions(extensions),
    }
}

fn field_problem(problem: crate::FieldProblem) -> FieldProblem {
    FieldProblem {
        pointer: lend_text(problem.pointer),
        problem: match problem.problem {
            crate::Problem::Required => Problem::Required,
            crate::Problem::Format => Problem::Format,
            crate::Problem::Immutable => Problem::Immutable,
            crate::Problem::Unknown => Problem::Unknown,
            // What a field breaks that has no name in this version is a constraint of the vendor's.
            _ => Problem::Constraint,
        },
        message: lend_text(problem.message),
    }
}
