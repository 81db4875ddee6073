//! A generation: one secret that the vendor made, from the intent to its end.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The number of a generation. Counts up from 1 and never repeats within a credential.
pub type GenerationNumber = u64;

/// One secret that the vendor made, or may have made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// Its number.
    pub number: GenerationNumber,
    /// Where it stands.
    pub status: Status,
    /// How it came to be.
    pub origin: Origin,
    /// The marker that it carries at the vendor.
    pub marker: Option<String>,
    /// Its id at the vendor, once that is known.
    pub vendor_id: Option<String>,
    /// The attributes as the vendor answered them.
    pub attributes: Map<String, Value>,
    /// The expiry that was asked for.
    pub asked_expiry: Option<DateTime<Utc>>,
    /// The expiry that the vendor gave.
    pub expiry: Expiry,
    /// When it was intended.
    pub intended_at: DateTime<Utc>,
    /// When its request can no longer be on its way.
    pub settled_at: Option<DateTime<Utc>>,
    /// The ids that the vendor listed before, where it keeps no marker.
    pub known_ids: Vec<String>,
    /// When the vendor's answer was recorded.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When every sink had it.
    pub promoted_at: Option<DateTime<Utc>>,
    /// Whether the store holds its sealed secret.
    pub has_secret: bool,
    /// Whether its secret is believed to be known to others.
    pub compromised: bool,
    /// Whether the vendor has it disabled.
    pub disabled: bool,
    /// Requests to disable or enable it, and what is known of them.
    #[serde(default)]
    pub enabling: Enabling,
    /// Ids at the vendor that a lost answer left, and that are yet to be ended.
    pub found: Vec<String>,
    /// Searches that found nothing, one after the other.
    pub empty_searches: u32,
    /// Tries of its secret that were begun, and did not end without a word of the vendor.
    pub verifications: u32,
    /// The sinks it was to be written to, and what came of that.
    pub publications: BTreeMap<String, Publication>,
    /// How it is being ended.
    pub retirement: Option<Retirement>,
    /// What the adapter could not do as asked: facts of this generation for as long as it lives.
    pub warnings: Vec<Warning>,
    /// The last thing that went wrong with it, until something goes right.
    pub problem: Option<String>,
    /// Not before then anything is tried again with it.
    pub retry_at: Option<DateTime<Utc>>,
    /// Failed tries of the present step.
    pub failures: u32,
}

/// Where a generation stands. The words are those of NIST SP 800-57 where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The request that makes it is about to be sent, or is on its way.
    Intended,
    /// The vendor may have made it.
    InDoubt,
    /// The vendor made it, and its secret is sealed. Pre-activation.
    Issued,
    /// Its secret works. Pre-activation.
    Verified,
    /// Some sinks may have it. Pre-activation.
    Publishing,
    /// Every sink has it. Active.
    Current,
    /// A successor is in use, or nothing shall be: it is on its way to the end. Deactivated.
    Retiring,
    /// It is gone at the vendor, which was asked. Destroyed.
    Revoked,
    /// Its secret was replaced in place: the vendor's object lives on as a later generation. Destroyed.
    Replaced,
    /// The vendor made nothing.
    Void,
    /// The vendor may have made it, and only a person can find out.
    Abandoned,
}

impl Status {
    /// Whether an object of this generation is at the vendor, or may be.
    pub const fn may_live(self) -> bool {
        match self {
            Self::Intended
            | Self::InDoubt
            | Self::Issued
            | Self::Verified
            | Self::Publishing
            | Self::Current
            | Self::Retiring
            | Self::Abandoned => true,
            Self::Revoked | Self::Replaced | Self::Void => false,
        }
    }

    /// Whether it is on its way to being in use.
    pub const fn is_pending(self) -> bool {
        matches!(self, Self::Intended | Self::InDoubt | Self::Issued | Self::Verified | Self::Publishing)
    }

