//! What the host passes in: the types of `wit/lifecycle-types.wit` that are arguments, in their layout, and how they are read.
#![allow(unsafe_code)]
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

use chrono::DateTime;
use serde_json::{Map, Value};

use super::memory::{Given, Maybe, Slice};
use crate::{
    CreateRequest, Descriptor, ExpiryChange, Extensions, Failure, FieldProblem, Filter, Operation, Parts, Problem,
    RegenerateRequest, Result, Timestamp, UpdateRequest,
};

type Text = Slice<u8>;

/// `account`
#[repr(C)]
pub struct Account {
    pub(super) settings: Text,
    pub(super) endpoints: Slice<EndpointOverride>,
    pub(super) authentication: Authentication,
    pub(super) extensions: Maybe<Text>,
}

/// `endpoint-override`
#[repr(C)]
pub(crate) struct EndpointOverride {
    pub(super) name: Text,
    pub(super) url: Text,
}

/// `authentication`
#[repr(C, u8)]
pub(crate) enum Authentication {
    /// `brokered`
    Brokered(Slice<Part>),
    /// `direct`
    Direct(Slice<Part>),
    /// `other`
    Other(Extension),
}

/// `part`
#[repr(C)]
pub(crate) struct Part {
    pub(super) name: Text,
    pub(super) value: Text,
}

/// `extension`
#[repr(C)]
pub(crate) struct Extension {
    pub(super) name: Text,
    pub(super) parameters: Text,
}

/// `timestamp`
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Instant {
    pub(super) seconds: i64,
    pub(super) nanoseconds: u32,
}

/// `create-request`
#[repr(C)]
pub(crate) struct Creation {
    pub(super) attributes: Text,
    pub(super) marker: Maybe<Text>,
    pub(super) expires_at: Maybe<Instant>,
    pub(super) parts: Slice<Part>,
    pub(super) idempotency_key: Maybe<Text>,
    pub(super) continuation: Maybe<Text>,
    pub(super) extensions: Maybe<Text>,
}

/// `filter`
#[repr(C)]
pub(crate) struct Selection {
    pub(super) marker: Maybe<Text>,
    pub(super) attributes: Text,
    pub(super) extensions: Maybe<Text>,
}

/// `expiry-change`
#[repr(C, u8)]
pub(crate) enum Expiry {
    /// `keep`
    Keep,
    /// `set`
    Set(Instant),
    /// `clear`
    Clear,
    /// `other`
    Other(Extension),
}

/// `update-request`
#[repr(C)]
pub(crate) struct Change {
    pub(super) attributes: Text,
    pub(super) marker: Maybe<Text>,
    pub(super) expiry: Expiry,
    pub(super) parts: Slice<Part>,
    pub(super) idempotency_key: Maybe<Text>,
    pub(super) extensions: Maybe<Text>,
}

/// `regenerate-request`
#[repr(C)]
pub(crate) struct Regeneration {
    pub(super) expires_at: Maybe<Instant>,
    pub(super) parts: Slice<Part>,
    pub(super) idempotency_key: Maybe<Text>,
    pub(super) extensions: Maybe<Text>,
}

impl Account {
    /// The account, whose requests are for this operation.
    pub(super) fn read(self, descriptor: &'static Descriptor, operation: Operation) -> Result<crate::Account> {
        let (parts, direct) = match self.authentication {
            Authentication::Brokered(parts) => (parts, false),
            Authentication::Direct(parts) => (parts, true),
            Authentication::Other(other) => {
                other.free();
                return Err(later("/authentication"));
            }
        };
        // SAFETY: the host gave it all, and it is taken once.
        let (settings, endpoints, _extensions) =
            unsafe { (self.settings.take(), self.endpoints.take_list(), self.extensions.take()) };
        let parts = self::parts(parts);
        // SAFETY: as above.
        let overrides = endpoints.into_iter().map(|endpoint| unsafe { (endpoint.name.take(), endpoint.url.take()) });
        crate::Account::new(descriptor, operation, &settings, overrides.collect(), parts, direct)
    }
}

