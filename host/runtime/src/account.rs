//! Accounts, and the operations on their credentials.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http_body_util::{BodyExt as _, Full};
use keywright_auth::{AuthError, Parts};
use keywright_egress::Origin;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};

use crate::adapter::Adapter;
use crate::call;
use crate::contract::bindings::contract::Guest;
use crate::contract::bindings::types as wire;
use crate::contract::conversion::{self, Decoder};
use crate::contract::credential::{
    CreateRequest, Credential, ExpiryChange, Filter, Issued, Outcome, Page, Principal, UpdateRequest, Updated, Verdict,
};
use crate::contract::descriptor::{Descriptor, ExpirySupport};
use crate::contract::failure::{Failure, FieldProblem, Problem, Reason};
use crate::contract::operation::Operation;
use crate::contract::schema::CANNOT_CHANGE;
use crate::error::{AccountError, CallError};
use crate::outbound::authenticator::Authenticator;
use crate::outbound::client::Client;
use crate::outbound::handler::OutboundHandler;
use crate::outbound::session::Session;
use crate::sandbox::store::CallState;

/// What a call works on.
type CallStore = wasmtime::Store<CallState>;

/// What an account is made of.
#[derive(Clone, Debug, Default)]
pub struct AccountConfig {
    /// The settings, which fit the descriptor's schema.
    pub settings: Map<String, Value>,
    /// The parts of the administrator credential.
    pub credential: Parts,
    /// The account's own installation, in place of the vendor's hosts.
    pub endpoint: Option<EndpointOverride>,
}

/// A private installation of the vendor, or a simulator.
#[derive(Clone, Debug)]
pub struct EndpointOverride {
    /// `https://`, host and port.
    pub url: String,
    /// The certificates of the authority that vouches for it, in PEM; the machine's own authorities when there are none.
    pub ca_pem: Option<String>,
}

/// An account at a vendor. Its connections are its own: no other account and no other adapter shares them.
#[derive(Clone)]
pub struct Account {
    adapter: Adapter,
    session: Arc<Session>,
    administrator: Arc<Authenticator>,
}

