//! Accounts, and the operations on their credentials.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use keywright_auth::Parts;
use keywright_descriptor::{CANNOT_CHANGE, Descriptor};
use keywright_egress::{EndpointOverrides, EndpointUrl};
use keywright_model::descriptor::{Endpoint, ExpirySupport};
use keywright_model::{FieldProblem, Operation, Outcome, Problem};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::adapter::Adapter;
use crate::call;
use crate::contract::bindings::contract::Guest;
use crate::contract::bindings::types as wire;
use crate::contract::credential::{
    CreateRequest, Credential, ExpiryChange, Filter, Issued, Page, Principal, RegenerateRequest, UpdateRequest,
    Updated, Verdict, Warning,
};
use crate::contract::decoder::Decoder;
use crate::contract::encoder;
use crate::contract::failure::{Failure, PendingCreation, Reason};
use crate::error::{AccountError, CallError};
use crate::made_part;
use crate::outbound::authenticator::Authenticator;
use crate::outbound::client::{Client, Trust};
use crate::outbound::handler::OutboundHandler;
use crate::outbound::proxy::Proxy;
use crate::outbound::redaction::Needles;
use crate::outbound::secrets;
use crate::outbound::session::{SecretSetting, Session};
use crate::sandbox::digest::Digest;
use crate::sandbox::store::CallState;

/// What a call works on.
type CallStore = wasmtime::Store<CallState>;

/// What an account is made of.
#[derive(Clone, Debug, Default)]
pub struct AccountConfig {
    /// The settings, which fit the descriptor's schema.
    pub settings: Map<String, Value>,
    /// The parts of the administrator's credential.
    pub credential: Parts,
    /// Endpoints that are reached elsewhere than at the vendor.
    pub endpoints: Vec<EndpointOverride>,
    /// The certificates of the authority that vouches for those, in PEM; the machine's own authorities when there are none.
    pub ca_pem: Option<String>,
    /// The proxy that the vendor is reached through, where there is one; loopback endpoints without TLS are reached without.
    pub proxy: Option<Proxy>,
}

/// A private installation of the vendor, or a simulator, in place of one endpoint.
#[derive(Clone, Debug)]
pub struct EndpointOverride {
    /// The endpoint, by its name in the descriptor; none for the only one.
    pub name: Option<String>,
    /// `https://`, host, port where it is not 443, and an optional path to put in front of every path. `http://` for this
    /// machine's own loopback addresses only.
    pub url: String,
}

impl EndpointOverride {
    /// Every endpoint at one URL, as a simulator or a gateway for all of a vendor serves them.
    pub fn every(descriptor: &Descriptor, url: &str) -> Vec<Self> {
        let name = |endpoint: &Endpoint| Some(endpoint.name.clone().into_owned());
        descriptor.endpoints.iter().map(|endpoint| Self { name: name(endpoint), url: url.to_owned() }).collect()
    }
}

/// An account at a vendor. Its connections are its own: no other account and no other adapter shares them.
#[derive(Clone)]
pub struct Account {
    adapter: Adapter,
    session: Arc<Session>,
    administrator: Arc<Authenticator>,
}

impl Account {
    /// An account at the vendor, to be worked on through this adapter.
    ///
    /// # Errors
    ///
    /// When the settings do not fit, the credential is not usable, or an endpoint is not.
    pub fn new(adapter: &Adapter, config: AccountConfig) -> Result<Self, AccountError> {
        let descriptor = adapter.descriptor();
        let settings = adapter.schemas().settings(config.settings).map_err(AccountError::Settings)?;
        let administrator =
            Authenticator::administrator(descriptor, config.credential, adapter.exposes_administrator())?;
        let overrides = overrides(descriptor, config.endpoints)?;
        let named = descriptor.endpoints.iter().map(|endpoint| (&*endpoint.name, &*endpoint.url));
        let bound = match overrides.as_slice() {
            // Nothing is reached but this, and no rule could lead elsewhere.
            [(_, url), others @ ..]
                if overrides.len() == descriptor.endpoints.len() && others.iter().all(|(_, other)| other == url) =>
            {
                EndpointOverrides::all(url.clone())
            }
            overrides => {
                let overrides = overrides.iter().map(|(name, url)| (name.as_str(), url.clone()));
                EndpointOverrides::named(named, overrides)?
            }
        };
        let policy = adapter.rules().bind_within(adapter.granted(), &settings, &bound)?;
        let engine = adapter.engine();
        let trust = Trust {
            ca_pem: config.ca_pem,
            for_origins: overrides.iter().map(|(_, url)| url.origin.clone()).collect(),
            for_all: overrides.len() == descriptor.endpoints.len(),
        };
        let client = Client::new(engine.limits(), engine.network(), policy.address_policy(), &trust, config.proxy)?;
        let (settings_json, secret_settings) = hide_secrets(descriptor, &settings);
        let session = Session {
            exposes_secrets: adapter.exposes_secrets(),
            policy,
            client,
            needles: Needles::prepared(secret_settings.values().map(|setting| setting.value.expose_secret())),
            settings_json,
            secret_settings,
            settings,
            overrides,
        };
        Ok(Self { adapter: adapter.clone(), session: Arc::new(session), administrator: Arc::new(administrator) })
    }

