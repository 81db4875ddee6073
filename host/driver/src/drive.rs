//! The loop: decide, write, carry out, decide.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use keywright_lifecycle::{
    Command, Context, Effect, FailureClass, GenerationNumber, Input, Next, Outcome, Record, Spec, State, Step, step,
};
use keywright_runtime::{CreateRequest, Parts, RegenerateRequest};
use keywright_sinks::{Delivery, Part, Previous, Sink, Subject};
use keywright_store::{Claim, Commit, Draft, Lease, Snapshot, Store, StoreError};
use tokio::time::{Instant, sleep};

use crate::clock::Moment;
use crate::crash;
use crate::failure::{of_sink, plain};
use crate::report::{DriveError, End, Report};
use crate::target::Target;
use crate::vault::Vault;
use crate::vendor;

/// What is told of a record as soon as it is durable: the credential's name, and the record.
pub type Observer = Arc<dyn Fn(&str, &Record) + Send + Sync>;

/// How a driver works.
#[derive(Clone)]
pub struct DriverConfig {
    /// This process, among those that work on the store.
    pub node: String,
    /// Who asked, for the journal: for example `user:ops@host-a`.
    pub actor: String,
    /// The longest time that one call of an adapter or a sink takes.
    pub call: Duration,
    /// What is waited, beyond that and the vendor's delay, before a lost answer is looked into.
    pub settle: Duration,
    /// How long a run waits for what is not due yet, instead of leaving it to a later one.
    pub patience: Duration,
    /// Told of each record.
    pub observer: Option<Observer>,
    /// Set by a signal: the step that is under way is finished, and no other begun.
    pub stop: Arc<AtomicBool>,
}

impl DriverConfig {
    /// With the usual times: calls of two minutes, 30 seconds to settle, and a minute of patience.
    pub fn new(node: impl Into<String>, actor: impl Into<String>) -> Self {
        Self {
            node: node.into(),
            actor: actor.into(),
            call: Duration::from_secs(120),
            settle: Duration::from_secs(30),
            patience: Duration::from_secs(60),
            observer: None,
            stop: Arc::default(),
        }
    }
}

/// Carries out what the engine decides.
#[derive(Clone)]
pub struct Driver {
    store: Arc<dyn Store>,
    vault: Vault,
    config: DriverConfig,
}

impl DriverConfig {
    /// How long a lease lasts beyond the call that it is for; and from a request's intent to its sending no more than
    /// this may pass, else the machine was paused in between.
    fn margin(&self) -> Duration {
        (self.call / 8).clamp(Duration::from_secs(1), Duration::from_secs(15))
    }

    /// How long a lease lasts.
    fn window(&self) -> Duration {
        self.call + self.margin()
    }
}

/// How often a sleeper looks whether it is to stop, and whether its lease lasts.
const NAP: Duration = Duration::from_millis(250);

/// A credential that is being worked on.
struct Session<'a> {
    driver: &'a Driver,
    target: &'a Target,
    name: &'a str,
    id: String,
    lease: Lease,
    state: State,
    protected: BTreeSet<String>,
}

impl Driver {
    /// A driver of the credentials of a store.
    pub fn new(store: Arc<dyn Store>, vault: Vault, config: DriverConfig) -> Self {
        Self { store, vault, config }
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The keys.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Goes on with a credential, which the store knows, and then does what is asked, until nothing is left to do now.
    ///
    /// `secret` is the one of a credential that is taken over.
    ///
    /// # Errors
    ///
    /// When the command is refused, the store fails, or someone else works on the credential.
    pub async fn run(
        &self,
        target: &Target,
        name: &str,
        command: Option<Command>,
        secret: Option<Parts>,
    ) -> Result<Report, DriveError> {
        if let Some(command) = &command {
            self.check_sinks(target, name, command).await?;
        }
        let Claim { lease, snapshot } = self.claim(name, command.is_none()).await?;
        self.work(target, name, lease, snapshot, command, secret).await
    }

    /// Takes the lease on a credential. Who only goes on with what was interrupted waits for the lease of a process that
    /// was killed; a command does not, for a process that lives may be doing the same.
    async fn claim(&self, name: &str, waits: bool) -> Result<Claim, DriveError> {
        let started = Instant::now();
        loop {
            let until = match self.store.claim(name, &self.config.node, self.config.window()).await {
                Err(StoreError::Busy { until, .. }) if waits => until,
                claimed => return Ok(claimed?),
            };
            let left = self.config.patience.saturating_sub(started.elapsed());
            let wait = (until - self.store.now().await?).to_std().unwrap_or_default();
            if wait > left || self.config.stop.load(Ordering::SeqCst) {
                return Ok(self.store.claim(name, &self.config.node, self.config.window()).await?);
            }
            // At least a little, for a lease that ends just now.
            sleep(wait.clamp(Duration::from_millis(10), NAP)).await;
        }
    }

    /// Goes on with a credential whose lease was taken.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn go_on(&self, target: &Target, claim: Claim) -> Result<Report, DriveError> {
        let name = claim.lease.credential.clone();
        self.work(target, &name, claim.lease, claim.snapshot, None, None).await
    }

