//! The steps of a credential's life. Each checks its own result, and fails when that is not as expected.

use chrono::{DateTime, TimeDelta, Utc};
use keywright_auth::Parts;
use keywright_runtime::{
    Account, CreateRequest, Credential, Date, Descriptor, ExpirySupport, Filter, Operation, Outcome, RegenerateRequest,
    UpdateRequest, Verdict, Warning,
};
use keywright_simulators::Vendor;
use serde_json::{Map, Value};

use super::report::{Done, Log};
use crate::error::Error;
use crate::schema::{Filtering, Schema, shows};
use crate::text::series;
use crate::values::{from_now, instant};

/// How long the demo's credentials are to live.
const LIFETIME: TimeDelta = TimeDelta::days(30);

/// What the steps work on.
pub(super) struct Steps<'l> {
    pub(super) account: &'l Account,
    pub(super) descriptor: &'l Descriptor,
    pub(super) vendor: &'l dyn Vendor,
}

/// A credential that the demo made.
pub(super) struct Made {
    credential: Credential,
    parts: Parts,
    marker: Option<String>,
}

impl Made {
    pub(super) fn id(&self) -> &str {
        &self.credential.id
    }
}

pub(super) type Step<T> = Result<Done<T>, Error>;

pub(super) fn done<T>(value: T, words: impl Into<String>) -> Step<T> {
    Ok(Done { value, words: words.into() })
}

pub(super) fn unexpected(what: impl Into<String>) -> Error {
    Error::new("unexpected", what)
}

/// No warning is expected.
fn expect_no_warning(warnings: &[Warning]) -> Result<(), Error> {
    expect(warnings.is_empty(), || series(warnings.iter().map(|warning| warning.message.as_str()), "and"))
}

/// An error unless it holds.
pub(super) fn expect(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(unexpected(otherwise())) }
}

