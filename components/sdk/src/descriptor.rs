//! How an adapter describes itself.
//!
//! The builders write the types that the host reads, where it reads them: a component then carries no second form of its
//! descriptor, and no code for what its descriptor does not have.

#[cfg(not(target_family = "wasm"))]
mod check;
mod location;
#[cfg(not(target_family = "wasm"))]
mod model;
mod part;
mod rule;
mod scheme;
mod steps;

use std::borrow::Cow;

pub use part::Part;
pub use rule::Rule;
pub use scheme::Scheme;
pub use steps::{Client, Hmac, Jwt, OAuth2, Session, Signature};

use crate::direct;
use crate::wire::descriptors as wire;
use crate::wire::{List, Maybe, Text};
use crate::{ExpirySupport, LastUsedPrecision, Operation, QuotaScope, marker};

/// What the vendor is and can do, built up call by call. The host derives its rules, its help and its documentation from
/// this, so nothing about a vendor is said twice.
#[derive(Clone, Debug)]
pub struct Descriptor {
    pub(crate) wire: wire::Descriptor,
    /// How the steps of each scheme are taken where the component itself authenticates.
    pub(crate) steps: Vec<Vec<direct::Step>>,
    /// How the scheme of a request is found, where there are several.
    pub(crate) choose: Option<direct::Choose>,
}

fn texts(texts: &[&'static str]) -> List<Text> {
    texts.iter().copied().map(Text::new).collect()
}

fn other(extension: crate::Extension) -> wire::Extension {
    let text = |text: Cow<'static, str>| match text {
        Cow::Borrowed(text) => Text::new(text),
        Cow::Owned(text) => Text::new(text.leak()),
    };
    wire::Extension { name: text(extension.name), parameters: text(extension.parameters) }
}

impl Descriptor {
    /// A descriptor with nothing but names: the vendor's short name, a title for people, the version of the adapter.
    pub fn new(vendor: &'static str, title: &'static str, version: &'static str) -> Self {
        const NOTHING: &str = r#"{"type": "object", "additionalProperties": false}"#;
        let credential = || wire::CredentialDescription { parts: List::new(), extensions: Maybe::None };
        let traits = wire::Traits {
            expiry: wire::ExpiryTrait {
                support: wire::ExpirySupport::None,
                required: false,
                least: Maybe::None,
                most: Maybe::None,
                granularity: 1,
                extensions: Maybe::None,
            },
            last_used: wire::LastUsedTrait {
                precision: wire::LastUsedPrecision::None,
                lag: Maybe::None,
                extensions: Maybe::None,
            },
            marker: Maybe::None,
            quota: Maybe::None,
            disabling: Maybe::None,
            lock_out: Maybe::None,
            rate: wire::RateTrait {
                spacing: 0,
                remaining_header: Maybe::None,
                reset_header: Maybe::None,
                extensions: Maybe::None,
            },
            idempotency: Maybe::None,
            secret_readable: false,
            consistency_delay: 0,
            extensions: Maybe::None,
        };
        let wire = wire::Descriptor {
            vendor: Text::new(vendor),
            title: Text::new(title),
            version: Text::new(version),
            operations: List::new(),
            settings: Text::new(NOTHING),
            attributes: Text::new(NOTHING),
            endpoints: List::new(),
            schemes: List::new(),
            rules: List::new(),
            administrator: credential(),
            issued: credential(),
            id: wire::IdForm { pattern: Text::new("^.+$"), forms: List::new() },
            traits,
            extensions: Maybe::None,
        };
        Self { wire, steps: Vec::new(), choose: None }
    }

    /// The JSON Schema (2020-12) of account settings; `x-keywright-env` on a property lists the environment variables in
    /// which users of the vendor keep it, `writeOnly` marks a secret one.
    pub fn settings(mut self, schema: &'static str) -> Self {
        self.wire.settings = Text::new(schema);
        self
    }

    /// The JSON Schema (2020-12) of attributes; `readOnly`, `x-keywright-replace` and `x-keywright-filter` mark what is
    /// computed, what cannot change in place and what can select a list.
    pub fn attributes(mut self, schema: &'static str) -> Self {
        self.wire.attributes = Text::new(schema);
        self
    }