    async fn work(
        &self,
        target: &Target,
        name: &str,
        lease: Lease,
        snapshot: Snapshot,
        command: Option<Command>,
        secret: Option<Parts>,
    ) -> Result<Report, DriveError> {
        let protected = match self.protected(target, name).await {
            Ok(protected) => protected,
            Err(error) => {
                let _released = self.store.release(lease, None).await;
                return Err(error);
            }
        };
        let ended_before = ended_operations(&snapshot.state);
        let mut session =
            Session { driver: self, target, name, id: snapshot.id, lease, state: snapshot.state, protected };
        let end = session.recover_and_obey(command, secret).await;
        let Session { lease, state, .. } = session;
        let due = match &end {
            Ok(End::Waiting { until, .. }) => Some(*until),
            Ok(End::Stopped) | Err(_) => Some(self.store.now().await?),
            Ok(End::Done | End::Held { .. }) => None,
        };
        match end {
            Ok(end) => {
                self.store.release(lease, due).await?;
                let ended_operation = ended_operations(&state) > ended_before;
                Ok(Report { state, end, ended_operation })
            }
            Err(error) => {
                // The first error is the one to know; a lease that is not given back runs out by itself.
                let _released = self.store.release(lease, due).await;
                Err(error)
            }
        }
    }

    /// Whether secrets are still sealed under the key that this driver has.
    async fn check_key(&self) -> Result<(), DriveError> {
        match self.store.installation().await? {
            Some(installation) if installation.key == self.vault.key_name() => Ok(()),
            _ => Err(DriveError::KeyReplaced),
        }
    }

    /// Ids at the vendor that this credential must not end: those of others, and the account's own.
    async fn protected(&self, target: &Target, name: &str) -> Result<BTreeSet<String>, DriveError> {
        let mut protected = target.own_ids.clone();
        for known in target.known(&*self.store).await? {
            if known.credential != name && known.status.may_live() {
                protected.extend(known.vendor_id);
            }
        }
        Ok(protected)
    }

    /// Whether the sinks could take the secret, before one is made.
    async fn check_sinks(&self, target: &Target, name: &str, command: &Command) -> Result<(), DriveError> {
        let spec: &Spec = match command {
            Command::Create { spec, .. } | Command::Rotate { spec, .. } | Command::Import { spec, .. } => spec,
            _ => return Ok(()),
        };
        for sink in &spec.publish {
            target.check_sink(name, sink).await?;
        }
        Ok(())
    }
}

