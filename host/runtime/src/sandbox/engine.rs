//! The engine: one for a process.

use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use tokio::sync::Semaphore;
use wasmtime::component::Linker;
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::limits::Limits;
use crate::outbound::network::{Network, SystemNetwork};
use crate::sandbox::cache::Cache;
use crate::sandbox::compiler::Compiler;
use crate::sandbox::linker;
use crate::sandbox::store::CallState;

/// How often a running component is looked at.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Where the memory of instances comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allocation {
    /// Mapped for each instance: nothing to set up, right for a command that makes a few calls.
    #[default]
    OnDemand,
    /// Reserved at the start for so many instances at once: faster for each of them, right for a process that stays.
    Pooling {
        /// The most instances at once; calls beyond them wait, as they do beyond [`Limits::calls`].
        instances: u32,
    },
}

/// How to set up an [`Engine`].
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Where the memory of instances comes from.
    pub allocation: Allocation,
    /// Where compiled components are kept.
    pub cache: Cache,
    /// Where those that are not are compiled.
    pub compiler: Compiler,
    /// What each call may use.
    pub limits: Limits,
    /// The network.
    pub network: Arc<dyn Network>,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            allocation: Allocation::default(),
            cache: Cache::default(),
            compiler: Compiler::default(),
            limits: Limits::default(),
            network: Arc::new(SystemNetwork),
        }
    }
}

/// Compiles and runs components. Cheap to clone; a process needs one.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    engine: wasmtime::Engine,
    linker: Linker<CallState>,
    /// Made when the first component needs it.
    inert_linker: OnceLock<Linker<CallState>>,
    cache: Cache,
    compiler: Compiler,
    limits: Arc<Limits>,
    network: Arc<dyn Network>,
    permits: Semaphore,
}

impl Engine {
    /// Sets up an engine.
    ///
    /// # Errors
    ///
    /// When the machine cannot run one: the memory that pooling reserves is not to be had, or no thread is.
    pub fn new(config: EngineConfig) -> Result<Self, EngineError> {
        let engine = wasmtime::Engine::new(&wasmtime_config(&config)).map_err(|error| EngineError::new(&error))?;
        let linker = linker::linker(&engine).map_err(|error| EngineError::new(&error))?;
        start_clock(&engine)?;
        let calls = match config.allocation {
            Allocation::OnDemand => config.limits.calls,
            Allocation::Pooling { instances } => {
                config.limits.calls.min(usize::try_from(instances).unwrap_or(usize::MAX))
            }
        };
        let inner = Inner {
            engine,
            linker,
            inert_linker: OnceLock::new(),
            cache: config.cache,
            compiler: config.compiler,
            limits: Arc::new(config.limits),
            network: config.network,
            permits: Semaphore::new(calls),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner.engine
    }

    pub(crate) fn linker(&self) -> &Linker<CallState> {
        &self.inner.linker
    }

    /// The linker for components that are granted inert WASI.
    pub(crate) fn inert_linker(&self) -> wasmtime::Result<&Linker<CallState>> {
        match self.inner.inert_linker.get() {
            Some(linker) => Ok(linker),
            None => {
                let linker = linker::inert_linker(&self.inner.engine)?;
                Ok(self.inner.inert_linker.get_or_init(|| linker))
            }
        }
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.inner.cache
    }

    pub(crate) fn compiler(&self) -> &Compiler {
        &self.inner.compiler
    }

    pub(crate) fn network(&self) -> &Arc<dyn Network> {
        &self.inner.network
    }

    /// One for each of the calls at once.
    pub(crate) fn permits(&self) -> &Semaphore {
        &self.inner.permits
    }

    /// What each call may use.
    pub fn limits(&self) -> &Arc<Limits> {
        &self.inner.limits
    }
}

/// What decides what machine code is made. Where instances get their memory does not.
pub(crate) fn compiling() -> Config {
    let mut wasmtime = Config::new();
    wasmtime.epoch_interruption(true);
    // Adapters are WASI 0.2 components: no concurrency within one.
    wasmtime.concurrency_support(false);
    // Nothing that only young code of the compiler carries out; a component that uses it is refused before it is compiled.
    wasmtime
        .wasm_custom_page_sizes(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_relaxed_simd(false)
        .wasm_tail_call(false)
        .wasm_wide_arithmetic(false);
    wasmtime
}

fn wasmtime_config(config: &EngineConfig) -> Config {
    let limits = &config.limits;
    let mut wasmtime = compiling();
    if let Allocation::Pooling { instances } = config.allocation {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (core_instances, memories, tables) =
            (count(limits.instances), count(limits.memories), count(limits.tables));
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(instances)
            .total_core_instances(instances.saturating_mul(core_instances))
            .total_memories(instances.saturating_mul(memories))
            .total_tables(instances.saturating_mul(tables))
            .total_stacks(instances)
            .max_core_instances_per_component(core_instances)
            .max_memories_per_component(memories)
            .max_tables_per_component(tables)
            .max_memory_size(limits.memory)
            .table_elements(limits.table_elements)
            // What a call touches is zeroed rather than given back: page faults cost more.
            .linear_memory_keep_resident(2 << 20)
            .table_keep_resident(64 << 10);
        wasmtime.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    wasmtime
}

/// Advances the epoch until the engine is gone.
fn start_clock(engine: &wasmtime::Engine) -> Result<(), EngineError> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    };
    thread::Builder::new()
        .name("keywright-epoch".to_owned())
        .spawn(tick)
        .map(drop)
        .map_err(|error| EngineError(format!("no thread can be started: {error}")))
}

/// Why no engine could be set up.
#[derive(Debug, thiserror::Error)]
#[error("the WebAssembly engine cannot start: {0}")]
pub struct EngineError(String);

impl EngineError {
    fn new(error: &wasmtime::Error) -> Self {
        Self(format!("{error:#}"))
    }
}