fn parts(parts: Slice<Part>) -> Parts {
    // SAFETY: the host gave them, and they are taken once.
    Parts(
        unsafe { parts.take_list() }.into_iter().map(|part| unsafe { (part.name.take(), part.value.take()) }).collect(),
    )
}

impl Extension {
    fn free(self) {
        // SAFETY: the host gave it, and it is taken once.
        drop(unsafe { (self.name.take(), self.parameters.take()) });
    }
}

/// What all requests end in.
fn rest(
    parts: Slice<Part>,
    idempotency_key: Maybe<Text>,
    extensions: Maybe<Text>,
) -> (Parts, Option<String>, Extensions) {
    // SAFETY: the host gave them, and they are taken once.
    unsafe { (self::parts(parts), idempotency_key.take(), extensions.take().map(Into::into)) }
}

impl Creation {
    pub(super) fn read(self) -> Result<CreateRequest> {
        let (parts, idempotency_key, extensions) = rest(self.parts, self.idempotency_key, self.extensions);
        // SAFETY: the host gave it, and it is taken once.
        let (attributes, marker, continuation) =
            unsafe { (self.attributes.take(), self.marker.take(), self.continuation.take()) };
        Ok(CreateRequest {
            attributes: object("/attributes", &attributes)?,
            marker,
            expires_at: expiry(self.expires_at)?,
            parts,
            idempotency_key,
            continuation,
            extensions,
        })
    }
}

impl Selection {
    pub(super) fn read(self) -> Result<Filter> {
        // SAFETY: the host gave it, and it is taken once.
        let (marker, attributes, extensions) =
            unsafe { (self.marker.take(), self.attributes.take(), self.extensions.take()) };
        let attributes = object("/filter/attributes", &attributes)?;
        Ok(Filter { marker, attributes, extensions: extensions.map(Into::into) })
    }
}

impl Change {
    pub(super) fn read(self) -> Result<UpdateRequest> {
        let (parts, idempotency_key, extensions) = rest(self.parts, self.idempotency_key, self.extensions);
        // SAFETY: the host gave it, and it is taken once.
        let (attributes, marker) = unsafe { (self.attributes.take(), self.marker.take()) };
        let expiry = match self.expiry {
            Expiry::Keep => ExpiryChange::Keep,
            Expiry::Set(instant) => ExpiryChange::Set(timestamp(instant)?),
            Expiry::Clear => ExpiryChange::Clear,
            Expiry::Other(other) => {
                other.free();
                return Err(later("/expires_at"));
            }
        };
        let attributes = object("/attributes", &attributes)?;
        Ok(UpdateRequest { attributes, marker, expiry, parts, idempotency_key, extensions })
    }
}

impl Regeneration {
    pub(super) fn read(self) -> Result<RegenerateRequest> {
        let (parts, idempotency_key, extensions) = rest(self.parts, self.idempotency_key, self.extensions);
        Ok(RegenerateRequest { expires_at: expiry(self.expires_at)?, parts, idempotency_key, extensions })
    }
}

fn expiry(instant: Maybe<Instant>) -> Result<Option<Timestamp>> {
    instant.into_option().map(timestamp).transpose()
}

fn timestamp(instant: Instant) -> Result<Timestamp> {
    DateTime::from_timestamp(instant.seconds, instant.nanoseconds)
        .ok_or_else(|| FieldProblem::new("/expires_at", Problem::Format, "is out of range").into())
}

fn object(pointer: &str, json: &str) -> Result<Map<String, Value>> {
    crate::account::object(json)
        .ok_or_else(|| FieldProblem::new(pointer, Problem::Format, "are not a JSON object").into())
}

fn later(pointer: &str) -> Failure {
    FieldProblem::new(pointer, Problem::Unknown, "is of a later version of the contract than this adapter").into()
}