impl Session<'_> {
    /// What was under way first, then what is asked.
    async fn recover_and_obey(&mut self, command: Option<Command>, secret: Option<Parts>) -> Result<End, DriveError> {
        let end = self.drive(Input::Wake, None, command.is_some()).await?;
        match command {
            None => Ok(end),
            Some(_) if end == End::Stopped => Ok(end),
            Some(command) => self.drive(Input::Command(command), secret, false).await,
        }
    }

    /// Steps until nothing is left to do now. With `only_open`, until the open operation is ended: what an old generation
    /// waits for does not keep a command waiting.
    async fn drive(&mut self, first: Input, mut secret: Option<Parts>, only_open: bool) -> Result<End, DriveError> {
        let driver = self.driver;
        let mut input = first;
        let started = Instant::now();
        loop {
            // Before the time is taken that the intent is written with.
            let window = Moment::now();
            let stopping = driver.config.stop.load(Ordering::SeqCst);
            if secret.is_none() {
                // A secret that was just made is recorded first.
                driver.check_key().await?;
            }
            let Step { records, next } = self.decide(input, stopping).await?;
            self.write(records, &mut secret, &next).await?;
            if stopping {
                return Ok(End::Stopped);
            }
            input = match next {
                Next::Perform(effect) => {
                    crash::boundary();
                    let outcome = self.perform_under_lease(&effect, window, &mut secret).await?;
                    crash::boundary();
                    Input::Done { effect, outcome }
                }
                Next::Wait { until, reason } => {
                    let now = driver.store.now().await?;
                    let wait = (until - now).to_std().unwrap_or_default();
                    let left = driver.config.patience.saturating_sub(started.elapsed());
                    let settled = self.state.operation.is_none() && self.state.pending().is_none();
                    if wait > left || (only_open && settled) {
                        return Ok(End::Waiting { until, reason });
                    }
                    self.sleep(wait).await?;
                    if driver.config.stop.load(Ordering::SeqCst) {
                        return Ok(End::Stopped);
                    }
                    Input::Wake
                }
                Next::Hold { reason } => return Ok(End::Held { reason }),
                Next::Rest => return Ok(End::Done),
            };
        }
    }

    async fn decide(&self, input: Input, stopping: bool) -> Result<Step, DriveError> {
        let driver = self.driver;
        let now = driver.store.now().await?;
        let facts = self.target.facts();
        // Without a field for it, it is an idempotency key, for which every vendor has room.
        let most = facts.marker.unwrap_or(u32::MAX);
        let marker = |generation| driver.vault.marker(&self.id, generation, self.lease.epoch, most).unwrap_or_default();
        let context = Context {
            now,
            facts: &facts,
            marker: &marker,
            protected: &self.protected,
            send_window: driver.config.window().as_secs(),
            settle: driver.config.settle.as_secs(),
            stopping,
        };
        step(&self.state, &context, input)
            .map_err(|refusal| DriveError::Refused { credential: self.name.to_owned(), refusal })
    }

    /// Makes the records durable, with the secret that belongs to them.
    async fn write(&mut self, records: Vec<Record>, secret: &mut Option<Parts>, next: &Next) -> Result<(), DriveError> {
        let driver = self.driver;
        let window = driver.config.window();
        if records.is_empty() {
            if matches!(next, Next::Perform(_)) {
                self.lease = driver.store.renew(&self.lease, window).await?;
            }
            return Ok(());
        }
        let brings_secret = records.iter().find_map(|record| match record {
            Record::IssueAcknowledged { generation, .. } => Some(*generation),
            Record::Imported { generation, has_secret: true, .. } => Some(*generation),
            _ => None,
        });
        let sealed = match (brings_secret, secret.take()) {
            (Some(generation), Some(parts)) => {
                let sealed = driver.vault.seal(&self.id, generation, &parts)?;
                Some((generation, sealed, driver.vault.key_name()))
            }
            _ => None,
        };
        let adapter = Some(self.target.account.adapter().digest().to_string());
        let draft = |record: &Record| Draft {
            record: record.clone(),
            actor: driver.config.actor.clone(),
            adapter: adapter.clone(),
        };
        let commit = Commit { drafts: records.iter().map(draft).collect(), sealed, window: Some(window) };
        crash::boundary();
        let committed = driver.store.commit(&self.lease, commit).await?;
        crash::boundary();
        self.state = committed.state;
        self.lease.until = committed.until;
        for record in &records {
            tracing::info!(credential = self.name, kind = record.kind(), "recorded");
            if let Some(observer) = &driver.config.observer {
                observer(self.name, record);
            }
        }
        Ok(())
    }

    /// Waits, and keeps the lease meanwhile.
    async fn sleep(&mut self, mut left: Duration) -> Result<(), DriveError> {
        let driver = self.driver;
        while !left.is_zero() && !driver.config.stop.load(Ordering::SeqCst) {
            let nap = left.min(NAP);
            sleep(nap).await;
            left -= nap;
            let now = driver.store.now().await?;
            let half = chrono::TimeDelta::from_std(driver.config.window() / 2).unwrap_or_default();
            if self.lease.until - now < half {
                self.lease = driver.store.renew(&self.lease, driver.config.window()).await?;
            }
        }
        Ok(())
    }

    /// Carries an effect out, and keeps the lease for as long as it takes: a list of many pages, a creation that goes on
    /// at the vendor, a slow sink.
    async fn perform_under_lease(
        &mut self,
        effect: &Effect,
        window: Moment,
        secret: &mut Option<Parts>,
    ) -> Result<Outcome, DriveError> {
        let (store, time) = (self.driver.store.clone(), self.driver.config.window());
        let mut lease = self.lease.clone();
        let outcome = under_lease(self.perform(effect, window, secret), &*store, &mut lease, time).await?;
        self.lease = lease;
        Ok(outcome)
    }

    async fn perform(
        &self,
        effect: &Effect,
        window: Moment,
        secret: &mut Option<Parts>,
    ) -> Result<Outcome, DriveError> {
        let (target, config) = (self.target, &self.driver.config);
        // A request that makes something is sent within its window, or not at all.
        let late = || plain(FailureClass::Transient, "this machine was paused before the request was sent");
        let deadline = Instant::now() + config.call;
        Ok(match effect {
            Effect::Seek { marker, .. } => {
                Outcome::Sought(vendor::seek(target, &self.state.spec.attributes, marker.as_deref()).await)
            }
            Effect::Create { attributes, marker, expires_at, idempotency_key, .. } => {
                if window.elapsed() > config.margin() {
                    return Ok(Outcome::Created(Err(late())));
                }
                let request = CreateRequest {
                    attributes: attributes.clone(),
                    marker: marker.clone(),
                    expires_at: *expires_at,
                    idempotency_key: idempotency_key.clone(),
                    continuation: None,
                };
                Outcome::Created(vendor::create(target, request, deadline).await.map(|(created, parts)| {
                    *secret = Some(parts);
                    created
                }))
            }
            Effect::Regenerate { vendor_id, expires_at, .. } => {
                if window.elapsed() > config.margin() {
                    return Ok(Outcome::Regenerated(Err(late())));
                }
                let request = RegenerateRequest { expires_at: *expires_at, idempotency_key: None };
                let regenerated = vendor::regenerate(target, vendor_id, &request, deadline).await;
                Outcome::Regenerated(regenerated.map(|(regenerated, parts)| {
                    *secret = Some(parts);
                    regenerated
                }))
            }
            Effect::Verify { generation, vendor_id } => Outcome::Verified(match self.secret_of(*generation).await? {
                Some(parts) => vendor::verify(target, vendor_id, &parts).await,
                None => Err(plain(FailureClass::Internal, "its sealed secret is not in the store")),
            }),
            Effect::Publish { generation, previous, sink } => {
                Outcome::Published(self.publish(*generation, *previous, sink).await?)
            }
            Effect::Withdraw { sink } => Outcome::Withdrawn(self.withdraw(sink).await),
            Effect::Inspect { vendor_id, .. } => Outcome::Inspected(vendor::inspect(target, vendor_id).await),
            Effect::Update { vendor_id, patch, marker, .. } => {
                if window.elapsed() > config.margin() {
                    return Ok(Outcome::Updated(Err(late())));
                }
                let updated = vendor::update(target, vendor_id, patch.clone(), marker.clone());
                let updated = vendor::in_time(deadline, updated).await;
                Outcome::Updated(updated.map(|(updated, parts)| {
                    *secret = parts;
                    updated
                }))
            }
            Effect::SetEnabled { vendor_id, enabled, .. } => {
                if window.elapsed() > config.margin() {
                    return Ok(Outcome::Enabled(Err(late())));
                }
                Outcome::Enabled(vendor::in_time(deadline, vendor::set_enabled(target, vendor_id, *enabled)).await)
            }
            Effect::Revoke { vendor_id, .. } => Outcome::Revoked(vendor::revoke(target, vendor_id).await),
        })
    }

    /// The secret of a generation, opened.
    async fn secret_of(&self, generation: GenerationNumber) -> Result<Option<Parts>, DriveError> {
        let driver = self.driver;
        let Some(sealed) = driver.store.sealed(self.name, generation).await? else { return Ok(None) };
        Ok(Some(driver.vault.open(&self.id, generation, &sealed)?))
    }

    async fn publish(
        &self,
        generation: GenerationNumber,
        previous: Option<GenerationNumber>,
        sink: &str,
    ) -> Result<Result<(), keywright_lifecycle::Failure>, DriveError> {
        let Some(sink) = self.target.sinks.get(sink).cloned() else {
            return Ok(Err(plain(
                FailureClass::Rejected,
                "it is not configured any more: add it again, or name another",
            )));
        };
        let Some(parts) = self.secret_of(generation).await? else {
            return Ok(Err(plain(FailureClass::Internal, "its sealed secret is not in the store")));
        };
        let previous = match previous.filter(|_| sink.wants_previous()) {
            Some(previous) => self.secret_of(previous).await?.map(|parts| (previous, parts)),
            None => None,
        };
        let delivery = match Subject::new(self.name) {
            Ok(subject) => Delivery {
                subject,
                generation,
                parts: self.parts(&parts),
                previous: previous.map(|(generation, parts)| Previous { generation, parts: self.parts(&parts) }),
            },
            Err(error) => return Ok(Err(plain(FailureClass::Rejected, error.to_string()))),
        };
        Ok(with_sink(sink, move |sink| sink.write(&delivery).map(|_acknowledged| ())).await)
    }

    async fn withdraw(&self, sink: &str) -> Result<(), keywright_lifecycle::Failure> {
        // A sink that is not configured any more cannot be emptied, and is no reason to keep a credential.
        let Some(sink) = self.target.sinks.get(sink).cloned() else { return Ok(()) };
        let subject = Subject::new(self.name).map_err(|error| plain(FailureClass::Rejected, error.to_string()))?;
        with_sink(sink, move |sink| sink.withdraw(&subject)).await
    }

    /// Parts in the order of the vendor's description.
    fn parts(&self, parts: &Parts) -> Vec<Part> {
        let described = self.target.descriptor().issued.iter();
        let part = |part: &keywright_descriptor::Part| {
            Some(Part {
                name: part.name.clone(),
                variable: part.environment.first().cloned(),
                value: parts.get(&part.name)?.clone(),
                secret: part.secret,
            })
        };
        described.filter_map(part).collect()
    }
}