impl Account {
    pub(crate) fn new(adapter: Adapter, config: AccountConfig) -> Result<Self, AccountError> {
        let descriptor = adapter.descriptor();
        let settings = adapter.schemas().settings(config.settings).map_err(AccountError::Settings)?;
        let authenticator = Authenticator::new(descriptor, config.credential)?;
        let (endpoint, ca_pem) = match config.endpoint {
            None => (None, None),
            Some(own) => {
                let origin: Origin =
                    own.url.parse().map_err(|cause| AccountError::Endpoint { endpoint: own.url.clone(), cause })?;
                (Some(origin), own.ca_pem)
            }
        };
        let policy = adapter.rules().bind_within(adapter.granted(), &settings, endpoint.as_ref())?;
        let client = Client::new(adapter.engine(), policy.reach(), ca_pem.as_deref()).map_err(AccountError::Ca)?;
        let session = Session {
            exposes_secrets: adapter.exposes_secrets(),
            policy,
            client,
            settings_json: Value::Object(settings.clone()).to_string(),
            settings,
            endpoint,
        };
        Ok(Self { adapter, session: Arc::new(session), administrator: Arc::new(authenticator) })
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
    /// another.
    pub async fn create(&self, creation: &CreateRequest) -> Result<Issued, CallError> {
        let call = self.administrate(Operation::Create)?;
        let attributes = self.adapter.schemas().creation(&creation.attributes).map_err(invalid)?;
        self.check_marker(creation.marker.as_deref())?;
        self.check_expiry(creation.expires_at)?;
        let request = conversion::creation(attributes, creation);
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
            Failure { reason: Reason::NotFound, message, status: None, request_id: None }.into()
        })
    }

    /// One page of credentials; the first has no cursor.
    pub async fn list(&self, filter: &Filter, cursor: Option<&str>) -> Result<Page, CallError> {
        let call = self.administrate(Operation::List)?;
        self.adapter.schemas().filter(&filter.attributes).map_err(invalid)?;
        self.check_marker(filter.marker.as_deref())?;
        let filter = conversion::filter(filter);
        let list = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_list(store, account, &filter, cursor).await
        };
        call::operate(&self.adapter, call, list, Decoder::page).await
    }

    /// All credentials, page by page, each once.
    pub async fn list_all(&self, filter: &Filter) -> Result<Vec<Credential>, CallError> {
        /// Vendors number their credentials in thousands at most; a list that does not end is broken.
        const MOST_PAGES: usize = 10_000;
        const MOST_CREDENTIALS: usize = 100_000;
        let mut credentials: Vec<Credential> = Vec::new();
        let mut seen = HashSet::new();
        let mut cursor: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let page = self.list(filter, cursor.as_deref()).await?;
            // What is made or ended while the pages are read can move a credential to another page.
            credentials.extend(page.credentials.into_iter().filter(|credential| seen.insert(credential.id.clone())));
            match page.next {
                Some(_) if credentials.len() > MOST_CREDENTIALS => break,
                Some(next) if cursor.as_deref() != Some(&next) => cursor = Some(next),
                Some(_) => break,
                None => return Ok(credentials),
            }
        }
        Err(CallError::Contract { operation: Operation::List.name(), how: "its pages do not end".to_owned() })
    }

    /// Changes a credential in place. What cannot change in place is refused as [`Problem::Immutable`].
    pub async fn update(&self, id: &str, change: &UpdateRequest) -> Result<Updated, CallError> {
        self.check_id(id)?;
        self.adapter.schemas().change(&change.attributes).map_err(invalid)?;
        self.check_expiry_change(change.expiry)?;
        self.check_marker(change.marker.as_deref())?;
        // Only now: of a vendor that changes nothing in place, it is told what to do about the field that was to change.
        let call = self.administrate(Operation::Update)?;
        let change = conversion::change(change);
        let update = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_update(store, account, id, &change).await
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
    pub async fn regenerate(&self, id: &str, expires_at: Option<DateTime<Utc>>) -> Result<Issued, CallError> {
        let call = self.administrate(Operation::Regenerate)?;
        self.check_id(id)?;
        self.refuse_own(id)?;
        self.check_expiry(expires_at)?;
        let expires_at = expires_at.map(conversion::timestamp);
        let regenerate = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_regenerate(store, account, id, expires_at).await
        };
        call::operate(&self.adapter, call, regenerate, Decoder::issued).await
    }

    /// Whether a credential works: asked with its own parts, not the administrator's.
    pub async fn verify(&self, id: &str, parts: &Parts) -> Result<Verdict, CallError> {
        self.check_supported(Operation::Verify)?;
        self.check_id(id)?;
        self.check_belongs(id, parts)?;
        let own = Authenticator::new(self.descriptor(), parts.clone())?;
        let call = self.call(Operation::Verify, Arc::new(own));
        let verify = async |lifecycle: &Guest, store: &mut CallStore, account: &_| {
            lifecycle.call_verify(store, account, id).await
        };
        match call::operate(&self.adapter, call, verify, |decoder, verdict| Ok(decoder.verdict(verdict))).await {
            // The vendor has answered what was asked, before the adapter's own request could be sent.
            Err(CallError::Unauthenticatable(AuthError::Token(error))) if error.refuses_client() => Ok(Verdict {
                outcome: Outcome::Refused,
                explanation: "the vendor gives it no access token: it is not known yet, or has expired, or was ended"
                    .to_owned(),
                warnings: Vec::new(),
            }),
            outcome => outcome,
        }
    }

    /// [`verify`](Self::verify), also of a credential that is disabled, which no vendor accepts: such a one is enabled for
    /// the question, and disabled again whatever the answer is. One request more than `verify`, to read it first.
    pub async fn verify_although_disabled(&self, id: &str, parts: &Parts) -> Result<Verdict, CallError> {
        let is_disabled = self.get(id).await?.is_some_and(|credential| !credential.enabled);
        if !is_disabled || !self.descriptor().supports(Operation::SetEnabled) {
            return self.verify(id, parts).await;
        }
        // What cannot be verified is not enabled for it.
        self.check_belongs(id, parts)?;
        Authenticator::new(self.descriptor(), parts.clone())?;
        self.set_enabled(id, true).await?;
        let outcome = self.verify(id, parts).await;
        let warning = match self.set_enabled(id, false).await {
            Ok(credential) if !credential.enabled => None,
            Ok(_) => Some(format!("`{id}` was enabled to be verified, and the vendor did not disable it again")),
            Err(error) => Some(format!("`{id}` was enabled to be verified, and could not be disabled again: {error}")),
        };
        match (outcome, warning) {
            (Ok(verdict), warning) => {
                Ok(Verdict { warnings: verdict.warnings.into_iter().chain(warning).collect(), ..verdict })
            }
            (Err(error), None) => Err(error),
            // Both are to be known; the one that leaves something undone goes first.
            (Err(error), Some(warning)) => {
                let message = format!("{warning}; nor is it known whether it works: {error}");
                Err(Failure { reason: Reason::InDoubt, message, status: None, request_id: None }.into())
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

    /// What the door does with a request of `create` and its answer, without an instance and without a network; the
    /// answer as an adapter would see it. For the benchmark.
    #[doc(hidden)]
    pub async fn dry_run(&self, request: http::Request<Bytes>, answer: http::Response<Bytes>) -> Option<Bytes> {
        let call = self.call(Operation::Create, self.administrator.clone());
        let request = request.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync());
        call.handler.dry_run(request, answer).await.ok().map(http::Response::into_body)
    }

    fn descriptor(&self) -> &Descriptor {
        self.adapter.descriptor()
    }

    fn administrate(&self, operation: Operation) -> Result<call::Call, CallError> {
        self.check_supported(operation)?;
        Ok(self.call(operation, self.administrator.clone()))
    }

    fn call(&self, operation: Operation, authenticator: Arc<Authenticator>) -> call::Call {
        let account = wire::Account {
            settings: self.session.settings_json.clone(),
            endpoint: self.session.endpoint.as_ref().map(Origin::to_string),
            authentication: wire::Authentication::Brokered(authenticator.public_parts()),
        };
        let handler = OutboundHandler::new(
            operation,
            self.session.clone(),
            authenticator,
            self.adapter.engine().limits().clone(),
        );
        call::Call { operation, account, handler: Arc::new(handler) }
    }

    fn check_supported(&self, operation: Operation) -> Result<(), CallError> {
        let descriptor = self.descriptor();
        if descriptor.supports(operation) {
            return Ok(());
        }
        let message = format!("{} has no operation `{operation}`", descriptor.title);
        Err(Failure { reason: Reason::Unsupported, message, status: None, request_id: None }.into())
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
        let Some(support) = &self.descriptor().marker else {
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
        let (problem, message) = if self.descriptor().expiry == ExpirySupport::None {
            (Problem::Unknown, format!("is not known to {}: leave it out", self.descriptor().title))
        } else if expires_at <= Utc::now() {
            (Problem::Constraint, format!("lies in the past ({})", expires_at.to_rfc3339()))
        } else {
            return Ok(());
        };
        Err(invalid(vec![FieldProblem { pointer: "/expires_at".to_owned(), problem, message }]))
    }

    fn check_expiry_change(&self, change: ExpiryChange) -> Result<(), CallError> {
        match change {
            ExpiryChange::Keep => Ok(()),
            ExpiryChange::Set(_) | ExpiryChange::Clear if self.descriptor().expiry == ExpirySupport::AtCreation => {
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

    /// Parts that name another credential prove nothing of this one, whatever the vendor answers to them.
    fn check_belongs(&self, id: &str, parts: &Parts) -> Result<(), CallError> {
        match self.identifying(|name| parts.get(name)).find(|(_, value)| *value != last_segment(id)) {
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
        let administrator = &self.administrator;
        match self.identifying(|name| administrator.part(name)).any(|(_, value)| value == last_segment(id)) {
            true => Err(CallError::SelfRevocation { id: id.to_owned() }),
            false => Ok(()),
        }
    }

    /// The names and values of the parts that are a credential's id; of a secret one, what is public of it.
    fn identifying<'a>(
        &'a self,
        value: impl Fn(&str) -> Option<&'a SecretString>,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let parts = self.descriptor().parts.iter().filter(|part| part.identifies);
        parts.filter_map(move |part| {
            let value = value(&part.name)?.expose_secret();
            let public = if part.secret { self.descriptor().public_prefix(&part.name, value)? } else { value };
            Some((part.name.as_str(), public))
        })
    }
}

/// An id may start with the owner; what names the credential itself stands last.
fn last_segment(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

fn invalid(problems: Vec<FieldProblem>) -> CallError {
    let message = problems.iter().map(FieldProblem::to_string).collect::<Vec<_>>().join("; ");
    Failure { reason: Reason::Invalid { problems }, message, status: None, request_id: None }.into()
}