    /// Its name, as in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::InDoubt => "in-doubt",
            Self::Issued => "issued",
            Self::Verified => "verified",
            Self::Publishing => "publishing",
            Self::Current => "current",
            Self::Retiring => "retiring",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
            Self::Void => "void",
            Self::Abandoned => "abandoned",
        }
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.name())
    }
}

/// How a generation came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A creation.
    Created,
    /// The secret of the generation before was replaced in place.
    Regenerated,
    /// It was made elsewhere, and taken over.
    Imported,
}

/// When the vendor ends a generation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expiry {
    /// Never.
    #[default]
    Never,
    /// At this time.
    At(DateTime<Utc>),
    /// At a time that cannot be read, as the vendor wrote it.
    Unreadable(String),
}

/// Requests to disable or enable a generation. One whose answer was lost may arrive after a later one, and undo it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enabling {
    /// When the last was sent, while there is no answer.
    pub asked_at: Option<DateTime<Utc>>,
    /// When the last was sent that the vendor did.
    pub answered_at: Option<DateTime<Utc>>,
    /// When the last was sent whose answer was lost.
    pub unsettled_since: Option<DateTime<Utc>>,
}

/// Where the secret stands with one sink.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// When the sink acknowledged it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Failed tries.
    pub failures: u32,
    /// Not before then it is tried again.
    pub retry_at: Option<DateTime<Utc>>,
    /// What went wrong the last time.
    pub problem: Option<String>,
}

/// How a generation is being ended. Written when that is decided, so that a later change of the policy ends nothing early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retirement {
    /// Its grace lasts until then.
    pub not_before: DateTime<Utc>,
    /// Whether it is kept while it is still used.
    pub gate_on_use: bool,
    /// When the gate gives way, even to one that is used.
    pub gate_until: Option<DateTime<Utc>>,
    /// Use after this time holds it: when its successor was published.
    pub used_since: DateTime<Utc>,
    /// How long it stays disabled, in seconds; none to delete at once.
    pub soak: Option<u64>,
    /// Where that stands.
    pub stage: RetirementStage,
    /// Times that its end was asked for at the vendor.
    pub attempts: u32,
    /// When that was the last time.
    #[serde(default)]
    pub asked_at: Option<DateTime<Utc>>,
}

/// A stage of the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetirementStage {
    /// It works on.
    Grace,
    /// The gates are open: nothing holds it any longer.
    Released,
    /// It is disabled, and watched until then.
    Soaking {
        /// The end of the time.
        until: DateTime<Utc>,
    },
    /// Its end is asked for.
    Revoking,
    /// The vendor acknowledged its end; it is yet to be read back.
    Acknowledged,
}

/// What the adapter could not do as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The field that it is about, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// One sentence.
    pub message: String,
}

impl Generation {
    pub(crate) fn new(number: GenerationNumber, status: Status, origin: Origin, at: DateTime<Utc>) -> Self {
        Self {
            number,
            status,
            origin,
            marker: None,
            vendor_id: None,
            attributes: Map::new(),
            asked_expiry: None,
            expiry: Expiry::Never,
            intended_at: at,
            settled_at: None,
            known_ids: Vec::new(),
            acknowledged_at: None,
            promoted_at: None,
            has_secret: false,
            compromised: false,
            disabled: false,
            enabling: Enabling::default(),
            found: Vec::new(),
            empty_searches: 0,
            verifications: 0,
            publications: BTreeMap::new(),
            retirement: None,
            warnings: Vec::new(),
            problem: None,
            retry_at: None,
            failures: 0,
        }
    }

    /// Moves it on: what went wrong in the step before is over.
    pub(crate) fn advance(&mut self, status: Status) {
        self.status = status;
        self.clear_problem();
    }

    pub(crate) fn clear_problem(&mut self) {
        self.problem = None;
        self.retry_at = None;
        self.failures = 0;
    }

    pub(crate) fn fail(&mut self, message: &str, retry_at: Option<DateTime<Utc>>) {
        self.problem = Some(message.to_owned());
        self.retry_at = retry_at;
        self.failures = self.failures.saturating_add(1);
    }
}
