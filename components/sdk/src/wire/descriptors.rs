//! The types of `wit/descriptors.wit`, in their layout. What each means is documented there.
#![allow(dead_code, reason = "what only the host reads or writes is part of the layout")]

mod authentication;
mod credential;
mod rule;
mod traits;

pub(crate) use authentication::*;
pub(crate) use credential::*;
pub(crate) use rule::*;
pub(crate) use traits::*;

use super::memory::{List, Maybe, Text};

/// `extension`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Extension {
    pub(crate) name: Text,
    pub(crate) parameters: Text,
}

/// `operation`
#[derive(Clone, Debug)]
#[repr(C, u8)]
pub(crate) enum Operation {
    /// `check`
    Check,
    /// `create`
    Create,
    /// `get`
    Get,
    /// `list`
    List,
    /// `update`
    Update,
    /// `set-enabled`
    SetEnabled,
    /// `regenerate`
    Regenerate,
    /// `verify`
    Verify,
    /// `revoke`
    Revoke,
    /// `other`
    Other(Extension),
}

/// `endpoint`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Endpoint {
    pub(crate) name: Text,
    pub(crate) url: Text,
    pub(crate) extensions: Maybe<Text>,
}

/// `descriptor`
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Descriptor {
    pub(crate) vendor: Text,
    pub(crate) title: Text,
    pub(crate) version: Text,
    pub(crate) operations: List<Operation>,
    pub(crate) settings: Text,
    pub(crate) attributes: Text,
    pub(crate) endpoints: List<Endpoint>,
    pub(crate) schemes: List<AuthenticationScheme>,
    pub(crate) rules: List<Rule>,
    pub(crate) administrator: CredentialDescription,
    pub(crate) issued: CredentialDescription,
    pub(crate) id: IdForm,
    pub(crate) traits: Traits,
    pub(crate) extensions: Maybe<Text>,
}

impl From<crate::Operation> for Operation {
    fn from(operation: crate::Operation) -> Self {
        match operation {
            crate::Operation::Check => Self::Check,
            crate::Operation::Create => Self::Create,
            crate::Operation::Get => Self::Get,
            crate::Operation::List => Self::List,
            crate::Operation::Update => Self::Update,
            crate::Operation::SetEnabled => Self::SetEnabled,
            crate::Operation::Regenerate => Self::Regenerate,
            crate::Operation::Verify => Self::Verify,
            crate::Operation::Revoke => Self::Revoke,
        }
    }
}
