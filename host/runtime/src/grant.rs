//! Grants: what an operator lets an adapter do.

use keywright_descriptor::AUTHENTICATE;
use keywright_egress::RuleSet;
use keywright_model::Operation;

use crate::error::LoadError;
use crate::sandbox::digest::Digest;

/// What an operator lets an adapter do.
///
/// A grant is made without a pin, for [`Adapter::load_unpinned`](crate::Adapter::load_unpinned): for a component that is looked at for the first time, or
/// that is as trusted as the program itself. What was consented to then is [pinned](Self::pinned) with
/// [`Adapter::descriptor_digest`](crate::Adapter::descriptor_digest), and [`Adapter::load`](crate::Adapter::load) takes
/// nothing else.
#[derive(Clone, Debug)]
pub struct Grant<P = Pinned> {
    rules: Granted,
    pub(crate) exposes_secrets: bool,
    pub(crate) exposes_administrator: bool,
    pub(crate) inert_wasi: bool,
    pin: P,
}

/// Of a [`Grant`] that holds for one description only: what the adapter said of itself when the operator consented to it.
#[derive(Clone, Copy, Debug)]
pub struct Pinned(Digest);

/// Of a [`Grant`] that does not depend on what the adapter says of itself, within the rules: which of its values are secret, and
/// from which environment variables they come, is then for the adapter to say anew at each load.
#[derive(Clone, Copy, Debug)]
pub struct Unpinned;

#[derive(Clone, Debug)]
enum Granted {
    /// These rules, and an adapter that asks for more is refused.
    All(RuleSet),
    /// These rules at most, and an adapter that asks for more does without.
    AtMost(RuleSet),
    Requested,
}

impl Grant<Unpinned> {
    /// What a rule of a grant may be for: the operations, and the host's own requests for tokens.
    pub const OPERATIONS: [&'static str; 10] = {
        let mut names = [AUTHENTICATE; 10];
        let mut index = 0;
        while index < Operation::ALL.len() {
            names[index] = Operation::ALL[index].name();
            index += 1;
        }
        names
    };

    /// To send what these rules allow; an adapter that asks for more is refused.
    pub fn rules(rules: RuleSet) -> Self {
        Self::of(Granted::All(rules))
    }

    /// To send what both these rules and its own allow. An adapter that asks for more is loaded, and denied what goes
    /// beyond when it tries.
    pub fn at_most(rules: RuleSet) -> Self {
        Self::of(Granted::AtMost(rules))
    }

    /// To send all that it asks for: for one's own work in progress.
    pub fn as_requested() -> Self {
        Self::of(Granted::Requested)
    }

    fn of(rules: Granted) -> Self {
        Self { rules, exposes_secrets: false, exposes_administrator: false, inert_wasi: false, pin: Unpinned }
    }

    /// For this description only: the [digest](crate::Adapter::descriptor_digest) of what the operator consented to.
    pub fn pinned(self, descriptor: Digest) -> Grant {
        let Self { rules, exposes_secrets, exposes_administrator, inert_wasi, pin: Unpinned } = self;
        Grant { rules, exposes_secrets, exposes_administrator, inert_wasi, pin: Pinned(descriptor) }
    }
}

impl<P> Grant<P> {
    /// Also to see the secrets that it mints. Without this an adapter is blind: it gets a handle in place of each, and
    /// can hand back nothing else. An adapter needs it only if its vendor tells secrets in a form that the adapter has
    /// to work on.
    pub fn exposing_secrets(self) -> Self {
        Self { exposes_secrets: true, ..self }
    }

    /// Also to have the administrator's credential, and to authenticate its requests itself. Without this an adapter never
    /// sees a secret part of it. An adapter needs it only if its vendor authenticates in a way that the host does not carry
    /// out.
    pub fn exposing_administrator(self) -> Self {
        Self { exposes_administrator: true, ..self }
    }

    /// Also to import files and sockets that do nothing, because the runtime of its language imports them whether a
    /// program uses them or not, as those of Python and JavaScript do. There is no directory and no file behind them, and
    /// every socket and every lookup of a name is refused.
    pub fn with_inert_wasi(self) -> Self {
        Self { inert_wasi: true, ..self }
    }

    /// The rules by which the adapter is held to what it asks for.
    pub(crate) fn effective(&self, requested: &RuleSet) -> Result<RuleSet, LoadError> {
        match &self.rules {
            Granted::Requested => Ok(requested.clone()),
            Granted::AtMost(granted) => Ok(granted.effective(requested)),
            Granted::All(granted) => match granted.missing(requested) {
                missing if missing.is_empty() => Ok(requested.clone()),
                missing => Err(LoadError::Ungranted(missing)),
            },
        }
    }

    /// The rules of the operator; none where the grant is all that the adapter asks for.
    pub(crate) fn granted(&self) -> RuleSet {
        match &self.rules {
            Granted::All(rules) | Granted::AtMost(rules) => rules.clone(),
            Granted::Requested => RuleSet::default(),
        }
    }

    /// A grant for an operation that does not exist is a mistake that would otherwise be found when it matters.
    pub(crate) fn check(&self) -> Result<(), LoadError> {
        let (Granted::All(rules) | Granted::AtMost(rules)) = &self.rules else { return Ok(()) };
        let mut names = rules.rules.iter().flat_map(|rule| &rule.operations);
        match names.find(|name| !Grant::OPERATIONS.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(LoadError::GrantedOperation(name.clone())),
        }
    }
}

/// The description that a grant is for.
pub(crate) trait Pin {
    /// Its digest; none where any will do.
    fn descriptor(&self) -> Option<Digest>;
}

impl Pin for Grant<Pinned> {
    fn descriptor(&self) -> Option<Digest> {
        Some(self.pin.0)
    }
}

impl Pin for Grant<Unpinned> {
    fn descriptor(&self) -> Option<Digest> {
        None
    }
}