    /// The adapter that the account is worked on through.
    pub fn adapter(&self) -> &Adapter {
        &self.adapter
    }

    /// Who the account's credential is.
    pub async fn check(&self) -> Result<Principal, CallError> {
        let call = self.administrate(Operation::Check)?;
        let check =
            async |lifecycle: &Guest, store: &mut CallStore, account: &_| lifecycle.call_check(store, account).await;
        call::operate(&self.adapter, call, check, Decoder::principal).await
    }

    /// Makes a credential. The request that mints is sent once; on [`Reason::InDoubt`] look for the marker before making
    /// another, and on [`Reason::Pending`] ask again with [`CreateRequest::continuation`].
    pub async fn create(&self, request: &CreateRequest) -> Result<Issued, CallError> {
        self.check_supported(Operation::Create)?;
        let attributes = self.adapter.schemas().creation(&request.attributes).map_err(invalid)?;
        self.check_marker(request.marker.as_deref())?;
        self.check_new_expiry(request.expires_at)?;
        self.check_idempotency_key(request.idempotency_key.as_deref())?;
        let (call, parts) = self.make(Operation::Create, request.continuation.as_ref())?;
        let request = encoder::create_request(attributes, request, parts);
        let create = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_create(store, account, &request).await
        };
        call::operate(&self.adapter, call, create, Decoder::issued).await
    }

    /// A credential by its id; `None` only when the vendor says that it does not exist.
    pub async fn get(&self, id: &str) -> Result<Option<Credential>, CallError> {
        let call = self.administrate(Operation::Get)?;
        self.check_id(id)?;
        let get =
            async |lifecycle: &Guest, store: &mut CallStore, account: &_| lifecycle.call_get(store, account, id).await;
        call::operate(&self.adapter, call, get, |decoder, found| found.map(|it| decoder.credential(it)).transpose())
            .await
    }

    /// A credential that was made elsewhere, by its import id. Its secret stays unknown.
    pub async fn import(&self, id: &str) -> Result<Credential, CallError> {
        self.get(id.trim()).await?.ok_or_else(|| {
            let message = format!("the vendor knows no credential `{}`", id.trim());
            Failure::new(Reason::NotFound, message).into()
        })
    }

    /// One page of credentials; the first has no cursor.
    pub async fn list(&self, filter: &Filter, cursor: Option<&str>) -> Result<Page, CallError> {
        let call = self.administrate(Operation::List)?;
        self.adapter.schemas().filter(&filter.attributes).map_err(invalid)?;
        self.check_marker(filter.marker.as_deref())?;
        let filter = encoder::filter(filter);
        let list = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_list(store, account, &filter, cursor).await
        };
        call::operate(&self.adapter, call, list, Decoder::page).await
    }

    /// All credentials, each once. What the adapter could not read is left out: [`list_pages`](Self::list_pages) has it.
    pub async fn list_all(&self, filter: &Filter) -> Result<Vec<Credential>, CallError> {
        Ok(self.list_pages(filter).await?.credentials)
    }

    /// All pages as one: each credential once, what could not be read, and the last quota that a page has.
    pub async fn list_pages(&self, filter: &Filter) -> Result<Page, CallError> {
        let limit = self.adapter.engine().limits().list;
        match timeout(limit, self.all_pages(filter)).await {
            Ok(all) => all,
            Err(_) => Err(CallError::limit(Operation::List.name(), "time for a whole list", limit)),
        }
    }

    async fn all_pages(&self, filter: &Filter) -> Result<Page, CallError> {
        /// Vendors number their credentials in thousands at most; a list that does not end is broken.
        const MOST_PAGES: usize = 10_000;
        const MOST_ITEMS: usize = 100_000;
        /// Of JSON, in which an item has a few hundred.
        const MOST_BYTES: usize = 64 << 20;
        let mut all = Page::default();
        let (mut seen, mut bytes) = (HashSet::new(), 0_usize);
        // By their digests: a cursor may be long.
        let mut cursors = HashSet::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let page = self.list(filter, cursor.as_deref()).await?;
            // What is made or ended while the pages are read can move a credential to another page.
            for credential in page.credentials.into_iter().filter(|credential| seen.insert(credential.id.clone())) {
                bytes = bytes.saturating_add(serde_json::to_string(&credential).map_or(0, |json| json.len()));
                all.credentials.push(credential);
            }
            all.unreadable.extend(page.unreadable);
            all.quota = page.quota.or(all.quota);
            let is_too_much = all.credentials.len() + all.unreadable.len() > MOST_ITEMS || bytes > MOST_BYTES;
            match page.next {
                None => return Ok(all),
                // A page that was read before leads to nothing new.
                Some(next) if !is_too_much && cursors.insert(Digest::of(next.as_bytes())) => cursor = Some(next),
                Some(_) => break,
            }
        }
        Err(CallError::Contract { operation: Operation::List.name(), how: "its pages do not end".to_owned() })
    }

    /// Changes a credential in place. What cannot change in place is refused as [`Problem::Immutable`].
    pub async fn update(&self, id: &str, request: &UpdateRequest) -> Result<Updated, CallError> {
        self.check_id(id)?;
        self.adapter.schemas().change(&request.attributes).map_err(invalid)?;
        self.check_expiry_change(request.expiry)?;
        self.check_marker(request.marker.as_deref())?;
        self.check_idempotency_key(request.idempotency_key.as_deref())?;
        // Only now: the caller is to learn first what to do about the field that was to change.
        self.check_supported(Operation::Update)?;
        let (call, parts) = self.make(Operation::Update, None)?;
        let request = encoder::update_request(request, parts);
        let update = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_update(store, account, id, &request).await
        };
        call::operate(&self.adapter, call, update, Decoder::updated).await
    }

    /// Enables or disables a credential.
    pub async fn set_enabled(&self, id: &str, enabled: bool) -> Result<Credential, CallError> {
        let call = self.administrate(Operation::SetEnabled)?;
        self.check_id(id)?;
        self.refuse_own(id)?;
        let set_enabled = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_set_enabled(store, account, id, enabled).await
        };
        call::operate(&self.adapter, call, set_enabled, Decoder::credential_alone).await
    }

    /// Replaces the secret of a credential in place: the old one stops working.
    pub async fn regenerate(&self, id: &str, request: &RegenerateRequest) -> Result<Issued, CallError> {
        self.check_supported(Operation::Regenerate)?;
        self.check_id(id)?;
        self.refuse_own(id)?;
        self.check_expiry(request.expires_at)?;
        self.check_idempotency_key(request.idempotency_key.as_deref())?;
        let (call, parts) = self.make(Operation::Regenerate, None)?;
        let request = encoder::regenerate_request(request, parts);
        let regenerate = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_regenerate(store, account, id, &request).await
        };
        call::operate(&self.adapter, call, regenerate, Decoder::issued).await
    }

    /// Whether a credential works: asked with its own parts, not the administrator's.
    pub async fn verify(&self, id: &str, parts: &Parts) -> Result<Verdict, CallError> {
        self.check_supported(Operation::Verify)?;
        self.check_id(id)?;
        self.check_belongs(id, parts)?;
        let own = Authenticator::issued(self.descriptor(), parts.clone())?;
        let call = self.call(Operation::Verify, Arc::new(own), false);
        let verify = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_verify(store, account, id).await
        };
        match call::operate(&self.adapter, call, verify, |decoder, verdict| Ok(decoder.verdict(verdict))).await {
            // The vendor has answered what was asked, before the adapter's own request could be sent.
            Err(CallError::TokenRefused { error, .. }) if error.rejects_credential() => Ok(Verdict {
                outcome: Outcome::Refused,
                explanation: "the vendor gives it no access token: it is not known yet, or has expired, or was ended"
                    .to_owned(),
                warnings: Vec::new(),
            }),
            outcome => outcome,
        }
    }

    /// [`verify`](Self::verify), also of a credential that is disabled, which no vendor accepts: such a one is enabled for
    /// the question, and disabled again after any answer. One request more than `verify`, to read it first.
    pub async fn verify_although_disabled(&self, id: &str, parts: &Parts) -> Result<Verdict, CallError> {
        let is_disabled = self.get(id).await?.is_some_and(|credential| !credential.enabled);
        if !is_disabled || !self.descriptor().supports(Operation::SetEnabled) {
            return self.verify(id, parts).await;
        }
        // What cannot be verified is not enabled for it.
        self.check_belongs(id, parts)?;
        Authenticator::issued(self.descriptor(), parts.clone())?;
        self.set_enabled(id, true).await?;
        let outcome = self.verify(id, parts).await;
        let warning = match self.set_enabled(id, false).await {
            Ok(credential) if !credential.enabled => None,
            Ok(_) => Some(format!("`{id}` was enabled to be verified, and the vendor did not disable it again")),
            Err(error) => Some(format!("`{id}` was enabled to be verified, and could not be disabled again: {error}")),
        };
        match (outcome, warning) {
            (Ok(verdict), warning) => {
                let warning = warning.map(Warning::new);
                Ok(Verdict { warnings: verdict.warnings.into_iter().chain(warning).collect(), ..verdict })
            }
            (Err(error), None) => Err(error),
            // Both are to be known; the one that leaves something undone goes first.
            (Err(error), Some(warning)) => {
                let message = format!("{warning}; nor is it known whether it works: {error}");
                Err(Failure::new(Reason::InDoubt, message).into())
            }
        }
    }

    /// Ends a credential for good. One that does not exist any more is a success; the one that the account itself works
    /// with is refused.
    pub async fn revoke(&self, id: &str) -> Result<(), CallError> {
        let call = self.administrate(Operation::Revoke)?;
        self.check_id(id)?;
        self.refuse_own(id)?;
        let revoke = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_revoke(store, account, id).await
        };
        call::operate(&self.adapter, call, revoke, |_, ()| Ok(())).await
    }

    /// What the host does with a request of `create` and its answer, without an instance and without a network; the
    /// answer as an adapter would see it.
    #[cfg(feature = "benchmarks")]
    #[doc(hidden)]
    pub async fn dry_run(
        &self,
        request: http::Request<bytes::Bytes>,
        answer: http::Response<bytes::Bytes>,
    ) -> Option<bytes::Bytes> {
        use http_body_util::{BodyExt as _, Full};

        let call = self.call(Operation::Create, self.administrator.clone(), false);
        let request = request.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync());
        call.handler.dry_run(request, answer).await.ok().map(http::Response::into_body)
    }

    fn descriptor(&self) -> &Descriptor {
        self.adapter.descriptor()
    }

    fn administrate(&self, operation: Operation) -> Result<call::Call, CallError> {
        self.check_supported(operation)?;
        Ok(self.call(operation, self.administrator.clone(), false))
    }

    /// A call that may make a secret: with the parts that the host makes for it, or had made for the one that it
    /// continues, and their handles.
    fn make(
        &self,
        operation: Operation,
        continues: Option<&PendingCreation>,
    ) -> Result<(call::Call, Vec<wire::Part>), CallError> {
        let mut call = self.call(operation, self.administrator.clone(), continues.is_some());
        call.made = match continues {
            Some(pending) => pending.parts.clone(),
            None => Parts::new(),
        };
        let mut handles = Vec::new();
        for part in &self.descriptor().issued {
            let made = match (continues, call.made.get(&part.name)) {
                (None, _) => made_part::make(&part.origin),
                (Some(_), Some(value)) => Ok(made_part::again(&part.origin, value)),
                (Some(_), None) => Ok(None),
            };
            let made = made.map_err(|cause| CallError::HostPart { part: part.name.clone(), cause })?;
            if let Some(made) = made {
                let value = call.handler.secrets().make(&part.name, &made.kept, made.sent);
                call.made.insert(part.name.clone(), made.kept);
                handles.push(wire::Part { name: part.name.clone(), value });
            }
        }
        Ok((call, handles))
    }

    fn call(&self, operation: Operation, authenticator: Arc<Authenticator>, continues: bool) -> call::Call {
        let account = wire::Account {
            settings: self.session.settings_json.clone(),
            endpoints: self.session.wire_overrides(),
            authentication: authenticator.wire(),
            extensions: None,
        };
        let (session, limits) = (self.session.clone(), self.adapter.engine().limits().clone());
        let shows_again = self.descriptor().traits.secret_readable;
        let handler = OutboundHandler::new(operation, session.clone(), authenticator, limits, continues, shows_again);
        call::Call { operation, account, session, handler: Arc::new(handler), made: Parts::new() }
    }

    fn check_supported(&self, operation: Operation) -> Result<(), CallError> {
        let descriptor = self.descriptor();
        if descriptor.supports(operation) {
            return Ok(());
        }
        let message = format!("{} have no operation `{operation}`", descriptor.title);
        Err(Failure::new(Reason::Unsupported, message).into())
    }

    fn check_id(&self, id: &str) -> Result<(), CallError> {
        if self.adapter.schemas().is_id(id) {
            return Ok(());
        }
        let forms = self.descriptor().id_forms.join(" or ");
        Err(invalid(vec![FieldProblem {
            pointer: "/id".to_owned(),
            problem: Problem::Format,
            message: format!(
                "is not the id of a credential, which has the form {forms} (it matches {})",
                self.descriptor().id_pattern
            ),
        }]))
    }

    fn check_marker(&self, marker: Option<&str>) -> Result<(), CallError> {
        let Some(marker) = marker else { return Ok(()) };
        let problem =
            |problem, message: String| invalid(vec![FieldProblem { pointer: "/marker".to_owned(), problem, message }]);
        let Some(support) = &self.descriptor().traits.marker else {
            return Err(problem(Problem::Unknown, format!("is not kept by {}: leave it out", self.descriptor().title)));
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if marker.is_empty() || !marker.bytes().all(plain) {
            return Err(problem(Problem::Format, "must be letters, digits, `.`, `_` and `-`".to_owned()));
        }
        if marker.len() > support.max_length as usize {
            return Err(problem(Problem::Constraint, format!("is longer than {} characters", support.max_length)));
        }
        Ok(())
    }

    fn check_expiry(&self, expires_at: Option<DateTime<Utc>>) -> Result<(), CallError> {
        let Some(expires_at) = expires_at else { return Ok(()) };
        let (problem, message) = if self.descriptor().traits.expiry.support == ExpirySupport::None {
            (Problem::Unknown, format!("is not known to {}: leave it out", self.descriptor().title))
        } else if expires_at <= Utc::now() {
            (Problem::Constraint, format!("lies in the past ({})", expires_at.to_rfc3339()))
        } else {
            return Ok(());
        };
        Err(invalid(vec![FieldProblem { pointer: "/expires_at".to_owned(), problem, message }]))
    }

    /// The expiry of a credential that is to be made: there where the vendor demands one, and as far away as it allows.
    fn check_new_expiry(&self, expires_at: Option<DateTime<Utc>>) -> Result<(), CallError> {
        self.check_expiry(expires_at)?;
        let expiry = &self.descriptor().traits.expiry;
        let title = &self.descriptor().title;
        let (problem, message) = match expires_at {
            None if expiry.required => (Problem::Required, format!("is missing: {title} always have one")),
            None => return Ok(()),
            Some(expires_at) => {
                let life = u64::try_from((expires_at - Utc::now()).num_seconds()).unwrap_or_default();
                match (expiry.least, expiry.most) {
                    (Some(least), _) if life < least => {
                        (Problem::Constraint, format!("is sooner than the {least} s that {title} live at least"))
                    }
                    // A caller that asks for the very most has taken a moment to do so.
                    (_, Some(most)) if life > most => {
                        (Problem::Constraint, format!("is later than the {most} s that {title} live at most"))
                    }
                    _ => return Ok(()),
                }
            }
        };
        Err(invalid(vec![FieldProblem { pointer: "/expires_at".to_owned(), problem, message }]))
    }

    fn check_idempotency_key(&self, key: Option<&str>) -> Result<(), CallError> {
        let Some(key) = key else { return Ok(()) };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let (problem, message) = if self.descriptor().traits.idempotency.is_none() {
            (Problem::Unknown, format!("is not known to {}: leave it out", self.descriptor().title))
        } else if key.is_empty() || key.len() > 255 || !key.bytes().all(plain) {
            (Problem::Format, "must be at most 255 letters, digits, `.`, `_` and `-`".to_owned())
        } else {
            return Ok(());
        };
        Err(invalid(vec![FieldProblem { pointer: "/idempotency_key".to_owned(), problem, message }]))
    }

    fn check_expiry_change(&self, change: ExpiryChange) -> Result<(), CallError> {
        match change {
            ExpiryChange::Keep => Ok(()),
            ExpiryChange::Set(_) | ExpiryChange::Clear
                if self.descriptor().traits.expiry.support == ExpirySupport::AtCreation =>
            {
                Err(invalid(vec![FieldProblem {
                    pointer: "/expires_at".to_owned(),
                    problem: Problem::Immutable,
                    message: CANNOT_CHANGE.to_owned(),
                }]))
            }
            ExpiryChange::Set(expires_at) => self.check_expiry(Some(expires_at)),
            ExpiryChange::Clear => Ok(()),
        }
    }

    /// Parts that name another credential prove nothing of this one.
    fn check_belongs(&self, id: &str, parts: &Parts) -> Result<(), CallError> {
        let issued = &self.descriptor().issued;
        match self.identifying(issued, |name| parts.get(name)).find(|(_, value)| *value != last_segment(id)) {
            None => Ok(()),
            Some((part, value)) => Err(invalid(vec![FieldProblem {
                pointer: "/id".to_owned(),
                problem: Problem::Constraint,
                message: format!("is not the credential whose parts are given: their `{part}` is {value}"),
            }])),
        }
    }

    /// A credential that ends itself can end nothing after.
    fn refuse_own(&self, id: &str) -> Result<(), CallError> {
        let (described, administrator) = (&self.descriptor().administrator, &self.administrator);
        match self.identifying(described, |name| administrator.part(name)).any(|(_, value)| value == last_segment(id)) {
            true => Err(CallError::SelfRevocation { id: id.to_owned() }),
            false => Ok(()),
        }
    }

    /// The names and values of the parts that are a credential's id; of a secret one, what is public of it.
    fn identifying<'a>(
        &'a self,
        described: &'a keywright_descriptor::Parts,
        value: impl Fn(&str) -> Option<&'a SecretString>,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let parts = described.iter().filter(|part| part.identifies);
        parts.filter_map(move |part| {
            let value = value(&part.name)?.expose_secret();
            let public = if part.secret { self.descriptor().public_prefix(&part.name, value)? } else { value };
            Some((part.name.as_str(), public))
        })
    }
}