    /// A place to speak to: `https://` and a host, in which `{settings.NAME}` stands for a setting.
    pub fn endpoint(mut self, name: &'static str, url: &'static str) -> Self {
        self.wire.endpoints.push(wire::Endpoint {
            name: Text::new(name),
            url: Text::new(url),
            extensions: Maybe::None,
        });
        self
    }

    /// A way to authenticate. The first one is that of every rule that names none.
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.wire.schemes.push(scheme.wire);
        self.steps.push(scheme.steps);
        self
    }

    /// A part of both credentials, where those that are made are of the same kind as the administrator's. What the host
    /// makes of an issued credential the administrator's has from elsewhere.
    pub fn part(mut self, part: Part) -> Self {
        let mut administrator = part.0.clone();
        administrator.origin = wire::PartOrigin::Vendor;
        self.wire.administrator.parts.push(administrator);
        self.issued_part(part)
    }

    /// A part of the credential that administers: whose parts every operation but `verify` is authenticated with.
    pub fn administrator_part(mut self, part: Part) -> Self {
        self.wire.administrator.parts.push(part.0);
        self
    }

    /// A part of the credentials that are made: whose parts `verify` is authenticated with.
    pub fn issued_part(mut self, part: Part) -> Self {
        self.wire.issued.parts.push(part.0);
        self
    }

    /// The form of ids: an anchored regular expression, and the forms in words for people.
    pub fn id(mut self, pattern: &'static str, forms: &[&'static str]) -> Self {
        self.wire.id = wire::IdForm { pattern: Text::new(pattern), forms: texts(forms) };
        self
    }

    /// One kind of request that operations send. What no rule names cannot be sent.
    pub fn rule(mut self, mut rule: Rule) -> Self {
        // The first scheme: rules may come before it.
        self.choose = self.choose.or(rule.choose.take());
        self.wire.rules.push(rule.wire);
        self
    }

    /// What the vendor can do with an expiry; [`ExpirySupport::None`] unless said.
    pub fn expiry(mut self, support: ExpirySupport) -> Self {
        self.wire.traits.expiry.support = match support {
            ExpirySupport::AtCreation => wire::ExpirySupport::AtCreation,
            ExpirySupport::AddOnce => wire::ExpirySupport::AddOnce,
            ExpirySupport::Mutable => wire::ExpirySupport::Mutable,
            ExpirySupport::MutableRegenerates => wire::ExpirySupport::MutableRegenerates,
            ExpirySupport::Other(extension) => wire::ExpirySupport::Other(other(extension)),
            _ => wire::ExpirySupport::None,
        };
        self
    }

    /// Every credential must have an expiry.
    pub fn expiry_required(mut self) -> Self {
        self.wire.traits.expiry.required = true;
        self
    }

    /// The least and the most time from creation to expiry, in seconds, where the vendor says.
    pub fn expiry_within(mut self, least: Option<u64>, most: Option<u64>) -> Self {
        self.wire.traits.expiry.least = least.into();
        self.wire.traits.expiry.most = most.into();
        self
    }

    /// The step that the vendor rounds an expiry to, in seconds: 86,400 where it counts days. One second unless said.
    pub fn expiry_granularity(mut self, seconds: u32) -> Self {
        self.wire.traits.expiry.granularity = seconds;
        self
    }

    /// How exact the vendor's time of last use is; [`LastUsedPrecision::None`] unless said.
    pub fn last_used(mut self, precision: LastUsedPrecision) -> Self {
        self.wire.traits.last_used.precision = match precision {
            LastUsedPrecision::Day => wire::LastUsedPrecision::Day,
            LastUsedPrecision::Instant => wire::LastUsedPrecision::Instant,
            LastUsedPrecision::Other(extension) => wire::LastUsedPrecision::Other(other(extension)),
            _ => wire::LastUsedPrecision::None,
        };
        self
    }

    /// How many seconds after a use the vendor may take to show it, where it is documented.
    pub fn last_used_lag(mut self, seconds: u32) -> Self {
        self.wire.traits.last_used.lag = Maybe::Some(seconds);
        self
    }

    /// The attribute whose field holds the marker, written there by [`marker::join`], and the characters that field
    /// takes.
    pub fn marker(mut self, attribute: &'static str, field_length: u32) -> Self {
        self.wire.traits.marker = Maybe::Some(wire::MarkerTrait {
            attribute: Text::new(attribute),
            max_length: marker::room(field_length),
            filterable: false,
            extensions: Maybe::None,
        });
        self
    }

    /// The vendor itself can list by the [marker](Self::marker).
    pub fn marker_filterable(mut self) -> Self {
        if let Maybe::Some(marker) = &mut self.wire.traits.marker {
            marker.filterable = true;
        }
        self
    }

    /// How many live credentials there may be, where the vendor says, and whose are counted together.
    pub fn quota(mut self, limit: Option<u32>, scope: QuotaScope) -> Self {
        let scope = match scope {
            QuotaScope::Project => wire::QuotaScope::Project,
            QuotaScope::Organization => wire::QuotaScope::Organization,
            QuotaScope::Other(extension) => wire::QuotaScope::Other(other(extension)),
            _ => wire::QuotaScope::Owner,
        };
        self.wire.traits.quota = Maybe::Some(wire::QuotaTrait { limit: limit.into(), scope, extensions: Maybe::None });
        self
    }

    /// What `set-enabled` does: whether a disabled credential can be enabled again, and how many seconds it may still
    /// work, where the vendor says.
    pub fn disabling(mut self, reversible: bool, delay: Option<u32>) -> Self {
        self.wire.traits.disabling =
            Maybe::Some(wire::DisablingTrait { reversible, delay: delay.into(), extensions: Maybe::None });
        self
    }

    /// The vendor locks after so many refused tries, for so many seconds, where it says.
    pub fn lock_out(mut self, tries: u32, seconds: Option<u32>) -> Self {
        self.wire.traits.lock_out =
            Maybe::Some(wire::LockOutTrait { tries, seconds: seconds.into(), extensions: Maybe::None });
        self
    }

    /// The least time between two requests of one account, in milliseconds.
    pub fn rate_spacing(mut self, milliseconds: u32) -> Self {
        self.wire.traits.rate.spacing = milliseconds;
        self
    }

    /// The headers of answers that say how many requests are left, and in how many seconds there will be more.
    pub fn rate_headers(mut self, remaining: Option<&'static str>, reset: Option<&'static str>) -> Self {
        self.wire.traits.rate.remaining_header = remaining.map(Text::new).into();
        self.wire.traits.rate.reset_header = reset.map(Text::new).into();
        self
    }

    /// The vendor makes one credential for one [idempotency key](crate::Request::idempotency_key), which it remembers for
    /// so many seconds, where it says.
    pub fn idempotency(mut self, window: Option<u32>) -> Self {
        self.wire.traits.idempotency =
            Maybe::Some(wire::IdempotencyTrait { window: window.into(), extensions: Maybe::None });
        self
    }

    /// The vendor returns the secret of a credential again when asked for it.
    pub fn secret_readable(mut self) -> Self {
        self.wire.traits.secret_readable = true;
        self
    }

    /// How long, in seconds, the vendor may still show the old state after a change, or refuse a new secret.
    pub fn consistency_delay(mut self, seconds: u32) -> Self {
        self.wire.traits.consistency_delay = seconds;
        self
    }

    /// A JSON object of members that a later version of the contract or a single vendor defines.
    pub fn extensions(mut self, json: &'static str) -> Self {
        self.wire.extensions = Maybe::Some(Text::new(json));
        self
    }

    /// [`extensions`](Self::extensions) of the traits.
    pub fn traits_extensions(mut self, json: &'static str) -> Self {
        self.wire.traits.extensions = Maybe::Some(Text::new(json));
        self
    }

    /// The whole of it, for the host: rules that name no scheme have the first.
    pub(crate) fn finish(mut self, operations: &[Operation]) -> Self {
        if let Some(first) = self.wire.schemes.as_slice().first() {
            for rule in self.wire.rules.as_mut_slice() {
                if rule.scheme.as_str().is_empty() {
                    rule.scheme = first.name;
                }
            }
        }
        self.wire.operations = operations.iter().copied().map(wire::Operation::from).collect();
        self
    }
}
