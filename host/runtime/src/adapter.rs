//! Adapters: components that were checked, compiled and asked to describe themselves.

use std::sync::Arc;

use keywright_descriptor::{AUTHENTICATE, Descriptor, Schemas};
use keywright_egress::RuleSet;
use keywright_model::Operation;
use wasmtime::component::Component;

use crate::call;
use crate::contract::bindings::AdapterPre;
use crate::contract::descriptor;
use crate::error::LoadError;
use crate::sandbox::digest::Digest;
use crate::sandbox::engine::Engine;
use crate::sandbox::imports;
use crate::sandbox::store::CallState;

/// What an operator lets an adapter do.
#[derive(Clone, Debug)]
pub struct Grant {
    rules: Granted,
    exposes_secrets: bool,
    exposes_administrator: bool,
    inert_wasi: bool,
}

#[derive(Clone, Debug)]
enum Granted {
    /// These rules, and an adapter that asks for more is refused.
    All(RuleSet),
    /// These rules at most, and an adapter that asks for more does without.
    AtMost(RuleSet),
    Requested,
}

impl Grant {
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
        Self { rules, exposes_secrets: false, exposes_administrator: false, inert_wasi: false }
    }

    /// Also to see the secrets that it mints. Without this an adapter is blind: it gets a handle in place of each, and
    /// can hand back nothing else. An adapter needs it only if its vendor sends secrets in a form that the adapter has
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
    fn effective(&self, requested: &RuleSet) -> Result<RuleSet, LoadError> {
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
    fn granted(&self) -> RuleSet {
        match &self.rules {
            Granted::All(rules) | Granted::AtMost(rules) => rules.clone(),
            Granted::Requested => RuleSet::default(),
        }
    }

    /// A grant for an operation that does not exist is a mistake that would otherwise be found when it matters.
    fn check(&self) -> Result<(), LoadError> {
        let (Granted::All(rules) | Granted::AtMost(rules)) = &self.rules else { return Ok(()) };
        let mut names = rules.rules.iter().flat_map(|rule| &rule.operations);
        match names.find(|name| !Self::OPERATIONS.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(LoadError::GrantedOperation(name.clone())),
        }
    }
}

/// A vendor adapter, ready to be used for accounts. Cheap to clone.
#[derive(Clone)]
pub struct Adapter {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    component: AdapterPre<CallState>,
    descriptor: Arc<Descriptor>,
    digest: Digest,
    schemas: Schemas,
    rules: RuleSet,
    granted: RuleSet,
    imports: Vec<String>,
    exposes_secrets: bool,
    exposes_administrator: bool,
}

impl Adapter {
    /// Checks, compiles and describes a component.
    ///
    /// # Errors
    ///
    /// When the bytes are not a component of our world, import what adapters do not get, describe themselves in
    /// contradictions, or ask for more than `grant`; when `grant` names operations that there are not.
    pub async fn load(engine: &Engine, bytes: &[u8], grant: &Grant) -> Result<Self, LoadError> {
        grant.check()?;
        let imports = imports::check(bytes, grant.inert_wasi)?;
        let digest = Digest::of(bytes);
        let component = engine.cache().component(engine.wasmtime(), bytes, &digest).map_err(|error| compile(&error))?;
        let component = instantiate_pre(engine, &component, grant.inert_wasi).map_err(|error| compile(&error))?;
        let described =
            call::describe(engine, &component).await.map_err(|error| LoadError::Describe(Box::new(error)))?;
        let descriptor = Descriptor::read(descriptor::descriptor(described))?;
        if let Some(step) = descriptor.unknown_steps().next().filter(|_| !grant.exposes_administrator) {
            return Err(LoadError::UnknownAuthentication(step.to_owned()));
        }
        let inner = Inner {
            engine: engine.clone(),
            component,
            schemas: Schemas::new(&descriptor)?,
            rules: grant.effective(&descriptor.rules)?,
            granted: grant.granted(),
            descriptor: Arc::new(descriptor),
            digest,
            imports,
            exposes_secrets: grant.exposes_secrets,
            exposes_administrator: grant.exposes_administrator,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// How the adapter describes itself.
    pub fn descriptor(&self) -> &Descriptor {
        &self.inner.descriptor
    }

    /// The digest of the component.
    pub fn digest(&self) -> Digest {
        self.inner.digest
    }

    /// What it may send: what it asks for, as far as it is granted.
    pub fn rules(&self) -> &RuleSet {
        &self.inner.rules
    }

    pub(crate) fn granted(&self) -> &RuleSet {
        &self.inner.granted
    }

    /// The interfaces that the component imports, in its own order.
    pub fn imports(&self) -> &[String] {
        &self.inner.imports
    }

    /// Whether it imports what is linked only with [`Grant::with_inert_wasi`].
    pub fn needs_inert_wasi(&self) -> bool {
        self.inner.imports.iter().any(|import| imports::is_inert(import))
    }

    /// Whether it was granted to see the secrets that it mints.
    pub fn exposes_secrets(&self) -> bool {
        self.inner.exposes_secrets
    }

    /// Whether it was granted the administrator's credential.
    pub fn exposes_administrator(&self) -> bool {
        self.inner.exposes_administrator
    }

    /// Asks the component to describe itself anew: what a call costs that sends nothing.
    #[cfg(feature = "benchmarks")]
    #[doc(hidden)]
    pub async fn describe_again(&self) -> Result<usize, crate::CallError> {
        call::describe(&self.inner.engine, &self.inner.component).await.map(|descriptor| descriptor.rules.len())
    }

    pub(crate) fn shared_descriptor(&self) -> &Arc<Descriptor> {
        &self.inner.descriptor
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn component(&self) -> &AdapterPre<CallState> {
        &self.inner.component
    }

    pub(crate) fn schemas(&self) -> &Schemas {
        &self.inner.schemas
    }
}

fn instantiate_pre(
    engine: &Engine,
    component: &Component,
    inert_wasi: bool,
) -> wasmtime::Result<AdapterPre<CallState>> {
    let linker = if inert_wasi { engine.inert_linker()? } else { engine.linker() };
    AdapterPre::new(linker.instantiate_pre(component)?)
}

fn compile(error: &wasmtime::Error) -> LoadError {
    LoadError::Compile(format!("{error:#}"))
}