/// The overrides by the names of the endpoints.
fn overrides(
    descriptor: &Descriptor,
    overrides: Vec<EndpointOverride>,
) -> Result<Vec<(String, EndpointUrl)>, AccountError> {
    let named = |EndpointOverride { name, url }: EndpointOverride| {
        let url = url.parse().map_err(|cause| AccountError::Endpoint { name: name.clone(), cause })?;
        match (name, descriptor.endpoints.as_slice()) {
            (Some(name), _) => Ok((name, url)),
            (None, [only]) => Ok((only.name.clone().into_owned(), url)),
            (None, endpoints) => {
                let names = endpoints.iter().map(|endpoint| endpoint.name.clone().into_owned());
                Err(AccountError::EndpointsAmbiguous(names.collect()))
            }
        }
    };
    overrides.into_iter().map(named).collect()
}

/// The settings as an adapter gets them, with handles in the places of secret ones.
fn hide_secrets(descriptor: &Descriptor, settings: &Map<String, Value>) -> (String, BTreeMap<String, SecretSetting>) {
    let mut shown = settings.clone();
    let mut secret = BTreeMap::new();
    for name in descriptor.secret_settings() {
        let Some(value) = shown.get_mut(name) else { continue };
        let text = match &*value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let handle = secrets::handle("");
        *value = Value::String(handle.clone());
        secret.insert(name.to_owned(), SecretSetting { handle, value: text.into() });
    }
    (Value::Object(shown).to_string(), secret)
}

/// An id may start with the owner; what names the credential itself stands last.
fn last_segment(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn invalid(problems: Vec<FieldProblem>) -> CallError {
    Failure::invalid(problems).into()
}