/// How many operations were begun and are ended.
fn ended_operations(state: &State) -> u64 {
    state.operations - u64::from(state.operation.is_some())
}

/// Does something to its end, and prolongs the lease meanwhile. What is on its way is not given up for a store that does not
/// answer, nor for a lease that was lost: the next write finds that out.
async fn under_lease<T>(work: impl Future<Output = T>, store: &dyn Store, lease: &mut Lease, time: Duration) -> T {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = sleep(time / 2) => match store.renew(lease, time).await {
                Ok(renewed) => *lease = renewed,
                Err(error) => tracing::warn!(%error, "the lease could not be renewed"),
            },
        }
    }
}

/// A call of a sink, off the event loop.
async fn with_sink(
    sink: Arc<dyn Sink>,
    call: impl FnOnce(&dyn Sink) -> Result<(), keywright_sinks::SinkError> + Send + 'static,
) -> Result<(), keywright_lifecycle::Failure> {
    match blocking(move || call(&*sink)).await {
        Some(done) => done.map_err(|error| of_sink(&error)),
        None => Err(plain(FailureClass::Internal, "the sink broke down: report it as a bug")),
    }
}

/// Runs what blocks; none when it panicked.
pub(crate) async fn blocking<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(call).await.ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what fails here fails its test")]
mod tests {
    use keywright_store::{NewCredential, SqliteOptions, SqliteStore};

