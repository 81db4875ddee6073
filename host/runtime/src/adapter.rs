//! Adapters: components that were checked, compiled and asked to describe themselves.

use std::sync::Arc;

use keywright_egress::RuleSet;
use wasmtime::component::Component;

use crate::account::{Account, AccountConfig};
use crate::bindings::AdapterPre;
use crate::descriptor::Descriptor;
use crate::digest::Digest;
use crate::engine::Engine;
use crate::error::{AccountError, LoadError};
use crate::imports;
use crate::run;
use crate::schema::Schemas;
use crate::store::CallState;

/// What an operator lets an adapter do.
#[derive(Clone, Debug)]
pub struct Grant {
    /// None: whatever it asks for.
    rules: Option<RuleSet>,
    exposes_secrets: bool,
}

impl Grant {
    /// To send what these rules allow; an adapter that asks for more is refused.
    pub fn rules(rules: RuleSet) -> Self {
        Self { rules: Some(rules), exposes_secrets: false }
    }

    /// To send whatever it asks for: for one's own work in progress.
    pub fn as_requested() -> Self {
        Self { rules: None, exposes_secrets: false }
    }

    /// Also to see the secrets that it mints. Without this an adapter is blind: it gets a handle in place of each, and
    /// can hand back nothing else. An adapter needs it only if its vendor tells secrets in a form that the adapter has
    /// to work on.
    pub fn exposing_secrets(self) -> Self {
        Self { exposes_secrets: true, ..self }
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
    descriptor: Descriptor,
    digest: Digest,
    schemas: Schemas,
    exposes_secrets: bool,
}

impl Adapter {
    /// Checks, compiles and describes a component.
    ///
    /// # Errors
    ///
    /// When the bytes are not a component of our world, import what adapters do not get, describe themselves in
    /// contradictions, or ask for more than `grant`.
    pub async fn load(engine: &Engine, bytes: &[u8], grant: &Grant) -> Result<Self, LoadError> {
        imports::check(bytes)?;
        let digest = Digest::of(bytes);
        let component = engine.cache().component(engine.wasmtime(), bytes, &digest).map_err(|error| compile(&error))?;
        let component = instantiate_pre(engine, &component).map_err(|error| compile(&error))?;
        let described =
            run::describe(engine, &component).await.map_err(|error| LoadError::Describe(Box::new(error)))?;
        let descriptor = Descriptor::read(described).map_err(LoadError::Descriptor)?;
        let schemas = Schemas::new(&descriptor).map_err(LoadError::Descriptor)?;
        if let Some(granted) = &grant.rules {
            let missing = granted.missing(&descriptor.rules);
            if !missing.is_empty() {
                return Err(LoadError::Ungranted(missing));
            }
        }
        let exposes_secrets = grant.exposes_secrets;
        let inner = Inner { engine: engine.clone(), component, descriptor, digest, schemas, exposes_secrets };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the adapter tells of itself.
    pub fn descriptor(&self) -> &Descriptor {
        &self.inner.descriptor
    }

    /// The digest of the component.
    pub fn digest(&self) -> Digest {
        self.inner.digest
    }

    /// Whether it was granted to see the secrets that it mints.
    pub fn exposes_secrets(&self) -> bool {
        self.inner.exposes_secrets
    }

    /// An account at the vendor, to be worked on through this adapter.
    ///
    /// # Errors
    ///
    /// When the settings do not fit, the credential lacks a part, or the endpoint is not usable.
    pub fn account(&self, config: AccountConfig) -> Result<Account, AccountError> {
        Account::new(self.clone(), config)
    }

    /// Asks the component to describe itself anew: what a call costs that sends nothing.
    #[doc(hidden)]
    pub async fn describe_again(&self) -> Result<usize, crate::CallError> {
        run::describe(&self.inner.engine, &self.inner.component).await.map(|descriptor| descriptor.rules.len())
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

fn instantiate_pre(engine: &Engine, component: &Component) -> wasmtime::Result<AdapterPre<CallState>> {
    AdapterPre::new(engine.linker().instantiate_pre(component)?)
}

fn compile(error: &wasmtime::Error) -> LoadError {
    LoadError::Compile(format!("{error:#}"))
}
