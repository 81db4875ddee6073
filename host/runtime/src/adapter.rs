//! Adapters: components that were checked, compiled and asked to describe themselves.

use std::sync::Arc;

use keywright_descriptor::{Descriptor, Schemas, canonical};
use keywright_egress::RuleSet;
use keywright_model::descriptor as model;
use wasmtime::component::Component;

use crate::call;
use crate::contract::bindings::AdapterPre;
use crate::contract::descriptor;
use crate::error::LoadError;
use crate::grant::{Grant, Pin, Unpinned};
use crate::sandbox::circumstances::Circumstances;
use crate::sandbox::compiler;
use crate::sandbox::digest::Digest;
use crate::sandbox::engine::Engine;
use crate::sandbox::imports;
use crate::sandbox::store::CallState;

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
    descriptor_digest: Digest,
    schemas: Schemas,
    rules: RuleSet,
    granted: RuleSet,
    imports: Vec<String>,
    exposes_secrets: bool,
    exposes_administrator: bool,
}

impl Adapter {
    /// Checks, compiles and describes a component, and compares what it says with what was consented to.
    ///
    /// # Errors
    ///
    /// When the bytes are not a component of our world, import what adapters do not get, describe themselves in
    /// contradictions or otherwise than `grant` is pinned to, or ask for more than it; when `grant` names operations that
    /// there are not.
    pub async fn load(engine: &Engine, bytes: &[u8], grant: &Grant) -> Result<Self, LoadError> {
        Self::load_with(engine, bytes, grant).await
    }

    /// The same with any description that fits the rules of the grant: for a component that nobody has consented to yet,
    /// and for one that comes with the program.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load), but for a description that differs.
    pub async fn load_unpinned(engine: &Engine, bytes: &[u8], grant: &Grant<Unpinned>) -> Result<Self, LoadError> {
        Self::load_with(engine, bytes, grant).await
    }

    async fn load_with<P>(engine: &Engine, bytes: &[u8], grant: &Grant<P>) -> Result<Self, LoadError>
    where
        Grant<P>: Pin,
    {
        grant.check()?;
        let imports = imports::check(bytes, grant.inert_wasi)?;
        let digest = Digest::of(bytes);
        let component = compiler::component(engine, bytes, digest).await?;
        let component = instantiate_pre(engine, &component, grant.inert_wasi).map_err(|error| compile(&error))?;
        let (described, descriptor_digest) = describe(engine, &component).await?;
        if let Some(pinned) = grant.descriptor().filter(|pinned| *pinned != descriptor_digest) {
            return Err(LoadError::OtherDescriptor { pinned, found: descriptor_digest });
        }
        let descriptor = Descriptor::read(described)?;
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
            descriptor_digest,
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

    /// The digest of all that it tells of itself, in one spelling: what a [grant](Grant::pinned) is pinned to.
    pub fn descriptor_digest(&self) -> Digest {
        self.inner.descriptor_digest
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
        let described = call::describe(&self.inner.engine, &self.inner.component, Circumstances::BOTH[0]).await;
        described.map(|descriptor| descriptor.rules.len())
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

/// What a component says of itself, and the digest of that. It is asked twice, in circumstances that differ: what depends
/// on the time or on chance is not a description.
async fn describe(
    engine: &Engine,
    component: &AdapterPre<CallState>,
) -> Result<(model::Descriptor, Digest), LoadError> {
    let once = async |circumstances| {
        let described = call::describe(engine, component, circumstances).await;
        let described = descriptor::descriptor(described.map_err(|error| LoadError::Describe(Box::new(error)))?);
        let digest = Digest::of(canonical(&described)?.as_bytes());
        Ok::<_, LoadError>((described, digest))
    };
    let [one, other] = Circumstances::BOTH;
    let (described, digest) = once(one).await?;
    match once(other).await? {
        (_, same) if same == digest => Ok((described, digest)),
        _ => Err(LoadError::UnsteadyDescriptor),
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