    use super::*;

    const TIME: Duration = Duration::from_millis(20);

    /// A store with one credential, and the lease on it.
    async fn leased(directory: &std::path::Path) -> (SqliteStore, Lease) {
        let options = SqliteOptions { create: true, ..SqliteOptions::default() };
        let store = SqliteStore::open(directory.join("store.db"), options).unwrap();
        let (name, id, account, vendor) = ("ci".into(), "id".into(), "lab".into(), "example".into());
        store.register(NewCredential { name, id, account, vendor }).await.unwrap();
        let lease = store.claim("ci", "here", TIME).await.unwrap().lease;
        (store, lease)
    }

    #[tokio::test]
    async fn a_lease_is_kept_for_as_long_as_something_is_on_its_way() {
        let directory = tempfile::tempdir().unwrap();
        let (store, mut lease) = leased(directory.path()).await;
        let first = lease.until;
        let work = async {
            while store.find("ci").await.unwrap().unwrap().held.is_none_or(|(_, until)| until <= first + TIME) {
                sleep(Duration::from_millis(1)).await;
            }
            "done"
        };
        assert_eq!(under_lease(work, &store, &mut lease, TIME).await, "done");
        assert!(lease.until > first + TIME);
    }

    #[tokio::test]
    async fn what_is_on_its_way_is_not_given_up_when_the_lease_is_lost() {
        let directory = tempfile::tempdir().unwrap();
        let (store, mut lease) = leased(directory.path()).await;
        // Another program on the same node takes over.
        store.claim("ci", "here", Duration::from_secs(60)).await.unwrap();
        assert!(store.renew(&lease, TIME).await.is_err());
        let work = async {
            sleep(TIME * 3).await;
            "the secret"
        };
        assert_eq!(under_lease(work, &store, &mut lease, TIME).await, "the secret");
    }
}