impl Steps<'_> {
    /// How many credentials there may be at once, where the vendor limits it.
    pub(super) fn most_at_once(&self) -> Option<u32> {
        self.descriptor.traits.quota.as_ref().and_then(|quota| quota.limit)
    }

    /// Whether the vendor has the operation of a step; otherwise the step is skipped.
    pub(super) fn has(&self, operation: Operation, step: &'static str, log: &mut Log) -> bool {
        let has = self.descriptor.supports(operation);
        if !has {
            log.skip(step, format!("{} has no {operation}", self.descriptor.vendor));
        }
        has
    }

    pub(super) async fn check(&self) -> Step<()> {
        let principal = self.account.check().await?;
        expect(principal.refused.is_empty(), || {
            let refused = series(principal.refused.iter().map(|operation| operation.name()), "and");
            format!("the administrator's credential is refused {refused}")
        })?;
        let who = principal.credential_id.or(principal.owner).unwrap_or_else(|| "the administrator".to_owned());
        done((), format!("{who} may {}", series(principal.allowed.iter().map(|operation| operation.name()), "and")))
    }

    /// Makes a credential, with a marker of this number.
    pub(super) async fn create(&self, number: u32) -> Step<Made> {
        let attributes = self.sample();
        let marker = self.descriptor.traits.marker.as_ref().map(|_| format!("keywright-demo-{number}"));
        let expires_at = self.expiry();
        let request = CreateRequest { attributes, marker: marker.clone(), expires_at, ..CreateRequest::default() };
        let issued = self.account.create(&request).await?;
        let credential = issued.credential;
        expect_no_warning(&issued.warnings)?;
        expect(!credential.id.is_empty(), || "the new credential has no id".to_owned())?;
        for part in self.descriptor.issued.iter().filter(|part| part.secret && part.required) {
            expect(issued.parts.get(&part.name).is_some(), || format!("the new credential has no `{}`", part.name))?;
        }
        expect(credential.marker == marker, || format!("the marker is {:?}, not {marker:?}", credential.marker))?;
        if let Some(asked) = expires_at {
            // Some vendors round, to a day at most.
            let step = TimeDelta::seconds(self.descriptor.traits.expiry.granularity.into()).max(TimeDelta::days(1));
            let near = |at: DateTime<Utc>| (at - asked).abs() <= step;
            expect(credential.expires_at.instant().is_some_and(near), || {
                format!("the new credential expires {}, not {}", credential.expires_at, instant(asked))
            })?;
        }
        let mut words = credential.id.clone();
        match &credential.expires_at {
            Date::None => {}
            Date::At(at) => words.push_str(&format!(", expires {}", at.date_naive())),
            Date::Unreadable(_) => return Err(unexpected(format!("its expiry is {}", credential.expires_at))),
        }
        done(Made { credential, parts: issued.parts, marker }, words)
    }

    pub(super) async fn verify(&self, made: &Made) -> Step<()> {
        if made.credential.enabled {
            let verdict = self.expect_live(made.id(), &made.parts).await?;
            return done((), format!("active: {}", verdict.explanation));
        }
        let verdict = self.account.verify_although_disabled(made.id(), &made.parts).await?;
        expect(verdict.outcome == Outcome::Active, || format!("{} is not active: {}", made.id(), verdict.explanation))?;
        expect_no_warning(&verdict.warnings)?;
        done((), format!("active while it was enabled to be verified: {}", verdict.explanation))
    }

    pub(super) async fn get(&self, made: &Made) -> Step<()> {
        let found = self.find(made.id()).await?;
        self.expect_same(&made.credential, &found)?;
        expect(shows(&self.readable_sample(), &found.attributes), || "the attributes are not those given".to_owned())?;
        done((), format!("{}, {} attributes", found.id, found.attributes.values().filter(|it| !it.is_null()).count()))
    }

    /// By the marker, exactly this one is found; where there is no marker, it is among all.
    pub(super) async fn list(&self, made: &Made) -> Step<()> {
        let schema = Schema::new(&self.descriptor.attributes);
        let is_demanded =
            |name: &String| schema.property(name).and_then(|property| property.filter()) == Some(Filtering::Required);
        let attributes = made.credential.attributes.clone().into_iter().filter(|(name, _)| is_demanded(name)).collect();
        let page = self.account.list_pages(&Filter { marker: made.marker.clone(), attributes }).await?;
        expect(page.unreadable.is_empty(), || {
            let unreadable = page.unreadable.iter().map(|item| item.message.as_str());
            format!("the list has what cannot be read: {}", series(unreadable, "and"))
        })?;
        let found = page.credentials;
        let ids: Vec<&str> = found.iter().map(|credential| credential.id.as_str()).collect();
        match &made.marker {
            Some(marker) => {
                expect(ids == [made.id()], || format!("the marker {marker} finds {}", series(&ids, "and")))?;
                done((), format!("{} by its marker {marker}", made.id()))
            }
            None => {
                expect(ids.contains(&made.id()), || "the new credential is not in the list".to_owned())?;
                done((), format!("{} among {}", made.id(), ids.len()))
            }
        }
    }

    pub(super) async fn update(&self, made: Made, patch: Map<String, Value>) -> Step<Made> {
        let request =
            UpdateRequest { attributes: patch.clone(), marker: made.marker.clone(), ..UpdateRequest::default() };
        let updated = self.account.update(made.id(), &request).await?;
        expect_no_warning(&updated.warnings)?;
        let not_changed = || "the change has no effect".to_owned();
        expect(shows(&patch, &updated.credential.attributes), not_changed)?;
        expect(updated.credential.id == made.id(), || "the update answers with another credential".to_owned())?;
        expect(updated.credential.marker == made.marker, || "the marker was lost".to_owned())?;
        if self.descriptor.supports(Operation::Get) {
            expect(shows(&patch, &self.find(made.id()).await?.attributes), not_changed)?;
        }
        let words = format!("{} {} changed", series(patch.keys(), "and"), if patch.len() == 1 { "is" } else { "are" });
        let parts = updated.parts.unwrap_or(made.parts);
        done(Made { credential: updated.credential, parts, marker: made.marker }, words)
    }

    /// Disables the credential and enables it again.
    pub(super) async fn suspend(&self, made: &Made) -> Step<()> {
        let off = self.account.set_enabled(made.id(), false).await?;
        expect(!off.enabled, || "the credential is still enabled".to_owned())?;
        self.expect_dead(made, "a disabled credential").await?;
        let on = self.account.set_enabled(made.id(), true).await?;
        expect(on.enabled, || "the credential is still disabled".to_owned())?;
        if self.descriptor.supports(Operation::Verify) {
            self.expect_live(made.id(), &made.parts).await?;
        }
        done((), "disabled and enabled again")
    }

    /// Replaces the secret in place.
    pub(super) async fn regenerate(&self, made: Made) -> Step<Made> {
        let request = RegenerateRequest { expires_at: self.expiry(), ..RegenerateRequest::default() };
        let issued = self.account.regenerate(made.id(), &request).await?;
        expect(issued.credential.id == made.id(), || "the new secret is another credential's".to_owned())?;
        let renewed = Made { credential: issued.credential, parts: issued.parts, marker: made.marker.clone() };
        if self.descriptor.supports(Operation::Verify) {
            self.expect_live(renewed.id(), &renewed.parts).await?;
        }
        self.expect_dead(&made, "the old secret").await?;
        done(renewed, "the new secret works, the old one does not")
    }

    /// Makes a second credential, sees that it works, and only then ends the first.
    pub(super) async fn rotate(&self, first: &Made) -> Step<Made> {
        let second = self.create(2).await?.value;
        expect(second.id() != first.id(), || "the second credential is the first".to_owned())?;
        if self.descriptor.supports(Operation::Verify) {
            self.expect_live(second.id(), &second.parts).await?;
        }
        self.account.revoke(first.id()).await?;
        self.expect_gone(first.id()).await?;
        self.expect_dead(first, "the first credential").await?;
        let words = format!("{} works, {} is gone", second.id(), first.id());
        done(second, words)
    }

    /// Takes over a credential that someone made by hand.
    pub(super) async fn import(&self) -> Step<String> {
        let import_id = self.vendor.issue_by_hand();
        let imported = self.account.import(&import_id).await?;
        self.expect_same(&imported, &self.find(&imported.id).await?)?;
        let words = format!("{}, made by hand; its secret stays unknown", imported.id);
        done(imported.id, words)
    }

    pub(super) async fn revoke(&self, ids: &[String]) -> Step<()> {
        for id in ids {
            self.account.revoke(id).await?;
            self.expect_gone(id).await?;
            // What is gone can be revoked again.
            self.account.revoke(id).await?;
        }
        done((), format!("{} {}", series(ids, "and"), if ids.len() == 1 { "is gone" } else { "are gone" }))
    }

    fn sample(&self) -> Map<String, Value> {
        self.vendor.sample().attributes.as_object().cloned().unwrap_or_default()
    }

    /// The sample without what vendors never show again.
    fn readable_sample(&self) -> Map<String, Value> {
        let schema = Schema::new(&self.descriptor.attributes);
        let is_readable = |name: &str| !schema.property(name).is_some_and(|property| property.is_secret());
        self.sample().into_iter().filter(|(name, _)| is_readable(name)).collect()
    }

    fn expiry(&self) -> Option<DateTime<Utc>> {
        let expiry = &self.descriptor.traits.expiry;
        let seconds = |seconds: u64| TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1_000));
        let lifetime = expiry.most.map_or(LIFETIME, |most| LIFETIME.min(seconds(most)));
        match expiry.support {
            ExpirySupport::AtCreation
            | ExpirySupport::AddOnce
            | ExpirySupport::Mutable
            | ExpirySupport::MutableRegenerates => from_now(self.vendor.clock().now(), lifetime),
            _ => None,
        }
    }

    async fn find(&self, id: &str) -> Result<Credential, Error> {
        self.account.get(id).await?.ok_or_else(|| unexpected(format!("the vendor does not know {id}")))
    }

    fn expect_same(&self, known: &Credential, found: &Credential) -> Result<(), Error> {
        expect(found.id == known.id, || format!("asked for {}, the answer is {}", known.id, found.id))?;
        let known_values: Map<String, Value> = known
            .attributes
            .iter()
            .filter(|(_, it)| !it.is_null())
            .map(|(name, it)| (name.clone(), it.clone()))
            .collect();
        expect(shows(&known_values, &found.attributes), || format!("the attributes of {} are not the same", known.id))?;
        expect(found.marker == known.marker, || format!("the marker of {} is not the same", known.id))
    }

    async fn expect_live(&self, id: &str, parts: &Parts) -> Result<Verdict, Error> {
        let verdict = self.account.verify(id, parts).await?;
        expect(verdict.outcome == Outcome::Active, || format!("{id} is not active: {}", verdict.explanation))?;
        Ok(verdict)
    }

    async fn expect_dead(&self, made: &Made, what: &str) -> Result<(), Error> {
        if !self.descriptor.supports(Operation::Verify) {
            return Ok(());
        }
        let verdict = self.account.verify(made.id(), &made.parts).await?;
        expect(verdict.outcome != Outcome::Active, || format!("{what} still works: {}", verdict.explanation))
    }

    async fn expect_gone(&self, id: &str) -> Result<(), Error> {
        if !self.descriptor.supports(Operation::Get) {
            return Ok(());
        }
        expect(self.account.get(id).await?.is_none(), || format!("{id} was revoked and is still there"))
    }
}
